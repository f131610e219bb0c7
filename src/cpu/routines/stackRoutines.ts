// PUSHA, POPA, ENTER, LEAVE, BOUND (Intel SDM vol. 2). Every push is checked before anything is written.
import type { ImmOperand, Insn, MemOperand, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import { signExtend } from '../../base/bits';
import type { Cpu } from '../cpu';
import { BR, SS_ } from '../layout';
import { effectiveOffset, moveStackPointer, peekStack, readGpr, setStackPointer, writeGpr } from '../operands';
import { raise } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { probeVirtualWrite, readVirtual } from '../virtual';

const SP = 4;
const BP = 5;

function pusha(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const frame = cpu.frame;
  frame.beginCurrent(cpu);
  for (let n = 0; n < 8; n++) frame.push(cpu.reg32(n), size);
  if (!frame.write(cpu, SS_, 0, 'stack-limit')) return FAULT;
  setStackPointer(cpu, frame.sp);
  return NEXT;
}

function popa(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const values = cpu.popped;
  for (let i = 0; i < 8; i++) {
    const value = peekStack(cpu, i * size, size);
    if (value < 0) return FAULT;
    values[i] = value;
  }
  // DI is on top, then SI, BP, the unused SP, BX, DX, CX, AX.
  for (let i = 0; i < 8; i++) if (7 - i !== SP) writeGpr(cpu, 7 - i, size, values[i]!);
  moveStackPointer(cpu, 8 * size);
  return NEXT;
}

function enter(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const locals = (insn.operands[0] as ImmOperand).value & 0xffff;
  const level = (insn.operands[1] as ImmOperand).value & 31;
  const mask = (cpu.attr(Seg.SS) & 0x4000) !== 0 ? 0xffffffff : 0xffff;
  const frame = cpu.frame;
  frame.beginCurrent(cpu);
  frame.push(cpu.reg32(BP), size);
  const framePointer = frame.sp;
  if (level > 0) {
    let bp = cpu.reg32(BP);
    for (let i = 1; i < level; i++) {
      bp = ((bp - size) & mask) >>> 0;
      const value = readVirtual(cpu, Seg.SS, bp, size);
      if (value < 0) return FAULT;
      frame.push(value, size);
    }
    frame.push(framePointer, size);
  }
  const sp = ((frame.sp - locals) & mask) >>> 0;
  // The place where the next push would go has to be writable.
  if (!probeVirtualWrite(cpu, Seg.SS, sp, size)) return FAULT;
  if (!frame.write(cpu, SS_, 0, 'stack-limit')) return FAULT;
  writeGpr(cpu, BP, size, framePointer);
  setStackPointer(cpu, sp);
  return NEXT;
}

function leave(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const mask = (cpu.attr(Seg.SS) & 0x4000) !== 0 ? 0xffffffff : 0xffff;
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
