// Segment caches: writing them with their derived fast limits, and the forms that need no descriptor: null selectors,
// real-mode and v8086 paragraphs (Intel SDM vol. 3, "Segment Registers", "Real-Address Mode Operation").
// Loads from descriptors with their checks: loadSegment.ts.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import {
  CR0_PE,
  S_CPL,
  S_SEG,
  SEG_ATTR,
  SEG_BASE,
  SEG_FAST_READ,
  SEG_FAST_WRITE,
  SEG_LIMIT,
  SEG_SELECTOR,
  SEG_SIZE,
} from './layout';
import { MODELS } from './models';
import { protectedEnabled } from './modes';
import { ATTR_P, ATTR_S, ATTR_UNUSABLE } from './virtual';

/** Present, code or data, DPL 3, read/write, accessed: what v8086 mode gives every segment. */
export const ATTR_V8086 = 0xf3;
/** The same with DPL 0: segments after reset. */
export const ATTR_REAL = 0x93;

const slotOf = (seg: number): number => (S_SEG + seg * SEG_SIZE) >> 2;

/** Writes one cache. `attr` is in the form of layout.ts. Tells the engine about ES, CS, SS and DS: it decodes for them. */
export function setSegment(cpu: Cpu, seg: number, selector: number, attr: number, base: number, limit: number): void {
  const u32 = cpu.u32;
  const at = slotOf(seg);
  u32[at + (SEG_SELECTOR >> 2)] = selector;
  u32[at + (SEG_ATTR >> 2)] = attr;
  u32[at + (SEG_BASE >> 2)] = base;
  u32[at + (SEG_BASE >> 2) + 1] = Math.floor(base / 0x100000000);
  u32[at + (SEG_LIMIT >> 2)] = limit;
  setFastLimits(cpu, at);
  if (seg <= Seg.DS) cpu.hooks.contextChanged();
}

/** The base of FS or GS as the model-specific registers and WRFSBASE give it. */
export function setFsGsBase(cpu: Cpu, seg: number, base: bigint): void {
  cpu.u64[(S_SEG + seg * SEG_SIZE + SEG_BASE) >> 3] = base;
}

function setFastLimits(cpu: Cpu, at: number): void {
  const u32 = cpu.u32;
  const attr = u32[at + (SEG_ATTR >> 2)]!;
  const limit = u32[at + (SEG_LIMIT >> 2)]!;
  const end = limit === 0xffffffff ? limit : limit + 1;
  let read = 0;
  let write = 0;
  if ((attr & (ATTR_S | ATTR_P | ATTR_UNUSABLE)) === (ATTR_S | ATTR_P) && (attr & 12) !== 4) {
    // Outside protected mode every segment can be read and written, whatever type its cache still has.
    const free = (cpu.cr0 & CR0_PE) === 0;
    if (free || (attr & 10) !== 8) read = end;
    if (free || (attr & 10) === 2) write = end;
  }
  u32[at + (SEG_FAST_READ >> 2)] = read;
  u32[at + (SEG_FAST_WRITE >> 2)] = write;
}

/** Recomputes the fast limits of all segments after CR0.PE changed. */
export function refreshSegments(cpu: Cpu): void {
  for (let seg = Seg.ES; seg <= Seg.GS; seg++) setFastLimits(cpu, slotOf(seg));
  cpu.hooks.contextChanged();
}

/** A null selector: the segment cannot be used; base and limit keep nothing useful. */
export function setNull(cpu: Cpu, seg: number, selector: number): void {
  setSegment(cpu, seg, selector, ATTR_UNUSABLE, 0, 0);
}

/** A load in real or v8086 mode. Real mode keeps limit and rights of the cache ("unreal" mode works). */
export function setParagraph(cpu: Cpu, seg: number, selector: number): void {
  if (protectedEnabled(cpu)) {
    setSegment(cpu, seg, selector, ATTR_V8086, selector << 4, 0xffff);
    return;
  }
  let attr = (cpu.attr(seg) & ~(ATTR_UNUSABLE | 0x60)) | ATTR_S | ATTR_P;
  let limit = cpu.limit(seg);
  if (seg === Seg.CS && MODELS[cpu.model].generation < 586) {
    // Up to the 486 a load of CS brings fixed rights and limit.
    attr = ATTR_REAL;
    limit = 0xffff;
  }
  setSegment(cpu, seg, selector, attr, (selector << 4) >>> 0, limit);
}

export function setCpl(cpu: Cpu, cpl: number): void {
  if (cpu.i32[S_CPL >> 2] === cpl) return;
  cpu.i32[S_CPL >> 2] = cpl;
  cpu.hooks.contextChanged();
}
