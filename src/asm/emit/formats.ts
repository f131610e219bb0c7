// Output formats and what each asks of the assembler (NASM manual, "Output Formats").
import type { CodeBits } from '../sourceMap';
import type { OutputFormat } from '../types';

export interface FormatFacts {
  /** `bits` at the start. */
  bits: CodeBits;
  /** In messages. */
  title: string;
  /** Symbols for the right side of `wrt`. */
  special: readonly string[];
}

const ELF_SPECIAL = ['..gotpc', '..gotoff', '..got', '..plt', '..sym', '..gottpoff', '..tlsie'];

export const FORMATS: Readonly<Record<OutputFormat, FormatFacts>> = {
  bin: { bits: 16, title: 'binary output', special: [] },
  elf32: { bits: 32, title: 'ELF', special: ELF_SPECIAL },
  elf64: { bits: 64, title: 'ELF', special: ELF_SPECIAL },
};
