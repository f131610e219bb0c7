// Output formats and what each asks of the assembler (NASM manual, "Output Formats").
import type { CodeBits } from '../sourceMap';
import type { OutputFormat } from '../types';

export interface FormatFacts {
  kind: 'flat' | 'elf' | 'obj';
  /** `bits` at the start. */
  bits: CodeBits;
  /** In messages. */
  title: string;
  /** Symbols for the right side of `wrt`. */
  special: readonly string[];
  /** Section of what comes before any section directive. */
  firstSection: string;
}

const ELF_SPECIAL = ['..gotpc', '..gotoff', '..got', '..plt', '..sym', '..gottpoff', '..tlsie'];

const ELF = { kind: 'elf', title: 'ELF', special: ELF_SPECIAL, firstSection: '.text' } as const;

export const FORMATS: Readonly<Record<OutputFormat, FormatFacts>> = {
  bin: { kind: 'flat', bits: 16, title: 'binary output', special: [], firstSection: '.text' },
  elf32: { ...ELF, bits: 32 },
  elf64: { ...ELF, bits: 64 },
  obj: { kind: 'obj', bits: 16, title: 'OBJ', special: [], firstSection: '__NASMDEFSEG' },
};
