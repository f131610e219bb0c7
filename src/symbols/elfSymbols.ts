// The symbols of a linked ELF file as labels. Names that the compiler and the assembler made up for themselves are left out.

import type { ElfFile } from '../base/elf';
import type { SymbolRecord } from './symbolTable';

/** Mapping symbols and local labels of object files: `$x`, `.L3`. */
const MADE_UP = /^(\$|\.L)/;

export function elfSymbols({ symbols }: ElfFile): SymbolRecord[] {
  return symbols
    .filter(({ name }) => !MADE_UP.test(name))
    .map(({ name, value, type, section }) => ({
      name,
      value,
      kind:
        section === undefined ? 'constant' : type === 'function' || (type === 'none' && section.code) ? 'code' : 'data',
      ...(section === undefined ? {} : { section: section.name }),
    }));
}
