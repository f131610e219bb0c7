// What the routines in cpu/ found out about descriptors and gates, kept so that inline transfers (lower/transfer.ts,
// lower/segment.ts) need not check it all again. An entry holds as long as the bytes that it came from: descriptors and gates
// are watched like decoded code, and every change of a table register or of the translation forgets everything.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { peekTranslate } from '../cpu/pageWalk';

/** Bytes of a gate's or a return's entry: 0 key, 4 new CPL, 8 whether it is another one, then as noted; 32 CS, 64 SS. */
const ENTRY_BYTES = L.GATE_MEMO_BYTES;
const CS = 1;
const SS = 2;
const FLAT_LIMIT = 0xffffffff;
const GATE_32BIT_INTERRUPT = 14;
const GATE_32BIT_TRAP = 15;
const TSS_IS_WIDE = 8;

/** More sources than any sensible guest has: start afresh. */
const MOST_SOURCES = 512;

export class TransferMemo {
  /** Physical addresses of the descriptors and gates that entries came from, 8 bytes each. */
  private readonly sources = new Set<number>();
  /** Their linear pages. */
  private readonly pages = new Set<number>();

  constructor(
    private readonly cpu: Cpu,
    /** Has writes to these bytes of RAM reported. */
    private readonly watch: (physical: number, end: number) => void,
  ) {
    this.forget();
  }

  clear(): void {
    if (this.sources.size > 0) this.forget();
  }
  private forget(): void {
    this.cpu.u8.fill(0xff, L.SEGMENT_MEMO, L.MEMO_END);
    this.sources.clear();
    this.pages.clear();
  }
  /** Bytes of RAM were written. */
  written(physical: number, end: number): void {
    for (const source of this.sources) if (physical < source + 8 && end > source) return this.forget();
  }
  /** Code pages that are no longer watched. */
  pageLeft(physical: number): void {
    this.written(physical, physical + 0x1000);
  }
  /** The translation of a linear page changed. */
  pageFlushed(linear: number): void {
    if (this.pages.has(linear >>> 12)) this.forget();
  }

  /** Watches 8 bytes at a linear address; false when that cannot be done. */
  private source(linear: number): boolean {
    const { cpu } = this;
    if (cpu.watchedPages.size !== 0 || cpu.breakpointPages.size !== 0) return false;
    const physical = peekTranslate(cpu, linear);
    const page = (physical & ~0xfff) >>> 0;
    if (physical < 0 || (physical & 0xfff) > 0xff8 || cpu.bus.hostPage(page, true) !== L.RAM_BASE + page) return false;
    if (this.sources.size >= MOST_SOURCES) this.forget();
    this.sources.add(physical);
    this.pages.add(linear >>> 12);
    cpu.u8[L.PAGE_FILTER + ((linear >>> 12) & (L.PAGE_FILTER_BYTES - 1))] = 1;
    this.watch(physical, physical + 8);
    return true;
  }
  private descriptor(selector: number): boolean {
    const { cpu } = this;
    const table = (selector & 4) !== 0 ? cpu.base(L.LDTR) : cpu.u32[L.S_GDTR_BASE >> 2];
    return this.source((table + (selector & 0xfff8)) >>> 0);
  }

  private copyCache(seg: number, to: number): void {
    const { u8 } = this.cpu;
    u8.copyWithin(to, L.S_SEG + seg * L.SEG_SIZE, L.S_SEG + (seg + 1) * L.SEG_SIZE);
  }
  private isFlat(seg: number): boolean {
    const at = (L.S_SEG + seg * L.SEG_SIZE) >> 2;
    const { u32 } = this.cpu;
    return (
      u32[at + (L.SEG_BASE >> 2)] === 0 &&
      u32[at + (L.SEG_FAST_READ >> 2)] === FLAT_LIMIT &&
      u32[at + (L.SEG_FAST_WRITE >> 2)] === FLAT_LIMIT
    );
  }

