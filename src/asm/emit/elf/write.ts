// Lays out an ELF relocatable object: header, section headers, then the sections, as nasm orders them
// (System V ABI, "Object Files").
import { toByteString } from '../../text/bytes';
import { ByteBuffer } from '../buffer';
import * as elf from './constants';
import type { ElfRelocation } from './relocations';
import type { ElfSymbol } from './symbols';
import { ABSOLUTE } from './symbols';

export interface ObjectSection {
  name: string;
  type: number;
  flags: number;
  /** Undefined for a section without bytes in the file. */
  bytes: Uint8Array | undefined;
  size: number;
  link?: number;
  info?: number;
  align: number;
  entrySize: number;
}

/** Sizes of the format's records in bytes. */
interface Layout {
  wide: boolean;
  word: 4 | 8;
  header: number;
  sectionHeader: number;
  symbol: number;
  relocation: number;
}

export const LAYOUTS: Readonly<Record<'elf32' | 'elf64', Layout>> = {
  elf32: { wide: false, word: 4, header: 52, sectionHeader: 40, symbol: 16, relocation: 8 },
  elf64: { wide: true, word: 8, header: 64, sectionHeader: 64, symbol: 24, relocation: 24 },
};

/** Section headers follow after this many bytes, whatever the size of the header itself. */
const HEADERS_AT = 64;

const pad = (out: ByteBuffer): void => out.fill(-out.length & (elf.FILE_ALIGNMENT - 1));

const sectionNumber = (section: number): number =>
  section === ABSOLUTE ? elf.SHN_ABS : section < 0 ? elf.SHN_COMMON : isFar(section) ? elf.SHN_XINDEX : section;

/** Fields of 16 bits do not hold the index; it stands elsewhere. */
const isFar = (index: number): boolean => index >= elf.SHN_LORESERVE;

/** The contents of .symtab_shndx, the section numbers that symbols have no room for; undefined when all have. */
export function symbolSections(symbols: readonly ElfSymbol[]): Uint8Array | undefined {
  if (!symbols.some(({ section }) => isFar(section))) return undefined;
  const out = new ByteBuffer();
  for (const { section } of symbols) out.appendNumber(BigInt(isFar(section) ? section : 0), 4);
  return out.view();
}

export function symbolBytes(symbols: readonly ElfSymbol[], { wide }: Layout): Uint8Array {
  const out = new ByteBuffer();
  const number = (value: number | bigint, size: number): void => out.appendNumber(BigInt(value), size);
  for (const { name, value, size, bind, type, visibility, section } of symbols) {
    number(name, 4);
    if (!wide) {
      number(value, 4);
      number(size, 4);
    }
    number((bind << 4) | type, 1);
    number(visibility, 1);
    number(sectionNumber(section), 2);
    if (wide) {
      number(value, 8);
      number(size, 8);
    }
  }
  return out.view();
}

export function relocationBytes(relocations: readonly ElfRelocation[], { wide }: Layout): Uint8Array {
  const out = new ByteBuffer();
  for (const { at, symbol, type, addend } of relocations) {
    out.appendNumber(BigInt(at), wide ? 8 : 4);
    const shift = wide ? 32n : 8n;
    out.appendNumber((BigInt(symbol) << shift) | BigInt(type), wide ? 8 : 4);
    if (wide) out.appendNumber(addend, 8);
  }
  return out.view();
}

export interface WrittenObject {
  bytes: Uint8Array;
  /** Offsets of the sections in the file. */
  offsets: readonly number[];
}

/** `sections` without the null section; `names` is the index of the one that takes the names. */
export function writeObject(
  sections: readonly ObjectSection[],
  names: number,
  layout: Layout,
  abi: readonly [number, number],
): WrittenObject {
  const nameOffsets: number[] = [];
  let text = '\0';
  for (const { name } of sections) {
    nameOffsets.push(text.length);
    text += `${toByteString(name)}\0`;
  }
  const table = sections[names - 1]!;
  table.bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  table.size = text.length;

  const out = new ByteBuffer();
  const { wide } = layout;
  const number = (value: number, size: number): void => out.appendNumber(BigInt(value), size);
  const word = (value: number): void => number(value, layout.word);
  out.append(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1, ...abi, 0, 0, 0, 0, 0, 0, 0]));
  number(1, 2);
  number(wide ? 62 : 3, 2);
  number(1, 4);
  word(0);
  word(0);
  word(HEADERS_AT);
  number(0, 4);
  const count = sections.length + 1;
  for (const value of [layout.header, 0, 0, layout.sectionHeader]) number(value, 2);
  number(isFar(count) ? 0 : count, 2);
  number(isFar(names) ? elf.SHN_XINDEX : names, 2);
  out.fill(HEADERS_AT - out.length);

  let offset = HEADERS_AT + layout.sectionHeader * count;
  const align = (value: number): number => (value + elf.FILE_ALIGNMENT - 1) & -elf.FILE_ALIGNMENT;
  offset = align(offset);
  // The null section has what did not fit into the header.
  out.fill(8 + 3 * layout.word);
  word(isFar(count) ? count : 0);
  number(isFar(names) ? names : 0, 4);
  out.fill(4 + 2 * layout.word);
  const offsets: number[] = [];
  sections.forEach((section, i) => {
    const { type, flags, size, link = 0, info = 0, entrySize } = section;
    number(nameOffsets[i]!, 4);
    number(type, 4);
    for (const value of [flags, 0, offset, size]) word(value);
    number(link, 4);
    number(info, 4);
    word(section.align);
    word(entrySize);
    offsets.push(offset);
    if (section.bytes) offset += align(section.bytes.length);
  });
  pad(out);
  for (const { bytes } of sections) {
    if (!bytes) continue;
    out.append(bytes);
    pad(out);
  }
  return { bytes: out.view(), offsets };
}
