// What each operand pattern of the table means: where the operand is encoded, which registers it may be and its size.
// The one description that decoder and encoder share.
import type { CodeBits, OperandPattern, RegClass } from './types';

/**
 * Where the operand is: ModRM.rm, ModRM.reg, opcode bits, immediate, branch offset, far pointer, moffs, fixed, x87 stack, VEX.vvvv,
 * the high half of an immediate byte.
 */
export type OperandPlace = 'rm' | 'reg' | 'op' | 'imm' | 'rel' | 'far' | 'moffs' | 'fixed' | 'sti' | 'vex' | 'is4';

/** Sizes that depend on the operand size are negative codes; others are bytes. */
export const enum Size {
  None = 0,
  /** Operand size. */
  V = -1,
  /** 8 with REX.W, else 4. */
  Y = -2,
  /** Operand size, at most 4. */
  Z = -3,
  /** Twice the operand size (BOUND). */
  Double = -4,
  /** Far pointer: operand size + 2. */
  Far = -5,
  /** Descriptor table pointer: 10 in 64-bit mode, else 6. */
  Table = -6,
}

export interface OperandSpec {
  place: OperandPlace;
  /** Register class; 'gpr' by size. Absent for memory-only and immediates. */
  cls?: 'gpr' | RegClass;
  /** Size of the register, immediate or offset. */
  size: number;
  /** Whether memory is accepted, and its size when it differs from `size`. */
  mem?: true;
  memSize?: number;
  /** Immediate that is sign-extended to the operand size. */
  signed?: true;
  /** Part of a wider register: AH and its kind are none, SIL and its kind need no REX. */
  lowByte?: true;
  /** CS is not accepted (the assembler, like NASM, lets it through). */
  notCs?: true;
  /** The memory operand's index is a vector register. */
  vector?: 'xmm' | 'ymm';
  /** Register number, or value of a fixed immediate. */
  num?: number;
}

const gpr = (place: OperandPlace, size: number): OperandSpec => ({ place, cls: 'gpr', size });
const rm = (size: number, memSize = size): OperandSpec => ({ place: 'rm', cls: 'gpr', size, mem: true, memSize });
const mem = (size: number): OperandSpec => ({ place: 'rm', size, mem: true, memSize: size });
const imm = (size: number): OperandSpec => ({ place: 'imm', size });
const fixed = (cls: 'gpr' | RegClass, num: number, size: number): OperandSpec => ({ place: 'fixed', cls, num, size });

const vectorIndexed = (vector: 'xmm' | 'ymm', size: number): OperandSpec => ({ ...mem(size), vector });

