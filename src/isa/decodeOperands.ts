// Operands of a decoded instruction: ModRM, SIB, displacements, immediates (Intel SDM vol. 2, "Addressing-Mode Encoding
// of ModR/M and SIB Bytes"). Reads past `limit` give zeros; the caller checks `pos` afterwards.
import { s8 } from '../base/bits';
import type { Form } from './form';
import { type OperandSpec, Size, sizeOf } from './operands';
import { register } from './registers';
import { type CodeBits, type MemOperand, type Operand, type RegOperand, Seg } from './types';

/** An instruction between its opcode and its end. */
export interface Raw {
  code: Uint8Array;
  pos: number;
  bits: CodeBits;
  opSize: 2 | 4 | 8;
  addrSize: 2 | 4 | 8;
  rex: number;
  modrm: number;
  opcode: number;
  segPrefix: number;
  memory: MemOperand | undefined;
  /** VEX.vvvv, as a register number. */
  vvvv: number;
}

const RM16_BASE = [3, 3, 5, 5, -1, -1, 5, 3];
const RM16_INDEX = [6, 7, 6, 7, 6, 7, -1, -1];
const SP = 4;
const BP = 5;

const u8 = (raw: Raw): number => raw.code[raw.pos++]! | 0;
const u16 = (raw: Raw): number => u8(raw) | (u8(raw) << 8);
const i32 = (raw: Raw): number => u16(raw) | (u16(raw) << 16);
const unsigned = (raw: Raw, size: number): number => (size === 1 ? u8(raw) : size === 2 ? u16(raw) : i32(raw));
const signed = (raw: Raw, size: number): number =>
  size === 1 ? s8(u8(raw)) : size === 2 ? (u16(raw) << 16) >> 16 : i32(raw);
const u64 = (raw: Raw): bigint => {
  const low = BigInt(i32(raw) >>> 0);
  return low | (BigInt(i32(raw) >>> 0) << 32n);
};

function memory(
  raw: Raw,
  base: number,
  index: number,
  scale: 1 | 2 | 4 | 8,
  dispSize: 0 | 1 | 2 | 4,
  ripRelative = false,
): MemOperand {
  const stack = base === SP || base === BP;
  return {
    kind: 'mem',
    seg: raw.segPrefix >= 0 ? raw.segPrefix : stack ? Seg.SS : Seg.DS,
    segOverride: raw.segPrefix >= 0,
    base,
    index,
    scale,
    disp: dispSize === 0 ? 0 : signed(raw, dispSize),
    dispSize,
    ripRelative,
    addrSize: raw.addrSize,
    size: 0,
  };
}

/** Decodes the memory form of `raw.modrm` (mod below 3) into `raw.memory`; its access size is set by the operand. */
export function decodeMemory(raw: Raw, vector?: 'xmm' | 'ymm'): void {
  const mod = raw.modrm >> 6;
  const rm = raw.modrm & 7;
  if (raw.addrSize === 2) {
    const absolute = mod === 0 && rm === 6;
    const dispSize = absolute || mod === 2 ? 2 : mod === 1 ? 1 : 0;
    raw.memory = memory(raw, absolute ? -1 : RM16_BASE[rm]!, RM16_INDEX[rm]!, 1, dispSize);
    return;
  }
  let base = rm | ((raw.rex & 1) << 3);
  let index = -1;
  let scale: 1 | 2 | 4 | 8 = 1;
  let dispSize: 0 | 1 | 4 = mod === 1 ? 1 : mod === 2 ? 4 : 0;
  let ripRelative = false;
  if (rm === SP) {
    const sib = u8(raw);
    base = (sib & 7) | ((raw.rex & 1) << 3);
    index = ((sib >> 3) & 7) | ((raw.rex & 2) << 2);
    scale = (1 << (sib >> 6)) as 1 | 2 | 4 | 8;
    if (index === SP && vector === undefined) {
      index = -1;
      scale = 1;
    }
    if ((sib & 7) === BP && mod === 0) {
      base = -1;
      dispSize = 4;
    }
  } else if (rm === BP && mod === 0) {
    base = -1;
    dispSize = 4;
    ripRelative = raw.bits === 64;
  }
  raw.memory = memory(raw, base, index, scale, dispSize, ripRelative);
  if (vector !== undefined) raw.memory.vector = vector;
}

