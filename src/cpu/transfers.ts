// Far JMP and CALL (Intel SDM vol. 2, "JMP", "CALL"): real and v8086 mode, code segments, call gates with stack switch and
// parameter copy, task gates and TSS descriptors. Far returns: farReturn.ts, iret.ts.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import type { Descriptor } from './descriptor';
import { descriptorFacts, FOUND, isNull, markAccessed, OUTSIDE, readDescriptor, selectorFacts } from './descriptors';
import { getEflags } from './flags';
import { readInnerStack } from './innerStack';
import { S_CPL, SS_, TR } from './layout';
import { codeOf } from './loadSegment';
import { longFarCall, longFarJump } from './longTransfers';
import { protectedMode, stackMask } from './modes';
import { setStackPointer } from './operands';
import { raiseGP, raiseNP } from './raise';
import { setParagraph, setSegment } from './segments';
import { FAULT, JUMPED, type SysResult } from './sys';
import { SWITCH_CALL, SWITCH_JUMP, switchTask } from './tasks';
import { T_CALL_GATE, T_FAR_JUMP } from './transitions';
import { readVirtual } from './virtual';
import { stackFrame } from './stackFrame';

/** Far JMP. `next` is the offset of the following instruction, for task switches. */
export function farJump(cpu: Cpu, selector: number, offset: number, next: number): SysResult {
  if (cpu.longActive) return longFarJump(cpu, selector, offset);
  if (!protectedMode(cpu)) return jumpParagraph(cpu, selector, offset);
  if (isNull(selector)) return raiseGP(cpu, 0, 'selector-null', selectorFacts(cpu, selector));
  const d = cpu.code;
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) return found === OUTSIDE ? outside(cpu, selector) : FAULT;
  if (d.isCode) {
    if (!checkDirect(cpu, d)) return FAULT;
    return enterCode(cpu, d, cpu.cpl, offset) ? JUMPED : FAULT;
  }
  const gate = systemTarget(cpu, d);
  if (gate === FAULT) return FAULT;
  if (gate === GATE_TASK) {
    const tss = d.kind === 5 ? d.gateSelector : selector;
    return switchTask(cpu, tss, SWITCH_JUMP, next, 0, -1, getEflags(cpu), selector, -1) ? JUMPED : FAULT;
  }
  const target = gateTarget(cpu, d);
  if (!target) return FAULT;
  const cpl = cpu.cpl;
  if (target.isConforming ? target.dpl > cpl : target.dpl !== cpl) {
    return raiseGP(cpu, codeOf(target.selector), 'code-privilege', descriptorFacts(cpu, target));
  }
  if (!target.present) return notPresent(cpu, target);
  cpu.transitions.begin(cpu);
  if (!enterCode(cpu, target, cpl, gateOffset(d))) return FAULT;
  cpu.transitions.commit(cpu, T_FAR_JUMP, -1, selector, -1, -1);
  return JUMPED;
}

/** Far CALL; `size` is the operand size in bytes, `next` the return offset. */
export function farCall(cpu: Cpu, selector: number, offset: number, size: number, next: number): SysResult {
  const frame = stackFrame;
  if (cpu.longActive) return longFarCall(cpu, selector, offset, size, next);
  if (!protectedMode(cpu)) {
    frame.beginCurrent(cpu);
    frame.push(cpu.selector(Seg.CS), size);
    frame.push(next, size);
    if (!frame.write(cpu, SS_, 0, 'stack-limit')) return FAULT;
    if (jumpParagraph(cpu, selector, offset) === FAULT) return FAULT;
    setStackPointer(cpu, frame.sp);
    return JUMPED;
  }
  if (isNull(selector)) return raiseGP(cpu, 0, 'selector-null', selectorFacts(cpu, selector));
  const d = cpu.code;
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) return found === OUTSIDE ? outside(cpu, selector) : FAULT;
  if (d.isCode) {
    if (!checkDirect(cpu, d)) return FAULT;
    return pushAndEnter(cpu, d, offset, size, next) ? JUMPED : FAULT;
  }
  const gate = systemTarget(cpu, d);
  if (gate === FAULT) return FAULT;
  if (gate === GATE_TASK) {
    const tss = d.kind === 5 ? d.gateSelector : selector;
    return switchTask(cpu, tss, SWITCH_CALL, next, 0, -1, getEflags(cpu), selector, -1) ? JUMPED : FAULT;
  }
  const target = gateTarget(cpu, d);
  if (!target) return FAULT;
  if (target.dpl > cpu.cpl) {
    return raiseGP(cpu, codeOf(target.selector), 'code-privilege', descriptorFacts(cpu, target));
  }
  if (!target.present) return notPresent(cpu, target);
  const width = (d.kind & 8) !== 0 ? 4 : 2;
  cpu.transitions.begin(cpu);
  const inner = !target.isConforming && target.dpl < cpu.cpl;
  const done = inner ? callInner(cpu, d, target, width, next) : pushAndEnter(cpu, target, gateOffset(d), width, next);
  if (!done) return FAULT;
  cpu.transitions.commit(cpu, T_CALL_GATE, -1, selector, inner ? cpu.selector(TR) : -1, -1);
  return JUMPED;
}

function jumpParagraph(cpu: Cpu, selector: number, offset: number): SysResult {
  if (offset > cpu.limit(Seg.CS)) return raiseGP(cpu, 0, 'code-limit', { offset, limit: cpu.limit(Seg.CS) });
  setParagraph(cpu, Seg.CS, selector);
  cpu.eip = offset;
  return JUMPED;
}

