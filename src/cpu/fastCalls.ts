// SYSCALL, SYSRET, SYSENTER, SYSEXIT (Intel SDM vol. 2; the modes of SYSCALL outside 64-bit code as AMD APM vol. 3 has them
// are absent: Intel raises #UD there). The segments get fixed contents; no descriptor is read.
import { Seg } from '../isa/types';
import type { Insn } from '../isa/types';
import type { Cpu } from './cpu';
import { changeFlags, getEflags, setEflags } from './flags';
import { flagsChanged } from './iret';
import { EFER_SCE, IF, RF, S_CPL, S_EFER, VM } from './layout';
import { canonical } from './linear';
import { protectedMode } from './modes';
import { raiseGP, raiseUD } from './raise';
import { setSegment } from './segments';
import { JUMPED, type SysResult } from './sys';
import { T_SYSCALL, T_SYSENTER, T_SYSEXIT, T_SYSRET } from './transitions';

const MSR_SYSENTER_CS = 0x174,
  MSR_SYSENTER_ESP = 0x175,
  MSR_SYSENTER_EIP = 0x176;
const MSR_STAR = 0xc0000081,
  MSR_LSTAR = 0xc0000082,
  MSR_FMASK = 0xc0000084;
const RCX = 1,
  RDX = 2,
  RSP = 4,
  R11 = 11;
const CODE64 = 0xa09b,
  CODE32 = 0xc09b,
  DATA = 0xc093;
const RING3 = 0x60;
const LIMIT = 0xffffffff;
/** RF and VM stay clear after SYSRET; bits that no processor has, too. */
const SYSRET_FLAGS = 0x3c7fd7;

const msr = (cpu: Cpu, number: number): bigint => cpu.msrs.get(number) ?? 0n;
const msrNumber = (cpu: Cpu, number: number): number => Number(BigInt.asIntN(64, msr(cpu, number)));

function enterRing(cpu: Cpu, ring: number, selector: number, code: number, stack: number): void {
  const dpl = ring === 3 ? RING3 : 0;
  cpu.i32[S_CPL >> 2] = ring;
  setSegment(cpu, Seg.CS, selector, code | dpl, 0, LIMIT);
  setSegment(cpu, Seg.SS, stack, DATA | dpl, 0, LIMIT);
}

/** `next`: the following instruction's address. */
export function systemCall(cpu: Cpu, next: number): SysResult {
  if (!cpu.long || (cpu.i32[S_EFER >> 2]! & EFER_SCE) === 0) return raiseUD(cpu, 'syscall-disabled', {});
  const flags = getEflags(cpu);
  cpu.transitions.begin(cpu);
  cpu.u64[RCX] = BigInt.asUintN(64, BigInt(next));
  cpu.u64[R11] = BigInt((flags & ~RF) >>> 0);
  const selector = Number((msr(cpu, MSR_STAR) >> 32n) & 0xfffcn);
  setEflags(cpu, flags & ~Number(BigInt.asIntN(32, msr(cpu, MSR_FMASK))) & ~RF);
  enterRing(cpu, 0, selector, CODE64, selector + 8);
  cpu.eip = msrNumber(cpu, MSR_LSTAR);
  flagsChanged(cpu, flags);
  cpu.transitions.commit(cpu, T_SYSCALL, -1, -1, -1, -1);
  return JUMPED;
}

export function systemReturn(cpu: Cpu, insn: Insn): SysResult {
  if (!cpu.long || (cpu.i32[S_EFER >> 2]! & EFER_SCE) === 0) return raiseUD(cpu, 'syscall-disabled', {});
  if (cpu.cpl !== 0) return raiseGP(cpu, 0, 'privileged', { cpl: cpu.cpl, mnemonic: 'sysret' });
  const wide = insn.opSize === 8;
  const target = cpu.signed64(RCX * 8);
  if (wide && !canonical(target)) return raiseGP(cpu, 0, 'return-not-canonical', { rip: target });
  const base = Number((msr(cpu, MSR_STAR) >> 48n) & 0xffffn);
  const before = getEflags(cpu);
  cpu.transitions.begin(cpu);
  setEflags(cpu, (Number(cpu.u64[R11]! & 0xffffffffn) & SYSRET_FLAGS) | 2);
  enterRing(cpu, 3, ((wide ? base + 16 : base) | 3) & 0xffff, wide ? CODE64 : CODE32, ((base + 8) | 3) & 0xffff);
  cpu.eip = wide ? target : cpu.reg32(RCX);
  flagsChanged(cpu, before);
  cpu.transitions.commit(cpu, T_SYSRET, -1, -1, -1, -1);
  return JUMPED;
}

export function systemEnter(cpu: Cpu): SysResult {
  const selector = Number(msr(cpu, MSR_SYSENTER_CS) & 0xffffn);
  if (!protectedMode(cpu) && (cpu.sysFlags & VM) === 0) return raiseGP(cpu, 0, 'sysenter-real-mode', {});
  if ((selector & 0xfffc) === 0) return raiseGP(cpu, 0, 'sysenter-cs', { selector });
  const flags = getEflags(cpu);
  const wide = cpu.longActive;
  cpu.transitions.begin(cpu);
  setEflags(cpu, flags & ~(VM | IF | RF));
  enterRing(cpu, 0, selector & 0xfffc, wide ? CODE64 : CODE32, (selector & 0xfffc) + 8);
  if (wide) cpu.u64[RSP] = msr(cpu, MSR_SYSENTER_ESP);
  else cpu.setReg32(RSP, Number(msr(cpu, MSR_SYSENTER_ESP) & 0xffffffffn));
  cpu.eip = msrNumber(cpu, MSR_SYSENTER_EIP);
  flagsChanged(cpu, flags);
  cpu.transitions.commit(cpu, T_SYSENTER, -1, -1, -1, -1);
  return JUMPED;
}

export function systemExit(cpu: Cpu, insn: Insn): SysResult {
  const selector = Number(msr(cpu, MSR_SYSENTER_CS) & 0xffffn);
  if (!protectedMode(cpu)) return raiseGP(cpu, 0, 'sysenter-real-mode', {});
  if ((selector & 0xfffc) === 0) return raiseGP(cpu, 0, 'sysenter-cs', { selector });
  if (cpu.cpl !== 0) return raiseGP(cpu, 0, 'privileged', { cpl: cpu.cpl, mnemonic: 'sysexit' });
  const wide = insn.opSize === 8;
  const target = cpu.signed64(RDX * 8);
  if (wide && (!canonical(target) || !canonical(cpu.signed64(RCX * 8)))) {
    return raiseGP(cpu, 0, 'return-not-canonical', { rip: target });
  }
  const flags = getEflags(cpu);
  const base = (selector & 0xfffc) + (wide ? 32 : 16);
  cpu.transitions.begin(cpu);
  if (wide) cpu.u64[RSP] = cpu.u64[RCX]!;
  else cpu.setReg32(RSP, cpu.reg32(RCX));
  enterRing(cpu, 3, base | 3, wide ? CODE64 : CODE32, (base + 8) | 3);
  cpu.eip = wide ? target : cpu.reg32(RDX);
  changeFlags(cpu, 0, RF);
  flagsChanged(cpu, flags);
  cpu.transitions.commit(cpu, T_SYSEXIT, -1, -1, -1, -1);
  return JUMPED;
}
