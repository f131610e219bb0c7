// Loading segment registers from descriptors (Intel SDM vol. 2, "MOV", "LLDT", "LTR"; vol. 3, "Privilege Level Checking").
// Checks and commits are apart, so that instructions that load several things can check all of them first.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import type { Descriptor } from './descriptor';
import {
  descriptorFacts,
  FOUND,
  isNull,
  markAccessed,
  markBusy,
  OUTSIDE,
  readDescriptor,
  selectorFacts,
} from './descriptors';
import { LDTR, S_GDTR_LIMIT, S_SEG, SEG_BASE, SEG_SIZE, TR } from './layout';
import { canonical } from './linear';
import { readSystem } from './memory';
import { protectedMode } from './modes';
import { raiseGP, raiseNP, raiseSS } from './raise';
import { setNull, setParagraph, setSegment } from './segments';
import { ATTR_UNUSABLE } from './virtual';

/** The selector as error codes have it. */
export const codeOf = (selector: number): number => selector & 0xfffc;

/**
 * Checks a load of ES, DS, FS, GS or SS in protected mode, with the descriptor read into `d`. A null selector passes
 * for the data segments (test with isNull before committing). False with the fault in cpu.fault.
 */
export function checkDataSegment(cpu: Cpu, seg: number, selector: number, d: Descriptor): boolean {
  if (seg === Seg.SS) return checkStackSegment(cpu, selector, d);
  if (isNull(selector)) return true;
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND)
    return (
      found === OUTSIDE &&
      fail(raiseGP(cpu, codeOf(selector), 'selector-outside-table', selectorFacts(cpu, selector, { segment: seg })))
    );
  // Data, or readable code.
  if ((d.kind & 0x10) === 0 || (d.type & 10) === 8) {
    return fail(raiseGP(cpu, codeOf(selector), 'not-readable-segment', descriptorFacts(cpu, d, { segment: seg })));
  }
  const conforming = (d.type & 12) === 12;
  if (!conforming && (d.dpl < cpu.cpl || d.dpl < (selector & 3))) {
    return fail(raiseGP(cpu, codeOf(selector), 'data-privilege', descriptorFacts(cpu, d, { segment: seg })));
  }
  if (!d.present) {
    return fail(raiseNP(cpu, codeOf(selector), 'segment-not-present', descriptorFacts(cpu, d, { segment: seg })));
  }
  return true;
}

function checkStackSegment(cpu: Cpu, selector: number, d: Descriptor): boolean {
  if (isNull(selector)) {
    // 64-bit code outside ring 3 needs no stack segment
    if (cpu.long && cpu.cpl !== 3 && selector === cpu.cpl) return true;
    return fail(raiseGP(cpu, 0, 'stack-null', selectorFacts(cpu, selector)));
  }
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND)
    return (
      found === OUTSIDE &&
      fail(raiseGP(cpu, codeOf(selector), 'selector-outside-table', selectorFacts(cpu, selector, { segment: Seg.SS })))
    );
  if ((selector & 3) !== cpu.cpl || !d.isWritableData || d.dpl !== cpu.cpl) {
    const check = !d.isWritableData ? 'stack-not-writable' : 'stack-privilege';
    return fail(raiseGP(cpu, codeOf(selector), check, descriptorFacts(cpu, d)));
  }
  if (!d.present) return fail(raiseSS(cpu, codeOf(selector), 'stack-not-present', descriptorFacts(cpu, d)));
  return true;
}

const fail = (_: number): false => false;

/** Commits a load that was checked; false only on a page fault while setting the accessed bit. */
export function commitDataSegment(cpu: Cpu, seg: number, selector: number, d: Descriptor): boolean {
  if (isNull(selector)) {
    setNull(cpu, seg, selector);
    return true;
  }
  if (!markAccessed(cpu, d)) return false;
  setSegment(cpu, seg, selector, d.attr, d.base, d.limit);
  return true;
}

/** MOV Sreg, POP Sreg and the far pointer loads, in any mode; false with the fault in cpu.fault. CS is not for here. */
export function loadSegment(cpu: Cpu, seg: number, selector: number): boolean {
  if (!protectedMode(cpu)) {
    setParagraph(cpu, seg, selector);
    return true;
  }
  return checkDataSegment(cpu, seg, selector, cpu.stack) && commitDataSegment(cpu, seg, selector, cpu.stack);
}

