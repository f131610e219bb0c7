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
import { LDTR, TR } from './layout';
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
  if (isNull(selector)) return fail(raiseGP(cpu, 0, 'stack-null', selectorFacts(cpu, selector)));
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
  if (isNull(selector) && seg !== Seg.SS) {
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

/** On a return to an outer ring: a data segment that the new CPL may not use becomes null. */
export function dropInnerSegments(cpu: Cpu): void {
  const cpl = cpu.cpl;
  for (let i = 0; i < 4; i++) {
    const seg = i === 0 ? Seg.ES : Seg.SS + i;
    const attr = cpu.attr(seg);
    const usable = (attr & ATTR_UNUSABLE) === 0;
    // Null selectors lose their RPL here.
    if (usable ? (attr & 12) === 12 || ((attr >> 5) & 3) >= cpl : cpu.selector(seg) === 0) continue;
    setNull(cpu, seg, 0);
  }
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
  setSegment(cpu, LDTR, selector, d.attr, d.base, d.limit);
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
  if (d.kind !== 1 && d.kind !== 9)
    return fail(raiseGP(cpu, codeOf(selector), 'not-available-tss', descriptorFacts(cpu, d)));
  if (!d.present) return fail(raiseNP(cpu, codeOf(selector), 'segment-not-present', descriptorFacts(cpu, d)));
  if (!markBusy(cpu, d, true)) return false;
  setSegment(cpu, TR, selector, d.attr, d.base, d.limit);
  return true;
}
