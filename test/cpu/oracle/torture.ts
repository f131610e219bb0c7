// Generates privilege cases for torture.asm: a random but plausible GDT, LDT, IDT, TSSs and page tables (the arena), and
// per case a ring or v8086 mode, registers, segments, stack contents and one instruction that loads segments, transfers
// control, interrupts, or is privileged. Everything follows from the seed.

import { randomInstruction } from './randomInstruction';
import { ARENA, Random, type Segment, type TortureContext } from './tortureParts';

export const CASE_SIZE = 160;
const GDT = 0xb000,
  LDT = 0xb800,
  IDT = 0xc000,
  TSS = 0xd000,
  PD = 0xe000,
  PT = 0xf000;
const CODE0 = 0x08,
  DATA0 = 0x10,
  MAIN_TSS = 0x18,
  DF_TSS = 0x20,
  LDT0 = 0x28;
const RUNNER_STUBS = 16; // bytes per exception entry

export interface Case {
  text: string;
  bytes: Uint8Array;
}

export class Torture implements TortureContext {
  readonly arena = new Uint8Array(0x10000);
  private readonly view = new DataView(this.arena.buffer);
  readonly random: Random;
  /** Usable segments per ring. */
  readonly code: Segment[][] = [[], [], [], []];
  readonly data: Segment[][] = [[], [], [], []];
  readonly gates: number[] = [];
  readonly tasks: number[] = [];
  private nextGdt = 6;
  private nextLdt = 0;

  /** `stubs`: address of the exception entries in the runner; `doubleTask`: of the #DF task. */
  constructor(
    seed: number,
    private readonly stubs: number,
    private readonly doubleTask: number,
    private readonly vme: boolean,
  ) {
    this.random = new Random(seed);
    this.build();
  }

  // --- The arena

