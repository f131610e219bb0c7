// Fills a record from a decoded instruction: handler of its form, register offsets, displacement, immediate, links.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { canonical } from '../cpu/linear';
import { Seg, type Insn, type MemOperand, type RegOperand } from '../isa/types';
import type { BlockContext } from './codeContext';
import { isWide, operationSize, STRING_SEMS } from './form';
import { handlerOf, H_SYSTEM } from './interp/formNumbers';
import { LOWERINGS } from './lower';
import * as R from './record';

const SCALE_SHIFT: Record<number, number> = { 1: 0, 2: 1, 4: 2, 8: 3 };
const CONDITIONAL = new Set(['jcc', 'loop', 'loope', 'loopne', 'jcxz']);
const IMPLICIT_SOURCE = new Set(['movs', 'cmps', 'lods', 'xlat', 'scas', 'stos']);

const SEGMENT_USERS = new Set(['mov_from_sreg', 'mov_to_sreg', 'push_sreg', 'pop_sreg']);

function registerOffset(r: RegOperand): number {
  if (r.cls === 'xmm' || r.cls === 'ymm') return L.S_XMM + r.num * L.XMM_SIZE;
  if (r.cls === 'mm') return L.S_FPR + r.num * L.FPR_SIZE;
  return L.S_GPR + r.num * 8 + (r.cls === 'r8h' ? 1 : 0);
}
const baseOffset = (n: number): number => (n < 0 ? L.S_ZERO : L.S_GPR + n * 8);

/** Offset of the branch target in CS; in 64-bit code it may lie outside the context's window. */
export function branchTarget(insn: Insn, ip: number, context: BlockContext): number {
  const operand = insn.operands[0];
  if (operand?.kind !== 'rel') throw new Error('not a relative branch');
  const target = ip + insn.len + operand.rel;
  if (insn.opSize === 2) return context.long ? (target & 0xffff) - context.ipBase : target & 0xffff;
  return context.long ? target : target >>> 0;
}

/** The branch target is beyond the CS limit, or not canonical: going there raises #GP. */
const isBeyond = (context: BlockContext, target: number): boolean =>
  context.long ? !canonical(context.ipBase + target) : target > context.csLimit;

/** RIP-relative: the base "register" is the window that makes the rest fit into 32 bits. */
function writeRipRelative(cpu: Cpu, r: number, m: MemOperand, next: number): void {
  const offset = next + m.disp;
  const above = m.addrSize === 8 && offset >= 0x80000000;
  const base = m.addrSize === 4 ? L.S_ZERO : above ? L.S_WINDOW_NEXT : L.S_WINDOW;
  cpu.u16[(r + R.R_BASE) >> 1] = base;
  cpu.u16[(r + R.R_INDEX) >> 1] = L.S_ZERO;
  cpu.i32[(r + R.R_DISP) >> 2] = offset;
  cpu.u16[(r + R.R_SEG) >> 1] = L.S_SEG + m.seg * L.SEG_SIZE;
}

function writeMemory(cpu: Cpu, r: number, m: MemOperand, next: number): void {
  if (m.ripRelative) return writeRipRelative(cpu, r, m, next);
  cpu.u16[(r + R.R_BASE) >> 1] = baseOffset(m.base);
  cpu.u16[(r + R.R_INDEX) >> 1] = m.vector === undefined ? baseOffset(m.index) : L.S_XMM + m.index * L.XMM_SIZE;
  cpu.i32[(r + R.R_DISP) >> 2] = m.disp;
  cpu.u8[r + R.R_SCALE] = SCALE_SHIFT[m.scale];
  cpu.u16[(r + R.R_SEG) >> 1] = L.S_SEG + m.seg * L.SEG_SIZE;
  if (m.disp64 !== undefined) writeWide(cpu, r, m.disp64);
}

function writeWide(cpu: Cpu, r: number, value: bigint): void {
  cpu.view.setBigInt64(r + R.R_DISP, BigInt.asIntN(64, value), true);
}

/** The segment register that the instruction names, -1 when none. */
function segmentOf(insn: Insn): number {
  for (const operand of insn.operands) if (operand.kind === 'reg' && operand.cls === 'sreg') return operand.num;
  return insn.row?.sreg ?? -1;
}

/** The opcode bits of an x87 instruction, and the stack registers that it names. */
function x87Operands(insn: Insn): number {
  const registers = insn.operands.map((operand) => (operand.kind === 'reg' ? operand.num : 0));
  return insn.x87Opcode! | ((registers[0] ?? 0) << 16) | ((registers[1] ?? 0) << 20);
}

/** CR0, CR2 and CR3: the ones that every model has and that read as they are. */
const PLAIN_CR: Readonly<Record<number, number>> = { 0: L.S_CR0, 2: L.S_CR2, 3: L.S_CR3 };
const controlRegister = (insn: Insn): number | undefined => PLAIN_CR[(insn.operands[1] as RegOperand).num];

/** Their inline cases are those of legacy code. */
const ROUTINES_IN_LONG_MODE = new Set([
  'int',
  'iret',
  'call_far',
  'jmp_far',
  'retf',
  'mov_to_sreg',
  'push_sreg',
  'pop_sreg',
]);

