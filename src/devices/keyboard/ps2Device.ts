// What the 8042 sees at the far end of a PS/2 cable.

export interface Ps2Device {
  /** A byte from the controller. Answers are queued. */
  receive(byte: number): void;
  /** Whether a byte is ready to be sent. */
  readonly ready: boolean;
  /** Takes the next byte; only when `ready`. */
  take(): number;
}
