// HLT, CPUID, the time-stamp counter, model-specific registers, WAIT, and instructions that do not exist here
// (Intel SDM vol. 2; Pentium Processor Family Developer's Manual vol. 3, "Model-Specific Registers").
import type { Insn } from '../../isa/types';
import type { Cpu } from '../cpu';
import { CR0_PE, CR4_PCE, CR4_TSD, S_ATTN } from '../layout';
import { cpuidAnswer } from '../cpuid';
import { hasFeature, MODELS } from '../models';
import { findMsr, MSR_TSC_ADJUST, readMsr, writeMsr } from '../msrs';
import { raiseGP, raiseUD } from '../raise';
import { resume } from '../smm';
import { FAULT, HALTED, NEXT, type SysResult, type SysRoutine } from '../sys';
import { requireRing0 } from './checks';

const AX = 0,
  CX = 1,
  DX = 2,
  BX = 3;
const MSR_TSC = 0x10;
const MSR_PMC0 = 0xc1;
const X2APIC_FIRST = 0x800,
  X2APIC_END = 0x900;

/** Time-stamp counter: retired instructions plus what was written to it. */
export const timeStamp = (cpu: Cpu): bigint => BigInt.asUintN(64, BigInt(cpu.hooks.now()) + cpu.tscOffset);

export function answer(cpu: Cpu, value: bigint): SysResult {
  cpu.setReg32(AX, Number(value & 0xffffffffn));
  cpu.setReg32(DX, Number(value >> 32n));
  return NEXT;
}

/** IA32_TSC_ADJUST follows. */
function writeTimeStamp(cpu: Cpu, value: bigint): SysResult {
  const change = value - timeStamp(cpu);
  cpu.tscOffset += change;
  if (hasFeature(cpu, 'tscadjust')) {
    const adjust = (cpu.msrs.get(MSR_TSC_ADJUST) ?? 0n) + change;
    cpu.msrs.set(MSR_TSC_ADJUST, BigInt.asUintN(64, adjust));
  }
  return NEXT;
}

function cpuid(cpu: Cpu): SysResult {
  if (MODELS[cpu.model].cpuid < 0) return raiseUD(cpu, 'no-such-instruction', { mnemonic: 'cpuid' });
  const [eax, ebx, ecx, edx] = cpuidAnswer(cpu, cpu.reg32(AX), cpu.reg32(CX));
  cpu.setReg32(AX, eax);
  cpu.setReg32(BX, ebx);
  cpu.setReg32(CX, ecx);
  cpu.setReg32(DX, edx);
  return NEXT;
}

function rdtsc(cpu: Cpu): SysResult {
  if (!hasFeature(cpu, 'tsc')) return raiseUD(cpu, 'no-such-instruction', { mnemonic: 'rdtsc' });
  if ((cpu.cr4 & CR4_TSD) !== 0 && cpu.cpl > 0) return raiseGP(cpu, 0, 'tsd', { cpl: cpu.cpl });
  return answer(cpu, timeStamp(cpu));
}

/** The two performance counters: they keep what was written to them, as nothing can be chosen to count. */
function rdpmc(cpu: Cpu): SysResult {
  if ((cpu.cr4 & CR4_PCE) === 0 && cpu.cpl > 0 && (cpu.cr0 & CR0_PE) !== 0)
    return raiseGP(cpu, 0, 'pce', { cpl: cpu.cpl });
  const counter = cpu.reg32(CX);
  if (counter > 1) return raiseGP(cpu, 0, 'no-such-counter', { counter });
  return answer(cpu, (cpu.msrs.get(MSR_PMC0 + counter) ?? 0n) & 0xffffffffffn);
}

/** A register of the local APIC in x2APIC mode. */
function apicRegister(cpu: Cpu, number: number, value: bigint | undefined): SysResult {
  const apic = cpu.bus.localApic;
  const absent = (): SysResult => raiseGP(cpu, 0, 'no-apic-register', { msr: number, x2apic: apic?.extended === true });
  if (value === undefined) {
    const now = apic?.readMsr(number);
    return now === undefined ? absent() : answer(cpu, now);
  }
  const facts = { msr: number, name: 'the local APIC', value: `0x${value.toString(16)}` };
  switch (apic ? apic.writeMsr(number, value) : 'absent') {
    case 'absent':
      return absent();
    case 'read-only':
      return raiseGP(cpu, 0, 'msr-read-only', facts);
    case 'reserved':
      return raiseGP(cpu, 0, 'msr-reserved', facts);
    case undefined:
      return NEXT;
  }
}

function msr(cpu: Cpu, insn: Insn, write: boolean): SysResult {
  if (!hasFeature(cpu, 'msr')) return raiseUD(cpu, 'no-such-instruction', { mnemonic: insn.row!.mn });
  if (!requireRing0(cpu, insn)) return FAULT;
  const number = cpu.reg32(CX);
  const value = (BigInt(cpu.reg32(DX)) << 32n) | BigInt(cpu.reg32(AX));
  if (number === MSR_TSC) {
    if (!write) return answer(cpu, timeStamp(cpu));
    return writeTimeStamp(cpu, value);
  }
  if (number >= X2APIC_FIRST && number < X2APIC_END && hasFeature(cpu, 'x2apic'))
    return apicRegister(cpu, number, write ? value : undefined);
  const register = findMsr(cpu, number);
  if (!register) return raiseGP(cpu, 0, 'no-such-msr', { msr: number });
  if (!write) return answer(cpu, readMsr(cpu, number, register));
  const facts = { msr: number, name: register.name, value: `0x${value.toString(16)}` };
  switch (writeMsr(cpu, number, register, value)) {
    case 'read-only':
      return raiseGP(cpu, 0, 'msr-read-only', facts);
    case 'reserved':
      return raiseGP(cpu, 0, 'msr-reserved', facts);
    case 'value':
      return raiseGP(cpu, 0, 'msr-value', facts);
    case undefined:
      return NEXT;
  }
}

export const PROCESSOR_ROUTINES: Record<string, SysRoutine> = {
  hlt: (cpu, insn) => (requireRing0(cpu, insn) ? HALTED : FAULT),
  cpuid,
  rdtsc,
  rdmsr: (cpu, insn) => msr(cpu, insn, false),
  wrmsr: (cpu, insn) => msr(cpu, insn, true),
  pause: (cpu) => {
    cpu.i32[S_ATTN >> 2] = 1;
    return NEXT;
  },
  ud2: (cpu, insn) => raiseUD(cpu, 'undefined-on-purpose', { mnemonic: insn.row?.mn ?? '' }),
  rdpmc,
  rsm: resume,
};