/** On a return to an outer ring: a data segment that the new CPL may not use becomes null. FS and GS keep their base for 64-bit code. */
export function dropInnerSegments(cpu: Cpu): void {
  const cpl = cpu.cpl;
  for (let i = 0; i < 4; i++) {
    const seg = i === 0 ? Seg.ES : Seg.SS + i;
    const attr = cpu.attr(seg);
    const usable = (attr & ATTR_UNUSABLE) === 0;
    // Null selectors lose their RPL here.
    if (usable ? (attr & 12) === 12 || ((attr >> 5) & 3) >= cpl : cpu.selector(seg) === 0) continue;
    const at = (S_SEG + seg * SEG_SIZE + SEG_BASE) >> 3;
    const base = cpu.u64[at]!;
    setNull(cpu, seg, 0);
    if (seg >= Seg.FS) cpu.u64[at] = base;
  }
}

/** Base of an LDT or a TSS: in long mode the descriptor has 16 bytes. Undefined with the fault in cpu.fault. */
function systemBase(cpu: Cpu, d: Descriptor): number | undefined {
  if (!cpu.longActive) return d.base;
  const code = codeOf(d.selector);
  if ((d.selector & 0xfff8) + 15 > cpu.u32[S_GDTR_LIMIT >> 2]!) {
    raiseGP(cpu, code, 'selector-outside-table', selectorFacts(cpu, d.selector));
    return undefined;
  }
  const high = readSystem(cpu, d.linear + 8, 4);
  const type = high < 0 ? -1 : readSystem(cpu, d.linear + 12, 4);
  if (type < 0) return undefined;
  const base = (high | 0) * 0x100000000 + d.base;
  if ((type & 0x1f00) !== 0) raiseGP(cpu, code, 'descriptor-upper-half', descriptorFacts(cpu, d));
  else if (!canonical(base)) raiseGP(cpu, code, 'base-not-canonical', descriptorFacts(cpu, d, { base }));
  else return base;
  return undefined;
}

/** LLDT; false with the fault in cpu.fault. */
export function loadLdtr(cpu: Cpu, selector: number): boolean {
  if (isNull(selector)) {
    setSegment(cpu, LDTR, selector, ATTR_UNUSABLE, 0, 0);
    return true;
  }
  const d = cpu.other;
  if ((selector & 4) !== 0)
    return fail(raiseGP(cpu, codeOf(selector), 'selector-in-ldt', selectorFacts(cpu, selector)));
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND)
    return (
      found === OUTSIDE && fail(raiseGP(cpu, codeOf(selector), 'selector-outside-table', selectorFacts(cpu, selector)))
    );
  if (d.kind !== 2) return fail(raiseGP(cpu, codeOf(selector), 'not-ldt', descriptorFacts(cpu, d)));
  if (!d.present) return fail(raiseNP(cpu, codeOf(selector), 'segment-not-present', descriptorFacts(cpu, d)));
  const base = systemBase(cpu, d);
  if (base === undefined) return false;
  setSegment(cpu, LDTR, selector, d.attr, base, d.limit);
  return true;
}

/** LTR; false with the fault in cpu.fault. */
export function loadTr(cpu: Cpu, selector: number): boolean {
  const d = cpu.other;
  if (isNull(selector)) return fail(raiseGP(cpu, 0, 'selector-null', selectorFacts(cpu, selector)));
  if ((selector & 4) !== 0)
    return fail(raiseGP(cpu, codeOf(selector), 'selector-in-ldt', selectorFacts(cpu, selector)));
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND)
    return (
      found === OUTSIDE && fail(raiseGP(cpu, codeOf(selector), 'selector-outside-table', selectorFacts(cpu, selector)))
    );
  if (d.kind !== 9 && (d.kind !== 1 || cpu.longActive))
    return fail(raiseGP(cpu, codeOf(selector), 'not-available-tss', descriptorFacts(cpu, d)));
  if (!d.present) return fail(raiseNP(cpu, codeOf(selector), 'segment-not-present', descriptorFacts(cpu, d)));
  const base = systemBase(cpu, d);
  if (base === undefined || !markBusy(cpu, d, true)) return false;
  setSegment(cpu, TR, selector, d.attr, base, d.limit);
  return true;
}
