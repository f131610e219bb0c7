// Delivery of exceptions and interrupts (Intel SDM vol. 3, "Interrupt and Exception Handling"; vol. 2, "INT n" operation):
// real-mode vector table, protected-mode gates with stack switching, exit from v8086 mode, VME redirection,
// double fault and shutdown. Task gates: tasks.ts. Which event comes first at a boundary: boundary.ts.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { stopBranchSteps } from './debugTraps';
import { descriptorFacts, FOUND, isNull, markAccessed, OUTSIDE, readDescriptor, selectorFacts } from './descriptors';
import type { Fault } from './fault';
import { getEflags, iopl, setSystemFlag, vmeEnabled } from './flags';
import { readInnerStack } from './innerStack';
import {
  AC,
  DB,
  DE,
  DF_,
  GP,
  IF,
  IOPL,
  NT,
  PFV,
  RF,
  S_CPL,
  S_CR2,
  S_DR,
  S_IDTR_BASE,
  S_IDTR_LIMIT,
  SS_,
  TF,
  TR,
  TS,
  VIF,
  VM,
} from './layout';
import { codeOf } from './loadSegment';
import { enterLong, tssOf } from './longInterrupts';
import { readSystem } from './memory';
import { realMode, v8086 } from './modes';
import { setStackPointer } from './operands';
import { endRest } from './monitor';
import { raiseGP, raiseNP } from './raise';
import { setNull, setParagraph, setSegment } from './segments';
import { FAULT, JUMPED, type SysResult } from './sys';
import { switchTask, SWITCH_INTERRUPT } from './tasks';
import { T_EXCEPTION, T_INTERRUPT, T_SOFTWARE_INT, T_TRIPLE_FAULT } from './transitions';
import { redirected } from './vme';
import { stackFrame } from './stackFrame';

// Who raises the event.
export const FROM_EXCEPTION = 0;
export const FROM_HARDWARE = 1;
/** INT n, INT3, INTO: the gate's DPL is checked, the EXT bit is 0. */
export const FROM_SOFTWARE = 2;

const DR7_GD = 0x2000;
/** Benign exceptions can follow each other without end (#AC in the delivery of #AC); a processor would hang there. */
const MAX_CHAIN = 8;

/**
 * Delivers the exception in cpu.fault (S_RIP is what it saves), with double fault and shutdown. Answers the vector that was
 * delivered in the end, -1 after a shutdown.
 */
export function deliverFault(cpu: Cpu): number {
  let fault = cpu.fault;
  if (fault === undefined) throw new Error('deliverFault without a fault');
  const chain: Fault[] = [];
  for (;;) {
    chain.push(fault);
    if (fault.cr2 !== undefined) cpu.setSigned64(S_CR2, fault.cr2);
    if (fault.vector === DB) noteDebugException(cpu, fault.dr6 ?? 0);
    cpu.fault = undefined;
    if (fault.ip !== undefined) cpu.eip = fault.ip;
    const faultClass = !fault.trap && fault.vector !== DB;
    const flags = getEflags(cpu) | (faultClass ? RF : 0);
    if (enter(cpu, fault.vector, FROM_EXCEPTION, T_EXCEPTION, fault.errorCode ?? -1, cpu.eip, flags))
      return fault.vector;
    const second: Fault = cpu.fault!;
    if (fault.vector === DF_ || chain.length > MAX_CHAIN) {
      shutDown(cpu, [...chain, second]);
      return -1;
    }
    if (makesDoubleFault(fault.vector, second.vector)) {
      chain.push(second);
      if (second.cr2 !== undefined) cpu.setSigned64(S_CR2, second.cr2);
      cpu.doubleFaultCause = [fault, second];
      fault = {
        vector: DF_,
        errorCode: 0,
        reason: {
          check: 'double-fault',
          data: {
            first: fault.vector,
            firstCheck: fault.reason.check,
            second: second.vector,
            secondCheck: second.reason.check,
          },
        },
      };
    } else fault = second;
  }
}

/** #DE, #TS, #NP, #SS, #GP. */
const contributory = (vector: number): boolean => vector === DE || (vector >= TS && vector <= GP);

/** Intel SDM vol. 3, "Conditions for Generating a Double Fault". */
function makesDoubleFault(first: number, second: number): boolean {
  if (first === PFV) return second === PFV || contributory(second);
  return contributory(first) && contributory(second);
}

function shutDown(cpu: Cpu, cause: Fault[]): void {
  cpu.fault = undefined;
  cpu.shutdownCause = cause;
  cpu.shutdown = true;
  cpu.transitions.begin(cpu);
  cpu.transitions.commit(cpu, T_TRIPLE_FAULT, cause[cause.length - 1]!.vector, -1, -1, -1);
}

function noteDebugException(cpu: Cpu, dr6: number): void {
  const at = (S_DR + 6 * 8) >> 2;
  cpu.u32[at] = (cpu.u32[at]! & ~15) | dr6;
  cpu.u32[at + 2]! &= ~DR7_GD;
  stopBranchSteps(cpu);
}

