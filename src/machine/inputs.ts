// The log of everything that came from outside. Together with the machine's options it determines a run completely:
// replaying it means giving each event again when the machine is at the same instruction count and virtual time.

export type InputEvent =
  /** Bytes of scan code set 2 as the keyboard sends them. */
  | { kind: 'key'; codes: readonly number[] }
  /** Bytes arriving at COM1 (0) or COM2 (1). */
  | { kind: 'serial'; port: number; bytes: readonly number[] }
  | { kind: 'reset' }
  /** A debugger's change of guest memory (linear address) or of a register. */
  | { kind: 'memory'; linear: number; bytes: readonly number[] }
  | { kind: 'register'; name: string; value: string };

export interface InputRecord {
  readonly icount: number;
  /** Virtual nanoseconds: tells apart moments within one halt. */
  readonly timeNs: number;
  readonly event: InputEvent;
}
