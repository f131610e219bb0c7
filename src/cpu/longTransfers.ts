// Far JMP and CALL in IA-32e mode (Intel SDM vol. 2, "JMP", "CALL"; vol. 3, "64-Bit Mode Call Gates"): code segments of either
// kind and 16-byte call gates to 64-bit code. Task gates, TSSs and 16-bit gates are refused.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import type { Descriptor } from './descriptor';
import { descriptorFacts, FOUND, isNull, markAccessed, OUTSIDE, readDescriptor, selectorFacts } from './descriptors';
import { S_CPL, SS_, TR } from './layout';
import { canonical, systemLinear } from './linear';
import { codeOf } from './loadSegment';
import { getRsp, longFrame, setRsp } from './longFrame';
import { readTaskStack } from './longStack';
import { readSystem } from './memory';
import { setStackPointer } from './operands';
import { raiseGP, raiseNP } from './raise';
import { setNull, setSegment } from './segments';
import { stackFrame } from './stackFrame';
import { FAULT, JUMPED, type SysResult } from './sys';
import { T_CALL_GATE, T_FAR_JUMP } from './transitions';

const CALL_GATE = 12;

/** The code descriptor of a selector into `d`; false with the fault in cpu.fault. */
function readTarget(cpu: Cpu, selector: number, d: Descriptor): boolean {
  if (isNull(selector)) return fail(raiseGP(cpu, 0, 'selector-null', selectorFacts(cpu, selector)));
  const found = readDescriptor(cpu, selector, d);
  if (found === FOUND) return true;
  if (found === OUTSIDE) raiseGP(cpu, codeOf(selector), 'selector-outside-table', selectorFacts(cpu, selector));
  return false;
}

function checkDirect(cpu: Cpu, d: Descriptor): boolean {
  const { cpl } = cpu;
  const code = codeOf(d.selector);
  const allowed = d.isConforming ? d.dpl <= cpl : (d.selector & 3) <= cpl && d.dpl === cpl;
  if (d.hasBothSizes) raiseGP(cpu, code, 'code-both-sizes', descriptorFacts(cpu, d));
  else if (!allowed) raiseGP(cpu, code, 'code-privilege', descriptorFacts(cpu, d));
  else if (!d.present) raiseNP(cpu, code, 'segment-not-present', descriptorFacts(cpu, d));
  else return true;
  return false;
}

function checkOffset(cpu: Cpu, d: Descriptor, offset: number): boolean {
  if (d.isLong ? canonical(offset) : offset >= 0 && offset <= d.limit) return true;
  if (d.isLong) return fail(raiseGP(cpu, 0, 'code-not-canonical', { ip: offset }));
  return fail(raiseGP(cpu, 0, 'code-limit', descriptorFacts(cpu, d, { offset, limit: d.limit })));
}

function enterCode(cpu: Cpu, d: Descriptor, ring: number, offset: number): void {
  cpu.i32[S_CPL >> 2] = ring;
  setSegment(cpu, Seg.CS, (d.selector & 0xfffc) | ring, d.attr, d.base, d.limit);
  cpu.eip = offset;
}

/** A 64-bit call gate, read from the descriptor `d` and what follows it; its offset, or undefined with the fault. */
function gateOffset(cpu: Cpu, d: Descriptor): number | undefined {
  const code = codeOf(d.selector);
  const facts = descriptorFacts(cpu, d);
  if (d.kind !== CALL_GATE) raiseGP(cpu, code, 'not-a-64-bit-gate', facts);
  else if (d.dpl < cpu.cpl || d.dpl < (d.selector & 3)) raiseGP(cpu, code, 'gate-dpl', facts);
  else if (!d.present) raiseNP(cpu, code, 'gate-not-present', facts);
  else {
    const high = readSystem(cpu, systemLinear(cpu, d.linear + 8), 4);
    const type = high < 0 ? -1 : readSystem(cpu, systemLinear(cpu, d.linear + 12), 4);
    if (type < 0) return undefined;
    if ((type & 0x1f00) === 0) return (high | 0) * 0x100000000 + d.gateOffset;
    raiseGP(cpu, code, 'descriptor-upper-half', facts);
  }
  return undefined;
}

