// The vocabulary of the instruction table and of decoded instructions, for 16, 32 and 64-bit code.
// A row describes one instruction form as the manuals do (Intel SDM vol. 2, "Instruction Format" and the opcode maps):
// mnemonic, operand patterns, encoding, and facts used by every consumer.

/**
 * Operand pattern of a row. `v` = operand size 16/32/64, `y` = 32/64 by REX.W, `z` = 16/32 (immediates; 32 when 64).
 * r/m forms accept a register or memory; `m*` memory only; `o*` register in the low 3 opcode bits; `r*` ModRM.reg; `*vex` the
 * register in VEX.vvvv; `*is4` the one in the high half of an immediate byte; `vm*` memory with a vector of indices.
 */
export type OperandPattern =
  | 'rm8'
  | 'rm16'
  | 'rm32'
  | 'rm64'
  | 'rmv'
  | 'rmy'
  | 'r8'
  | 'r16'
  | 'r32'
  | 'r64'
  | 'rv'
  | 'ry'
  | 'o8'
  | 'o16'
  | 'o32'
  | 'ov'
  | 'oy'
  | 'rmr8' // the low byte of a 32-bit register, named by it
  | 'rmr16'
  | 'rmr32'
  | 'rmr64'
  | 'rmrv'
  | 'rmry' // ModRM.rm, register only
  | 'm'
  | 'm8'
  | 'm16'
  | 'm32'
  | 'm64'
  | 'm128'
  | 'mv'
  | 'mv2'
  | 'm16:v'
  | 'm16&z'
  | 'm80'
  | 'm512'
  | 'rv/m16' // register of operand size or 16-bit memory (SLDT, STR, SMSW, MOV from Sreg)
  | 'r32/m8'
  | 'r32/m16'
  | 'r64/m8'
  | 'r64/m16'
  | 'r32/m32' // of which REX.W widens only the register
  | 'r64/m32'
  | 'imm8'
  | 'imm8u'
  | 'imm8s'
  | 'imm16'
  | 'imm32'
  | 'immz'
  | 'immv' // imm8s: sign-extended to the operand size; imm8u: a count, index or number
  | 'rel8'
  | 'relz'
  | 'ptr16:z'
  | 'moffs8'
  | 'moffsv'
  | 'al'
  | 'ax'
  | 'eax'
  | 'rax'
  | 'accv'
  | 'cl'
  | 'dx'
  | 'cx'
  | 'ecx'
  | 'edx'
  | 'rcx'
  | '1'
  | 'sreg'
  | 'dsreg' // a segment register that MOV may load: not CS, which raises #UD
  | 'creg'
  | 'dreg'
  | 'treg'
  | 'es'
  | 'cs'
  | 'ss'
  | 'ds'
  | 'fs'
  | 'gs'
  | 'st'
  | 'sti'
  | 'mm'
  | 'mmrm'
  | 'mmrm32'
  | 'rmmm' // ModRM.rm, MMX register only
  | 'xmm'
  | 'xmm0' // implicit
  | 'rmxmm' // ModRM.rm, XMM register only
  | 'xmmrm8'
  | 'xmmrm16'
  | 'xmmrm32'
  | 'xmmrm64'
  | 'xmmrm128'
  | 'rm32/m8'
  | 'rmy/x'
  | 'r32vex'
  | 'r64vex'
  | 'xmmvex'
  | 'ymmvex'
  | 'xmmis4'
  | 'ymmis4'
  | 'ymm'
  | 'rmymm' // ModRM.rm, YMM register only
  | 'ymmrm128' // 128 bits in memory
  | 'ymmrm256'
  | 'm256'
  | 'vm32x' // 32-bit indices in an XMM register, elements of 4 or 8 bytes
  | 'vm32y'
  | 'vm64x'
  | 'vm64y'
  | 'vm32x8'
  | 'vm32y8'
  | 'vm64x8'
  | 'vm64y8';

/** Letters of the arithmetic flags: o s z a p c; system: t i d n(NT) l(IOPL) r v. */
export type FlagSet = string;