/** An instruction whose meaning is in engine/lower, in a form that the interpreter can run inline. */
export function isLowered(insn: Insn): boolean {
  if (insn.row === undefined || LOWERINGS[insn.row.sem] === undefined) return false;
  if (insn.bits === 64 && ROUTINES_IN_LONG_MODE.has(insn.row.sem)) return false;
  switch (insn.row.sem) {
    case 'mov_from_sreg':
      return segmentOf(insn) <= Seg.GS;
    case 'mov_to_sreg':
    case 'pop_sreg': {
      const segment = segmentOf(insn);
      return segment !== Seg.CS && segment !== Seg.SS && segment <= Seg.GS;
    }
    case 'mov_from_cr':
      return controlRegister(insn) !== undefined;
    case 'call_far':
    case 'jmp_far':
      return insn.operands[0].kind === 'far';
    default:
      return true;
  }
}

/** Gives a copy of the record of `insn` a handler that keeps the flags, for when it is executed alone. */
export function keepFlags(cpu: Cpu, copy: number, insn: Insn, context: BlockContext): void {
  if (!isLowered(insn)) return;
  const ip = cpu.u32[(copy + R.R_IP) >> 2];
  const beyond = insn.operands[0]?.kind === 'rel' && isBeyond(context, branchTarget(insn, ip, context));
  setHandler(cpu, copy, handlerOf(insn, context, false, beyond));
}

/** `link(field, target)` fills a link field with the record of a branch target. */
export function writeRecord(
  cpu: Cpu,
  r: number,
  insn: Insn,
  ip: number,
  context: BlockContext,
  flagsUnused: boolean,
  link: (field: number, target: number) => void,
): void {
  cpu.u32[(r + R.R_IP) >> 2] = ip;
  cpu.u8[r + R.R_LENGTH] = insn.len;
  if (!isLowered(insn)) return setHandler(cpu, r, H_SYSTEM);
  const { sem } = insn.row!;
  const branch = insn.operands[0]?.kind === 'rel';
  const target = branch ? branchTarget(insn, ip, context) : 0;
  setHandler(cpu, r, handlerOf(insn, context, flagsUnused, branch && isBeyond(context, target)));
  let registers = 0;
  const memory = insn.operands.some((operand) => operand.kind === 'mem');
  for (const operand of insn.operands) {
    if (operand.kind === 'reg' && operand.cls !== 'sreg' && registers < 4) {
      cpu.u16[(r + R.registerField(registers++, memory)) >> 1] = registerOffset(operand);
    } else if (operand.kind === 'mem') writeMemory(cpu, r, operand, ip + insn.len);
    else if (operand.kind === 'far') {
      cpu.i32[(r + R.R_DISP) >> 2] = operand.offset;
      cpu.i32[(r + R.R_IMM) >> 2] = operand.selector;
    } else if (operand.kind === 'imm' && operand.value64 !== undefined) writeImmediate64(cpu, r, operand.value64);
    else if (operand.kind === 'imm')
      cpu.i32[(r + R.R_IMM) >> 2] = cut(operand.value, sem === 'ret' ? 2 : operationSize(insn));
  }
  if (sem === 'mov_from_cr') cpu.i32[(r + R.R_IMM) >> 2] = controlRegister(insn)!;
  if (SEGMENT_USERS.has(sem)) cpu.i32[(r + R.R_IMM) >> 2] = L.S_SEG + segmentOf(insn) * L.SEG_SIZE;
  if (IMPLICIT_SOURCE.has(sem)) {
    const segment = insn.segPrefix < 0 ? Seg.DS : insn.segPrefix;
    cpu.u16[(r + R.R_SEG) >> 1] = L.S_SEG + segment * L.SEG_SIZE;
  }
  if (insn.x87Opcode !== undefined) cpu.i32[(r + R.R_IMM) >> 2] = x87Operands(insn);
  if (sem === 'call' || sem === 'call_ind') cpu.i32[(r + R.R_IMM) >> 2] = ip + insn.len;
  if (insn.rep !== 0 && STRING_SEMS.has(sem)) cpu.u32[(r + R.R_LINK0) >> 2] = r; // where it starts again
  if (branch) {
    link(R.R_LINK0, target);
    const next = ip + insn.len;
    if (CONDITIONAL.has(sem)) link(R.R_LINK1, context.long ? next : next >>> 0);
  }
}

/** Form `I` reads all 64 bits, form `i` the low half. */
function writeImmediate64(cpu: Cpu, r: number, value: bigint): void {
  if (isWide(value)) writeWide(cpu, r, value);
  else cpu.i32[(r + R.R_IMM) >> 2] = Number(BigInt.asIntN(32, value));
}

function setHandler(cpu: Cpu, r: number, handler: number): void {
  cpu.u16[(r + R.R_HANDLER) >> 1] = handler;
  cpu.u16[(r + R.R_ORIGINAL) >> 1] = handler;
  cpu.u16[(r + R.R_COLD) >> 1] = 0;
}

const cut = (value: number, size: number): number =>
  size === 1 ? value & 0xff : size === 2 ? value & 0xffff : value | 0;
