// The I/O APIC (Intel 82093AA datasheet): 24 inputs, a redirection entry for each, reached through an index and a data register.
// Inputs are "asserted" levels: the polarity bit can be written and read, the board's lines do not need it.

import type { MmioRange } from '../contract';
import { destinationOf, EXTINT, FIXED, LOWEST_PRIORITY, isUnmaskable, type ApicMessage } from './message';

export const IO_APIC_BASE = 0xfec00000;
export const PINS = 24;
const SELECT = 0x00, WINDOW = 0x10; // prettier-ignore
const REG_ID = 0, REG_VERSION = 1, REG_ARBITRATION = 2, REG_TABLE = 0x10; // prettier-ignore
const VERSION_VALUE = 0x11 | ((PINS - 1) << 16);
const REMOTE_IRR = 0x4000, LEVEL = 0x8000, MASKED = 0x10000; // prettier-ignore
/** The low word without delivery status and remote IRR, which are read-only. */
const WRITABLE = 0x1afff;

interface IoApicState {
  id: number;
  select: number;
  /** Low and high word of each entry. */
  table: [low: number, high: number][];
  /** Bit per input. */
  lines: number;
}

export class IoApic {
  readonly mmio: MmioRange = {
    first: IO_APIC_BASE,
    last: IO_APIC_BASE + 0xff,
    handler: {
      read: (physical) => this.read(physical & 0xff),
      write: (physical, _width, value) => this.write(physical & 0xff, value),
    },
  };
  private s = initial();

  constructor(private readonly send: (message: ApicMessage) => void) {}

  /** The line into input 0 to 23. */
  setPin(pin: number, level: boolean): void {
    const bit = 1 << pin;
    const rising = level && (this.s.lines & bit) === 0;
    this.s.lines = level ? this.s.lines | bit : this.s.lines & ~bit;
    const low = this.s.table[pin][0];
    if ((low & MASKED) !== 0) return;
    if ((low & LEVEL) !== 0) this.serveLevel(pin);
    else if (rising) this.deliver(pin);
  }

  private serveLevel(pin: number): void {
    const entry = this.s.table[pin];
    if ((this.s.lines & (1 << pin)) === 0 || (entry[0] & (REMOTE_IRR | MASKED)) !== 0) return;
    const mode = (entry[0] >> 8) & 7;
    if (mode === FIXED || mode === LOWEST_PRIORITY) entry[0] |= REMOTE_IRR;
    this.deliver(pin);
  }
  private deliver(pin: number): void {
    const [low, high] = this.s.table[pin];
    const mode = (low >> 8) & 7;
    if (mode === EXTINT) return; // the 8259 pair reaches the processor through LINT0 on this board
    this.send({
      mode,
      vector: low & 0xff,
      levelTriggered: (low & LEVEL) !== 0,
      assert: true,
      logical: (low & 0x800) !== 0,
      destination: destinationOf(high >>> 24),
    });
  }

  get unmaskable(): boolean {
    return this.s.table.some(([low]) => isUnmaskable(low));
  }

  /** A local APIC ended a level-triggered interrupt: inputs that are still asserted ask again. */
  endOfInterrupt(vector: number): void {
    this.s.table.forEach((entry, pin) => {
      if ((entry[0] & 0xff) !== vector || (entry[0] & LEVEL) === 0) return;
      entry[0] &= ~REMOTE_IRR;
      this.serveLevel(pin);
    });
  }

  private read(offset: number): number {
    if (offset === SELECT) return this.s.select;
    if (offset !== WINDOW) return 0;
    const { select, id, table } = this.s;
    if (select === REG_ID || select === REG_ARBITRATION) return id << 24;
    if (select === REG_VERSION) return VERSION_VALUE;
    const entry = table[(select - REG_TABLE) >> 1];
    return select >= REG_TABLE && entry ? entry[select & 1] >>> 0 : 0;
  }
  private write(offset: number, value: number): void {
    const { s } = this;
    if (offset === SELECT) s.select = value & 0xff;
    if (offset !== WINDOW) return;
    if (s.select === REG_ID) s.id = (value >>> 24) & 15;
    const pin = (s.select - REG_TABLE) >> 1;
    const entry = s.table[pin];
    if (s.select < REG_TABLE || !entry) return;
    if (s.select & 1) entry[1] = (value & 0xff000000) >>> 0;
    else {
      entry[0] = (value & WRITABLE) | (entry[0] & REMOTE_IRR);
      if ((entry[0] & LEVEL) === 0) entry[0] &= ~REMOTE_IRR;
      else this.serveLevel(pin);
    }
  }

  reset(): void {
    const { lines } = this.s;
    this.s = { ...initial(), lines };
  }
  getState(): unknown {
    return structuredClone(this.s);
  }
  setState(state: unknown): void {
    this.s = structuredClone(state as IoApicState);
  }
}

const initial = (): IoApicState => ({
  id: 0,
  select: 0,
  table: Array.from({ length: PINS }, (): [number, number] => [MASKED, 0]),
  lines: 0,
});
