// Replays silicon vectors of 16 and 32-bit protected mode (format: README of the vector collection) on the routines alone.
import { RAM_BASE } from '../../src/cpu/layout';
import * as L from '../../src/cpu/layout';
import { getEflags, setEflags } from '../../src/cpu/flags';
import { loadSegment, loadLdtr } from '../../src/cpu/loadSegment';
import { ACCESS_FETCH, ACCESS_USER, EFER_NXE, translate } from '../../src/cpu/paging';
import { isNull } from '../../src/cpu/descriptors';
import { deliverFault } from '../../src/cpu/interrupts';
import { clearTlb } from '../../src/cpu/tlb';
import { raiseGP } from '../../src/cpu/raise';
import { setSegment } from '../../src/cpu/segments';
import { SYS_ROUTINES } from '../../src/cpu/routines';
import { FAULT, JUMPED, NEXT } from '../../src/cpu/sys';
import type { Fault } from '../../src/cpu/fault';
import { decode } from '../../src/isa/decode';
import { TestMachine } from './testMachine';

type Fields = Record<string, string | [string, string][]>;
export interface Vector {
  n: string;
  b: string;
  i: Fields;
  o: Fields;
  e?: [number, string?, string?];
  k?: number;
  u?: string;
  um?: [string, number][];
  ud?: number;
  pm?: number;
}
export interface LdtEntry {
  sel: string;
  base: string;
  limit: string;
  g: number;
  db: number;
  p: number;
  type: number;
  dpl: number;
}

const REGS = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const SEGS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];
const TABLES = 0x200000; // physical: page tables, GDT, LDT
const HIGH = 0xc0000000; // linear address of the same
const RING0_STACK = 0xe000;
const PAGES: [number, number, number][] = [
  // first, last, low bits (P=1 W=2 U=4), NX in bit 63 when not executable
  [0x10, 0x1f, 5],
  [0x20, 0x37, 7],
  [0x38, 0x38, 5],
  [0x40, 0x4f, 7],
];

export class VectorMachine extends TestMachine {
  private readonly image = new Uint8Array(0x50000);
  private defaults: Record<string, number> = {};

  constructor(
    private readonly mode: 16 | 32,
    ldt: readonly LdtEntry[],
  ) {
    super();
    for (let a = 0; a < this.image.length; a++) {
      const code = a >= 0x10000 && a < 0x20000;
      this.image[a] = code ? 0xcc : Math.imul(a, 0x9e3779b1) >>> 24;
    }
    this.pageTables();
    this.descriptors(ldt);
    REGS.forEach((name, i) => (this.defaults[name] = Math.imul(0x11111111, i + 1) >>> 0));
    Object.assign(
      this.defaults,
      mode === 16 ? { sp: 0x8000, bp: 0x8800, ip: 0x4000 } : { sp: 0x48000, bp: 0x48800, ip: 0x14000 },
    );
    Object.assign(this.defaults, { f: 0x202, fs: 0x27, gs: 0x2f });
    Object.assign(
      this.defaults,
      mode === 16 ? { cs: 7, ds: 0xf, es: 0x17, ss: 0x1f } : { cs: 0x23, ds: 0x2b, es: 0x2b, ss: 0x2b },
    );
  }

  private pageTables(): void {
    const pdpt = TABLES,
      low = TABLES + 0x1000,
      high = TABLES + 0x2000,
      lowTable = TABLES + 0x3000,
      highTable = TABLES + 0x4000;
    this.write32(pdpt, low | 1, 0, 0, 0, 0, 0, high | 1, 0);
    this.write32(low, lowTable | 7, 0);
    this.write32(high, highTable | 3, 0);
    for (const [first, last, bits] of PAGES) {
      for (let page = first; page <= last; page++) {
        this.write32(lowTable + page * 8, (page << 12) | bits | 0x60, page < 0x20 ? 0 : 0x80000000);
      }
    }
    for (let page = 0; page < 16; page++) this.write32(highTable + page * 8, (TABLES + (page << 12)) | 0x63, 0);
  }

