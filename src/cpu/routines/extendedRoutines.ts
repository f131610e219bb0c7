// Instructions that read or set up the processor beyond the Pentium (Intel SDM vol. 2): RDTSCP, RDPID, RDRAND, RDSEED,
// XGETBV, XSETBV; MONITOR and MWAIT are in monitor.ts.
import type { Insn, RegOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { setArith } from '../flags';
import { CF, CR4_TSD, S_XCR0 } from '../layout';
import { hasFeature } from '../models';
import { monitor, mwait } from '../monitor';
import { MSR_TSC_AUX } from '../msrs';
import { raiseGP } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { XCR0_AVX, XCR0_SSE, XCR0_X87, xcr0Bits } from '../xcr0';
import { requireRing0, requireXsave } from './checks';
import { stateInUse } from './xsave';
import { answer, timeStamp } from './processorRoutines';

const AX = 0,
  CX = 1;

const tscAux = (cpu: Cpu): number => Number(cpu.msrs.get(MSR_TSC_AUX) ?? 0n);

function rdtscp(cpu: Cpu): SysResult {
  if ((cpu.cr4 & CR4_TSD) !== 0 && cpu.cpl > 0) return raiseGP(cpu, 0, 'tsd', { cpl: cpu.cpl });
  cpu.setReg32(CX, tscAux(cpu));
  return answer(cpu, timeStamp(cpu));
}

function rdpid(cpu: Cpu, insn: Insn): SysResult {
  cpu.setReg32((insn.operands[0] as RegOperand).num, tscAux(cpu));
  return NEXT;
}

/** CF says whether there was a number; without one the register is cleared. The other flags are clear. */
function random(cpu: Cpu, insn: Insn): SysResult {
  const { num, size } = insn.operands[0] as RegOperand;
  const drawn = cpu.bus.random?.();
  const value = drawn ?? 0n;
  if (size === 2) cpu.u16[num << 2] = Number(value & 0xffffn);
  else cpu.u64[num] = size === 4 ? value & 0xffffffffn : value;
  setArith(cpu, drawn === undefined ? 0 : CF);
  return NEXT;
}

function xgetbv(cpu: Cpu, insn: Insn): SysResult {
  if (!requireXsave(cpu, insn)) return FAULT;
  const number = cpu.reg32(CX);
  const enabled = cpu.u64[S_XCR0 >> 3]!;
  if (number === 1 && hasFeature(cpu, 'xgetbv1')) return answer(cpu, enabled & stateInUse(cpu, true));
  if (number !== 0) return raiseGP(cpu, 0, 'no-such-xcr', { number });
  return answer(cpu, enabled);
}

function xsetbv(cpu: Cpu, insn: Insn): SysResult {
  if (!requireXsave(cpu, insn) || !requireRing0(cpu, insn)) return FAULT;
  const number = cpu.reg32(CX);
  if (number !== 0) return raiseGP(cpu, 0, 'no-such-xcr', { number });
  const value = (BigInt(cpu.reg32(2)) << 32n) | BigInt(cpu.reg32(AX));
  const alone = (value & XCR0_AVX) !== 0n && (value & XCR0_SSE) === 0n;
  if ((value & XCR0_X87) === 0n || alone || (value & ~xcr0Bits(cpu)) !== 0n)
    return raiseGP(cpu, 0, 'xcr0-value', { value: Number(value & 0xffffffffn) });
  cpu.u64[S_XCR0 >> 3] = value;
  cpu.hooks.contextChanged();
  return NEXT;
}

export const EXTENDED_ROUTINES: Record<string, SysRoutine> = {
  rdtscp,
  rdpid,
  rdrand: random,
  rdseed: random,
  xgetbv,
  xsetbv,
  monitor,
  mwait,
};
