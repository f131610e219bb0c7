// The log of everything that came from outside. Together with the machine's options it determines a run completely:
// replaying it means giving each event again when the machine is at the same instruction count and virtual time.

export type InputEvent =
  /** A key goes down or up, by its KeyboardEvent.code name. */
  | { kind: 'key'; code: string; down: boolean }
  /** Text typed on the US layout, paced by the keyboard. */
  | { kind: 'text'; text: string }
  /** Keys held down together and released, paced by the keyboard. */
  | { kind: 'strike'; codes: readonly string[] }
  /** Movement in counts, wheel in notches; buttons 1 left, 2 right, 4 middle. */
  | { kind: 'mouse'; dx: number; dy: number; wheel: number; buttons: number }
  /** Bytes arriving at COM1 (1) or COM2 (2). */
  | { kind: 'serial'; port: number; bytes: readonly number[] }
  /** Numbers of 64 bits for RDRAND and RDSEED, in hexadecimal. */
  | { kind: 'random'; numbers: readonly string[] }
  /** A debugger's change of guest memory or of a register. */
  | { kind: 'linear'; address: number; bytes: readonly number[] }
  | { kind: 'physical'; address: number; bytes: readonly number[] }
  | { kind: 'register'; name: string; value: string };

export interface InputRecord {
  readonly icount: number;
  /** Virtual nanoseconds: tells apart moments within one halt. */
  readonly timeNs: number;
  /** The processor whose registers and translation were used, where there are several. */
  readonly processor?: number;
  readonly event: InputEvent;
}
