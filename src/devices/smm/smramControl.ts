// The SMRAM register of the 440FX (Intel 82441FX, "SMRAM - System Management RAM Control Register"), where it is in
// configuration space: byte 72h of bus 0, device 0, reached by CF8 = 80000070h and port CFE. There is no PCI here: any other
// address reads back as all ones, so that nobody finds a bus. D_CLS is kept but closes nothing.

import type { Device } from '../contract';

const ADDRESS = 0xcf8;
const DATA = 0xcfc;
const SMRAM_DWORD = 0x80000070;
const SMRAM_BYTE = 2;
const NOTHING = 0xffffffff;

const OPEN = 0x40,
  LOCKED = 0x10,
  ENABLED = 0x08,
  WRITABLE = 0x78;
/** C_BASE_SEG: A0000, the only value. */
const SEGMENT = 2;

interface State {
  selected: boolean;
  value: number;
}

export class SmramControl implements Device {
  readonly name = 'smram';
  private s: State = { selected: false, value: SEGMENT };
  readonly ports: Device['ports'] = [
    {
      range: { first: ADDRESS, last: ADDRESS, width: 4 },
      handler: {
        in: (_port, width) => (this.s.selected && width === 4 ? SMRAM_DWORD : NOTHING),
        out: (_port, width, value) => {
          if (width === 4) this.s.selected = value >>> 0 === SMRAM_DWORD;
        },
      },
    },
    {
      range: { first: DATA, last: DATA + 3, width: 4 },
      handler: {
        in: (port) => (this.s.selected ? (this.s.value << (8 * SMRAM_BYTE)) >>> (8 * (port & 3)) : NOTHING),
        out: (port, width, value) => {
          const from = SMRAM_BYTE - (port & 3);
          if (this.s.selected && from >= 0 && from < width) this.write((value >>> (8 * from)) & 0xff);
        },
      },
    },
  ];

  /** `onChange`: SMRAM appears or disappears at A0000. */
  constructor(private readonly onChange: () => void) {}

  /** A0000 to BFFFF are memory for a processor inside (or outside) of system management mode. */
  visible(inside: boolean): boolean {
    const { value } = this.s;
    return (value & ENABLED) !== 0 && (inside || (value & OPEN) !== 0);
  }

  /** What firmware does: enabled, closed, not locked. */
  enable(): void {
    this.write(ENABLED);
  }
  private write(value: number): void {
    if ((this.s.value & LOCKED) !== 0) return;
    const now = (value & WRITABLE) | SEGMENT;
    const before = this.s.value;
    this.s.value = (now & LOCKED) !== 0 ? now & ~OPEN : now;
    if (before !== this.s.value) this.onChange();
  }

  reset(): void {
    this.s = { selected: false, value: SEGMENT };
    this.onChange();
  }
  getState(): unknown {
    return { ...this.s };
  }
  setState(state: unknown): void {
    this.s = { ...(state as State) };
  }
}