export const OPERANDS: Readonly<Record<OperandPattern, OperandSpec>> = {
  rm8: rm(1),
  rm16: rm(2),
  rm32: rm(4),
  rm64: rm(8),
  rmv: rm(Size.V),
  rmy: rm(Size.Y),
  r8: gpr('reg', 1),
  r16: gpr('reg', 2),
  r32: gpr('reg', 4),
  r64: gpr('reg', 8),
  rv: gpr('reg', Size.V),
  ry: gpr('reg', Size.Y),
  o8: gpr('op', 1),
  o16: gpr('op', 2),
  o32: gpr('op', 4),
  ov: gpr('op', Size.V),
  oy: gpr('op', Size.Y),
  rmr8: { ...gpr('rm', 1), lowByte: true },
  rmr16: gpr('rm', 2),
  rmr32: gpr('rm', 4),
  rmr64: gpr('rm', 8),
  rmrv: gpr('rm', Size.V),
  rmry: gpr('rm', Size.Y),
  m: mem(Size.None),
  m8: mem(1),
  m16: mem(2),
  m32: mem(4),
  m64: mem(8),
  m80: mem(10),
  m128: mem(16),
  m512: mem(64),
  mv: mem(Size.V),
  mv2: mem(Size.Double),
  'm16:v': mem(Size.Far),
  'm16&z': mem(Size.Table),
  'rv/m16': rm(Size.V, 2),
  'r32/m8': rm(4, 1),
  'r32/m16': rm(4, 2),
  'r64/m8': rm(8, 1),
  'r64/m16': rm(8, 2),
  'r32/m32': rm(4),
  'r64/m32': rm(8, 4),
  'rm32/m8': rm(4, 1),
  'rmy/x': rm(Size.Y),
  imm8: imm(1),
  imm8u: imm(1),
  imm8s: { place: 'imm', size: 1, signed: true },
  imm16: imm(2),
  imm32: imm(4),
  immz: { place: 'imm', size: Size.Z, signed: true },
  immv: imm(Size.V),
  rel8: { place: 'rel', size: 1 },
  relz: { place: 'rel', size: Size.Z },
  'ptr16:z': { place: 'far', size: Size.Z },
  moffs8: { place: 'moffs', size: 1, mem: true },
  moffsv: { place: 'moffs', size: Size.V, mem: true },
  al: fixed('gpr', 0, 1),
  ax: fixed('gpr', 0, 2),
  eax: fixed('gpr', 0, 4),
  rax: fixed('gpr', 0, 8),
  accv: fixed('gpr', 0, Size.V),
  cl: fixed('gpr', 1, 1),
  dx: fixed('gpr', 2, 2),
  cx: fixed('gpr', 1, 2),
  ecx: fixed('gpr', 1, 4),
  edx: fixed('gpr', 2, 4),
  rcx: fixed('gpr', 1, 8),
  '1': { place: 'fixed', size: 0, num: 1 },
  sreg: { place: 'reg', cls: 'sreg', size: 2 },
  dsreg: { place: 'reg', cls: 'sreg', size: 2, notCs: true },
  creg: { place: 'reg', cls: 'creg', size: 4 },
  dreg: { place: 'reg', cls: 'dreg', size: 4 },
  treg: { place: 'reg', cls: 'treg', size: 4 },
  es: fixed('sreg', 0, 2),
  cs: fixed('sreg', 1, 2),
  ss: fixed('sreg', 2, 2),
  ds: fixed('sreg', 3, 2),
  fs: fixed('sreg', 4, 2),
  gs: fixed('sreg', 5, 2),
  st: fixed('st', 0, 10),
  sti: { place: 'sti', cls: 'st', size: 10 },
  mm: { place: 'reg', cls: 'mm', size: 8 },
  mmrm32: { place: 'rm', cls: 'mm', size: 8, mem: true, memSize: 4 },
  rmmm: { place: 'rm', cls: 'mm', size: 8 },
  mmrm: { place: 'rm', cls: 'mm', size: 8, mem: true, memSize: 8 },
  xmm: { place: 'reg', cls: 'xmm', size: 16 },
  xmm0: fixed('xmm', 0, 16),
  rmxmm: { place: 'rm', cls: 'xmm', size: 16 },
  xmmrm8: { place: 'rm', cls: 'xmm', size: 16, mem: true, memSize: 1 },
  xmmrm16: { place: 'rm', cls: 'xmm', size: 16, mem: true, memSize: 2 },
  xmmrm32: { place: 'rm', cls: 'xmm', size: 16, mem: true, memSize: 4 },
  xmmrm64: { place: 'rm', cls: 'xmm', size: 16, mem: true, memSize: 8 },
  xmmrm128: { place: 'rm', cls: 'xmm', size: 16, mem: true, memSize: 16 },
  r32vex: gpr('vex', 4),
  r64vex: gpr('vex', 8),
  xmmvex: { place: 'vex', cls: 'xmm', size: 16 },
  ymmvex: { place: 'vex', cls: 'ymm', size: 32 },
  xmmis4: { place: 'is4', cls: 'xmm', size: 16 },
  ymmis4: { place: 'is4', cls: 'ymm', size: 32 },
  ymm: { place: 'reg', cls: 'ymm', size: 32 },
  rmymm: { place: 'rm', cls: 'ymm', size: 32 },
  ymmrm128: { place: 'rm', cls: 'ymm', size: 32, mem: true, memSize: 16 },
  ymmrm256: { place: 'rm', cls: 'ymm', size: 32, mem: true, memSize: 32 },
  m256: mem(32),
  vm32x: vectorIndexed('xmm', 4),
  vm32y: vectorIndexed('ymm', 4),
  vm64x: vectorIndexed('xmm', 4),
  vm64y: vectorIndexed('ymm', 4),
  vm32x8: vectorIndexed('xmm', 8),
  vm32y8: vectorIndexed('ymm', 8),
  vm64x8: vectorIndexed('xmm', 8),
  vm64y8: vectorIndexed('ymm', 8),
};

/** Bytes of a `Size` code under an operand size. */
export function sizeOf(size: number, opSize: number, bits: CodeBits): number {
  switch (size) {
    case Size.V:
      return opSize;
    case Size.Y:
      return opSize === 8 ? 8 : 4;
    case Size.Z:
      return opSize === 2 ? 2 : 4;
    case Size.Double:
      return opSize * 2;
    case Size.Far:
      return opSize + 2;
    case Size.Table:
      return bits === 64 ? 10 : 6;
    default:
      return size;
  }
}

/** Whether the pattern's size follows the operand size. */
export const followsOperandSize = (spec: OperandSpec): boolean => spec.size < 0 && spec.size !== Size.Table;