/** The code segment that the gate `d` names, into cpu.gate; it has to be 64-bit code. */
function gateTarget(cpu: Cpu, d: Descriptor, jump: boolean): Descriptor | undefined {
  const target = cpu.gate;
  if (!readTarget(cpu, d.gateSelector, target)) return undefined;
  const code = codeOf(target.selector);
  const facts = descriptorFacts(cpu, target);
  const { cpl } = cpu;
  const allowed = jump && !target.isConforming ? target.dpl === cpl : target.dpl <= cpl;
  if (!target.isCode) raiseGP(cpu, code, 'not-code', facts);
  else if (!allowed) raiseGP(cpu, code, 'code-privilege', facts);
  else if (!target.isLong) raiseGP(cpu, code, 'handler-not-64-bit', { ...facts, vector: 'the call gate' });
  else if (!target.present) raiseNP(cpu, code, 'segment-not-present', facts);
  else return target;
  return undefined;
}

export function longFarJump(cpu: Cpu, selector: number, offset: number): SysResult {
  const d = cpu.code;
  if (!readTarget(cpu, selector, d)) return FAULT;
  let target: Descriptor | undefined = d;
  let ip: number | undefined = offset;
  const direct = d.isCode;
  if (direct) {
    if (!checkDirect(cpu, d)) return FAULT;
  } else {
    ip = gateOffset(cpu, d);
    target = ip === undefined ? undefined : gateTarget(cpu, d, true);
  }
  if (!target || ip === undefined || !checkOffset(cpu, target, ip) || !markAccessed(cpu, target)) return FAULT;
  cpu.transitions.begin(cpu);
  enterCode(cpu, target, cpu.cpl, ip);
  if (!direct || cpu.transitions.changed(cpu)) cpu.transitions.commit(cpu, T_FAR_JUMP, -1, selector, -1, -1);
  return JUMPED;
}

/** `next`: the return address. */
export function longFarCall(cpu: Cpu, selector: number, offset: number, size: number, next: number): SysResult {
  const d = cpu.code;
  if (!readTarget(cpu, selector, d)) return FAULT;
  if (!d.isCode) return callGate(cpu, d, selector, next);
  if (!checkDirect(cpu, d)) return FAULT;
  const sp = pushReturn(cpu, size, next);
  if (sp === undefined || !checkOffset(cpu, d, offset) || !markAccessed(cpu, d)) return FAULT;
  cpu.transitions.begin(cpu);
  setStackPointer(cpu, sp);
  enterCode(cpu, d, cpu.cpl, offset);
  if (cpu.transitions.changed(cpu)) cpu.transitions.commit(cpu, T_FAR_JUMP, -1, selector, -1, -1);
  return JUMPED;
}

/** Writes CS and the return address to the present stack; the new stack pointer. */
function pushReturn(cpu: Cpu, size: number, next: number): number | undefined {
  const cs = cpu.selector(Seg.CS);
  if (cpu.long) {
    longFrame.begin();
    longFrame.push(cs);
    longFrame.push(next);
    return longFrame.write(cpu, getRsp(cpu), cpu.cpl === 3, 0, size);
  }
  stackFrame.beginCurrent(cpu);
  stackFrame.push(cs, size);
  stackFrame.push(next, size);
  return stackFrame.write(cpu, SS_, 0, 'stack-limit') ? stackFrame.sp : undefined;
}

function callGate(cpu: Cpu, d: Descriptor, selector: number, next: number): SysResult {
  const ip = gateOffset(cpu, d);
  const target = ip === undefined ? undefined : gateTarget(cpu, d, false);
  if (!target || ip === undefined) return FAULT;
  const { cpl } = cpu;
  const inner = !target.isConforming && target.dpl < cpl;
  const ring = inner ? target.dpl : cpl;
  const top = inner ? readTaskStack(cpu, ring, 0) : getRsp(cpu);
  if (top === undefined) return FAULT;
  longFrame.begin();
  if (inner) {
    longFrame.push(cpu.selector(Seg.SS));
    longFrame.pushRegister(cpu, 4);
  }
  longFrame.push(cpu.selector(Seg.CS));
  longFrame.push(next);
  if (!checkOffset(cpu, target, ip)) return FAULT;
  const sp = longFrame.write(cpu, top, ring === 3, 0);
  if (sp === undefined || !markAccessed(cpu, target)) return FAULT;
  cpu.transitions.begin(cpu);
  if (inner) setNull(cpu, Seg.SS, ring);
  enterCode(cpu, target, ring, ip);
  setRsp(cpu, sp);
  cpu.transitions.commit(cpu, T_CALL_GATE, -1, selector, inner ? cpu.selector(TR) : -1, -1);
  return JUMPED;
}

const fail = (_: number): false => false;
