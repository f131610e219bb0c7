// The bare board that vectors run on: RAM, no devices, descriptor tables as Linux lays them out, an LDT from the file, and
// ring-0 handlers that halt, so that exceptions are delivered for real and read back from the frame they leave.
import type { Bus } from '../../cpu/bus';
import { setEflags } from '../../cpu/flags';
import * as L from '../../cpu/layout';
import { setCpl, setSegment } from '../../cpu/segments';
import { loadPointers } from '../../cpu/widePaging';
import { Engine } from '../../engine/engine';
import {
  CODE_START,
  DATA_START,
  MEMORY_END,
  READ_ONLY_END,
  READ_ONLY_START,
  STACK_START,
  type VectorHeader,
} from './format';

const RAM_BYTES = 0x100000 * 2;
const PAGES = (L.RAM_BASE + RAM_BYTES) >> 16;
const PDPT = 0x100000;
const PAGE_DIRECTORY = 0x101000;
const PAGE_TABLE = 0x102000;
export const GDT = 0x110000;
export const LDT = 0x111000;
export const IDT = 0x112000;
export const TSS = 0x113000;
export const HANDLERS = 0x114000;
export const RING0_STACK = 0x118000;
const REAL_HANDLERS = 0x8000;
export const RING0_CODE = 0x40;
const RING0_DATA = 0x48;
export const TSS_SELECTOR = 0x50;
export const LDT_SELECTOR = 0x58;

/** By descriptor: 32-bit code and 64-bit code; the rest is data. */
const FLAT_ATTRIBUTES: ReadonlyMap<number, number> = new Map([
  [0x20, 0xc0fb],
  [0x30, 0xa0fb],
]);

export interface DeliveredException {
  vector: number;
  errorCode: number | undefined;
  ip: number;
  flags: number;
  sp: number;
  cs: number;
  ss: number;
}

export const HAS_ERROR_CODE = new Set([8, 10, 11, 12, 13, 14, 17]);

class RamBus implements Bus {
  hostPage(page: number): number {
    return page < RAM_BYTES ? L.RAM_BASE + page : -1;
  }
  read(): number {
    return 0xffffffff;
  }
  write(): void {}
  in(_port: number, size: number): number {
    return size === 1 ? 0xff : size === 2 ? 0xffff : 0xffffffff;
  }
  out(): void {}
  acknowledge(): number {
    return 0xff;
  }
  firmwareCall(): number {
    throw new Error('no firmware on this board');
  }
}

