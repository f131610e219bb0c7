// A device for programs that test a processor, with the interface of QEMU's pc-testdev: a latch of 32 bits at ports E0 to E3,
// the lines of the interrupt controllers at ports 2000 to 2017, and 64 KB of memory that is accessed like registers.
// Port E4, by which the original drops a page from its host's tables, takes writes and does nothing.

import type { Device, IrqLine, PortHandler } from '../contract';

const LATCH = 0xe0;
const FLUSH = 0xe4;
const LINES = 0x2000;
const MEMORY = 0xff000000;
const MEMORY_BYTES = 0x10000;

interface State {
  readonly latch: number;
  /** Up to the last byte that is not 0. */
  readonly memory: readonly number[];
}

export class TestDevice implements Device {
  readonly name = 'testdev';
  private readonly latch = new DataView(new ArrayBuffer(4));
  private readonly memory = new DataView(new ArrayBuffer(MEMORY_BYTES));
  readonly ports: Device['ports'];
  readonly mmio: Device['mmio'];

  /** @param lines by number, as the I/O APIC counts them. */
  constructor(lines: readonly IrqLine[]) {
    const ignored: PortHandler = { in: () => 0, out: () => {} };
    const line: PortHandler = { in: () => 0, out: (port, _width, value) => lines[port - LINES]!.set(value !== 0) };
    this.ports = [
      {
        range: { first: LATCH, last: LATCH + 3, width: 4 },
        handler: {
          in: (port, width) => readView(this.latch, port - LATCH, width),
          out: (port, width, value) => writeView(this.latch, port - LATCH, width, value),
        },
      },
      { range: { first: FLUSH, last: FLUSH + 3, width: 4 }, handler: ignored },
      { range: { first: LINES, last: LINES + lines.length - 1, width: 1 }, handler: line },
    ];
    this.mmio = [
      {
        first: MEMORY,
        last: MEMORY + MEMORY_BYTES - 1,
        handler: {
          read: (physical, width) => readView(this.memory, physical - MEMORY, width),
          write: (physical, width, value) => writeView(this.memory, physical - MEMORY, width, value),
        },
      },
    ];
  }

  reset(): void {
    this.setState({ latch: 0, memory: [] } satisfies State);
  }
  getState(): State {
    const bytes = new Uint8Array(this.memory.buffer);
    const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
    return { latch: this.latch.getUint32(0, true), memory: [...bytes.subarray(0, used)] };
  }
  setState(state: unknown): void {
    const { latch, memory } = state as State;
    this.latch.setUint32(0, latch, true);
    const bytes = new Uint8Array(this.memory.buffer);
    bytes.fill(0);
    bytes.set(memory);
  }
}

/** Bytes beyond the end read as 0 and take no writes. */
function readView(view: DataView, at: number, width: number): number {
  let value = 0;
  for (let n = width - 1; n >= 0; n--)
    value = ((value << 8) | (at + n < view.byteLength ? view.getUint8(at + n) : 0)) >>> 0;
  return value;
}
function writeView(view: DataView, at: number, width: number, value: number): void {
  for (let n = 0; n < width && at + n < view.byteLength; n++) view.setUint8(at + n, (value >>> (8 * n)) & 0xff);
}