/** Delivers a hardware interrupt (or NMI) between two instructions; its own faults included. */
export function deliverInterrupt(cpu: Cpu, vector: number): void {
  endRest(cpu);
  cpu.fault = undefined;
  if (!enter(cpu, vector, FROM_HARDWARE, T_INTERRUPT, -1, cpu.eip, getEflags(cpu))) deliverFault(cpu);
}

/** INT n: `next` is the offset of the following instruction. */
export function interruptInstruction(cpu: Cpu, vector: number, next: number): SysResult {
  if (v8086(cpu)) {
    if (vmeEnabled(cpu)) {
      const way = redirected(cpu, vector);
      if (way < 0) return FAULT;
      if (way === 1) return enterVirtual(cpu, vector, next);
    }
    if (iopl(cpu) < 3) return raiseGP(cpu, 0, 'int-iopl', { vector, iopl: iopl(cpu) });
  }
  return enter(cpu, vector, FROM_SOFTWARE, T_SOFTWARE_INT, -1, next, getEflags(cpu)) ? JUMPED : FAULT;
}

/** INT3 and INTO (`source` FROM_SOFTWARE), INT1 (FROM_EXCEPTION): no IOPL check, no redirection. */
export function trapInstruction(cpu: Cpu, vector: number, next: number, source: number): SysResult {
  return enter(cpu, vector, source, T_EXCEPTION, -1, next, getEflags(cpu)) ? JUMPED : FAULT;
}

function enter(
  cpu: Cpu,
  vector: number,
  source: number,
  kind: number,
  errorCode: number,
  ip: number,
  flags: number,
): boolean {
  cpu.transitions.begin(cpu);
  cpu.noStepTrap = true;
  if (cpu.longActive) {
    const entered = enterLong(
      cpu,
      vector,
      source === FROM_SOFTWARE,
      source === FROM_SOFTWARE ? 0 : 1,
      errorCode,
      ip,
      flags,
    );
    if (entered) cpu.transitions.commit(cpu, kind, vector, vector * 8, tssOf(cpu, entered), errorCode);
    return entered !== undefined;
  }
  return realMode(cpu)
    ? enterReal(cpu, vector, kind, ip, flags)
    : enterProtected(cpu, vector, source, kind, errorCode, ip, flags);
}

function enterReal(cpu: Cpu, vector: number, kind: number, ip: number, flags: number): boolean {
  const limit = cpu.u32[S_IDTR_LIMIT >> 2]!;
  if (vector * 4 + 3 > limit) return fail(raiseGP(cpu, vector * 8 + 2, 'ivt-limit', { vector, limit }));
  if (!jumpThroughIvt(cpu, cpu.u32[S_IDTR_BASE >> 2]!, vector, ip, flags)) return false;
  setSystemFlag(cpu, IF | TF | AC | RF, false);
  if ((flags & (TF | AC)) !== 0) cpu.hooks.contextChanged();
  cpu.transitions.commit(cpu, kind, vector, -1, -1, -1);
  return true;
}

/** Pushes FLAGS, CS and IP and goes to the vector of the table at `base`. */
function jumpThroughIvt(cpu: Cpu, base: number, vector: number, ip: number, flags: number): boolean {
  const entry = readSystem(cpu, (base + vector * 4) >>> 0, 4);
  if (entry < 0) return false;
  const frame = stackFrame;
  frame.beginCurrent(cpu);
  frame.push(flags, 2);
  frame.push(cpu.selector(Seg.CS), 2);
  frame.push(ip, 2);
  if (!frame.write(cpu, SS_, 0, 'stack-limit')) return false;
  setStackPointer(cpu, frame.sp);
  setParagraph(cpu, Seg.CS, entry >>> 16);
  cpu.eip = entry & 0xffff;
  return true;
}

/** VME: INT n within v8086 mode, through the table at linear 0. */
function enterVirtual(cpu: Cpu, vector: number, next: number): SysResult {
  const flags = getEflags(cpu);
  const virtual = iopl(cpu) < 3;
  // With IOPL below 3 the program sees VIF as its IF, and IOPL as 3.
  const image = virtual ? (flags & ~IF) | ((flags & VIF) !== 0 ? IF : 0) | IOPL : flags;
  cpu.transitions.begin(cpu);
  if (!jumpThroughIvt(cpu, 0, vector, next, image)) return FAULT;
  setSystemFlag(cpu, (virtual ? VIF : IF) | TF, false);
  cpu.noStepTrap = true;
  if ((flags & TF) !== 0) cpu.hooks.contextChanged();
  cpu.transitions.commit(cpu, T_SOFTWARE_INT, vector, -1, -1, -1);
  return JUMPED;
}