export interface Row {
  /** Lower-case mnemonic as NASM spells it (`jz`-style aliases are separate rows with `alias`). */
  mn: string;
  /** Operands in Intel order. */
  ops: readonly OperandPattern[];
  /**
   * Encoding, space separated: mandatory prefix (`np` `p66` `pf2` `pf3`); opcode bytes in hex (`0f b6`; a byte after the
   * opcode is a fixed ModRM or immediate); `50+r`, `70+cc`, `c0+i` (x87 stack register); `/r`, `/0`..`/7`, `/any`
   * (ModRM.reg is ignored), `/rr` (the register is also ModRM.rm); `ib iw iz iv`, `rb rz` (relative); `o16 o32 o64` (only
   * with that operand size), `odf` (only with the mode's default operand size), `w` (REX.W required), `nw`, `d64` (operand
   * size defaults to 64 in 64-bit mode), `f64` (forced 64), `a16 a32 a64` (fixed address size), `modany` (ModRM.mod is
   * ignored and the operand is a register), `vex.L.PP.MAP.W` (VEX prefix: L 128, 256 or lig; PP np, 66, f3 or f2; MAP 0f, 0f38 or
   * 0f3a; W w0, w1 or wig), `=v` (VEX.vvvv repeats the first register), `nob` (not with REX.B), `wait` (assembled with a
   * WAIT before it), `=xx` (an immediate byte that the mnemonic implies; 3DNow! forms are told apart by it).
   */
  enc: string;
  /** Name of the semantic function in engine/lower or of the system routine in cpu. Several rows share one. */
  sem: string;
  /** Privilege: 0 = CPL 0 only; 'iopl' = IOPL/IO bitmap; absent = any. */
  cpl?: 0 | 'iopl';
  /**
   * Flags read, written, undefined, cleared, set. `k`: all of them keep their old value when the instruction does nothing
   * (a masked shift count of zero, a repeat count of zero), so the old values stay live.
   */
  flags?: { r?: FlagSet; w?: FlagSet; u?: FlagSet; c?: FlagSet; s?: FlagSet; k?: true };
  /** Byte operation of a form without explicit operands (MOVSB, INSB, ...); otherwise the access size is `Insn.opSize`. */
  size?: 1;
  /** Condition code of a `+cc` form, 0..15. */
  cc?: number;
  /** Segment register (Seg) that PUSH/POP Sreg and LES/LCS-style far pointer loads name implicitly or explicitly. */
  sreg?: number;
  /** The address size matters although no memory operand is written (string forms, XLAT, LOOP). */
  usesAddrSize?: true;
  /** The operand size matters although no written operand shows it (RET, LEAVE, LGDT, PUSH Sreg, ...). */
  usesOpSize?: true;
  /** CPUID feature or processor generation: 86, 186, 286, 386, 486, 586, fpu, cmov, sse2, ... (`aes+avx`: both). Default 86. */
  cpu?: string;
  /** The last processor generation that has the form (test registers: 486). */
  until?: string;
  /** Which modes have the form: default all. no64: invalid in 64-bit mode; only64; pm: #UD in real and v8086 mode; pm32: both pm and no64. */
  modes?: 'no64' | 'only64' | 'pm' | 'pm32';
  lock?: boolean;
  rep?: 'rep' | 'repcc' | 'bnd';
  /** 'alias': accepted by the assembler, never produced by the disassembler. 'decode': decoded but never assembled. */
  only?: 'asm' | 'decode';
  /** Ends a basic block, or may (jumps, far transfers, segment/CR loads, HLT, INT...). */
  ends?: boolean;
  /** One line for people: what it does. */
  doc?: string;
}

/** Register classes of a decoded operand. Numbers are the hardware encodings; `r8` 4..7 without REX = AH CH DH BH. */
export type RegClass =
  'r8' | 'r8h' | 'r16' | 'r32' | 'r64' | 'sreg' | 'creg' | 'dreg' | 'treg' | 'st' | 'mm' | 'xmm' | 'ymm';

export const enum Seg {
  ES = 0,
  CS = 1,
  SS = 2,
  DS = 3,
  FS = 4,
  GS = 5,
}

export interface RegOperand {
  kind: 'reg';
  cls: RegClass;
  /** Hardware number; for `r8h` 0..3 = AH CH DH BH. */
  num: number;
  /** Size in bytes. */
  size: number;
}
export interface MemOperand {
  kind: 'mem';
  /** Effective segment (override or default), Seg. */
  seg: number;
  /** True when an override prefix gave the segment. */
  segOverride: boolean;
  /** Hardware GPR number or -1. For 16-bit forms base is BX/BP and index SI/DI where present. */
  base: number;
  index: number;
  scale: 1 | 2 | 4 | 8;
  /** Signed displacement (i32); in 64-bit moffs the full value is in `disp64`. */
  disp: number;
  dispSize: 0 | 1 | 2 | 4 | 8;
  disp64?: bigint;
  ripRelative: boolean;
  /** The index is a vector register of that class (gathers). */
  vector?: 'xmm' | 'ymm';
  /** Address size in bytes. */
  addrSize: 2 | 4 | 8;
  /** Access size in bytes, 0 when the instruction has none (LEA, INVLPG, ...). */
  size: number;
}
export interface ImmOperand {
  kind: 'imm';
  /** 8 and 16-bit immediates zero-extended, 32-bit ones as i32, `imm8s` sign-extended to i32; `value64` only for imm64. */
  value: number;
  value64?: bigint;
  /** Encoded size in bytes. */
  size: number;
}
/** Relative branch target: `target` is the offset within CS after wrapping to the operand size. */
export interface RelOperand {
  kind: 'rel';
  /** Signed displacement as encoded. */
  rel: number;
  size: number;
}
export interface FarOperand {
  kind: 'far';
  selector: number;
  offset: number;
  /** Size of the offset in bytes. */
  size: 2 | 4;
}
export type Operand = RegOperand | MemOperand | ImmOperand | RelOperand | FarOperand;

export type CodeBits = 16 | 32 | 64;

/** A decoded instruction. `row` is undefined for an encoding that raises #UD. */
export interface Insn {
  row: Row | undefined;
  /** Index of `row` in the table (stable within a build). -1 for #UD. */
  rowIndex: number;
  len: number;
  bits: CodeBits;
  /** Operand size in bytes that applies to `v` operands: 2, 4 or 8. */
  opSize: 2 | 4 | 8;
  addrSize: 2 | 4 | 8;
  operands: readonly Operand[];
  lock: boolean;
  /** 0xf2, 0xf3 or 0 (only when not a mandatory prefix). */
  rep: 0 | 0xf2 | 0xf3;
  /** Segment override prefix, Seg or -1. */
  segPrefix: number;
  /** Condition code 0..15 for +cc rows, else -1. */
  cc: number;
  /** REX byte or 0. */
  rex: number;
  /** Of an x87 instruction: the 11 bits that the last-opcode register keeps. */
  x87Opcode?: number;
  /** Why it is invalid, when `row` is undefined: 'opcode', 'lock', 'length' (over 15 bytes), 'truncated'. */
  invalid?: 'opcode' | 'lock' | 'length' | 'truncated' | 'mode';
}

/** Fetches code bytes for the decoder; returns -1 where no byte can be had (the decoder then reports 'truncated'). */
export type FetchByte = (index: number) => number;