  private put32(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true);
  }
  private put16(at: number, value: number): void {
    this.view.setUint16(at, value, true);
  }

  private descriptor(at: number, base: number, limit: number, access: number, flags: number): void {
    this.put32(at, (limit & 0xffff) | (base << 16));
    this.put32(
      at + 4,
      ((base >>> 16) & 0xff) | (access << 8) | (limit & 0xf0000) | (flags << 20) | (base & 0xff000000),
    );
  }
  private gate(at: number, selector: number, offset: number, access: number, count = 0): void {
    this.put32(at, (offset & 0xffff) | (selector << 16));
    this.put32(at + 4, count | (access << 8) | (offset & 0xffff0000));
  }

  /** A free place in the GDT or LDT: its offset in the arena and its selector (RPL 0). */
  private place(): { at: number; selector: number } {
    if (this.random.chance(30) && this.nextLdt < 120) {
      const index = this.nextLdt++;
      return { at: LDT + index * 8, selector: index * 8 + 4 };
    }
    const index = this.nextGdt++;
    return { at: GDT + index * 8, selector: index * 8 };
  }

  private build(): void {
    const r = this.random;
    this.arena.fill(0xcc, 0, 0x1000);
    for (let at = 0x1000; at < 0x6000; at += 8) {
      this.put32(at, this.landing(0));
      this.put32(at + 4, r.next());
    }
    this.descriptor(GDT + CODE0, 0, 0xfffff, 0x9b, 0xc);
    this.descriptor(GDT + DATA0, 0, 0xfffff, 0x93, 0xc);
    this.descriptor(GDT + MAIN_TSS, ARENA + TSS, 0x10f, 0x89, 0);
    this.descriptor(GDT + DF_TSS, ARENA + TSS + 0x300, 0x67, 0x89, 0);
    this.descriptor(GDT + LDT0, ARENA + LDT, 0x3ff, 0x82, 0);
    for (let ring = 0; ring < 4; ring++) this.goodSegments(ring);
    this.oddSegments();
    this.makeTasks();
    for (let n = 0; n < 40; n++) this.callGate();
    this.interruptTable();
    // Far pointers for LDS, JMP and CALL through memory.
    for (let at = 0x1000; at < 0x2000; at += 8) {
      const wide = r.chance(50);
      const selector = this.anySelector();
      const offset = this.landing(this.baseOf(selector));
      if (wide) this.put32(at, offset);
      else this.put16(at, offset);
      this.put16(at + (wide ? 4 : 2), selector);
    }
    this.arena.copyWithin(0x3000, 0x1000, 0x2000);
    this.arena.copyWithin(0x4000, 0x1000, 0x2000);
    this.pageTables();
  }

  private pageTables(): void {
    this.put32(PD, (ARENA + PT) | 7);
    for (let page = 0; page < 1024; page++) this.put32(PT + page * 4, (page << 12) | 3);
    const set = (page: number, bits: number): void => this.put32(PT + page * 4, (page << 12) | bits);
    set(0, 7);
    // What lies in the adapter's and the firmware's area differs between machines.
    for (let page = 0xa0; page < 0x100; page++) set(page, 0);
    for (const page of [0x60, 0x61, 0x66, 0x67]) set(page, 7);
    set(0x62, 6);
    set(0x63, 5);
    set(0x64, 3);
    set(0x65, 1);
  }

  baseOf(selector: number): number {
    for (const list of [...this.code, ...this.data]) {
      for (const s of list) if ((s.selector & ~3) === (selector & ~3)) return s.base;
    }
    return 0;
  }

  private goodSegments(ring: number): void {
    const code = (base: number, wide: boolean, type: number, limit: number): void => {
      const { at, selector } = this.place();
      this.descriptor(at, base, limit, 0x90 | (ring << 5) | type, (limit > 0xffff ? 8 : 0) | (wide ? 4 : 0));
      const s = { selector, base, dpl: ring, wide, conforming: (type & 4) !== 0, code: true };
      for (let r = ring; r < (s.conforming ? 4 : ring + 1); r++) this.code[r]!.push(s);
    };
    const data = (base: number, wide: boolean, type: number, limit: number): void => {
      const { at, selector } = this.place();
      this.descriptor(at, base, limit, 0x90 | (ring << 5) | type, (limit > 0xffff ? 8 : 0) | (wide ? 4 : 0));
      this.data[ring]!.push({ selector, base, dpl: ring, wide, conforming: false, code: false });
    };
    code(0, true, 0xa, 0xfffff);
    code(ARENA, false, 0xb, 0xffff);
    code(ARENA, true, 0x8, 0xffff);
    code(0, true, 0xe, 0xfffff);
    code(ARENA, false, 0xf, 0xfff);
    data(0, true, 0x2, 0xfffff);
    data(ARENA, false, 0x3, 0xffff);
    data(ARENA, true, 0x2, 0xffff);
    data(ARENA, true, 0x6, 0xfff);
    data(ARENA, false, 0x7, 0x5fff);
  }

  private oddSegments(): void {
    const r = this.random;
    for (let n = 0; n < 40; n++) {
      const { at } = this.place();
      const system = r.chance(25);
      const access = (r.chance(75) ? 0x80 : 0) | (r.below(4) << 5) | (system ? r.below(16) : 0x10 | r.below(16));
      this.descriptor(
        at,
        r.pick([0, ARENA, ARENA + 0x1000]),
        r.pick([0xfffff, 0xffff, 0xfff, 0xff, 0x10, 0]),
        access,
        r.below(16) & 0xd,
      );
    }
  }

  private makeTasks(): void {
    const r = this.random;
    this.task(TSS, true, 0);
    this.put32(TSS + 4, ARENA + 0x8f00);
    this.put32(TSS + 8, DATA0);
    for (let ring = 1; ring < 3; ring++) {
      const s = r.chance(85) ? r.pick(this.data[ring]!).selector | ring : this.anySelector();
      this.put32(TSS + 4 + ring * 8, 0x6000 + 0x700 * ring + this.baseFix(s));
      this.put32(TSS + 8 + ring * 8, s);
    }
    this.put16(TSS + 0x66, 0x88);
    for (let at = TSS + 0x68; at < TSS + 0x110; at++)
      this.arena[at] = r.chance(30) ? 0 : r.chance(30) ? 0xff : r.next();
    this.task(TSS + 0x300, true, 0);
    this.put32(TSS + 0x300 + 0x20, this.doubleTask);
    this.put32(TSS + 0x300 + 0x38, 0x9000);
    this.put32(TSS + 0x300 + 0x24, 2);
    for (const [at, selector] of [
      [0x48, DATA0],
      [0x4c, CODE0],
      [0x50, DATA0],
      [0x54, DATA0],
      [0x58, 0],
      [0x5c, 0],
      [0x60, LDT0],
    ] as const) {
      this.put32(TSS + 0x300 + at, selector);
    }
    this.put16(TSS + 0x300 + 0x64, 0);
    for (let n = 0; n < 16; n++) {
      const wide = r.chance(75);
      const at = TSS + 0x400 + n * 0x80;
      this.task(at, wide, r.below(4));
      const index = this.nextGdt++;
      const limit = r.chance(92) ? (wide ? 0x67 : 0x2b) : r.pick([0x66, 0x2a, 0]);
      const access = (r.chance(92) ? 0x80 : 0) | (r.below(4) << 5) | (wide ? 9 : 1) | (r.chance(15) ? 2 : 0);
      this.descriptor(GDT + index * 8, ARENA + at, limit, access, 0);
      this.tasks.push(index * 8);
      if (r.chance(40)) {
        const gate = this.place();
        this.gate(gate.at, index * 8, 0, (r.chance(92) ? 0x80 : 0) | (r.below(4) << 5) | 5);
        this.gates.push(gate.selector);
      }
    }
  }

  /** SP must be relative to the segment's base. */
  private baseFix(selector: number): number {
    return this.baseOf(selector) === 0 ? ARENA : 0;
  }

  private task(at: number, wide: boolean, ring: number): void {
    const r = this.random;
    const seg = (list: readonly Segment[]): number =>
      r.chance(90) ? r.pick(list).selector | ring : this.anySelector();
    const cs = r.chance(92) ? r.pick(this.code[ring]!) : r.pick(this.code[r.below(4)]!);
    const ss = r.pick(this.data[ring]!);
    const ssSelector = r.chance(95) ? ss.selector | ring : this.anySelector();
    const segments = [
      seg(this.data[3]!),
      cs.selector | ring,
      ssSelector,
      seg(this.data[ring]!),
      seg(this.data[3]!),
      r.chance(50) ? 0 : seg(this.data[3]!),
    ];
    const flags = 2 | (r.below(4) << 12) | (r.chance(5) ? 0x4000 : 0) | (r.next() & 0x8d5);
    const ip = this.landing(cs.base);
    const sp = 0x6800 + (ss.base === 0 ? ARENA : 0);
    if (wide) {
      this.put32(at, 0);
      this.put32(at + 4, ARENA + 0x8f00);
      this.put32(at + 8, DATA0);
      for (let n = 1; n < 3; n++) {
        const s = r.pick(this.data[n]!).selector | n;
        this.put32(at + 4 + n * 8, 0x6000 + 0x700 * n + this.baseFix(s));
        this.put32(at + 8 + n * 8, s);
      }
      this.put32(at + 0x1c, ARENA + PD);
      this.put32(at + 0x20, ip);
      this.put32(at + 0x24, flags | (r.chance(8) ? 0x20000 : 0));
      for (let n = 0; n < 8; n++) this.put32(at + 0x28 + n * 4, n === 4 ? sp : r.next());
      segments.forEach((s, n) => this.put32(at + 0x48 + n * 4, s));
      this.put32(at + 0x60, r.chance(92) ? LDT0 : this.anySelector());
      this.put32(at + 0x64, r.chance(10) ? 0x680001 : 0x680000);
      if ((this.view.getUint32(at + 0x24, true) & 0x20000) !== 0) {
        this.put32(at + 0x20, 0x100 + r.below(0x400));
        [0x6000, 0x6000, 0x6000, 0x6100, 0x6100, 0x6100].forEach((s, n) => this.put32(at + 0x48 + n * 4, s));
        this.put32(at + 0x38, 0x6800);
      }
    } else {
      this.put16(at, 0);
      // A 16-bit TSS can only reach a ring-0 stack below 64 KB of its segment: the 16-bit one at the arena.
      this.put16(at + 2, 0x8f00);
      this.put16(at + 4, this.data[0]![1]!.selector);
      for (let n = 1; n < 3; n++) {
        this.put16(at + 2 + n * 4, 0x6000 + 0x700 * n);
        this.put16(at + 4 + n * 4, this.data[n]![1]!.selector | n);
      }
      this.put16(at + 0x0e, ip);
      this.put16(at + 0x10, flags);
      for (let n = 0; n < 8; n++) this.put16(at + 0x12 + n * 2, n === 4 ? sp : r.next());
      segments.slice(0, 4).forEach((s, n) => this.put16(at + 0x22 + n * 2, s));
      this.put16(at + 0x2a, r.chance(92) ? LDT0 : this.anySelector());
    }
  }

  private callGate(): void {
    const r = this.random;
    const { at, selector } = this.place();
    const target = r.pick(this.code[r.below(4)]!);
    const to = r.chance(88) ? target.selector | r.below(4) : this.anySelector();
    const offset = r.chance(93) ? this.landing(target.base) : r.next();
    const access = (r.chance(92) ? 0x80 : 0) | (r.chance(70) ? 0x60 : r.below(4) << 5) | (r.chance(60) ? 12 : 4);
    this.gate(at, to, offset, access, r.chance(80) ? r.below(5) : r.below(32));
    this.gates.push(selector);
  }

  private interruptTable(): void {
    const r = this.random;
    for (let vector = 0; vector < 32; vector++) {
      const dpl = vector === 3 || vector === 4 ? 3 : r.below(4);
      this.gate(IDT + vector * 8, CODE0, this.stubs + vector * RUNNER_STUBS, 0x8e | (dpl << 5));
    }
    this.gate(IDT + 64, DF_TSS, 0, 0x85);
    for (let vector = 32; vector < 256; vector++) {
      const at = IDT + vector * 8;
      const target = r.pick(this.code[r.below(4)]!);
      const access = (r.chance(93) ? 0x80 : 0) | (r.chance(75) ? 0x60 : r.below(4) << 5);
      if (r.chance(15)) this.gate(at, r.chance(90) ? r.pick(this.tasks) : this.anySelector(), 0, access | 5);
      else if (r.chance(5)) this.gate(at, this.anySelector(), this.landing(0), access | r.below(32));
      else
        this.gate(
          at,
          r.chance(92) ? target.selector | r.below(4) : this.anySelector(),
          this.landing(target.base),
          access | r.pick([6, 7, 14, 15, 14]),
        );
    }
  }

  /** An offset in the arena's code page, seen from a segment base. */
  landing(base: number): number {
    return ((base === ARENA ? 0 : ARENA) + 0x100 + this.random.below(0xd00)) >>> 0;
  }

  anySelector(): number {
    const r = this.random;
    if (r.chance(8)) return r.below(4);
    if (r.chance(4)) return r.next() & 0xffff;
    const ldt = r.chance(30);
    return (r.below(ldt ? Math.max(this.nextLdt, 1) : this.nextGdt) << 3) | (ldt ? 4 : 0) | r.below(4);
  }

  // --- Cases

  make(): Case {
    const r = this.random;
    const mode = r.pick([0, 0, 1, 2, 3, 3, 3, 4]);
    const ring = mode === 4 ? 3 : mode;
    const virtual = mode === 4;
    const cs = virtual
      ? { selector: 0x6000, base: ARENA, wide: false, dpl: 3, conforming: false, code: true }
      : r.pick(this.code[ring]!);
    const down = (s: Segment): boolean => this.data[ring]!.indexOf(s) >= 3;
    let ss = virtual ? { ...cs } : r.pick(this.data[ring]!);
    if (ring === 0 && !virtual) ss = r.pick(this.data[0]!.slice(0, 3));
    const flags =
      2 |
      (r.next() & 0x8d5) |
      (r.below(4) << 12) |
      (r.chance(4) ? 0x100 : 0) |
      (r.chance(4) ? 0x4000 : 0) |
      (r.chance(4) ? 0x40000 : 0) |
      (virtual ? 0x20000 : 0) |
      (virtual && this.vme && r.chance(30) ? 0x80000 : 0) |
      (virtual && this.vme && r.chance(15) ? 0x100000 : 0);
    const codeAt = ARENA + 0x100 + r.below(0x600);
    // Mostly in the stack page, sometimes near its start, so that frames cross into a page without rights.
    const spAt = r.chance(90) ? 0x6400 + r.below(0xc00) : down(ss) ? 0x6000 + r.below(16) : 0x6000 + r.below(64);
    const stackAt = ARENA + spAt;
    const esp = ss.base === 0 ? stackAt : spAt;
    const usable = (): number => {
      if (virtual) return r.pick([0x6000, 0x6100, 0x6000, 0x6200]);
      if (r.chance(15)) return 0;
      const s = r.pick(this.data[3]!);
      return s.selector | 3;
    };
    const segments = [usable(), usable(), usable(), usable()];
    const ds = segments[0]!;
    const base = virtual ? ds << 4 : this.baseOf(ds);
    const spot = r.chance(85)
      ? 0x1000 + r.below(0xff0)
      : r.chance(50)
        ? 0x2000 + r.below(0x4000)
        : 0x1ff0 + r.below(32);
    const pointer =
      (ARENA + (spot & (r.chance(90) ? ~7 : ~0)) - (virtual || base !== 0 ? (virtual ? base : ARENA) : 0)) >>> 0;
    const stack = new Uint8Array(40);
    const view = new DataView(stack.buffer);
    const { code, text } = randomInstruction(this, cs.wide, virtual, ring, view, ss);
    const bytes = new Uint8Array(CASE_SIZE);
    const out = new DataView(bytes.buffer);
    out.setUint32(0, mode, true);
    out.setUint32(4, flags, true);
    const selector = this.anySelector();
    const regs = [
      (r.next() & 0xffff0000) | selector,
      r.chance(50) ? r.below(8) : r.next(),
      r.pick([0x300, 0x304, 0x308, 0x310, 0x31c, 0x31f]),
      pointer,
      r.chance(60) ? esp + r.below(32) : r.next(),
      pointer,
      r.chance(80) ? pointer + 16 : r.next(),
    ];
    regs.forEach((value, n) => out.setUint32(8 + n * 4, value >>> 0, true));
    segments.forEach((value, n) => out.setUint16(36 + n * 2, value, true));
    out.setUint16(44, cs.selector | (virtual ? 0 : ring), true);
    out.setUint16(46, virtual ? 0x6000 : ss.selector | ring, true);
    out.setUint32(48, esp, true);
    out.setUint32(52, codeAt - cs.base, true);
    out.setUint32(56, 0x80000011 | (r.chance(50) ? 0x10000 : 0) | (r.chance(50) ? 0x40000 : 0), true);
    bytes.set(stack, 60);
    bytes.fill(0xcc, 100, 124);
    bytes.set(code, 100);
    out.setUint32(124, stackAt, true);
    out.setUint32(128, codeAt, true);
    out.setUint32(132, this.vme ? 1 : 0, true);
    const hex = (v: number): string => v.toString(16);
    return {
      bytes,
      text: `${text} in ${virtual ? 'v8086' : `ring ${ring}`} ${cs.wide ? 32 : 16}-bit code ${[...code].map((b) => b.toString(16).padStart(2, '0')).join('')}, eax ${hex(regs[0]! >>> 0)} ebx ${hex(pointer)} flags ${hex(flags)} cs:eip ${hex(cs.selector | ring)}:${hex(codeAt - cs.base)} ss:esp ${hex(ss.selector | ring)}:${hex(esp)} ds es fs gs ${segments.map(hex).join(' ')} stack ${[...stack].map((b) => b.toString(16).padStart(2, '0')).join('')}`,
    };
  }
}

/** The whole memory image at 0x10000: runner, arena, cases. */
export function buildImage(runner: Uint8Array, torture: Torture, cases: readonly Case[]): Uint8Array {
  const image = new Uint8Array(0x40000);
  image.set(runner, 0);
  image.set(torture.arena, 0x10000);
  cases.forEach((c, n) => image.set(c.bytes, 0x20000 + n * CASE_SIZE));
  image[0x20000 + cases.length * CASE_SIZE] = 0xff;
  return image;
}
/** Cases that fit in one image. */
export const MAX_CASES = Math.floor(0x20000 / CASE_SIZE) - 1;
