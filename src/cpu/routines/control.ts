// Control, debug and test registers (Intel SDM vol. 2, "MOV - Move to/from Control Registers", "... Debug Registers",
// "LMSW", "SMSW", "CLTS", "INVLPG"; vol. 3, "Control Registers").
import type { Insn, MemOperand, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import { canonical } from '../linear';
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
  CR4_PCIDE,
  CR4_PGE,
  CR4_PSE,
  CR4_SMAP,
  CR4_SMEP,
  EFER_LMA,
  EFER_LME,
  S_ATTN,
  S_CR0,
  S_CR2,
  S_CR3,
  S_CR4,
  S_CR8,
  S_DR,
  S_EFER,
  TR,
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
import { loadPointers } from '../widePaging';
import { requireRing0, userAllowed } from './checks';

const CR_SLOTS: readonly number[] = [S_CR0, -1, S_CR2, S_CR3, S_CR4];
const FLUSHING_CR0 = CR0_PE | CR0_PG | CR0_WP;
const POINTER_CR4 = CR4_PSE | CR4_PAE | CR4_PGE;
const FLUSHING_CR4 = POINTER_CR4 | CR4_PCIDE | CR4_SMEP | CR4_SMAP;

/** Writes CR0 with everything that follows from it; the caller has checked. */
export function writeCr0(cpu: Cpu, value: number): void {
  const before = cpu.cr0;
  const wasLong = cpu.longActive;
  const now = ((value & MODELS[cpu.model].cr0) | CR0_ET) >>> 0;
  cpu.transitions.begin(cpu);
  cpu.u32[S_CR0 >> 2] = now;
  const changed = before ^ now;
  if ((changed & CR0_PG) !== 0) {
    const active = (now & CR0_PG) !== 0 && (cpu.u32[S_EFER >> 2]! & EFER_LME) !== 0;
    if (active) cpu.u32[S_EFER >> 2]! |= EFER_LMA;
    else cpu.u32[S_EFER >> 2]! &= ~EFER_LMA;
  }
  if ((changed & CR0_PE) !== 0) refreshSegments(cpu);
  if ((changed & FLUSHING_CR0) !== 0) flushTranslations(cpu);
  if (changed !== 0) cpu.hooks.contextChanged();
  if ((changed & CR0_PE) !== 0 || wasLong !== cpu.longActive)
    cpu.transitions.commit(cpu, T_MODE_CHANGE, -1, -1, -1, -1);
}

/** MOV to CR0; FAULT with #GP when the value is refused. */
export const loadCr0 = (cpu: Cpu, value: number): SysResult => {
  if ((value & CR0_PG) !== 0 && (value & CR0_PE) === 0)
    return raiseGP(cpu, 0, 'cr0-pg-without-pe', { value: value >>> 0 });
  if (cpu.model !== '386' && (value & CR0_NW) !== 0 && (value & CR0_CD) === 0) {
    return raiseGP(cpu, 0, 'cr0-nw-without-cd', { value: value >>> 0 });
  }
  const refused = pagingRefused(cpu, value);
  if (refused !== undefined) return raiseGP(cpu, 0, refused, { value: value >>> 0, cr4: cpu.cr4 });
  writeCr0(cpu, value);
  return NEXT;
};

/** The check that a change of CR0.PG fails, with PAE's pointers and the rules of long mode. */
function pagingRefused(cpu: Cpu, value: number): string | undefined {
  const on = (value & CR0_PG) !== 0;
  if (on === ((cpu.cr0 & CR0_PG) !== 0)) return undefined;
  if (!on) return cpu.long ? 'cr0-pg-in-long-mode' : (cpu.cr4 & CR4_PCIDE) !== 0 ? 'cr0-pg-with-pcide' : undefined;
  if ((cpu.u32[S_EFER >> 2]! & EFER_LME) === 0) {
    return loadPointers(cpu, cpu.cr3, value >>> 0) ? undefined : 'pdpte-reserved';
  }
  if ((cpu.cr4 & CR4_PAE) === 0) return 'long-without-pae';
  if ((cpu.attr(Seg.CS) & 0x2000) !== 0) return 'long-with-cs-l';
  return (cpu.attr(TR) & 8) === 0 ? 'long-with-16-bit-tss' : undefined;
}

/** Upper half of the register that is written; it has to be zero where `value` is all that exists. */
const upperOf = (cpu: Cpu, insn: Insn): number =>
  cpu.long ? cpu.u32[(insn.operands[1] as RegOperand).num * 2 + 1]! : 0;

export function loadCr3(cpu: Cpu, value: number, upper: number): SysResult {
  // bit 63 keeps the TLB with PCIDs; it is emptied all the same
  const high = (cpu.cr4 & CR4_PCIDE) !== 0 ? upper & 0x7fffffff : upper;
  const beyond = -1 << (MODELS[cpu.model].physicalBits - 32);
  if (cpu.longActive && (high & beyond) !== 0) return raiseGP(cpu, 0, 'cr3-reserved', { value, upper });
  if (!loadPointers(cpu, value)) return raiseGP(cpu, 0, 'pdpte-reserved', { value });
  cpu.u32[S_CR3 >> 2] = value;
  cpu.u32[(S_CR3 >> 2) + 1] = high;
  flushTranslations(cpu);
  return NEXT;
}

export function loadCr4(cpu: Cpu, value: number): SysResult {
  const allowed = MODELS[cpu.model].cr4!;
  if ((value & ~allowed) !== 0) return raiseGP(cpu, 0, 'cr4-reserved', { value, allowed });
  const changed = cpu.cr4 ^ value;
  if (cpu.longActive && (value & CR4_PAE) === 0) return raiseGP(cpu, 0, 'cr4-pae-in-long-mode', { value });
  if ((changed & value & CR4_PCIDE) !== 0 && (!cpu.longActive || (cpu.cr3 & 0xfff) !== 0)) {
    return raiseGP(cpu, 0, 'cr4-pcide', { value, cr3: cpu.cr3 });
  }
  if ((changed & POINTER_CR4) !== 0 && !loadPointers(cpu, cpu.cr3, cpu.cr0, value)) {
    return raiseGP(cpu, 0, 'pdpte-reserved', { value });
  }
  cpu.u32[S_CR4 >> 2] = value;
  if ((changed & FLUSHING_CR4) !== 0) flushTranslations(cpu);
  if (changed !== 0) cpu.hooks.contextChanged();
  return NEXT;
}

/** CR8 is the task priority of the local APIC. */
export function loadCr8(cpu: Cpu, value: number, upper: number): SysResult {
  if ((value & ~15) !== 0 || upper !== 0) return raiseGP(cpu, 0, 'cr8-reserved', { value });
  cpu.u32[S_CR8 >> 2] = value;
  const apic = cpu.bus.localApic;
  if (apic) apic.taskPriorityClass = value;
  if (cpu.intr) cpu.i32[S_ATTN >> 2] = 1;
  return NEXT;
}

/** CR8 as it reads. */
export const taskPriority = (cpu: Cpu): number => cpu.bus.localApic?.taskPriorityClass ?? cpu.u32[S_CR8 >> 2]!;

function moveFromCr(cpu: Cpu, insn: Insn): SysResult {
  const slot = controlRegister(cpu, (insn.operands[1] as RegOperand).num);
  if (slot < 0 || !requireRing0(cpu, insn)) return FAULT;
  const { num } = insn.operands[0] as RegOperand;
  if (slot === S_CR8) cpu.setReg64(num, taskPriority(cpu), 0);
  else if (cpu.long) cpu.setReg64(num, cpu.i32[slot >> 2]!, cpu.i32[(slot >> 2) + 1]!);
  else cpu.setReg32(num, cpu.u32[slot >> 2]!);
  return NEXT;
}

function controlRegister(cpu: Cpu, num: number): number {
  const absent = (num === 4 && MODELS[cpu.model].cr4 === undefined) || (num === 8 && !cpu.long);
  const slot = absent ? -1 : num === 8 ? S_CR8 : (CR_SLOTS[num] ?? -1);
  if (slot < 0) raiseUD(cpu, 'no-such-register', { register: `cr${num}` });
  return slot;
}

function moveToCr(cpu: Cpu, insn: Insn): SysResult {
  const num = (insn.operands[0] as RegOperand).num;
  const slot = controlRegister(cpu, num);
  if (slot < 0 || !requireRing0(cpu, insn)) return FAULT;
  const value = cpu.reg32((insn.operands[1] as RegOperand).num);
  const upper = upperOf(cpu, insn);
  if ((num === 0 || num === 4) && upper !== 0) {
    return raiseGP(cpu, 0, 'register-upper-half', { register: `cr${num}`, value, upper });
  }
  switch (num) {
    case 0:
      return loadCr0(cpu, value);
    case 2:
      cpu.u32[slot >> 2] = value;
      cpu.u32[(slot >> 2) + 1] = upper;
      return NEXT;
    case 3:
      return loadCr3(cpu, value, upper);
    case 4:
      return loadCr4(cpu, value);
    default:
      return loadCr8(cpu, value, upper);
  }
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
  const at = (S_DR + num * 8) >> 2;
  const target = (insn.operands[0] as RegOperand).num;
  if (cpu.long) cpu.setReg64(target, cpu.i32[at]!, cpu.i32[at + 1]!);
  else cpu.setReg32(target, cpu.u32[at]!);
  return NEXT;
}

export const DR6_FIXED = 0xffff0ff0;
export const DR7_FIXED = 0x400;

function moveToDr(cpu: Cpu, insn: Insn): SysResult {
  const num = debugSlot(cpu, insn, (insn.operands[0] as RegOperand).num);
  if (num < 0) return FAULT;
  return loadDr(cpu, num, cpu.reg32((insn.operands[1] as RegOperand).num), upperOf(cpu, insn));
}

export function loadDr(cpu: Cpu, num: number, value: number, upper: number): SysResult {
  if (num >= 6 && upper !== 0) return raiseGP(cpu, 0, 'register-upper-half', { register: `dr${num}`, value, upper });
  if (num === 6) value = (value & 0xe00f) | DR6_FIXED;
  else if (num === 7) value = (value & ~0xd800) | DR7_FIXED;
  cpu.u32[(S_DR + num * 8) >> 2] = value;
  cpu.u32[((S_DR + num * 8) >> 2) + 1] = upper;
  if (num !== 6) updateBreakpointPages(cpu);
  if (num === 7) cpu.hooks.contextChanged();
  return NEXT;
}

function smsw(cpu: Cpu, insn: Insn): SysResult {
  if (!userAllowed(cpu, insn)) return FAULT;
  const op = insn.operands[0]!;
  if (op.kind === 'reg' && op.size === 8) {
    cpu.setReg64(op.num, cpu.cr0 | 0, 0);
    return NEXT;
  }
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
    const linear = linearOf(cpu, mem.seg, effectiveOffset(cpu, mem));
    if (!cpu.long || canonical(linear)) flushTranslations(cpu, linear);
  }),
  invd: ring0(() => {}),
  wbinvd: ring0(() => {}),
};