export class VectorBoard {
  readonly engine: Engine;
  readonly ram: Uint8Array;
  protected readonly view: DataView;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    this.engine = new Engine({ memory, bus: new RamBus(), ramBytes: RAM_BYTES });
    this.ram = new Uint8Array(memory.buffer, L.RAM_BASE, RAM_BYTES);
    this.view = new DataView(memory.buffer, L.RAM_BASE, RAM_BYTES);
    // without setModel the decoder has every form of the table
    this.engine.cpu.model = 'x86-64';
  }

  private descriptor(
    table: number,
    selector: number,
    base: number,
    limit: number,
    access: number,
    flags: number,
  ): void {
    const at = table + (selector & ~7);
    this.view.setUint32(at, ((base & 0xffff) << 16) | (limit & 0xffff), true);
    const high = (base & 0xff000000) | (flags << 20) | (limit & 0xf0000) | (access << 8) | ((base >>> 16) & 0xff);
    this.view.setUint32(at + 4, high, true);
  }

  /** Builds page tables, descriptor tables, TSS and handlers for a file. Linear = physical. */
  prepare(header: VectorHeader): void {
    const { view, ram } = this;
    ram.fill(0, PDPT);
    const entry = (at: number, low: number, noExecute: boolean): void => {
      view.setUint32(at, low, true);
      view.setUint32(at + 4, noExecute ? 0x80000000 : 0, true);
    };
    const ACCESSED_DIRTY = 0x60;
    entry(PDPT, PAGE_DIRECTORY | 1, false);
    entry(PAGE_DIRECTORY, PAGE_TABLE | 7 | 0x20, false);
    for (let page = CODE_START; page < MEMORY_END; page += 0x1000) {
      if (page >= READ_ONLY_END && page < STACK_START) continue;
      const readOnly = page < DATA_START || (page >= READ_ONLY_START && page < READ_ONLY_END);
      entry(PAGE_TABLE + (page >>> 12) * 8, page | ACCESSED_DIRTY | (readOnly ? 5 : 7), page >= DATA_START);
    }
    for (let page = PDPT; page < RAM_BYTES; page += 0x1000) {
      entry(PAGE_TABLE + (page >>> 12) * 8, page | ACCESSED_DIRTY | 3, false);
    }
    this.descriptor(GDT, 0x23, 0, 0xfffff, 0xfb, 0xc);
    this.descriptor(GDT, 0x2b, 0, 0xfffff, 0xf3, 0xc);
    this.descriptor(GDT, 0x33, 0, 0xfffff, 0xfb, 0xa);
    this.descriptor(GDT, RING0_CODE, 0, 0xfffff, 0x9b, 0xc);
    this.descriptor(GDT, RING0_DATA, 0, 0xfffff, 0x93, 0xc);
    this.descriptor(GDT, TSS_SELECTOR, TSS, 0x67, 0x8b, 0);
    this.descriptor(GDT, LDT_SELECTOR, LDT, 0xfff, 0x82, 0);
    for (const d of header.ldt) {
      const access = (d.p << 7) | (d.dpl << 5) | 0x10 | d.type;
      this.descriptor(
        LDT,
        parseInt(d.sel, 16),
        parseInt(d.base, 16),
        parseInt(d.limit, 16),
        access,
        (d.g << 3) | (d.db << 2) | 1, // AVL is set by the system that recorded the vectors
      );
    }
    view.setUint32(TSS + 4, RING0_STACK, true);
    view.setUint16(TSS + 8, RING0_DATA, true);
    view.setUint16(TSS + 0x66, 0x68, true);
    for (let vector = 0; vector < 256; vector++) {
      const handler = HANDLERS + vector * 2;
      ram[handler] = 0xf4;
      const dpl = vector === 3 || vector === 4 ? 3 : 0;
      view.setUint32(IDT + vector * 8, (RING0_CODE << 16) | (handler & 0xffff), true);
      view.setUint32(IDT + vector * 8 + 4, (handler & 0xffff0000) | 0x8e00 | (dpl << 13), true);
    }
    for (let vector = 0; vector < 256; vector++) {
      ram[REAL_HANDLERS + vector] = 0xf4;
      view.setUint32(vector * 4, REAL_HANDLERS + vector, true);
    }
  }

  /** System registers, then the segments of the vector in protected mode at CPL 3. */
  enterProtected(selectors: readonly number[], header: VectorHeader, flags: number): void {
    const { cpu } = this.engine;
    this.common(flags);
    cpu.u32[L.S_CR0 >> 2] = (L.CR0_PE | L.CR0_MP | L.CR0_ET | L.CR0_NE | L.CR0_WP | L.CR0_AM | L.CR0_PG) >>> 0;
    cpu.u32[L.S_CR3 >> 2] = PDPT;
    cpu.u32[L.S_CR4 >> 2] = L.CR4_PAE | L.CR4_PGE | L.CR4_OSFXSR | L.CR4_OSXMMEXCPT | L.CR4_OSXSAVE;
    // the system that recorded the vectors ran below a hypervisor, which keeps SVM on
    cpu.u32[L.S_EFER >> 2] = L.EFER_SCE | L.EFER_NXE | L.EFER_SVME;
    cpu.u32[L.S_GDTR_BASE >> 2] = GDT;
    cpu.u32[L.S_GDTR_LIMIT >> 2] = 0x7f;
    cpu.u32[L.S_IDTR_BASE >> 2] = IDT;
    cpu.u32[L.S_IDTR_LIMIT >> 2] = 0x7ff;
    setSegment(cpu, L.TR, TSS_SELECTOR, 0x8b, TSS, 0x67);
    setSegment(cpu, L.LDTR, LDT_SELECTOR, 0x82, LDT, 0xfff);
    loadPointers(cpu, PDPT);
    setCpl(cpu, 3);
    selectors.forEach((selector, seg) => this.cache(seg, selector, header));
  }
  private cache(seg: number, selector: number, header: VectorHeader): void {
    const { cpu } = this.engine;
    if ((selector & 0xfffc) === 0) {
      setSegment(cpu, seg, selector, 0x10000, 0, 0);
    } else if ((selector & 4) === 0) {
      const flat = FLAT_ATTRIBUTES.get(selector & ~7) ?? 0xc0f3;
      setSegment(cpu, seg, selector, flat, 0, 0xffffffff);
    } else {
      const d = header.ldt.find((e) => parseInt(e.sel, 16) >> 3 === selector >> 3);
      if (!d) throw new Error(`selector ${selector.toString(16)} is not in the file's LDT`);
      const raw = parseInt(d.limit, 16);
      const limit = d.g ? ((raw << 12) | 0xfff) >>> 0 : raw;
      const attr = (d.g << 15) | (d.db << 14) | (d.p << 7) | (d.dpl << 5) | 0x10 | d.type;
      setSegment(cpu, seg, selector, attr, parseInt(d.base, 16), limit);
    }
  }

  enterReal(selectors: readonly number[], flags: number): void {
    const { cpu } = this.engine;
    this.common(flags);
    cpu.u32[L.S_CR0 >> 2] = L.CR0_ET | L.CR0_NE;
    cpu.u32[L.S_CR3 >> 2] = cpu.u32[L.S_EFER >> 2] = 0;
    cpu.u32[L.S_CR4 >> 2] = L.CR4_OSFXSR | L.CR4_OSXMMEXCPT | L.CR4_OSXSAVE;
    cpu.u32[L.S_IDTR_BASE >> 2] = 0;
    cpu.u32[L.S_IDTR_LIMIT >> 2] = 0x3ff;
    setCpl(cpu, 0);
    selectors.forEach((selector, seg) => {
      setSegment(cpu, seg, selector, 0x93, selector << 4, 0xffff);
    });
  }
  private common(flags: number): void {
    const { engine } = this;
    const { cpu } = engine;
    cpu.halted = cpu.shutdown = false;
    cpu.fault = undefined;
    cpu.pendingDebug = 0;
    cpu.inhibitUntil = -1;
    cpu.int1IsFault = true;
    cpu.u64[L.S_XCR0 >> 3] = 7n;
    cpu.u32[(L.S_DR + 48) >> 2] = 0xffff0ff0;
    cpu.u32[(L.S_DR + 56) >> 2] = 0x400;
    setEflags(cpu, flags);
    engine.stateReplaced();
  }

  /** The exception that ended in a handler, from the frame on the ring-0 stack; undefined when none did. */
  protectedException(): DeliveredException | undefined {
    const { cpu } = this.engine;
    const at = cpu.eip - 1 - HANDLERS;
    if (!cpu.halted || at < 0 || at >= 512 || cpu.cpl !== 0) return undefined;
    const vector = at >> 1;
    let sp = cpu.reg32(4);
    const pop = (): number => {
      const value = this.view.getUint32(sp, true);
      sp += 4;
      return value;
    };
    const errorCode = HAS_ERROR_CODE.has(vector) ? pop() : undefined;
    const ip = pop();
    const cs = pop() & 0xffff;
    const flags = pop();
    const oldSp = pop();
    return { vector, errorCode, ip, flags, cs, sp: oldSp, ss: pop() & 0xffff };
  }
  realException(): DeliveredException | undefined {
    const { cpu } = this.engine;
    const at = cpu.eip - 1 - REAL_HANDLERS;
    if (!cpu.halted || at < 0 || at >= 256 || cpu.selector(1) !== 0) return undefined;
    const base = cpu.base(2);
    const sp = cpu.reg16(4);
    const word = (n: number): number => this.view.getUint16(base + ((sp + n) & 0xffff), true);
    return {
      vector: at,
      errorCode: undefined,
      ip: word(0),
      cs: word(2),
      flags: word(4),
      sp: (sp + 6) & 0xffff,
      ss: cpu.selector(2),
    };
  }
}
