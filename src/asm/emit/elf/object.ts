// Makes the ELF object of a finished assembly.
import type { Section } from '../section';
import type { AssemblyState } from '../state';
import * as elf from './constants';
import { sectionRelocations } from './relocations';
import { enterSection } from './sections';
import { buildSymbols } from './symbols';
import { LAYOUTS, relocationBytes, symbolBytes, writeObject, type ObjectSection } from './write';

export interface ElfObject {
  bytes: Uint8Array;
  /** In the order of the section header table. */
  order: readonly Section[];
  offsets: ReadonlyMap<Section, number>;
}

export function elfObject(state: AssemblyState): ElfObject {
  const layout = LAYOUTS[state.format === 'elf64' ? 'elf64' : 'elf32'];
  const order = objectSections(state);
  const names = order.length + 1;
  const [symtab, strtab] = [names + 1, names + 2];
  const table = buildSymbols(state, order, []);
  const contents: (ObjectSection & { bytes: Uint8Array | undefined })[] = order.map((section) => {
    const { type, flags, align, entrySize } = section.elf!;
    const bytes = section.nobits ? undefined : section.contents.view().slice();
    return { name: section.name, type, flags, bytes, size: section.offset, align, entrySize };
  });
  const relocations = order.flatMap((section, i): ObjectSection[] => {
    const list = sectionRelocations(state, section, table, contents[i]!.bytes ?? new Uint8Array());
    if (list.length === 0) return [];
    const bytes = relocationBytes(list, layout);
    return [
      {
        name: `${layout.wide ? '.rela' : '.rel'}${section.name}`,
        type: layout.wide ? elf.SHT_RELA : elf.SHT_REL,
        flags: 0,
        bytes,
        size: bytes.length,
        link: symtab,
        info: section.elf!.index,
        align: layout.word,
        entrySize: layout.relocation,
      },
    ];
  });
  const symbols = symbolBytes(table.symbols, layout);
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
