// What came with x86-64 besides the transfers: SWAPGS, RDFSBASE to WRGSBASE, CLAC and STAC, INVPCID (Intel SDM vol. 2). The
// TLB has no tags for process contexts: INVPCID empties all of it, as it may.
import type { Insn, MemOperand, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import type { Cpu } from '../cpu';
import { setSystemFlag } from '../flags';
import { AC, CR4_FSGSBASE, CR4_PCIDE, S_SEG, SEG_BASE, SEG_SIZE } from '../layout';
import { canonical } from '../linear';
import { effectiveOffset } from '../operands';
import { raiseGP, raiseUD } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { flushTranslations } from '../tlb';
import { readVirtual64, signedOf } from '../virtual';
import { requireRing0 } from './checks';

const MSR_KERNEL_GS = 0xc0000102;
const slotOf = (seg: number): number => (S_SEG + seg * SEG_SIZE + SEG_BASE) >> 3;

function swapgs(cpu: Cpu, insn: Insn): SysResult {
  if (!requireRing0(cpu, insn)) return FAULT;
  const at = slotOf(Seg.GS);
  const base = cpu.u64[at]!;
  cpu.u64[at] = cpu.msrs.get(MSR_KERNEL_GS) ?? 0n;
  cpu.msrs.set(MSR_KERNEL_GS, base);
  return NEXT;
}

const readBase =
  (seg: number): SysRoutine =>
  (cpu, insn) => {
    if ((cpu.cr4 & CR4_FSGSBASE) === 0) return raiseUD(cpu, 'fsgsbase-disabled', {});
    const { num, size } = insn.operands[0] as RegOperand;
    const base = cpu.u64[slotOf(seg)]!;
    cpu.u64[num] = size === 8 ? base : base & 0xffffffffn;
    return NEXT;
  };

const writeBase =
  (seg: number): SysRoutine =>
  (cpu, insn) => {
    if ((cpu.cr4 & CR4_FSGSBASE) === 0) return raiseUD(cpu, 'fsgsbase-disabled', {});
    const { num, size } = insn.operands[0] as RegOperand;
    if (size === 8 && !canonical(cpu.signed64(num * 8))) {
      return raiseGP(cpu, 0, 'base-not-canonical', { base: cpu.signed64(num * 8) });
    }
    cpu.u64[slotOf(seg)] = size === 8 ? cpu.u64[num]! : cpu.u64[num]! & 0xffffffffn;
    return NEXT;
  };

const accessControl =
  (on: boolean): SysRoutine =>
  (cpu, insn) => {
    if (cpu.cpl !== 0) return raiseUD(cpu, 'privileged', { cpl: cpu.cpl, mnemonic: insn.row!.mn });
    setSystemFlag(cpu, AC, on);
    cpu.hooks.contextChanged();
    return NEXT;
  };

const CONTEXTS = 0xfff;

function invpcid(cpu: Cpu, insn: Insn): SysResult {
  if (!requireRing0(cpu, insn)) return FAULT;
  const mem = insn.operands[1] as MemOperand;
  const at = effectiveOffset(cpu, mem);
  const kind = cpu.signed64((insn.operands[0] as RegOperand).num * 8);
  const context = readVirtual64(cpu, mem.seg, at);
  const linear = context && readVirtual64(cpu, mem.seg, at + 8);
  if (!linear) return FAULT;
  const type = cpu.long ? kind : kind >>> 0;
  const number = context[0] & CONTEXTS;
  const reserved = type <= 1 && ((context[0] & ~CONTEXTS) !== 0 || context[1] !== 0);
  const disabled = type <= 1 && (cpu.cr4 & CR4_PCIDE) === 0 && number !== 0;
  const address = type === 0 && !canonical(signedOf(linear));
  if (type < 0 || type > 3 || reserved || disabled || address) {
    return raiseGP(cpu, 0, 'invpcid-operand', { type, context: number });
  }
  flushTranslations(cpu);
  return NEXT;
}

export const LONG_ROUTINES: Record<string, SysRoutine> = {
  swapgs,
  rdfsbase: readBase(Seg.FS),
  rdgsbase: readBase(Seg.GS),
  wrfsbase: writeBase(Seg.FS),
  wrgsbase: writeBase(Seg.GS),
  clac: accessControl(false),
  stac: accessControl(true),
  invpcid,
};
