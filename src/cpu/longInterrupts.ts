// Delivery of exceptions and interrupts in IA-32e mode (Intel SDM vol. 3, "Exception and Interrupt Handling in 64-bit Mode";
// vol. 2, "INT n" operation): 16-byte gates, interrupt stacks (IST), an aligned stack that always has SS:RSP, null SS.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { descriptorFacts, FOUND, isNull, markAccessed, OUTSIDE, readDescriptor, selectorFacts } from './descriptors';
import { setSystemFlag } from './flags';
import { IF, NT, RF, S_CPL, S_IDTR_BASE, S_IDTR_LIMIT, TF, TR, VM } from './layout';
import { canonical } from './linear';
import { codeOf } from './loadSegment';
import { getRsp, longFrame, setRsp } from './longFrame';
import { readTaskStack } from './longStack';
import { readSystem } from './memory';
import { raiseGP, raiseNP } from './raise';
import { setNull, setSegment } from './segments';

const GATE_BYTES = 16;
const INTERRUPT_GATE = 14;
const TRAP_GATE = 15;

/** `ext`: the EXT bit of error codes; `software`: the gate's DPL is checked. False with the fault in cpu.fault. */
export function enterLong(
  cpu: Cpu,
  vector: number,
  software: boolean,
  ext: number,
  errorCode: number,
  ip: number,
  flags: number,
): { inner: boolean } | undefined {
  const code = vector * 8 + 2 + ext;
  const limit = cpu.u32[S_IDTR_LIMIT >> 2]!;
  if (vector * GATE_BYTES + GATE_BYTES - 1 > limit) return fail(raiseGP(cpu, code, 'idt-limit', { vector, limit }));
  const at = cpu.signed64(S_IDTR_BASE) + vector * GATE_BYTES;
  const gate = cpu.gate;
  const words = [0, 0, 0];
  for (let i = 0; i < 3; i++) {
    const word = readSystem(cpu, at + i * 4, 4);
    if (word < 0) return undefined;
    words[i] = word;
  }
  gate.selector = vector * 8;
  gate.linear = at;
  gate.low = words[0]! | 0;
  gate.high = words[1]! | 0;
  const facts = { vector };
  const type = gate.kind;
  if (type !== INTERRUPT_GATE && type !== TRAP_GATE)
    return fail(raiseGP(cpu, code, 'not-interrupt-gate', descriptorFacts(cpu, gate, facts)));
  if (software && gate.dpl < cpu.cpl) return fail(raiseGP(cpu, code, 'gate-dpl', descriptorFacts(cpu, gate, facts)));
  if (!gate.present) return fail(raiseNP(cpu, code, 'gate-not-present', descriptorFacts(cpu, gate, facts)));
  const selector = gate.gateSelector;
  if (!readHandler(cpu, selector, ext, vector)) return undefined;

  const d = cpu.code;
  const cpl = cpu.cpl;
  const inner = !d.isConforming && d.dpl < cpl;
  const ring = inner ? d.dpl : cpl;
  const ist = gate.high & 7;
  let top = getRsp(cpu);
  if (ist !== 0 || inner) {
    const stack = readTaskStack(cpu, ist !== 0 ? ist + 3 : ring, ext);
    if (stack === undefined) return undefined;
    top = stack;
  }
  // a gate that leads nowhere
  const offset = (words[2]! | 0) * 0x100000000 + gate.gateOffset;
  if (!canonical(offset)) {
    return fail(raiseGP(cpu, ext, 'handler-not-canonical', descriptorFacts(cpu, d, { vector, offset })));
  }
  const frame = longFrame;
  frame.begin();
  frame.push(cpu.selector(Seg.SS));
  frame.pushRegister(cpu, 4);
  frame.push(flags);
  frame.push(cpu.selector(Seg.CS));
  frame.push(ip);
  if (errorCode >= 0) frame.push(errorCode);
  const sp = frame.write(cpu, top - (top & 15), ring === 3, ext);
  if (sp === undefined || !markAccessed(cpu, d)) return undefined;

  // Committed from here on.
  setSystemFlag(cpu, TF | VM | RF | NT | (type === INTERRUPT_GATE ? IF : 0), false);
  cpu.i32[S_CPL >> 2] = ring;
  if (inner) setNull(cpu, Seg.SS, ring);
  setSegment(cpu, Seg.CS, (selector & 0xfffc) | ring, d.attr, d.base, d.limit);
  setRsp(cpu, sp);
  cpu.eip = offset;
  return { inner: inner || ist !== 0 };
}

/** The handler's code segment into cpu.code: it has to be a 64-bit one, at most as privileged as CPL. */
function readHandler(cpu: Cpu, selector: number, ext: number, vector: number): boolean {
  const code = codeOf(selector) | ext;
  if (isNull(selector)) {
    raiseGP(cpu, ext, 'gate-selector-null', descriptorFacts(cpu, cpu.gate, { vector }));
    return false;
  }
  const d = cpu.code;
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) {
    if (found === OUTSIDE) raiseGP(cpu, code, 'selector-outside-table', selectorFacts(cpu, selector, { vector }));
    return false;
  }
  const facts = descriptorFacts(cpu, d, { vector });
  if (!d.isCode) raiseGP(cpu, code, 'handler-not-code', facts);
  else if (d.dpl > cpu.cpl) raiseGP(cpu, code, 'handler-privilege', facts);
  else if (!d.isLong) raiseGP(cpu, code, 'handler-not-64-bit', facts);
  else if (!d.present) raiseNP(cpu, code, 'segment-not-present', facts);
  else return true;
  return false;
}

/** What the transition log has as TSS: the one that gave the stack. */
export const tssOf = (cpu: Cpu, entered: { inner: boolean }): number => (entered.inner ? cpu.selector(TR) : -1);

const fail = (_: number): undefined => undefined;
