// The firmware configuration device of QEMU (its specification "QEMU Firmware Configuration (fw_cfg) Device"), as far as
// kernels read it by ports: signature, memory size, number of processors. Deliberately absent: DMA, writing, files.

import type { Device } from '../contract';

export interface FwCfgFacts {
  readonly ramBytes: number;
  readonly processors: number;
}

const SELECTOR = 0x510;
const SIGNATURE = 0x00, INTERFACE = 0x01, RAM_SIZE = 0x03, PROCESSORS = 0x05, MOST_PROCESSORS = 0x0f; // prettier-ignore
/** Traditional interface, no DMA. */
const INTERFACE_BITS = 1;

const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, n) => Math.floor(value / 2 ** (8 * n)) & 0xff);

export class FwCfg implements Device {
  readonly name = 'fwcfg';
  private readonly items: ReadonlyMap<number, readonly number[]>;
  private item = 0;
  private offset = 0;
  readonly ports: Device['ports'] = [
    {
      range: { first: SELECTOR, last: SELECTOR + 1, width: 2 },
      handler: {
        in: (port, width) => {
          if (width === 2) return this.next() | (this.next() << 8);
          return port === SELECTOR ? 0 : this.next();
        },
        out: (port, width, value) => {
          if (port === SELECTOR && width === 2) this.select(value);
        },
      },
    },
  ];

  constructor({ ramBytes, processors }: FwCfgFacts) {
    this.items = new Map([
      [SIGNATURE, [...'QEMU'].map((c) => c.charCodeAt(0))],
      [INTERFACE, little(INTERFACE_BITS, 4)],
      [RAM_SIZE, little(ramBytes, 8)],
      [PROCESSORS, little(processors, 2)],
      [MOST_PROCESSORS, little(processors, 2)],
    ]);
  }

  reset(): void {
    this.item = this.offset = 0;
  }
  getState(): unknown {
    return { item: this.item, offset: this.offset };
  }
  setState(state: unknown): void {
    ({ item: this.item, offset: this.offset } = state as { item: number; offset: number });
  }

  private select(item: number): void {
    this.item = item;
    this.offset = 0;
  }
  /** The next byte of the item; 0 behind its end. */
  private next(): number {
    return this.items.get(this.item)?.[this.offset++] ?? 0;
  }
}
