// Segment registers as operands: MOV, PUSH, POP, LDS and relatives; and the selector tests LAR, LSL, VERR, VERW, ARPL
// (Intel SDM vol. 2).
import type { Insn, MemOperand, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import type { Cpu } from '../cpu';
import { FOUND, isNull, markAccessed, readDescriptor, UNREADABLE } from '../descriptors';
import { changeFlags } from '../flags';
import { S_ATTN, ZF } from '../layout';
import { checkDataSegment, commitDataSegment, loadSegment } from '../loadSegment';
import { protectedMode } from '../modes';
import {
  effectiveOffset,
  moveStackPointer,
  peekStack,
  pushValue,
  readOperand,
  writeGpr,
  writeOperand,
} from '../operands';
import { raiseUD } from '../raise';
import { setParagraph } from '../segments';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { readVirtual, readVirtual64 } from '../virtual';
import { requireProtected } from './checks';
import { storeSelector } from './tables';

/** After a load of SS by MOV or POP: no interrupt and no debug trap before the next instruction has retired. */
function holdInterrupts(cpu: Cpu): void {
  cpu.trapsHeldUntil = cpu.inhibitUntil = cpu.hooks.now() + 2;
  cpu.noStepTrap = true;
  if (cpu.intr || cpu.nmi) cpu.i32[S_ATTN >> 2] = 1;
}

function moveToSreg(cpu: Cpu, insn: Insn): SysResult {
  const seg = (insn.operands[0] as RegOperand).num;
  if (seg === Seg.CS || seg > Seg.GS) return raiseUD(cpu, 'no-such-register', { register: `sreg${seg}` });
  const selector = readOperand(cpu, insn.operands[1]!, 2);
  if (selector < 0 || !loadSegment(cpu, seg, selector & 0xffff)) return FAULT;
  if (seg === Seg.SS) holdInterrupts(cpu);
  return NEXT;
}

function moveFromSreg(cpu: Cpu, insn: Insn): SysResult {
  const seg = (insn.operands[1] as RegOperand).num;
  if (seg > Seg.GS) return raiseUD(cpu, 'no-such-register', { register: `sreg${seg}` });
  return storeSelector(cpu, insn.operands[0]!, cpu.selector(seg));
}

function popSreg(cpu: Cpu, insn: Insn): SysResult {
  const seg = insn.row!.sreg!;
  const selector = peekStack(cpu, 0, 2);
  if (selector < 0) return FAULT;
  if (!protectedMode(cpu)) {
    moveStackPointer(cpu, insn.opSize);
    setParagraph(cpu, seg, selector);
  } else {
    const d = cpu.stack;
    if (!checkDataSegment(cpu, seg, selector, d)) return FAULT;
    if (!isNull(selector) && !markAccessed(cpu, d)) return FAULT;
    // The pointer moves by the size of the old stack segment.
    moveStackPointer(cpu, insn.opSize);
    commitDataSegment(cpu, seg, selector, d);
  }
  if (seg === Seg.SS) holdInterrupts(cpu);
  return NEXT;
}

function loadFar(cpu: Cpu, insn: Insn): SysResult {
  const mem = insn.operands[1] as MemOperand;
  const size = insn.opSize;
  const at = effectiveOffset(cpu, mem);
  const wide = size === 8 ? readVirtual64(cpu, mem.seg, at) : undefined;
  const offset = size === 8 ? 0 : readVirtual(cpu, mem.seg, at, size);
  if (size === 8 ? !wide : offset < 0) return FAULT;
  const selector = readVirtual(cpu, mem.seg, at + size, 2);
  if (selector < 0 || !loadSegment(cpu, insn.row!.sreg!, selector)) return FAULT;
  const { num } = insn.operands[0] as RegOperand;
  if (wide) cpu.setReg64(num, wide[0], wide[1]);
  else writeGpr(cpu, num, size, offset);
  return NEXT;
}

const setZero = (cpu: Cpu, on: boolean): SysResult => {
  changeFlags(cpu, on ? ZF : 0, ZF);
  return NEXT;
};

// System descriptor types that LAR and LSL accept, one bit each.
const LAR_TYPES = 0b0001_1010_0011_1110;
const LSL_TYPES = 0b0000_1010_0000_1110;
/** LDT and 64-bit TSS; LAR call gates, too. */
const LONG_LAR_TYPES = 0b0001_1010_0000_0100;
const LONG_LSL_TYPES = 0b0000_1010_0000_0100;

/** Reads the selector operand and its descriptor into cpu.code: 1 visible, 0 not visible, -1 fault. */
function visible(cpu: Cpu, insn: Insn, operand: number, systemTypes: number): -1 | 0 | 1 {
  if (!requireProtected(cpu, insn)) return -1;
  const value = readOperand(cpu, insn.operands[operand]!, 2);
  if (value < 0) return -1;
  const selector = value & 0xffff;
  if (isNull(selector)) return 0;
  const d = cpu.code;
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND) return found === UNREADABLE ? -1 : 0;
  if ((d.kind & 0x10) === 0 && ((systemTypes >> d.type) & 1) === 0) return 0;
  if ((d.kind & 0x1c) === 0x1c) return 1; // conforming code
  return d.dpl >= cpu.cpl && d.dpl >= (selector & 3) ? 1 : 0;
}

