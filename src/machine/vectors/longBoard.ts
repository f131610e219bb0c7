// The vector board in long mode: four-level tables, 64-bit gates with handlers that halt, a 64-bit TSS (Linux's selectors).
import * as L from '../../cpu/layout';
import { setFsGsBase, setSegment } from '../../cpu/segments';
import { CODE_START, DATA_START, MEMORY_END, READ_ONLY_END, READ_ONLY_START, STACK_START } from './format';
import type { VectorHeader } from './format';
import { GDT, HANDLERS, HAS_ERROR_CODE, IDT, LDT, LDT_SELECTOR, RING0_CODE, RING0_STACK, TSS, TSS_SELECTOR, VectorBoard } from './board'; // prettier-ignore

const PML4 = 0x104000;
const LOW_PDPT = 0x105000;
const LOW_DIRECTORY = 0x106000;
const LOW_TABLE = 0x107000;
const FAR_PDPT = 0x108000;
const FAR_DIRECTORY = 0x109000;
const FAR_TABLE = 0x10a000;
const TOP_PDPT = 0x10b000;
const TOP_DIRECTORY = 0x10c000;
const TOP_TABLE = 0x10d000;
/** The page that vectors have at a high address, and where it lies in RAM. */
export const FAR_LINEAR = 0x123456780000;
export const FAR_PHYSICAL = 0x150000;
const CR4 = L.CR4_PAE | L.CR4_PGE | L.CR4_OSFXSR | L.CR4_OSXMMEXCPT | L.CR4_FSGSBASE | L.CR4_OSXSAVE;
const EFER = L.EFER_SCE | L.EFER_LME | L.EFER_LMA | L.EFER_NXE | L.EFER_SVME;

export interface LongException {
  vector: number;
  errorCode: number | undefined;
  ip: bigint;
  cs: number;
  flags: number;
  sp: bigint;
  ss: number;
}

export class LongBoard extends VectorBoard {
  override prepare(header: VectorHeader): void {
    super.prepare(header);
    const { view, ram } = this;
    const entry = (table: number, index: number, low: number, noExecute = false): void => {
      view.setUint32(table + index * 8, low, true);
      view.setUint32(table + index * 8 + 4, noExecute ? 0x80000000 : 0, true);
    };
    const DIRECTORY = 0x27;
    const ACCESSED_DIRTY = 0x60;
    entry(PML4, 0, LOW_PDPT | DIRECTORY);
    entry(LOW_PDPT, 0, LOW_DIRECTORY | DIRECTORY);
    entry(LOW_DIRECTORY, 0, LOW_TABLE | DIRECTORY);
    for (let page = CODE_START; page < MEMORY_END; page += 0x1000) {
      if (page >= READ_ONLY_END && page < STACK_START) continue;
      const readOnly = page < DATA_START || (page >= READ_ONLY_START && page < READ_ONLY_END);
      entry(LOW_TABLE, page >>> 12, page | ACCESSED_DIRTY | (readOnly ? 5 : 7), page >= DATA_START);
    }
    for (let page = 0x100000; page < ram.length; page += 0x1000) {
      entry(LOW_TABLE, page >>> 12, page | ACCESSED_DIRTY | 3);
    }
    const index = (bit: number): number => Math.floor(FAR_LINEAR / 2 ** bit) & 0x1ff;
    entry(PML4, index(39), FAR_PDPT | DIRECTORY);
    entry(FAR_PDPT, index(30), FAR_DIRECTORY | DIRECTORY);
    entry(FAR_DIRECTORY, index(21), FAR_TABLE | DIRECTORY);
    entry(FAR_TABLE, index(12), FAR_PHYSICAL | ACCESSED_DIRTY | 7, true);
    // the last page belongs to the kernel of the system that recorded the vectors
    entry(PML4, 511, TOP_PDPT | DIRECTORY);
    entry(TOP_PDPT, 511, TOP_DIRECTORY | DIRECTORY);
    entry(TOP_DIRECTORY, 511, TOP_TABLE | DIRECTORY);
    entry(TOP_TABLE, 511, PML4 | ACCESSED_DIRTY | 3);
    ram.fill(0, TSS, TSS + 0x68);
    view.setUint32(TSS + 4, RING0_STACK, true);
    view.setUint16(TSS + 0x66, 0x68, true);
    view.setUint32(GDT + RING0_CODE, 0x0000ffff, true);
    view.setUint32(GDT + RING0_CODE + 4, 0x00af9b00, true);
    ram.fill(0, IDT, IDT + 0x1000);
    for (let vector = 0; vector < 256; vector++) {
      const handler = HANDLERS + vector * 2;
      ram[handler] = 0xf4;
      const dpl = vector === 3 || vector === 4 ? 3 : 0;
      view.setUint32(IDT + vector * 16, (RING0_CODE << 16) | (handler & 0xffff), true);
      view.setUint32(IDT + vector * 16 + 4, (handler & 0xffff0000) | 0x8e00 | (dpl << 13), true);
    }
  }

  enterLong(selectors: readonly number[], fsBase: bigint, gsBase: bigint, header: VectorHeader, flags: number): void {
    const { cpu } = this.engine;
    // CS comes last in the selectors' loads below: the instruction pointer is 64 bits wide from then on
    this.enterProtected(selectors, header, flags);
    cpu.u32[L.S_CR3 >> 2] = PML4;
    cpu.u32[L.S_CR4 >> 2] = CR4;
    cpu.u32[L.S_EFER >> 2] = EFER;
    cpu.u32[L.S_IDTR_LIMIT >> 2] = 0xfff;
    setSegment(cpu, L.TR, TSS_SELECTOR, 0x8b, TSS, 0x67);
    setSegment(cpu, L.LDTR, LDT_SELECTOR, 0x82, LDT, 0xfff);
    setFsGsBase(cpu, 4, fsBase);
    setFsGsBase(cpu, 5, gsBase);
    this.engine.stateReplaced();
  }

  /** The exception that ended in a handler, from the frame on the ring-0 stack; undefined when none did. */
  longException(): LongException | undefined {
    const { cpu } = this.engine;
    const at = cpu.eip - 1 - HANDLERS;
    if (!cpu.halted || at < 0 || at >= 512 || cpu.cpl !== 0) return undefined;
    const vector = at >> 1;
    let sp = cpu.reg32(4);
    const pop = (): bigint => {
      const value = this.view.getBigUint64(sp, true);
      sp += 8;
      return value;
    };
    const errorCode = HAS_ERROR_CODE.has(vector) ? Number(pop()) : undefined;
    const ip = pop();
    const cs = Number(pop());
    const flags = Number(pop());
    const oldSp = pop();
    return { vector, errorCode, ip, cs, flags, sp: oldSp, ss: Number(pop()) };
  }
}
