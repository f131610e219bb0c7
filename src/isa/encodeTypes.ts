// The encoder's request and answer: what an assembler knows of one instruction after parsing and evaluating its operands.
// Sizes are in bytes. The encoder picks the form and the shortest encoding NASM 2.16 would pick (multi-pass `-Ox` default).
import type { CodeBits, RegClass, Row } from './types';

export interface AsmReg {
  kind: 'reg';
  cls: RegClass;
  num: number;
  size: number;
}
export interface AsmImm {
  kind: 'imm';
  value: bigint;
  /**
   * False while the value is not final (forward reference, external): the encoder then assumes nothing small. NASM is
   * optimistic about jumps to labels not yet seen: for those pass `known: true` with a value near `ip` in the first pass.
   */
  known: boolean;
  /** From `byte`/`word`/`dword`/`qword` before the operand. */
  size?: 1 | 2 | 4 | 8;
  strict?: boolean;
  /** Jump hints `short` / `near`. */
  jump?: 'short' | 'near';
  /** True when the value is an address in a section. Like NASM, no short immediate form is then chosen (jumps do shorten). */
  relocatable?: boolean;
}
export interface AsmMem {
  kind: 'mem';
  /** Access size from a size keyword, undefined when absent. */
  size?: number;
  strict?: boolean;
  /** Explicit segment override, Seg. */
  seg?: number;
  /** Hardware GPR numbers, -1 when absent; `regSize` is the size of those registers (2, 4, 8), undefined without registers. */
  base: number;
  index: number;
  scale: 1 | 2 | 4 | 8;
  regSize?: 2 | 4 | 8;
  disp: bigint;
  dispKnown: boolean;
  /** True when the displacement is an address in a section: like NASM, it is then never shortened to 8 bits. */
  dispRelocatable?: boolean;
  /** True when any displacement expression was written (even 0). */
  hasDisp: boolean;
  /** From `[byte ...]`, `[word ...]`, `[dword ...]`: forces displacement size (byte) or address size (word/dword/qword). */
  dispSize?: 1 | 2 | 4 | 8;
  /** `[a16 ..]` / `[a32 ..]` / `[a64 ..]` inside the brackets. */
  addrSize?: 2 | 4 | 8;
  /** `[rel x]` / `[abs x]`; undefined = follow `default`. */
  rel?: boolean;
  nosplit?: boolean;
  /** The index is a vector register of that class. */
  vector?: 'xmm' | 'ymm';
}
export interface AsmFar {
  kind: 'far';
  selector: bigint;
  offset: bigint;
  known: boolean;
  /** `word` / `dword` before the far pointer. */
  size?: 2 | 4;
}
export type AsmOperand = (AsmReg | AsmImm | AsmMem | AsmFar) & { far?: boolean };

export interface AsmRequest {
  /** Lower case, without prefixes. */
  mnemonic: string;
  /** Written prefixes in order: lock rep repe repz repne repnz a16 a32 a64 o16 o32 o64, segment names. */
  prefixes: readonly string[];
  operands: readonly AsmOperand[];
  bits: CodeBits;
  /** Offset of the instruction's first byte in its section's addressing (for relative targets). */
  ip: bigint;
  /** `default rel` in force. */
  defaultRel?: boolean;
  /** How far NASM's `-O` lets the encoder choose shorter forms; default `full`. */
  optimize?: Optimization;
  /** Version of NASM whose order of prefixes is followed; default 2.16. */
  compat?: '2.16' | '3';
}

/**
 * NASM's `-Ox`, `-O1` and `-O0`. Minimal: jumps without a size are near, `mov r64, imm` keeps its full size. None: immediates keep
 * their full size as well, while conditional jumps are shortened again.
 */
export type Optimization = 'full' | 'minimal' | 'none';

/** Where an address ended up inside the bytes: the output format patches relocations here. */
export interface Fixup {
  at: number;
  size: 1 | 2 | 4 | 8;
  kind: 'abs' | 'rel' | 'segment';
  /** Operand index the value came from. */
  operand: number;
  /** The processor sign-extends it to an operand or address of 64 bits. */
  signed?: true;
}

export type AsmResult =
  | { ok: true; bytes: readonly number[]; fixups: readonly Fixup[]; row: Row; warnings?: readonly string[] }
  /** `error` in NASM's words where it has some ("invalid combination of opcode and operands", "short jump is out of range"). */
  | { ok: false; error: string; operand?: number };
