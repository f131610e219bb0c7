// What the machine asks of the execution engine.

import type { Cpu } from '../cpu/cpu';

/**
 * Why `run` returned: at the limit, before an instruction with a breakpoint, at HLT, in shutdown, because something asked
 * for attention (S_ATTN), or because an armed watchpoint or filter matched.
 */
export type RunResult = 'limit' | 'breakpoint' | 'halted' | 'shutdown' | 'attention' | 'exception';

export interface Processor {
  readonly cpu: Cpu;
  /** Retired instructions since power-on. */
  icount: number;
  /** Executes at most `maxInstructions`, delivering interrupts in between; a breakpoint at the first one is ignored. */
  run(maxInstructions: number): RunResult;
  addBreakpoint(linear: number): void;
  removeBreakpoint(linear: number): void;
  reset(): void;
  /** RAM was changed from outside the processor: what was decoded from it is void. */
  dropCode(physical: number, size: number): void;
}