function enterProtected(
  cpu: Cpu,
  vector: number,
  source: number,
  kind: number,
  errorCode: number,
  ip: number,
  flags: number,
): boolean {
  const ext = source === FROM_SOFTWARE ? 0 : 1;
  const code = vector * 8 + 2 + ext;
  const idtLimit = cpu.u32[S_IDTR_LIMIT >> 2]!;
  if (vector * 8 + 7 > idtLimit) return fail(raiseGP(cpu, code, 'idt-limit', { vector, limit: idtLimit }));
  const at = (cpu.u32[S_IDTR_BASE >> 2]! + vector * 8) >>> 0;
  const gate = cpu.gate;
  const low = readSystem(cpu, at, 4);
  if (low < 0) return false;
  const high = readSystem(cpu, (at + 4) >>> 0, 4);
  if (high < 0) return false;
  gate.selector = vector * 8;
  gate.linear = at;
  gate.low = low | 0;
  gate.high = high | 0;
  const type = gate.kind;
  if (type !== 5 && (type & 0x16) !== 6)
    return fail(raiseGP(cpu, code, 'not-interrupt-gate', descriptorFacts(cpu, gate, { vector })));
  if (source === FROM_SOFTWARE && gate.dpl < cpu.cpl) {
    return fail(raiseGP(cpu, code, 'gate-dpl', descriptorFacts(cpu, gate, { vector })));
  }
  if (!gate.present) return fail(raiseNP(cpu, code, 'gate-not-present', descriptorFacts(cpu, gate, { vector })));
  if (type === 5) {
    return switchTask(cpu, gate.gateSelector, SWITCH_INTERRUPT, ip, ext, errorCode, flags, vector * 8, vector);
  }

  const selector = gate.gateSelector;
  if (isNull(selector)) return fail(raiseGP(cpu, ext, 'gate-selector-null', descriptorFacts(cpu, gate, { vector })));
  const d = cpu.code;
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) {
    return (
      found === OUTSIDE &&
      fail(raiseGP(cpu, codeOf(selector) | ext, 'selector-outside-table', selectorFacts(cpu, selector, { vector })))
    );
  }
  const cpl = cpu.cpl;
  if (!d.isCode || d.dpl > cpl) {
    const check = d.isCode ? 'handler-privilege' : 'handler-not-code';
    return fail(raiseGP(cpu, codeOf(selector) | ext, check, descriptorFacts(cpu, d, { vector })));
  }
  if (!d.present)
    return fail(raiseNP(cpu, codeOf(selector) | ext, 'segment-not-present', descriptorFacts(cpu, d, { vector })));

  const size = (type & 8) !== 0 ? 4 : 2;
  const offset = size === 4 ? gate.gateOffset : gate.low & 0xffff;
  const virtual = (flags & VM) !== 0;
  const inner = !d.isConforming && d.dpl < cpl;
  if (virtual && (!inner || d.dpl !== 0)) {
    return fail(raiseGP(cpu, codeOf(selector) | ext, 'v86-handler-ring', descriptorFacts(cpu, d, { vector })));
  }
  const ring = inner ? d.dpl : cpl;
  const frame = stackFrame;
  let stackCode = ext;
  if (inner) {
    if (!readInnerStack(cpu, ring, ext)) return false;
    const s = cpu.stack;
    frame.begin(s.base, s.limit, s.attr, cpu.innerEsp, false);
    if (virtual)
      for (let seg = Seg.GS; seg >= Seg.ES; seg--)
        if (seg === Seg.ES || seg >= Seg.DS) frame.push(cpu.selector(seg), size);
    frame.push(cpu.selector(Seg.SS), size);
    frame.push(cpu.u32[8]!, size);
    stackCode = codeOf(cpu.innerSs) | ext;
  } else frame.beginCurrent(cpu);
  frame.push(flags, size);
  frame.push(cpu.selector(Seg.CS), size);
  frame.push(ip, size);
  if (errorCode >= 0) frame.push(errorCode, size);
  if (offset > d.limit)
    return fail(raiseGP(cpu, ext, 'handler-offset', descriptorFacts(cpu, d, { vector, offset, limit: d.limit })));
  if (!frame.write(cpu, SS_, stackCode, 'stack-limit')) return false;
  if ((inner && !markAccessed(cpu, cpu.stack)) || !markAccessed(cpu, d)) return false;

  // Committed from here on.
  setSystemFlag(cpu, TF | VM | RF | NT | ((type & 1) === 0 ? IF : 0), false);
  cpu.i32[S_CPL >> 2] = ring;
  if (inner) {
    const s = cpu.stack;
    setSegment(cpu, Seg.SS, (cpu.innerSs & 0xfffc) | ring, s.attr, s.base, s.limit);
    if (virtual) {
      setNull(cpu, Seg.ES, 0);
      for (let seg = Seg.DS; seg <= Seg.GS; seg++) setNull(cpu, seg, 0);
    }
  }
  setStackPointer(cpu, frame.sp);
  setSegment(cpu, Seg.CS, (selector & 0xfffc) | ring, d.attr, d.base, d.limit);
  cpu.eip = offset;
  cpu.transitions.commit(cpu, kind, vector, vector * 8, inner ? cpu.selector(TR) : -1, errorCode);
  return true;
}

const fail = (_: number): false => false;