  private descriptors(ldt: readonly LdtEntry[]): void {
    const gdt = TABLES + 0x8000,
      table = TABLES + 0x9000;
    const entry = (at: number, base: number, limit: number, access: number, flags: number): void => {
      this.write32(
        at,
        (limit & 0xffff) | (base << 16),
        ((base >>> 16) & 0xff) | (access << 8) | (limit & 0xf0000) | (flags << 20) | (base & 0xff000000),
      );
    };
    entry(gdt + 0x20, 0, 0xfffff, 0xfb, 0xc);
    entry(gdt + 0x28, 0, 0xfffff, 0xf3, 0xc);
    entry(gdt + 0x30, 0, 0xfffff, 0xfb, 0xa);
    entry(gdt + 0x08, 0, 0xfffff, 0x9b, 0xc);
    entry(gdt + 0x10, 0, 0xfffff, 0x93, 0xc);
    entry(gdt + 0x50, HIGH + 0x9000, 0xfff, 0x82, 0);
    for (const d of ldt) {
      // The accessed bit as stored; bit 20 (AVL) is set by the system the vectors come from.
      entry(
        table + (parseInt(d.sel, 16) & ~7),
        parseInt(d.base, 16),
        parseInt(d.limit, 16),
        (d.p << 7) | (d.dpl << 5) | 0x10 | d.type,
        (d.g << 3) | (d.db << 2) | 1,
      );
    }
    for (let vector = 0; vector < 256; vector++) {
      const dpl = vector === 3 || vector === 4 ? 3 : 0;
      this.write32(TABLES + 0xa000 + vector * 8, 0x00080000 | vector, (HIGH & 0xffff0000) | 0x8e00 | (dpl << 13));
    }
    this.write32(TABLES + 0xb004, HIGH + RING0_STACK, 0x10);
    this.write16(TABLES + 0xb066, 0xffff); // no I/O permission bitmap
    const { cpu } = this;
    cpu.int1IsFault = true;
    cpu.u32[L.S_GDTR_BASE >> 2] = HIGH + 0x8000;
    cpu.u32[L.S_GDTR_LIMIT >> 2] = 0x7f;
    cpu.u32[L.S_IDTR_BASE >> 2] = HIGH + 0xa000;
    cpu.u32[L.S_IDTR_LIMIT >> 2] = 0x7ff;
  }

  private enter(): void {
    const { cpu } = this;
    cpu.u32[L.S_CR0 >> 2] = (L.CR0_PE | L.CR0_MP | L.CR0_ET | L.CR0_NE | L.CR0_WP | L.CR0_AM | L.CR0_PG) >>> 0;
    cpu.u32[L.S_CR3 >> 2] = TABLES;
    cpu.u32[L.S_CR4 >> 2] = L.CR4_PAE | L.CR4_PGE;
    cpu.u32[L.S_EFER >> 2] = EFER_NXE;
    clearTlb(cpu);
    setEflags(cpu, 2);
    cpu.i32[L.S_CPL >> 2] = 0;
    if (!loadLdtr(cpu, 0x50)) throw new Error('LDT');
    setSegment(cpu, L.TR, 0x60, 0x8b, HIGH + 0xb000, 0x67);
  }

  /** Answers undefined when the vector needs instructions beyond the routines, '' when it passes, else the difference. */
  run(v: Vector): string | undefined {
    const { cpu } = this;
    const code = Uint8Array.from(v.b.match(/../g)!.map((byte) => parseInt(byte, 16)));
    const insn = decode(code, 0, this.mode);
    if (!insn.row || !SYS_ROUTINES[insn.row.sem] || (v.k ?? 1) !== 1) return undefined;
    this.enter();
    cpu.u8.set(this.image, RAM_BASE);
    const state = { ...this.defaults };
    const overlay = (fields: Fields): void => {
      for (const [key, value] of Object.entries(fields))
        if (typeof value === 'string') state[key] = parseInt(value, 16);
    };
    overlay(v.i);
    REGS.forEach((name, i) => cpu.setReg32(i, state[name]!));
    cpu.eip = state.ip!;
    // CS and SS first: they give the ring the others are checked against.
    cpu.i32[L.S_CPL >> 2] = 3;
    this.loadCode(state.cs!);
    for (const seg of [2, 0, 3, 4, 5])
      if (!loadSegment(cpu, seg, state[SEGS[seg]!]!)) throw new Error(`${SEGS[seg]} ${v.n}`);
    setEflags(cpu, state.f!);
    for (let j = 0; j < code.length; j++) cpu.u8[RAM_BASE + ((cpu.base(1) + cpu.eip + j) & 0xfffff)] = code[j]!;
    this.poke(v.i);
    clearTlb(cpu);
    const expected = cpu.u8.slice(RAM_BASE, RAM_BASE + 0x50000);
    overlay(v.o);
    for (const [at, bytes] of (v.o.m as [string, string][] | undefined) ?? []) {
      expected.set(
        bytes.match(/../g)!.map((byte) => parseInt(byte, 16)),
        parseInt(at, 16),
      );
    }
    cpu.fault = undefined;
    const singleStep = (getEflags(cpu) & L.TF) !== 0;
    const result = SYS_ROUTINES[insn.row.sem]!(cpu, insn);
    if (result === NEXT) cpu.eip = cpu.eip + insn.len;
    if (result !== FAULT) {
      if (singleStep) return undefined;
      if (result === JUMPED && cpu.cpl === 3) this.fetch();
    }
    const fault = cpu.fault as Fault | undefined;
    const cr2 = fault?.cr2;
    if (fault) deliverFault(cpu);
    return this.compare(v, state, expected, cr2);
  }

