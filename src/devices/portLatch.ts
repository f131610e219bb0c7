// Ports whose accesses need no code: the processor reads a byte that the device left for it, or leaves one, without asking
// (engine/lower/port.ts). Accesses of one byte only; wider ones, and those of a debugger, go to the handler as ever, which
// works on the same bytes.

const PORTS = 0x10000;
const ANSWERS = 1;
const KEEPS = 2;
/** Bytes that a latch needs: what each port does, and its byte. */
export const LATCH_BYTES = 2 * PORTS;

export class PortLatch {
  private readonly kinds: Uint8Array;
  private readonly values: Uint8Array;

  /** Without memory of the engine nobody looks: devices alone, in tests. */
  constructor(buffer: ArrayBuffer = new ArrayBuffer(LATCH_BYTES), offset = 0) {
    this.kinds = new Uint8Array(buffer, offset, PORTS);
    this.values = new Uint8Array(buffer, offset + PORTS, PORTS);
  }

  /** The byte that was left for, or by, the processor. */
  value(port: number): number {
    return this.values[port]!;
  }
  /** From now on reads give this byte. */
  answer(port: number, value: number): void {
    this.values[port] = value;
    this.kinds[port]! |= ANSWERS;
  }
  /** Reads have effects: the handler is called. */
  ask(port: number): void {
    this.kinds[port]! &= ~ANSWERS;
  }
  /** Whether a write does no more than to leave its byte. */
  keep(port: number, on: boolean): void {
    if (on) this.kinds[port]! |= KEEPS;
    else this.kinds[port]! &= ~KEEPS;
  }
}