function lar(cpu: Cpu, insn: Insn): SysResult {
  const seen = visible(cpu, insn, 1, cpu.longActive ? LONG_LAR_TYPES : LAR_TYPES);
  if (seen < 0) return FAULT;
  if (seen === 1) writeGpr(cpu, (insn.operands[0] as RegOperand).num, insn.opSize, cpu.code.high & 0xffff00);
  return setZero(cpu, seen === 1);
}

function lsl(cpu: Cpu, insn: Insn): SysResult {
  const seen = visible(cpu, insn, 1, cpu.longActive ? LONG_LSL_TYPES : LSL_TYPES);
  if (seen < 0) return FAULT;
  if (seen === 1) writeGpr(cpu, (insn.operands[0] as RegOperand).num, insn.opSize, cpu.code.limit);
  return setZero(cpu, seen === 1);
}

/** VERR, VERW: `write` asks for a writable data segment, else for a readable one. */
function verify(cpu: Cpu, insn: Insn, write: boolean): SysResult {
  const seen = visible(cpu, insn, 0, 0);
  if (seen < 0) return FAULT;
  const type = cpu.code.type & 10;
  return setZero(cpu, seen === 1 && (write ? type === 2 : type !== 8));
}

/** Writes only when the RPL changes, so that a read-only destination is no fault otherwise. */
function arpl(cpu: Cpu, insn: Insn): SysResult {
  if (!requireProtected(cpu, insn)) return FAULT;
  const [destination, source] = insn.operands;
  const selector = readOperand(cpu, destination!, 2);
  if (selector < 0) return FAULT;
  const rpl = readOperand(cpu, source!, 2) & 3;
  const raised = (selector & 3) < rpl;
  if (raised && !writeOperand(cpu, destination!, 2, (selector & 0xfffc) | rpl)) return FAULT;
  return setZero(cpu, raised);
}

export const SEGMENT_ROUTINES: Record<string, SysRoutine> = {
  mov_to_sreg: moveToSreg,
  mov_from_sreg: moveFromSreg,
  push_sreg: (cpu, insn) => (pushValue(cpu, cpu.selector(insn.row!.sreg!), insn.opSize) ? NEXT : FAULT),
  pop_sreg: popSreg,
  lds_far: loadFar,
  lar,
  lsl,
  verr: (cpu, insn) => verify(cpu, insn, false),
  verw: (cpu, insn) => verify(cpu, insn, true),
  arpl,
};
