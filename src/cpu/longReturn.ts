// IRET and far RET in IA-32e mode (Intel SDM vol. 2, "IRET/IRETD/IRETQ", "RET"): to 64-bit or compatibility mode, same ring or an
// outer one. IRET in 64-bit code always takes SS:RSP from the stack; a null SS is fine for 64-bit code outside ring 3.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { descriptorFacts, isNull, markAccessed, selectorFacts } from './descriptors';
import { checkReturnCode, checkReturnStack } from './farReturn';
import { changeFlags, flagsOfModel, writableFlags } from './flags';
import { NT, RF, S_CPL, S_GPR, VIF, VIP } from './layout';
import { canonical } from './linear';
import { codeOf, dropInnerSegments } from './loadSegment';
import { stackMask } from './modes';
import { raiseGP } from './raise';
import { setNull, setSegment } from './segments';
import { FAULT, JUMPED, type SysResult } from './sys';
import { T_FAR_RETURN, T_IRET } from './transitions';
import { readVirtual, readVirtual64, signedOf } from './virtual';

type Halves = readonly [low: number, high: number];
const RSP = 4;

/** `size` bytes at `depth` above the stack pointer, undefined with the fault in cpu.fault. */
function peek(cpu: Cpu, depth: number, size: number): Halves | undefined {
  const at = cpu.long ? cpu.signed64(S_GPR + RSP * 8) + depth : ((cpu.reg32(RSP) + depth) & stackMask(cpu)) >>> 0;
  if (size === 8) return readVirtual64(cpu, Seg.SS, at);
  const value = readVirtual(cpu, Seg.SS, at, size);
  return value < 0 ? undefined : [value | 0, 0];
}

function checkTarget(cpu: Cpu, selector: number): boolean {
  if (!checkReturnCode(cpu, selector)) return false;
  const d = cpu.code;
  if (!d.hasBothSizes) return true;
  raiseGP(cpu, codeOf(selector), 'code-both-sizes', descriptorFacts(cpu, d));
  return false;
}

function checkOffset(cpu: Cpu, ip: number): boolean {
  const d = cpu.code;
  if (d.isLong ? canonical(ip) : ip >= 0 && ip <= d.limit) return true;
  if (d.isLong) raiseGP(cpu, 0, 'return-not-canonical', { rip: ip });
  else raiseGP(cpu, 0, 'code-limit', descriptorFacts(cpu, d, { offset: ip, limit: d.limit }));
  return false;
}

function checkStack(cpu: Cpu, ss: number, rpl: number): boolean {
  if (!isNull(ss)) return checkReturnStack(cpu, ss, rpl);
  if (cpu.code.isLong && rpl !== 3) return true;
  raiseGP(cpu, 0, 'return-stack-null', selectorFacts(cpu, ss));
  return false;
}

interface Target {
  selector: number;
  ip: number;
  /** Stack to load; undefined: the present one, moved by `release` bytes. */
  stack: { ss: number; sp: Halves; add: number } | undefined;
  release: number;
}

function commit(cpu: Cpu, { selector, ip, stack, release }: Target, size: number): void {
  const outer = (selector & 3) > cpu.cpl;
  const wasLong = cpu.long;
  const d = cpu.code;
  const moved = wasLong ? cpu.signed64(S_GPR + RSP * 8) + release : cpu.reg32(RSP) + release;
  cpu.i32[S_CPL >> 2] = selector & 3;
  setSegment(cpu, Seg.CS, selector, d.attr, d.base, d.limit);
  cpu.eip = ip;
  if (stack) {
    const s = cpu.stack;
    if (isNull(stack.ss)) setNull(cpu, Seg.SS, stack.ss);
    else setSegment(cpu, Seg.SS, stack.ss, s.attr, s.base, s.limit);
    const sp = signedOf(stack.sp) + stack.add;
    if (!cpu.long && stackMask(cpu) === 0xffff && size !== 8) cpu.u16[RSP * 4] = sp;
    else if (stack.add === 0) cpu.setReg64(RSP, stack.sp[0], stack.sp[1]);
    else cpu.setSigned64(S_GPR + RSP * 8, sp);
  } else if (wasLong) cpu.setSigned64(S_GPR + RSP * 8, moved);
  else if (stackMask(cpu) === 0xffff) cpu.u16[RSP * 4] = moved;
  else cpu.setReg32(RSP, moved);
  if (outer) dropInnerSegments(cpu);
}

export function longInterruptReturn(cpu: Cpu, size: number): SysResult {
  if ((cpu.sysFlags & NT) !== 0) return raiseGP(cpu, 0, 'iret-nested-task', { flags: cpu.sysFlags });
  const popped: Halves[] = [];
  const want = (n: number): boolean => {
    while (popped.length < n) {
      const value = peek(cpu, popped.length * size, size);
      if (!value) return false;
      popped.push(value);
    }
    return true;
  };
  if (!want(3)) return FAULT;
  const ip = signedOf(popped[0]!);
  const selector = popped[1]![0] & 0xffff;
  const image = popped[2]![0];
  const withStack = cpu.long || (selector & 3) > cpu.cpl;
  if (!checkTarget(cpu, selector)) return FAULT;
  let stack: Target['stack'];
  if (withStack) {
    if (!want(5)) return FAULT;
    stack = { ss: popped[4]![0] & 0xffff, sp: popped[3]!, add: 0 };
    // the limit of CS comes before the stack, as on AMD processors
    if (!checkOffset(cpu, ip) || !checkStack(cpu, stack.ss, selector & 3)) return FAULT;
  }
  if (!checkOffset(cpu, ip) || !markAccessed(cpu, cpu.code)) return FAULT;
  if (stack && !isNull(stack.ss) && !markAccessed(cpu, cpu.stack)) return FAULT;
  let mask = writableFlags(cpu, size);
  if (size >= 4) mask |= RF | (cpu.cpl === 0 ? (VIF | VIP) & flagsOfModel(cpu) : 0);
  cpu.transitions.begin(cpu);
  commit(cpu, { selector, ip, stack, release: 3 * size }, size);
  changeFlags(cpu, image, mask);
  cpu.transitions.commit(cpu, T_IRET, -1, -1, -1, -1);
  return JUMPED;
}

/** RETF with `release` bytes of parameters. */
export function longFarReturn(cpu: Cpu, size: number, release: number): SysResult {
  const offset = peek(cpu, 0, size);
  const code = offset && peek(cpu, size, size);
  if (!code) return FAULT;
  const ip = signedOf(offset);
  const selector = code[0] & 0xffff;
  if (!checkTarget(cpu, selector)) return FAULT;
  const outer = (selector & 3) > cpu.cpl;
  let stack: Target['stack'];
  if (outer) {
    const sp = peek(cpu, 2 * size + release, size);
    const ss = sp && peek(cpu, 3 * size + release, size);
    if (!ss) return FAULT;
    stack = { ss: ss[0] & 0xffff, sp, add: release };
    if (!checkStack(cpu, stack.ss, selector & 3)) return FAULT;
  }
  if (!checkOffset(cpu, ip) || !markAccessed(cpu, cpu.code)) return FAULT;
  if (stack && !isNull(stack.ss) && !markAccessed(cpu, cpu.stack)) return FAULT;
  cpu.transitions.begin(cpu);
  commit(cpu, { selector, ip, stack, release: 2 * size + release }, size);
  if (outer || cpu.transitions.changed(cpu)) cpu.transitions.commit(cpu, T_FAR_RETURN, -1, -1, -1, -1);
  return JUMPED;
}
