// Control, debug and test registers (Intel SDM vol. 2, "MOV - Move to/from Control Registers", "... Debug Registers",
// "LMSW", "SMSW", "CLTS", "INVLPG"; vol. 3, "Control Registers").
import type { Insn, MemOperand, RegOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { DR6_BD, DR7_GD } from '../debugTraps';
import {
  CR0_CD,
  CR0_EM,
  CR0_ET,
  CR0_MP,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR0_TS,
  CR0_WP,
  CR4_DE,
  CR4_PAE,
  CR4_PGE,
  CR4_PSE,
  S_CR0,
  S_CR2,
  S_CR3,
  S_CR4,
  S_DR,
} from '../layout';
import { MODELS } from '../models';
import { effectiveOffset, readOperand, writeOperand } from '../operands';
import { raiseDB, raiseGP, raiseUD } from '../raise';
import { refreshSegments } from '../segments';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { flushTranslations } from '../tlb';
import { T_MODE_CHANGE } from '../transitions';
import { linearOf } from '../virtual';
import { updateBreakpointPages } from '../watch';
import { requireRing0 } from './checks';

const CR_SLOTS: readonly number[] = [S_CR0, -1, S_CR2, S_CR3, S_CR4];
const FLUSHING_CR0 = CR0_PE | CR0_PG | CR0_WP;
const FLUSHING_CR4 = CR4_PSE | CR4_PAE | CR4_PGE;

/** Writes CR0 with everything that follows from it; the caller has checked. */
export function writeCr0(cpu: Cpu, value: number): void {
  const before = cpu.cr0;
  const now = ((value & MODELS[cpu.model].cr0) | CR0_ET) >>> 0;
  cpu.transitions.begin(cpu);
  cpu.u32[S_CR0 >> 2] = now;
  const changed = before ^ now;
  if ((changed & CR0_PE) !== 0) refreshSegments(cpu);
  if ((changed & FLUSHING_CR0) !== 0) flushTranslations(cpu);
  if (changed !== 0) cpu.hooks.contextChanged();
  if ((changed & CR0_PE) !== 0) cpu.transitions.commit(cpu, T_MODE_CHANGE, -1, -1, -1, -1);
}

const checkedCr0 = (cpu: Cpu, value: number): SysResult => {
  if ((value & CR0_PG) !== 0 && (value & CR0_PE) === 0)
    return raiseGP(cpu, 0, 'cr0-pg-without-pe', { value: value >>> 0 });
  if (cpu.model !== '386' && (value & CR0_NW) !== 0 && (value & CR0_CD) === 0) {
    return raiseGP(cpu, 0, 'cr0-nw-without-cd', { value: value >>> 0 });
  }
  writeCr0(cpu, value);
  return NEXT;
};

function moveFromCr(cpu: Cpu, insn: Insn): SysResult {
  const slot = controlRegister(cpu, (insn.operands[1] as RegOperand).num);
  if (slot < 0 || !requireRing0(cpu, insn)) return FAULT;
  cpu.setReg32((insn.operands[0] as RegOperand).num, cpu.u32[slot >> 2]!);
  return NEXT;
}

function controlRegister(cpu: Cpu, num: number): number {
  const slot = num === 4 && MODELS[cpu.model].cr4 === undefined ? -1 : (CR_SLOTS[num] ?? -1);
  if (slot < 0) raiseUD(cpu, 'no-such-register', { register: `cr${num}` });
  return slot;
}

function moveToCr(cpu: Cpu, insn: Insn): SysResult {
  const num = (insn.operands[0] as RegOperand).num;
  const slot = controlRegister(cpu, num);
  if (slot < 0 || !requireRing0(cpu, insn)) return FAULT;
  const value = cpu.reg32((insn.operands[1] as RegOperand).num);
  if (num === 0) return checkedCr0(cpu, value);
  if (num === 2) cpu.u32[slot >> 2] = value;
  else if (num === 3) {
    cpu.u32[slot >> 2] = value;
    flushTranslations(cpu);
  } else {
    const allowed = MODELS[cpu.model].cr4!;
    if ((value & ~allowed) !== 0) return raiseGP(cpu, 0, 'cr4-reserved', { value, allowed });
    const changed = cpu.u32[slot >> 2]! ^ value;
    cpu.u32[slot >> 2] = value;
    if ((changed & FLUSHING_CR4) !== 0) flushTranslations(cpu);
    if (changed !== 0) cpu.hooks.contextChanged();
  }
  return NEXT;
}

/** The debug register that a number means: 4 and 5 are 6 and 7 without CR4.DE. -1 with the fault in cpu.fault. */
function debugSlot(cpu: Cpu, insn: Insn, num: number): number {
  if (num === 4 || num === 5) {
    if ((cpu.cr4 & CR4_DE) !== 0) {
      raiseUD(cpu, 'no-such-register', { register: `dr${num}` });
      return -1;
    }
    num += 2;
  }
  if (!requireRing0(cpu, insn)) return -1;
  if ((cpu.dr7 & DR7_GD) !== 0) {
    raiseDB(cpu, DR6_BD, 'general-detect', false, { register: `dr${num}` });
    return -1;
  }
  return num;
}

function moveFromDr(cpu: Cpu, insn: Insn): SysResult {
  const num = debugSlot(cpu, insn, (insn.operands[1] as RegOperand).num);
  if (num < 0) return FAULT;
  cpu.setReg32((insn.operands[0] as RegOperand).num, cpu.u32[(S_DR + num * 8) >> 2]!);
  return NEXT;
}

export const DR6_FIXED = 0xffff0ff0;
export const DR7_FIXED = 0x400;

function moveToDr(cpu: Cpu, insn: Insn): SysResult {
  const num = debugSlot(cpu, insn, (insn.operands[0] as RegOperand).num);
  if (num < 0) return FAULT;
  let value = cpu.reg32((insn.operands[1] as RegOperand).num);
  if (num === 6) value = (value & 0xe00f) | DR6_FIXED;
  else if (num === 7) value = (value & ~0xd800) | DR7_FIXED;
  cpu.u32[(S_DR + num * 8) >> 2] = value;
  if (num !== 6) updateBreakpointPages(cpu);
  if (num === 7) cpu.hooks.contextChanged();
  return NEXT;
}

function smsw(cpu: Cpu, insn: Insn): SysResult {
  return writeOperand(cpu, insn.operands[0]!, 2, cpu.cr0) ? NEXT : FAULT;
}

/** Loads PE, MP, EM and TS; PE can be set but not cleared. */
function lmsw(cpu: Cpu, insn: Insn): SysResult {
  if (!requireRing0(cpu, insn)) return FAULT;
  const value = readOperand(cpu, insn.operands[0]!, 2);
  if (value < 0) return FAULT;
  const mask = CR0_MP | CR0_EM | CR0_TS;
  writeCr0(cpu, (cpu.cr0 & ~mask) | (value & (mask | CR0_PE)));
  return NEXT;
}

const ring0 =
  (body: (cpu: Cpu, insn: Insn) => void): SysRoutine =>
  (cpu, insn) => {
    if (!requireRing0(cpu, insn)) return FAULT;
    body(cpu, insn);
    return NEXT;
  };

/** The cache tests that the TLB test registers serve are absent: they only keep what was written. */
function testRegister(cpu: Cpu, num: number): boolean {
  const exists = cpu.model === '386' ? num >= 6 : cpu.model === '486' && num >= 3;
  if (!exists) raiseUD(cpu, 'no-such-register', { register: `tr${num}` });
  return exists;
}

export const CONTROL_ROUTINES: Record<string, SysRoutine> = {
  mov_from_cr: moveFromCr,
  mov_to_cr: moveToCr,
  mov_from_dr: moveFromDr,
  mov_to_dr: moveToDr,
  mov_from_tr: (cpu, insn) => {
    const num = (insn.operands[1] as RegOperand).num;
    if (!testRegister(cpu, num) || !requireRing0(cpu, insn)) return FAULT;
    cpu.setReg32((insn.operands[0] as RegOperand).num, cpu.testRegisters[num]!);
    return NEXT;
  },
  mov_to_tr: (cpu, insn) => {
    const num = (insn.operands[0] as RegOperand).num;
    if (!testRegister(cpu, num) || !requireRing0(cpu, insn)) return FAULT;
    cpu.testRegisters[num] = cpu.reg32((insn.operands[1] as RegOperand).num);
    return NEXT;
  },
  smsw,
  lmsw,
  clts: ring0((cpu) => {
    cpu.u32[S_CR0 >> 2]! &= ~CR0_TS;
    cpu.hooks.contextChanged();
  }),
  invlpg: ring0((cpu, insn) => {
    const mem = insn.operands[0] as MemOperand;
    flushTranslations(cpu, linearOf(cpu, mem.seg, effectiveOffset(cpu, mem)));
  }),
  invd: ring0(() => {}),
  wbinvd: ring0(() => {}),
};
