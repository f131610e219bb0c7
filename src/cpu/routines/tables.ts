// Descriptor table registers (Intel SDM vol. 2, "LGDT/LIDT", "SGDT", "SIDT", "LLDT", "LTR", "SLDT", "STR").
import type { Insn, MemOperand, Operand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { LDTR, S_GDTR_BASE, S_IDTR_BASE, TR } from '../layout';
import { loadLdtr, loadTr } from '../loadSegment';
import { effectiveOffset, readOperand, writeOperand } from '../operands';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { canonical } from '../linear';
import { raiseGP } from '../raise';
import { probeVirtualWrite, readVirtual, readVirtual64, signedOf, writeVirtual } from '../virtual';
import { requireProtected, requireRing0, userAllowed } from './checks';

function load(cpu: Cpu, insn: Insn, at: number): SysResult {
  if (!requireRing0(cpu, insn)) return FAULT;
  const mem = insn.operands[0] as MemOperand;
  const offset = effectiveOffset(cpu, mem);
  const limit = readVirtual(cpu, mem.seg, offset, 2);
  if (limit < 0) return FAULT;
  if (cpu.long) return loadLong(cpu, mem, offset, at, limit);
  const base = readVirtual(cpu, mem.seg, offset + 2, 4);
  if (base < 0) return FAULT;
  // A 16-bit operand size loads 24 bits of base.
  cpu.u32[at >> 2] = insn.opSize === 2 ? base & 0xffffff : base;
  cpu.u32[(at >> 2) + 1] = 0;
  cpu.u32[(at >> 2) + 2] = limit;
  return NEXT;
}

/** 64-bit code: eight bytes of base, which have to be canonical. */
function loadLong(cpu: Cpu, mem: MemOperand, offset: number, at: number, limit: number): SysResult {
  const halves = readVirtual64(cpu, mem.seg, offset + 2);
  if (!halves) return FAULT;
  if (!canonical(signedOf(halves))) return raiseGP(cpu, 0, 'base-not-canonical', { base: signedOf(halves) });
  cpu.i32[at >> 2] = halves[0];
  cpu.i32[(at >> 2) + 1] = halves[1];
  cpu.u32[(at >> 2) + 2] = limit;
  return NEXT;
}

/** All 32 bits of the base are stored whatever the operand size, as processors since the 386 do. */
function store(cpu: Cpu, insn: Insn, at: number): SysResult {
  if (!userAllowed(cpu, insn)) return FAULT;
  const mem = insn.operands[0] as MemOperand;
  const offset = effectiveOffset(cpu, mem);
  const bytes = cpu.long ? 8 : 4;
  if (!probeVirtualWrite(cpu, mem.seg, offset, 2) || !probeVirtualWrite(cpu, mem.seg, offset + 2, bytes)) return FAULT;
  writeVirtual(cpu, mem.seg, offset, 2, cpu.u32[(at >> 2) + 2]!);
  writeVirtual(cpu, mem.seg, offset + 2, 4, cpu.u32[at >> 2]!);
  if (cpu.long) writeVirtual(cpu, mem.seg, offset + 6, 4, cpu.u32[(at >> 2) + 1]!);
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
    requireProtected(cpu, insn) && userAllowed(cpu, insn)
      ? storeSelector(cpu, insn.operands[0]!, cpu.selector(LDTR))
      : FAULT,
  str: (cpu, insn) =>
    requireProtected(cpu, insn) && userAllowed(cpu, insn)
      ? storeSelector(cpu, insn.operands[0]!, cpu.selector(TR))
      : FAULT,
};