const outside = (cpu: Cpu, selector: number): typeof FAULT =>
  raiseGP(cpu, codeOf(selector), 'selector-outside-table', selectorFacts(cpu, selector));

const notPresent = (cpu: Cpu, d: Descriptor): typeof FAULT =>
  raiseNP(cpu, codeOf(d.selector), 'segment-not-present', descriptorFacts(cpu, d));

/** The privilege rules of a transfer straight to a code segment, which never changes CPL. */
function checkDirect(cpu: Cpu, d: Descriptor): boolean {
  const cpl = cpu.cpl;
  const allowed = d.isConforming ? d.dpl <= cpl : (d.selector & 3) <= cpl && d.dpl === cpl;
  if (!allowed) raiseGP(cpu, codeOf(d.selector), 'code-privilege', descriptorFacts(cpu, d));
  else if (!d.present) notPresent(cpu, d);
  else return true;
  return false;
}

/** Loads CS and EIP; false with #GP(0) when the offset is outside the segment. */
export function enterCode(cpu: Cpu, d: Descriptor, ring: number, offset: number): boolean {
  if (offset > d.limit) {
    raiseGP(cpu, 0, 'code-limit', descriptorFacts(cpu, d, { offset, limit: d.limit }));
    return false;
  }
  if (!markAccessed(cpu, d)) return false;
  cpu.i32[S_CPL >> 2] = ring;
  setSegment(cpu, Seg.CS, (d.selector & 0xfffc) | ring, d.attr, d.base, d.limit);
  cpu.eip = offset;
  return true;
}

/** The return address goes to the stack before the new offset is checked against the limit. */
function pushAndEnter(cpu: Cpu, d: Descriptor, offset: number, size: number, next: number): boolean {
  const frame = stackFrame;
  frame.beginCurrent(cpu);
  frame.push(cpu.selector(Seg.CS), size);
  frame.push(next, size);
  if (!frame.write(cpu, SS_, 0, 'stack-limit')) return false;
  if (!enterCode(cpu, d, cpu.cpl, offset)) return false;
  setStackPointer(cpu, frame.sp);
  return true;
}

const GATE_CALL = 0;
const GATE_TASK = 1;

/** What a system descriptor leads to, after the checks on itself: a call gate, or a task (gate or TSS). */
function systemTarget(cpu: Cpu, d: Descriptor): typeof GATE_CALL | typeof GATE_TASK | typeof FAULT {
  const kind = d.kind;
  const code = codeOf(d.selector);
  const call = kind === 4 || kind === 12;
  if (!call && kind !== 5 && kind !== 1 && kind !== 9) {
    return raiseGP(cpu, code, 'not-a-transfer-target', descriptorFacts(cpu, d));
  }
  if (d.dpl < cpu.cpl || d.dpl < (d.selector & 3)) return raiseGP(cpu, code, 'gate-dpl', descriptorFacts(cpu, d));
  // A TSS is checked further, and then for presence, by the task switch.
  if (!d.present && (call || kind === 5)) return raiseNP(cpu, code, 'gate-not-present', descriptorFacts(cpu, d));
  return call ? GATE_CALL : GATE_TASK;
}

const gateOffset = (gate: Descriptor): number => ((gate.kind & 8) !== 0 ? gate.gateOffset : gate.low & 0xffff);

/** The code segment a call gate names; undefined with the fault in cpu.fault. Its privilege is still to be checked. */
function gateTarget(cpu: Cpu, gate: Descriptor): Descriptor | undefined {
  const selector = gate.gateSelector;
  const target = cpu.gate;
  if (isNull(selector)) raiseGP(cpu, 0, 'gate-selector-null', descriptorFacts(cpu, gate));
  else {
    const found = readDescriptor(cpu, selector, target);
    if (found === OUTSIDE) outside(cpu, selector);
    else if (found === FOUND) {
      if (target.isCode) return target;
      raiseGP(cpu, codeOf(selector), 'not-code', descriptorFacts(cpu, target));
    }
  }
  return undefined;
}

/** A call to an inner ring: new stack from the TSS, old SS:ESP and parameters copied to it. */
function callInner(cpu: Cpu, gate: Descriptor, target: Descriptor, size: number, next: number): boolean {
  const ring = target.dpl;
  if (!readInnerStack(cpu, ring, 0)) return false;
  const s = cpu.stack;
  const count = gate.high & 31;
  const oldSp = cpu.u32[8]!;
  const mask = stackMask(cpu);
  const frame = stackFrame;
  frame.begin(s.base, s.limit, s.attr, cpu.innerEsp, false);
  frame.push(cpu.selector(Seg.SS), size);
  frame.push(oldSp, size);
  for (let i = count - 1; i >= 0; i--) {
    const offset = ((oldSp + i * size) & mask) >>> 0;
    const value = readVirtual(cpu, Seg.SS, offset, size);
    if (value < 0) return false;
    frame.push(value, size);
  }
  frame.push(cpu.selector(Seg.CS), size);
  frame.push(next, size);
  if (!frame.write(cpu, SS_, codeOf(cpu.innerSs), 'stack-limit')) return false;
  const offset = gateOffset(gate);
  if (offset > target.limit) {
    raiseGP(cpu, 0, 'code-limit', descriptorFacts(cpu, target, { offset, limit: target.limit }));
    return false;
  }
  if (!markAccessed(cpu, s) || !markAccessed(cpu, target)) return false;
  setSegment(cpu, Seg.SS, (cpu.innerSs & 0xfffc) | ring, s.attr, s.base, s.limit);
  setStackPointer(cpu, frame.sp);
  return enterCode(cpu, target, ring, offset);
}
