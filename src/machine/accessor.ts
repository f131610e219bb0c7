// A register as the debugger reads and writes it by name.
import type { Cpu } from '../cpu/cpu';

export interface Accessor {
  readonly bits: number;
  /** Absent: on every model. */
  exists?(cpu: Cpu): boolean;
  get(cpu: Cpu): bigint;
  /** Answers what is wrong, in words. */
  set(cpu: Cpu, value: bigint): string | undefined | void;
}
