// Makes the ELF object of a finished assembly.
import type { Section } from '../section';
import type { AssemblyState } from '../state';
import * as elf from './constants';
import { debugSections } from './dwarf';
import { sectionRelocations, type ElfRelocation } from './relocations';
import { enterSection } from './sections';
import { buildSymbols } from './symbols';
import { LAYOUTS, relocationBytes, symbolBytes, symbolSections, writeObject, type ObjectSection } from './write';

export interface ElfObject {
  bytes: Uint8Array;
  /** In the order of the section header table. */
  order: readonly Section[];
  offsets: ReadonlyMap<Section, number>;
}

export function elfObject(state: AssemblyState): ElfObject {
  const layout = LAYOUTS[state.format === 'elf64' ? 'elf64' : 'elf32'];
  const order = objectSections(state);
  // The null and the file symbol come first.
  const debug = state.input.debug ? debugSections(state, order, order.length + 2) : [];
  const names = order.length + debug.length + 1;
  const [symtab, strtab] = [names + 1, names + 2];
  const table = buildSymbols(
    state,
    order,
    debug.map((_, i) => order.length + 1 + i),
  );
  const contents: (ObjectSection & { bytes: Uint8Array | undefined })[] = order.map((section) => {
    const { type, flags, align, entrySize } = section.elf!;
    const bytes = section.nobits ? undefined : section.contents.view().slice();
    return { name: section.name, type, flags, bytes, size: section.offset, align, entrySize };
  });
  const relocationSection = (name: string, info: number, list: readonly ElfRelocation[]): ObjectSection[] => {
    if (list.length === 0) return [];
    const bytes = relocationBytes(list, layout);
    return [
      {
        name: `${layout.wide ? '.rela' : '.rel'}${name}`,
        type: layout.wide ? elf.SHT_RELA : elf.SHT_REL,
        flags: 0,
        bytes,
        size: bytes.length,
        link: symtab,
        info,
        align: layout.word,
        entrySize: layout.relocation,
      },
    ];
  };
  const relocations = [
    ...order.flatMap((section, i) => {
      const bytes = contents[i]!.bytes ?? new Uint8Array();
      return relocationSection(section.name, section.elf!.index, sectionRelocations(state, section, table, bytes));
    }),
    ...debug.flatMap(({ name, relocations: list }, i) => relocationSection(name, order.length + 1 + i, list)),
  ];
  const symbols = symbolBytes(table.symbols, layout);
  const sectionNumbers = symbolSections(table.symbols);
  const strings = (name: string, bytes: Uint8Array): ObjectSection => ({
    name,
    type: elf.SHT_STRTAB,
    flags: 0,
    bytes,
    size: bytes.length,
    align: 1,
    entrySize: 0,
  });
  const written = writeObject(
    [
      ...contents,
      ...debug.map(({ name, bytes }) => ({ ...strings(name, bytes), type: elf.SHT_PROGBITS })),
      strings('.shstrtab', new Uint8Array()),
      {
        ...strings('.symtab', symbols),
        type: elf.SHT_SYMTAB,
        link: strtab,
        info: table.firstGlobal,
        align: layout.word,
        entrySize: layout.symbol,
      },
      strings('.strtab', table.strings),
      ...(sectionNumbers
        ? [{ ...strings('.symtab_shndx', sectionNumbers), type: elf.SHT_SYMTAB_SHNDX, link: symtab }]
        : []),
      ...relocations,
    ],
    names,
    layout,
    [state.osAbi, state.abiVersion],
  );
  return {
    bytes: written.bytes,
    order,
    offsets: new Map(order.map((section, i) => [section, written.offsets[i]!])),
  };
}

/** Those that the source names, and .text when something is in it. */
function objectSections(state: AssemblyState): Section[] {
  const text = state.sections[0]!;
  const used = text.offset > 0 || state.labels.sequence.some((label) => label.segment === text.segment);
  if (used) enterSection(state, text);
  return state.sections.filter((section) => section.elf).sort((a, b) => a.elf!.index - b.elf!.index);
}
