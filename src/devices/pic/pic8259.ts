// One Intel 8259A (datasheet 231468): initialization words, operation words, priority resolver, poll, all EOI forms.
// Inputs are levels; the edge-sense latch and the IRR follow the datasheet: a request that drops before it is
// acknowledged is gone, and the acknowledge then answers with level 7 (the spurious interrupt).
// Absent: the MCS-80/85 CALL sequence (ICW4 bit 0 clear is treated as 8086 mode) and buffered mode.

export interface Pic8259State {
  lines: number; // input levels
  edges: number; // edge-sense latches
  isr: number;
  imr: number;
  elcr: number; // inputs that are level-triggered whatever LTIM says
  icw1: number;
  vectorBase: number;
  icw3: number;
  icw4: number;
  initStep: 0 | 2 | 3 | 4; // the ICW expected next, 0 when initialized
  lowest: number; // the level that has the lowest priority
  readIsr: boolean;
  poll: boolean;
  specialMask: boolean;
  rotateOnAutoEoi: boolean;
}

const ICW1_IC4 = 1, ICW1_SNGL = 2, ICW1_LTIM = 8; // prettier-ignore
const ICW4_AEOI = 2, ICW4_SFNM = 0x10; // prettier-ignore

export const initialPic8259 = (): Pic8259State => ({
  lines: 0, edges: 0, isr: 0, imr: 0, elcr: 0, icw1: 0, vectorBase: 0, icw3: 0, icw4: 0, initStep: 0, lowest: 7,
  readIsr: false, poll: false, specialMask: false, rotateOnAutoEoi: false,
}); // prettier-ignore

export class Pic8259 {
  state = initialPic8259();

  /** @param elcrMask inputs whose trigger mode the ELCR can change. */
  constructor(
    readonly isMaster: boolean,
    private readonly elcrMask: number,
  ) {}

  reset(): void {
    this.state = { ...initialPic8259(), lines: this.state.lines };
  }

  setLine(level: number, high: boolean): void {
    const s = this.state;
    const bit = 1 << level;
    if (high && !(s.lines & bit)) s.edges |= bit;
    if (high) s.lines |= bit;
    else s.lines &= ~bit;
  }

  get irr(): number {
    const s = this.state;
    const levelTriggered = s.icw1 & ICW1_LTIM ? 0xff : s.elcr;
    return s.lines & (s.edges | levelTriggered);
  }

  get isSingle(): boolean {
    return (this.state.icw1 & ICW1_SNGL) !== 0;
  }

  /** The level that the resolver would grant now, or -1. */
  pending(): number {
    const s = this.state;
    const requests = this.irr & ~s.imr;
    if (requests === 0 || s.initStep !== 0) return -1;
    const level = this.highest(requests);
    const blocking = this.blocking();
    if (blocking === 0) return level;
    const served = this.highest(blocking);
    const difference = this.rank(level) - this.rank(served);
    if (difference < 0) return level;
    // Special fully nested mode: a slave in service is not locked out of the master's priority logic.
    return difference === 0 && this.nestsSlave(level) ? level : -1;
  }

  /** Interrupt acknowledge: moves the granted request into service. Answers its level, or -1 when there is none. */
  acknowledge(): number {
    const level = this.pending();
    if (level < 0) return -1;
    const s = this.state;
    const bit = 1 << level;
    s.edges &= ~bit;
    if (!(s.icw4 & ICW4_AEOI)) s.isr |= bit;
    else if (s.rotateOnAutoEoi) s.lowest = level;
    return level;
  }

  write(a0: number, value: number): void {
    if (a0) this.writeData(value);
    else if (value & 0x10) this.startInitialization(value);
    else if (value & 8) this.writeOcw3(value);
    else this.writeOcw2(value);
  }

  read(a0: number): number {
    const s = this.state;
    if (s.poll) {
      s.poll = false;
      const level = this.acknowledge();
      return level < 0 ? 0 : 0x80 | level;
    }
    if (a0) return s.imr;
    return s.readIsr ? s.isr : this.irr;
  }

  readElcr(): number {
    return this.state.elcr;
  }

  writeElcr(value: number): void {
    this.state.elcr = value & this.elcrMask;
  }

  private startInitialization(value: number): void {
    const s = this.state;
    const { lines, elcr } = s;
    this.state = { ...initialPic8259(), lines, elcr, icw1: value, initStep: 2 };
  }

  private writeData(value: number): void {
    const s = this.state;
    if (s.initStep === 0) {
      s.imr = value;
    } else if (s.initStep === 2) {
      s.vectorBase = value & 0xf8;
      s.initStep = this.isSingle ? this.afterIcw3() : 3;
    } else if (s.initStep === 3) {
      s.icw3 = value;
      s.initStep = this.afterIcw3();
    } else {
      s.icw4 = value;
      s.initStep = 0;
    }
  }

  private afterIcw3(): 0 | 4 {
    return this.state.icw1 & ICW1_IC4 ? 4 : 0;
  }

  private writeOcw2(value: number): void {
    const s = this.state;
    const named = value & 7;
    const [rotate, specific, eoi] = [value & 0x80, value & 0x40, value & 0x20];
    if (!eoi) {
      if (!specific) s.rotateOnAutoEoi = rotate !== 0;
      else if (rotate) s.lowest = named;
      return;
    }
    const level = specific ? named : this.highest(this.blocking());
    if (level < 0) return;
    s.isr &= ~(1 << level);
    if (rotate) s.lowest = level;
  }

  private writeOcw3(value: number): void {
    const s = this.state;
    if (value & 0x40) s.specialMask = (value & 0x20) !== 0;
    if (value & 2) s.readIsr = (value & 1) !== 0;
    s.poll = (value & 4) !== 0;
  }

  /** In-service levels that count: in special mask mode a masked one neither blocks nor sees a non-specific EOI. */
  private blocking(): number {
    const s = this.state;
    return s.specialMask ? s.isr & ~s.imr : s.isr;
  }

  private nestsSlave(level: number): boolean {
    return this.isMaster && (this.state.icw4 & ICW4_SFNM) !== 0 && ((this.state.icw3 >> level) & 1) !== 0;
  }

  /** 0 is the highest priority. */
  private rank(level: number): number {
    return (level - this.state.lowest - 1) & 7;
  }

  private highest(bits: number): number {
    if (bits === 0) return -1;
    const first = (this.state.lowest + 1) & 7;
    const ranked = (bits >> first) | (bits << (8 - first)); // bit n: the level of rank n
    return (first + 31 - Math.clz32(ranked & -ranked)) & 7;
  }
}