function generalRegister(num: number, size: number, rex: number): RegOperand {
  switch (size) {
    case 1:
      return rex === 0 && num >= 4 ? register('r8h', num - 4) : register('r8', num);
    case 2:
      return register('r16', num);
    case 4:
      return register('r32', num);
    default:
      return register('r64', num);
  }
}

/** The operand of ModRM.reg, opcode bits or a fixed register; undefined for registers that do not exist. */
function registerOperand(raw: Raw, spec: OperandSpec, num: number): RegOperand | undefined {
  switch (spec.cls) {
    case 'gpr':
      return generalRegister(num, sizeOf(spec.size, raw.opSize, raw.bits), raw.rex);
    case 'sreg':
      if ((num & 7) > Seg.GS || (spec.notCs && (num & 7) === Seg.CS)) return undefined;
      return register('sreg', num & 7);
    case 'creg':
      return num === 0 || (num >= 2 && num <= 4) || num === 8 ? register('creg', num) : undefined;
    case 'dreg':
      return num <= 7 ? register('dreg', num) : undefined;
    case 'treg':
      return num >= 3 ? register('treg', num) : undefined;
    case 'st':
    case 'mm':
      return register(spec.cls, num & 7);
    default:
      return register(spec.cls!, num);
  }
}

function moffs(raw: Raw, spec: OperandSpec): MemOperand {
  const result = memory(raw, -1, -1, 1, 0);
  result.dispSize = raw.addrSize;
  result.size = sizeOf(spec.size, raw.opSize, raw.bits);
  if (raw.addrSize === 8) {
    result.disp64 = u64(raw);
    result.disp = Number(BigInt.asIntN(32, result.disp64));
  } else {
    result.disp = raw.addrSize === 2 ? u16(raw) : i32(raw);
  }
  return result;
}

function immediate(raw: Raw, spec: OperandSpec): Operand {
  const size = sizeOf(spec.size, raw.opSize, raw.bits);
  if (size === 8) {
    const value64 = u64(raw);
    return { kind: 'imm', value: Number(BigInt.asIntN(32, value64)), value64, size };
  }
  const value = spec.signed && size === 1 ? s8(u8(raw)) : unsigned(raw, size);
  return { kind: 'imm', value, size };
}

function operand(raw: Raw, spec: OperandSpec): Operand | undefined {
  switch (spec.place) {
    case 'rm': {
      if (raw.memory !== undefined) {
        raw.memory.size = sizeOf(spec.memSize ?? Size.None, raw.opSize, raw.bits);
        return raw.memory;
      }
      return registerOperand(raw, spec, (raw.modrm & 7) | ((raw.rex & 1) << 3));
    }
    case 'reg':
      return registerOperand(raw, spec, ((raw.modrm >> 3) & 7) | ((raw.rex & 4) << 1));
    case 'op':
      return registerOperand(raw, spec, (raw.opcode & 7) | ((raw.rex & 1) << 3));
    case 'sti':
      return register('st', raw.modrm & 7);
    case 'vex':
      return registerOperand(raw, spec, raw.vvvv);
    case 'is4':
      return registerOperand(raw, spec, (u8(raw) >> 4) & (raw.bits === 64 ? 15 : 7));
    case 'fixed':
      return spec.cls === undefined
        ? { kind: 'imm', value: spec.num!, size: 0 }
        : registerOperand(raw, spec, spec.num!);
    case 'imm':
      return immediate(raw, spec);
    case 'rel': {
      const size = sizeOf(spec.size, raw.opSize, raw.bits);
      return { kind: 'rel', rel: signed(raw, size), size };
    }
    case 'far': {
      const size = raw.opSize === 2 ? 2 : 4;
      const offset = unsigned(raw, size) >>> 0;
      return { kind: 'far', selector: u16(raw), offset, size };
    }
    case 'moffs':
      return moffs(raw, spec);
  }
}

/** The operands in order, or undefined when one of them names a register that does not exist. */
export function decodeOperands(form: Form, raw: Raw): Operand[] | undefined {
  const result: Operand[] = [];
  for (const spec of form.specs) {
    const decoded = operand(raw, spec);
    if (decoded === undefined) return undefined;
    result.push(decoded);
  }
  return result;
}