  /** ES, DS, FS or GS was loaded in protected mode. */
  noteSegment(seg: number): void {
    const { cpu } = this;
    const key = cpu.i32[L.F_KEY >> 2];
    const selector = cpu.selector(seg);
    if (key === 0 || seg === CS || seg === SS) return;
    if ((selector & 0xfffc) !== 0 && !this.descriptor(selector)) return;
    const entry = L.SEGMENT_MEMO + (((selector >> 3) & 31) | ((selector & 1) << 5)) * L.SEG_SIZE;
    this.copyCache(seg, entry);
    cpu.i32[entry >> 2] = selector | key;
    cpu.i32[(entry + 28) >> 2] = this.isFlat(seg) ? 1 : 0;
  }

  /**
   * The processor stands at the handler of `vector`, which INT n or (`software` false) an exception went to from flat code
   * with F_KEY `key`.
   */
  noteInterrupt(vector: number, key: number, software: boolean): void {
    const { cpu } = this;
    const { i32, u32 } = cpu;
    if (i32[L.F_FLAT >> 2] === 0) return;
    const gate = (u32[L.S_IDTR_BASE >> 2] + vector * 8) >>> 0;
    if (!this.source(gate)) return;
    const host = L.RAM_BASE + peekTranslate(cpu, gate);
    const type = cpu.u8[host + 5] & 31;
    if (type !== GATE_32BIT_INTERRUPT && type !== GATE_32BIT_TRAP) return;
    const offset = (cpu.view.getUint16(host, true) | (cpu.view.getUint16(host + 6, true) << 16)) >>> 0;
    if (offset !== cpu.eip || !this.descriptor(cpu.selector(CS))) return;
    const ring = cpu.cpl;
    const inner = ring !== ((key >> 16) & 3);
    let stackField = 0;
    let tssStack = 0;
    if (inner) {
      stackField = (cpu.base(L.TR) + 4 + ring * 8) >>> 0;
      const physical = peekTranslate(cpu, stackField);
      if ((cpu.attr(L.TR) & TSS_IS_WIDE) === 0 || physical < 0 || (physical & 0xfff) > 0xff8) return;
      if (!this.descriptor(cpu.selector(SS))) return;
      tssStack = cpu.u16[(L.RAM_BASE + physical + 4) >> 1];
    }
    const entry = (L.GATE_MEMO + vector * ENTRY_BYTES) >> 2;
    if (software) i32[entry] = key;
    else if (i32[entry] !== key) i32[entry] = -1;
    i32[entry + 1] = ring;
    i32[entry + 2] = inner ? 1 : 0;
    i32[entry + 3] = stackField;
    i32[entry + 4] = tssStack;
    i32[entry + 5] = inner ? cpu.selector(L.TR) : 0xffff;
    i32[entry + 6] = L.TF | L.VM | L.RF | L.NT | (type === GATE_32BIT_INTERRUPT ? L.IF : 0);
    i32[entry + 7] = cpu.eip;
    this.copyCache(CS, entry * 4 + 32);
    this.copyCache(SS, entry * 4 + 64);
    i32[entry + L.GATE_MEMO_ANY / 4] = key;
  }

  /** IRETD returned from flat code, which had F_KEY `key`. */
  noteReturn(key: number): void {
    const { cpu } = this;
    const { i32 } = cpu;
    const selector = cpu.selector(CS);
    const outer = cpu.cpl !== ((key >> 16) & 3);
    if (i32[L.F_FLAT >> 2] === 0 || !this.descriptor(selector)) return;
    if (outer && !this.descriptor(cpu.selector(SS))) return;
    const entry = (L.RETURN_MEMO + ((selector >> 3) & 15) * ENTRY_BYTES) >> 2;
    i32[entry] = selector | key;
    i32[entry + 1] = cpu.cpl;
    i32[entry + 2] = outer ? 1 : 0;
    i32[entry + 3] = cpu.selector(SS);
    this.copyCache(CS, entry * 4 + 32);
    this.copyCache(SS, entry * 4 + 64);
  }
}