  private loadCode(selector: number): void {
    const { cpu } = this;
    const at = (selector & 4) !== 0 ? TABLES + 0x9000 : TABLES + 0x8000;
    const low = this.read32(at + (selector & ~7));
    const high = this.read32(at + (selector & ~7) + 4);
    const raw = (low & 0xffff) | (high & 0xf0000);
    const base = ((low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000)) >>> 0;
    setSegment(
      cpu,
      1,
      selector,
      (high >>> 8) & 0xf0ff,
      base,
      (high & 0x800000) !== 0 ? ((raw << 12) | 0xfff) >>> 0 : raw,
    );
  }

  private fetch(): void {
    const { cpu } = this;
    if (cpu.eip > cpu.limit(1)) raiseGP(cpu, 0, 'code-limit');
    else translate(cpu, (cpu.base(1) + cpu.eip) >>> 0, ACCESS_FETCH | ACCESS_USER);
  }

  private poke(fields: Fields): void {
    for (const [at, bytes] of (fields.m as [string, string][] | undefined) ?? []) {
      const first = parseInt(at, 16);
      bytes.match(/../g)!.forEach((byte, j) => {
        if (first + j < 0x50000) this.cpu.u8[RAM_BASE + first + j] = parseInt(byte, 16);
      });
    }
  }

  /** Undoes the delivery of an exception to ring 0; answers vector and error code. */
  private leaveHandler(): string[] {
    const { cpu } = this;
    if (cpu.cpl !== 0) return [];
    const vector = cpu.eip - HIGH;
    const found = [String(vector)];
    let frame = TABLES + (cpu.reg32(4) - HIGH);
    if ([8, 10, 11, 12, 13, 14, 17].includes(vector)) {
      found.push(this.read32(frame).toString(16));
      frame += 4;
    }
    cpu.eip = this.read32(frame);
    cpu.u32[(L.S_SEG + L.SEG_SIZE) >> 2] = this.read32(frame + 4);
    setEflags(cpu, this.read32(frame + 8));
    cpu.setReg32(4, this.read32(frame + 12));
    cpu.u32[(L.S_SEG + 2 * L.SEG_SIZE) >> 2] = this.read32(frame + 16);
    return found;
  }

  private compare(v: Vector, want: Record<string, number>, memory: Uint8Array, cr2: number | undefined): string {
    const { cpu } = this;
    const wrong: string[] = [];
    const check = (name: string, got: number, expected: number): void => {
      if (got >>> 0 !== expected >>> 0)
        wrong.push(`${name} ${(got >>> 0).toString(16)} not ${(expected >>> 0).toString(16)}`);
    };
    const got = this.leaveHandler();
    if (cr2 !== undefined) got.push(cr2.toString(16));
    if (got.join(' ') !== (v.e ?? []).join(' ')) wrong.push(`exception ${got.join(' ')} not ${(v.e ?? []).join(' ')}`);
    if (!v.ud) {
      REGS.forEach((name, i) => check(name, cpu.reg32(i), want[name]!));
      memory.forEach((byte, at) => {
        const ignored = v.um?.some(([first, length]) => at >= parseInt(first, 16) && at < parseInt(first, 16) + length);
        if (!ignored && cpu.u8[RAM_BASE + at] !== byte && wrong.length < 6)
          check(`[${at.toString(16)}]`, cpu.u8[RAM_BASE + at]!, byte);
      });
    }
    check('ip', cpu.eip, want.ip!);
    const mask = ~(L.RF | parseInt(v.u ?? '0', 16));
    check('f', getEflags(cpu) & mask, want.f! & mask);
    // The recorder read the selectors after a return to ring 3, which turns every null selector into 0.
    SEGS.forEach((name, i) => check(name, isNull(cpu.selector(i)) ? 0 : cpu.selector(i), want[name]!));
    return wrong.join('; ');
  }
}
