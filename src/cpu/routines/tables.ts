// Descriptor table registers (Intel SDM vol. 2, "LGDT/LIDT", "SGDT", "SIDT", "LLDT", "LTR", "SLDT", "STR").
import type { Insn, MemOperand, Operand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { LDTR, S_GDTR_BASE, S_IDTR_BASE, TR } from '../layout';
import { loadLdtr, loadTr } from '../loadSegment';
import { effectiveOffset, readOperand, writeOperand } from '../operands';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { probeVirtualWrite, readVirtual, writeVirtual } from '../virtual';
import { requireProtected, requireRing0 } from './checks';

function load(cpu: Cpu, insn: Insn, at: number): SysResult {
  if (!requireRing0(cpu, insn)) return FAULT;
  const mem = insn.operands[0] as MemOperand;
  const offset = effectiveOffset(cpu, mem);
  const limit = readVirtual(cpu, mem.seg, offset, 2);
  if (limit < 0) return FAULT;
  const base = readVirtual(cpu, mem.seg, offset + 2, 4);
  if (base < 0) return FAULT;
  // A 16-bit operand size loads 24 bits of base.
  cpu.u32[at >> 2] = insn.opSize === 2 ? base & 0xffffff : base;
  cpu.u32[(at >> 2) + 1] = 0;
  cpu.u32[(at >> 2) + 2] = limit;
  return NEXT;
}

/** All 32 bits of the base are stored whatever the operand size, as processors since the 386 do. */
function store(cpu: Cpu, insn: Insn, at: number): SysResult {
  const mem = insn.operands[0] as MemOperand;
  const offset = effectiveOffset(cpu, mem);
  if (!probeVirtualWrite(cpu, mem.seg, offset, 2) || !probeVirtualWrite(cpu, mem.seg, offset + 2, 4)) return FAULT;
  writeVirtual(cpu, mem.seg, offset, 2, cpu.u32[(at >> 2) + 2]!);
  writeVirtual(cpu, mem.seg, offset + 2, 4, cpu.u32[at >> 2]!);
  return NEXT;
}

/** Stores a selector: zero-extended into a register, 16 bits into memory. */
export function storeSelector(cpu: Cpu, op: Operand, selector: number): SysResult {
  return writeOperand(cpu, op, 2, selector) ? NEXT : FAULT;
}

function loadSystem(cpu: Cpu, insn: Insn, commit: (cpu: Cpu, selector: number) => boolean): SysResult {
  if (!requireProtected(cpu, insn) || !requireRing0(cpu, insn)) return FAULT;
  const selector = readOperand(cpu, insn.operands[0]!, 2);
  return selector >= 0 && commit(cpu, selector) ? NEXT : FAULT;
}

export const TABLE_ROUTINES: Record<string, SysRoutine> = {
  lgdt: (cpu, insn) => load(cpu, insn, S_GDTR_BASE),
  lidt: (cpu, insn) => load(cpu, insn, S_IDTR_BASE),
  sgdt: (cpu, insn) => store(cpu, insn, S_GDTR_BASE),
  sidt: (cpu, insn) => store(cpu, insn, S_IDTR_BASE),
  lldt: (cpu, insn) => loadSystem(cpu, insn, loadLdtr),
  ltr: (cpu, insn) => loadSystem(cpu, insn, loadTr),
  sldt: (cpu, insn) =>
    requireProtected(cpu, insn) ? storeSelector(cpu, insn.operands[0]!, cpu.selector(LDTR)) : FAULT,
  str: (cpu, insn) => (requireProtected(cpu, insn) ? storeSelector(cpu, insn.operands[0]!, cpu.selector(TR)) : FAULT),
};
