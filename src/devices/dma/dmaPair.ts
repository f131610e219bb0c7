// The AT's two 8237As and the page registers: channels 0-3 move bytes, 5-7 words (IBM PC/AT Technical Reference, "DMA").
// Devices call write() and read() for their channel; a transfer happens at once and takes no time.

import type { Device, DmaPort, PortHandler } from '../contract';
import { Dma8237, initialDma8237, MODE_TYPE, TYPE_READ, TYPE_WRITE, type Dma8237State } from './dma8237';

export interface DmaPairState {
  bytes: Dma8237State;
  words: Dma8237State;
  pages: number[]; // ports 0x81-0x8F at 1-15
}

/** Page register port of each channel; 4 is the cascade. */
const PAGE_OF = [0x87, 0x83, 0x81, 0x82, 0x8f, 0x8b, 0x89, 0x8a];

export interface DmaProgress {
  /** Bytes moved; fewer than asked when the channel is masked or reached its terminal count. */
  moved: number;
  terminalCount: boolean;
}

export class DmaPair implements Device {
  readonly name = 'dma';
  readonly ports: Device['ports'];
  private readonly bytes = new Dma8237();
  private readonly words = new Dma8237();
  private pages = Array<number>(16).fill(0);

  constructor(private readonly memory: DmaPort) {
    const chip = (dma: Dma8237, shift: number): PortHandler => ({
      in: (port) => dma.read((port >> shift) & 15),
      out: (port, _width, value) => dma.write((port >> shift) & 15, value & 0xff),
    });
    const pages: PortHandler = {
      in: (port) => this.pages[port & 15],
      out: (port, _width, value) => {
        this.pages[port & 15] = value & 0xff;
      },
    };
    this.ports = [
      { range: { first: 0x00, last: 0x0f, width: 1 }, handler: chip(this.bytes, 0) },
      { range: { first: 0xc0, last: 0xdf, width: 1 }, handler: chip(this.words, 1) },
      { range: { first: 0x81, last: 0x8f, width: 1 }, handler: pages },
    ];
  }

  /** A device offers data to memory. The channel must be set for writing (or verifying, which moves nothing). */
  write(channel: number, data: Uint8Array): DmaProgress {
    return this.transfer(channel, data, TYPE_WRITE);
  }

  /** A device asks for data from memory, into `data`. */
  read(channel: number, data: Uint8Array): DmaProgress {
    return this.transfer(channel, data, TYPE_READ);
  }

  reset(): void {
    this.bytes.state = initialDma8237();
    this.words.state = initialDma8237();
    this.pages = Array<number>(16).fill(0);
  }

  getState(): DmaPairState {
    return structuredClone({ bytes: this.bytes.state, words: this.words.state, pages: this.pages });
  }

  setState(state: unknown): void {
    const { bytes, words, pages } = structuredClone(state as DmaPairState);
    this.bytes.state = bytes;
    this.words.state = words;
    this.pages = pages;
  }

  private transfer(channel: number, data: Uint8Array, type: number): DmaProgress {
    const dma = channel < 4 ? this.bytes : this.words;
    const unit = channel < 4 ? 1 : 2;
    const inner = channel & 3;
    let moved = 0;
    let terminalCount = false;
    while (!terminalCount && moved + unit <= data.length && dma.enabled(inner)) {
      const programmed = dma.state.channels[inner].mode & MODE_TYPE;
      const { address, last } = dma.step(inner);
      const physical = this.physical(channel, address);
      const part = data.subarray(moved, moved + unit);
      if (programmed === type && type === TYPE_WRITE) this.memory.write(physical, part);
      else if (programmed === type) this.memory.read(physical, part);
      moved += unit;
      terminalCount = last;
    }
    return { moved, terminalCount };
  }

  /** Word channels shift the address by one and ignore the page's lowest bit. */
  private physical(channel: number, address: number): number {
    const page = this.pages[PAGE_OF[channel] & 15];
    return channel < 4 ? (page << 16) | address : ((page & 0xfe) << 16) | (address << 1);
  }
}
