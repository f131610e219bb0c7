// Operands of decoded instructions for the system routines: effective addresses, registers, memory with all checks.
import type { Insn, MemOperand, Operand, RegOperand } from '../isa/types';
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { getRsp, setRsp } from './longFrame';
import { stackMask } from './modes';
import { readVirtual, writeVirtual, writeVirtual64 } from './virtual';

/** Offset in the segment, cut to the address size; signed in 64-bit code. */
export function effectiveOffset(cpu: Cpu, mem: MemOperand): number {
  if (cpu.long) return longOffset(cpu, mem);
  let offset = mem.disp;
  if (mem.base >= 0) offset += cpu.u32[mem.base << 1]!;
  if (mem.index >= 0) offset += cpu.u32[mem.index << 1]! * mem.scale;
  return mem.addrSize === 2 ? offset & 0xffff : offset >>> 0;
}

function longOffset(cpu: Cpu, mem: MemOperand): number {
  let offset = mem.disp64 ?? BigInt(mem.disp);
  if (mem.ripRelative) offset += BigInt(cpu.eip + cpu.instructionLength);
  if (mem.base >= 0) offset += cpu.u64[mem.base]!;
  if (mem.index >= 0) offset += cpu.u64[mem.index]! * BigInt(mem.scale);
  return Number(mem.addrSize === 4 ? BigInt.asUintN(32, offset) : BigInt.asIntN(64, offset));
}

export const offsetMask = (insn: Insn): number => (insn.addrSize === 2 ? 0xffff : 0xffffffff);

/** A register's value, unsigned, 1 to 4 bytes. */
export function readRegister(cpu: Cpu, reg: RegOperand): number {
  switch (reg.cls) {
    case 'r8':
      return cpu.u8[reg.num << 3]!;
    case 'r8h':
      return cpu.u8[(reg.num << 3) + 1]!;
    case 'r16':
      return cpu.u16[reg.num << 2]!;
    case 'sreg':
      return cpu.selector(reg.num);
    default:
      return cpu.u32[reg.num << 1]!;
  }
}

export function writeRegister(cpu: Cpu, reg: RegOperand, value: number): void {
  if (reg.cls === 'r8') cpu.u8[reg.num << 3] = value;
  else if (reg.cls === 'r8h') cpu.u8[(reg.num << 3) + 1] = value;
  else if (reg.cls === 'r16') cpu.u16[reg.num << 2] = value;
  else cpu.setReg32(reg.num, value);
}

/** Writes 2 or 4 bytes of a general register. */
export function writeGpr(cpu: Cpu, num: number, size: number, value: number): void {
  if (size === 2) cpu.u16[num << 2] = value;
  else cpu.setReg32(num, value);
}

export const readGpr = (cpu: Cpu, num: number, size: number): number =>
  size === 2 ? cpu.u16[num << 2]! : cpu.u32[num << 1]!;

/** Reads a register, memory or immediate operand of `size` (1, 2, 4) bytes, unsigned; -1 on a fault. */
export function readOperand(cpu: Cpu, op: Operand, size: number): number {
  if (op.kind === 'mem') return readVirtual(cpu, op.seg, effectiveOffset(cpu, op), size);
  if (op.kind === 'reg') return size === 2 ? readRegister(cpu, op) & 0xffff : readRegister(cpu, op);
  if (op.kind === 'imm') return op.value >>> 0;
  throw new Error(`operand of kind ${op.kind} has no value`);
}

/** Writes a register (in its own size) or `size` bytes of memory; false on a fault. */
export function writeOperand(cpu: Cpu, op: Operand, size: number, value: number): boolean {
  if (op.kind === 'mem') return writeVirtual(cpu, op.seg, effectiveOffset(cpu, op), size, value);
  if (op.kind !== 'reg') throw new Error(`operand of kind ${op.kind} cannot be written`);
  writeRegister(cpu, op, value);
  return true;
}

/** Writes 1 to 8 bytes; `value` is a signed number when it has 8. */
export const writeSized = (cpu: Cpu, seg: number, offset: number, size: number, value: number): boolean =>
  size === 8
    ? writeVirtual64(cpu, seg, offset, value | 0, Math.floor(value / 0x100000000) | 0)
    : writeVirtual(cpu, seg, offset, size, value);

// The stack of the running program.

/** Reads `size` bytes at `depth` bytes above the top of the stack; -1 on a fault. */
export function peekStack(cpu: Cpu, depth: number, size: number): number {
  if (cpu.long) return readVirtual(cpu, Seg.SS, getRsp(cpu) + depth, size);
  const mask = stackMask(cpu);
  return readVirtual(cpu, Seg.SS, ((cpu.u32[8]! + depth) & mask) >>> 0, size);
}

/** Sets SP or ESP by the stack size; the upper half of ESP stays on a 16-bit stack. */
export function setStackPointer(cpu: Cpu, value: number): void {
  if (cpu.long) setRsp(cpu, value);
  else if ((cpu.attr(Seg.SS) & 0x4000) !== 0) cpu.setReg32(4, value);
  else cpu.u16[16] = value;
}

export const moveStackPointer = (cpu: Cpu, by: number): void =>
  setStackPointer(cpu, (cpu.long ? getRsp(cpu) : cpu.u32[8]!) + by);

/** Pushes one value of 2, 4 or 8 bytes (then a signed number); false on a fault. */
export function pushValue(cpu: Cpu, value: number, size: number): boolean {
  if (cpu.long) {
    const below = getRsp(cpu) - size;
    if (!writeSized(cpu, Seg.SS, below, size, value)) return false;
    setRsp(cpu, below);
    return true;
  }
  const mask = stackMask(cpu);
  const sp = ((cpu.u32[8]! - size) & mask) >>> 0;
  if (!writeVirtual(cpu, Seg.SS, sp, size, value)) return false;
  setStackPointer(cpu, sp);
  return true;
}
