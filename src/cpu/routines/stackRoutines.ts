// PUSHA, POPA, ENTER, LEAVE, BOUND (Intel SDM vol. 2; what a fault in the middle leaves behind as on AMD processors).
import type { ImmOperand, Insn, MemOperand, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import { signExtend } from '../../base/bits';
import type { Cpu } from '../cpu';
import { BR, S_GPR } from '../layout';
import { stackMask } from '../modes';
import { effectiveOffset, moveStackPointer, peekStack, readGpr, setStackPointer, writeGpr } from '../operands';
import { raise } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { getRsp, setRsp } from '../longFrame';
import { probeVirtualWrite, readVirtual, readVirtual64, writeVirtual, writeVirtual64 } from '../virtual';

const SP = 4;
const BP = 5;

/** Goes value by value: what was pushed before a fault stays in memory, SP does not move. */
function pusha(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const mask = stackMask(cpu);
  let sp = cpu.reg32(SP);
  for (let n = 0; n < 8; n++) {
    sp = ((sp - size) & mask) >>> 0;
    if (!writeVirtual(cpu, Seg.SS, sp, size, cpu.reg32(n))) return FAULT;
  }
  setStackPointer(cpu, sp);
  return NEXT;
}

/** Likewise: registers popped before a fault keep their new value. DI is on top, the stored SP is dropped. */
function popa(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  for (let i = 0; i < 8; i++) {
    const value = peekStack(cpu, i * size, size);
    if (value < 0) return FAULT;
    if (7 - i !== SP) writeGpr(cpu, 7 - i, size, value);
  }
  moveStackPointer(cpu, 8 * size);
  return NEXT;
}

/** ENTER in 64-bit code, likewise. */
function longEnter(cpu: Cpu, size: number, locals: number, level: number): SysResult {
  let sp = getRsp(cpu) - size;
  const framePointer = sp;
  let bp = cpu.signed64(S_GPR + BP * 8);
  const write = (at: number, low: number, high: number): boolean =>
    size === 8 ? writeVirtual64(cpu, Seg.SS, at, low, high) : writeVirtual(cpu, Seg.SS, at, size, low);
  if (!write(sp, cpu.i32[BP * 2]!, cpu.i32[BP * 2 + 1]!)) return FAULT;
  for (let i = 1; i <= level; i++) {
    sp -= size;
    if (i === level) {
      if (!write(sp, framePointer | 0, Math.floor(framePointer / 0x100000000) | 0)) return FAULT;
      continue;
    }
    bp -= size;
    const value = size === 8 ? readVirtual64(cpu, Seg.SS, bp) : [readVirtual(cpu, Seg.SS, bp, size), 0];
    if (!value || (size !== 8 && value[0]! < 0) || !write(sp, value[0]!, value[1]!)) return FAULT;
  }
  sp -= locals;
  if (!probeVirtualWrite(cpu, Seg.SS, sp, size)) return FAULT;
  if (size === 8) cpu.setSigned64(S_GPR + BP * 8, framePointer);
  else cpu.setReg16(BP, framePointer);
  setRsp(cpu, sp);
  return NEXT;
}

/** Value by value, too; last the place of the next push is checked for writing. */
function enter(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const locals = (insn.operands[0] as ImmOperand).value & 0xffff;
  const level = (insn.operands[1] as ImmOperand).value & 31;
  if (cpu.long) return longEnter(cpu, size, locals, level);
  const mask = stackMask(cpu);
  let bp = cpu.reg32(BP);
  let sp = ((cpu.reg32(SP) - size) & mask) >>> 0;
  // On a 16-bit stack the upper half of ESP goes along.
  const framePointer = ((cpu.reg32(SP) & ~mask) | sp) >>> 0;
  if (!writeVirtual(cpu, Seg.SS, sp, size, bp)) return FAULT;
  for (let i = 1; i <= level; i++) {
    let value = framePointer;
    if (i < level) {
      bp = ((bp - size) & mask) >>> 0;
      value = readVirtual(cpu, Seg.SS, bp, size);
      if (value < 0) return FAULT;
    }
    sp = ((sp - size) & mask) >>> 0;
    if (!writeVirtual(cpu, Seg.SS, sp, size, value)) return FAULT;
  }
  sp = ((sp - locals) & mask) >>> 0;
  if (!probeVirtualWrite(cpu, Seg.SS, sp, size)) return FAULT;
  writeGpr(cpu, BP, size, framePointer);
  setStackPointer(cpu, sp);
  return NEXT;
}

function leave(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const mask = stackMask(cpu);
  const at = (cpu.reg32(BP) & mask) >>> 0;
  const value = readVirtual(cpu, Seg.SS, at, size);
  if (value < 0) return FAULT;
  setStackPointer(cpu, at + size);
  writeGpr(cpu, BP, size, value);
  return NEXT;
}

function bound(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const mem = insn.operands[1] as MemOperand;
  const at = effectiveOffset(cpu, mem);
  const low = readVirtual(cpu, mem.seg, at, size);
  if (low < 0) return FAULT;
  const high = readVirtual(cpu, mem.seg, at + size, size);
  if (high < 0) return FAULT;
  const index = signExtend(readGpr(cpu, (insn.operands[0] as RegOperand).num, size), size);
  const lower = signExtend(low, size);
  const upper = signExtend(high, size);
  if (index < lower || index > upper) return raise(cpu, BR, -1, 'bound', { index, lower, upper });
  return NEXT;
}

export const STACK_ROUTINES: Record<string, SysRoutine> = { pusha, popa, enter, leave, bound };
