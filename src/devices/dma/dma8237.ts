// One Intel 8237A (datasheet 231466): four channels with base and current registers, modes, masks, terminal count.
// Transfers are made by the device that owns the channel (see dmaPair.ts). Absent: memory-to-memory, rotating priority,
// compressed timing, DREQ and DACK polarity (the AT's wiring has no use for them).

export interface DmaChannelState {
  baseAddress: number;
  baseCount: number;
  address: number;
  count: number;
  mode: number;
}

export interface Dma8237State {
  channels: DmaChannelState[];
  command: number;
  mask: number; // bit n: channel n is masked
  request: number; // software requests
  terminal: number; // channels that have reached terminal count since the status was read
  highByte: boolean; // the byte pointer flip-flop
}

export const initialDma8237 = (): Dma8237State => ({
  channels: Array.from({ length: 4 }, () => ({ baseAddress: 0, baseCount: 0, address: 0, count: 0, mode: 0 })),
  command: 0,
  mask: 0x0f,
  request: 0,
  terminal: 0,
  highByte: false,
});

const COMMAND_DISABLE = 4;
export const MODE_TYPE = 0x0c;
export const TYPE_WRITE = 4;
export const TYPE_READ = 8;
const MODE_AUTO_INITIALIZE = 0x10;
const MODE_DECREMENT = 0x20;
const MODE_SELECT = 0xc0;
const SELECT_CASCADE = 0xc0;

export class Dma8237 {
  state = initialDma8237();

  /** @param register 0-15, whatever the spacing of the ports. */
  read(register: number): number {
    const s = this.state;
    if (register < 8) {
      const channel = s.channels[register >> 1];
      return this.pick(register & 1 ? channel.count : channel.address);
    }
    if (register !== 8) return 0; // the temporary register belongs to memory-to-memory transfers
    const status = (s.request << 4) | s.terminal;
    s.terminal = 0;
    return status;
  }

  write(register: number, value: number): void {
    const s = this.state;
    if (register < 8) return this.writeChannel(register, value);
    const bit = 1 << (value & 3);
    switch (register) {
      case 0x8:
        s.command = value;
        break;
      case 0x9:
        s.request = value & 4 ? s.request | bit : s.request & ~bit;
        break;
      case 0xa:
        s.mask = value & 4 ? s.mask | bit : s.mask & ~bit;
        break;
      case 0xb:
        s.channels[value & 3].mode = value & 0xfc;
        break;
      case 0xc:
        s.highByte = false;
        break;
      case 0xd:
        this.masterClear();
        break;
      case 0xe:
        s.mask = 0;
        break;
      case 0xf:
        s.mask = value & 0x0f;
        break;
    }
  }

  /** Whether a request on the channel would be served. */
  enabled(channel: number): boolean {
    const { mask, command, channels } = this.state;
    const cascade = (channels[channel].mode & MODE_SELECT) === SELECT_CASCADE;
    return !((mask >> channel) & 1) && !(command & COMMAND_DISABLE) && !cascade;
  }

  /** Takes one transfer from a channel. Answers the address to use, and whether it was the last. */
  step(channel: number): { address: number; last: boolean } {
    const s = this.state;
    const c = s.channels[channel];
    const { address } = c;
    c.address = (c.address + (c.mode & MODE_DECREMENT ? 0xffff : 1)) & 0xffff;
    c.count = (c.count + 0xffff) & 0xffff;
    const last = c.count === 0xffff;
    if (last) {
      s.terminal |= 1 << channel;
      s.request &= ~(1 << channel);
      if (c.mode & MODE_AUTO_INITIALIZE) {
        c.address = c.baseAddress;
        c.count = c.baseCount;
      } else s.mask |= 1 << channel;
    }
    return { address, last };
  }

  masterClear(): void {
    const { channels } = this.state;
    this.state = { ...initialDma8237(), channels };
  }

  private writeChannel(register: number, value: number): void {
    const s = this.state;
    const channel = s.channels[register >> 1];
    const merge = (old: number): number => (s.highByte ? (old & 0xff) | (value << 8) : (old & 0xff00) | value);
    if (register & 1) channel.count = channel.baseCount = merge(channel.baseCount);
    else channel.address = channel.baseAddress = merge(channel.baseAddress);
    s.highByte = !s.highByte;
  }

  private pick(word: number): number {
    const s = this.state;
    s.highByte = !s.highByte;
    return s.highByte ? word & 0xff : word >> 8;
  }
}
