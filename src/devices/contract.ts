// What a device sees of the machine: capabilities handed in at construction, never the machine itself.
// Time is retired instructions (icount) scaled to virtual nanoseconds by the board; nothing reads a host clock.
// All state of a device is one plain JSON-serializable object (`state`), so that snapshots need no code per device.

/** One interrupt request line into an interrupt controller. Level semantics; edge detection is the controller's. */
export interface IrqLine {
  set(level: boolean): void;
}

/** A scheduled callback that survives snapshots: identified by name, registered once at construction. */
export interface Timer {
  /** Arms (or re-arms) for an absolute virtual time in nanoseconds. */
  at(timeNs: number): void;
  cancel(): void;
  /** Absolute due time, or undefined when idle. */
  readonly due: number | undefined;
}

export interface Scheduler {
  /** Virtual nanoseconds since power-on (derived from icount; a double, exact below 2^53). */
  now(): number;
  /** `name` is unique on the board; due times are part of the board's snapshot. */
  timer(name: string, fire: () => void): Timer;
}

/** Physical-memory access for bus masters. Addresses outside RAM read as 0xff and ignore writes. */
export interface DmaPort {
  read(physical: number, into: Uint8Array): void;
  write(physical: number, from: Uint8Array): void;
}

/** The A20 mask of the address bus: one latch on the board, driven by the 8042 and by port 0x92 (last writer wins). */
export interface A20Gate {
  get(): boolean;
  set(enabled: boolean): void;
}

/** What a reset line reaches: the processor alone (8042, port 0x92, triple fault) or every chip (port 0xCF9). */
export type ResetKind = 'cpu' | 'system';

export type PortWidth = 1 | 2 | 4;

export interface PortHandler {
  /** Reads `width` bytes at absolute port `port`. Returns an unsigned value. */
  in(port: number, width: PortWidth): number;
  out(port: number, width: PortWidth, value: number): void;
}

export interface PortRange {
  first: number;
  last: number;
  /** Widths the handler accepts itself; wider accesses are split by the bus into accesses of this width. */
  width: PortWidth;
}

export interface MmioHandler {
  read(physical: number, width: PortWidth): number;
  write(physical: number, width: PortWidth, value: number): void;
}

/** Physical addresses, `last` included, within 4 KB pages that hold nothing else. */
export interface MmioRange {
  first: number;
  last: number;
  handler: MmioHandler;
}

export interface Device {
  /** Stable name on the board, e.g. `pic`, `com1`. */
  readonly name: string;
  /** Claimed port ranges with their handler. */
  readonly ports: readonly { range: PortRange; handler: PortHandler }[];
  /** Claimed physical address ranges with their handler. */
  readonly mmio?: readonly MmioRange[];
  /** Power-on/reset state. */
  reset(): void;
  /** The whole state as plain data; assigning it restores the device (lines and timers are restored by the board). */
  getState(): unknown;
  setState(state: unknown): void;
}
