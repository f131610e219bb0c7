// Far RET, and the checks that RET and IRET share when they return to a code segment
// (Intel SDM vol. 2, "RET", "IRET"): same ring, or an outer one with its stack.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { descriptorFacts, FOUND, isNull, markAccessed, OUTSIDE, readDescriptor, selectorFacts } from './descriptors';
import { S_CPL } from './layout';
import { codeOf, dropInnerSegments } from './loadSegment';
import { protectedMode } from './modes';
import { moveStackPointer, peekStack, setStackPointer } from './operands';
import { raiseGP, raiseNP, raiseSS } from './raise';
import { setParagraph, setSegment } from './segments';
import { FAULT, JUMPED, type SysResult } from './sys';
import { T_FAR_RETURN } from './transitions';

/** RETF with `release` bytes of parameters; `size` is the operand size in bytes. */
export function farReturn(cpu: Cpu, size: number, release: number): SysResult {
  const offset = peekStack(cpu, 0, size);
  if (offset < 0) return FAULT;
  const word = peekStack(cpu, size, size === 4 && protectedMode(cpu) ? 4 : 2);
  if (word < 0) return FAULT;
  const selector = word & 0xffff;
  if (!protectedMode(cpu)) {
    if (offset > cpu.limit(Seg.CS)) return raiseGP(cpu, 0, 'code-limit', { offset, limit: cpu.limit(Seg.CS) });
    moveStackPointer(cpu, 2 * size + release);
    setParagraph(cpu, Seg.CS, selector);
    cpu.eip = offset;
    return JUMPED;
  }
  if (!checkReturnCode(cpu, selector)) return FAULT;
  const outer = (selector & 3) > cpu.cpl;
  if (!outer) {
    if (!checkReturnOffset(cpu, offset)) return FAULT;
    if (!markAccessed(cpu, cpu.code)) return FAULT;
    moveStackPointer(cpu, 2 * size + release);
    commitReturnCode(cpu, selector, offset);
    return JUMPED;
  }
  const esp = peekStack(cpu, 2 * size + release, size);
  if (esp < 0) return FAULT;
  const ss = peekStack(cpu, 3 * size + release, 2);
  if (ss < 0) return FAULT;
  if (!checkReturnStack(cpu, ss, selector & 3) || !checkReturnOffset(cpu, offset)) return FAULT;
  if (!markAccessed(cpu, cpu.code) || !markAccessed(cpu, cpu.stack)) return FAULT;
  cpu.transitions.begin(cpu);
  commitReturnCode(cpu, selector, offset);
  commitReturnStack(cpu, ss, esp + release, size);
  dropInnerSegments(cpu);
  cpu.transitions.commit(cpu, T_FAR_RETURN, -1, -1, -1, -1);
  return JUMPED;
}

/** Checks the CS selector of a return in protected mode; its descriptor is in cpu.code then. */
export function checkReturnCode(cpu: Cpu, selector: number): boolean {
  if (isNull(selector)) return fail(raiseGP(cpu, 0, 'return-null', selectorFacts(cpu, selector)));
  const d = cpu.code;
  const code = codeOf(selector);
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) {
    return found === OUTSIDE && fail(raiseGP(cpu, code, 'selector-outside-table', selectorFacts(cpu, selector)));
  }
  if (!d.isCode) return fail(raiseGP(cpu, code, 'not-code', descriptorFacts(cpu, d)));
  const rpl = selector & 3;
  if (rpl < cpu.cpl) return fail(raiseGP(cpu, code, 'return-to-inner-ring', descriptorFacts(cpu, d)));
  if (d.isConforming ? d.dpl > rpl : d.dpl !== rpl) {
    return fail(raiseGP(cpu, code, 'return-privilege', descriptorFacts(cpu, d)));
  }
  if (!d.present) return fail(raiseNP(cpu, code, 'segment-not-present', descriptorFacts(cpu, d)));
  return true;
}

export function checkReturnOffset(cpu: Cpu, offset: number): boolean {
  const d = cpu.code;
  if (offset <= d.limit) return true;
  return fail(raiseGP(cpu, 0, 'code-limit', descriptorFacts(cpu, d, { offset, limit: d.limit })));
}

/** Checks the SS selector of a return to ring `rpl`; its descriptor is in cpu.stack then. */
export function checkReturnStack(cpu: Cpu, selector: number, rpl: number): boolean {
  if (isNull(selector)) return fail(raiseGP(cpu, 0, 'return-stack-null', selectorFacts(cpu, selector)));
  const d = cpu.stack;
  const code = codeOf(selector);
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) {
    return found === OUTSIDE && fail(raiseGP(cpu, code, 'selector-outside-table', selectorFacts(cpu, selector)));
  }
  if ((selector & 3) !== rpl || d.dpl !== rpl || !d.isWritableData) {
    return fail(
      raiseGP(cpu, code, d.isWritableData ? 'return-stack-privilege' : 'stack-not-writable', descriptorFacts(cpu, d)),
    );
  }
  if (!d.present) return fail(raiseSS(cpu, code, 'stack-not-present', descriptorFacts(cpu, d)));
  return true;
}

export function commitReturnCode(cpu: Cpu, selector: number, offset: number): void {
  const d = cpu.code;
  cpu.i32[S_CPL >> 2] = selector & 3;
  setSegment(cpu, Seg.CS, selector, d.attr, d.base, d.limit);
  cpu.eip = offset;
}

/** With a 16-bit operand size only SP is loaded. */
export function commitReturnStack(cpu: Cpu, selector: number, esp: number, size: number): void {
  const d = cpu.stack;
  setSegment(cpu, Seg.SS, selector, d.attr, d.base, d.limit);
  setStackPointer(cpu, size === 2 ? esp & 0xffff : esp);
}

const fail = (_: number): false => false;
