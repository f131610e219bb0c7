// The section directive for ELF objects: known sections, attributes (NASM manual, "ELF extensions to the SECTION
// Directive"), and the osabi directive.
import { parseNumber } from '../../text/numbers';
import type { Token } from '../../token/token';
import type { ElfSection, Section } from '../section';
import type { AssemblyState } from '../state';
import * as elf from './constants';

interface Known {
  type: number;
  flags: number;
  /** 0 = the size of a pointer. */
  align: number;
  entrySize?: 0;
}

const { SHF_ALLOC: ALLOC, SHF_WRITE: WRITE, SHF_EXECINSTR: EXEC, SHF_TLS: TLS } = elf;
const data = (flags: number): Known => ({ type: elf.SHT_PROGBITS, flags, align: 4 });
const space = (flags: number): Known => ({ type: elf.SHT_NOBITS, flags, align: 4 });
const pointers = (type: number): Known => ({ type, flags: ALLOC, align: 0, entrySize: 0 });

const KNOWN: Readonly<Record<string, Known>> = {
  '.text': { type: elf.SHT_PROGBITS, flags: ALLOC | EXEC, align: 16 },
  '.rodata': data(ALLOC),
  '.lrodata': data(ALLOC),
  '.data': data(ALLOC | WRITE),
  '.ldata': data(ALLOC | WRITE),
  '.bss': space(ALLOC | WRITE),
  '.lbss': space(ALLOC | WRITE),
  '.tdata': data(ALLOC | WRITE | TLS),
  '.tbss': space(ALLOC | WRITE | TLS),
  '.comment': { type: elf.SHT_PROGBITS, flags: 0, align: 1 },
  '.preinit_array': pointers(elf.SHT_PREINIT_ARRAY),
  '.init_array': pointers(elf.SHT_INIT_ARRAY),
  '.fini_array': pointers(elf.SHT_FINI_ARRAY),
  '.note': { type: elf.SHT_NOTE, flags: 0, align: 4 },
};
const OTHER: Known = { type: elf.SHT_PROGBITS, flags: ALLOC, align: 1 };
const RESERVED = new Set(['.shstrtab', '.strtab', '.symtab', '.symtab_shndx']);

/** Words that set or, with `no` in front, clear a flag. */
const FLAGS: Readonly<Record<string, number>> = {
  alloc: ALLOC,
  exec: EXEC,
  write: WRITE,
  tls: TLS,
  merge: elf.SHF_MERGE,
  strings: elf.SHF_STRINGS,
};
const TYPES: Readonly<Record<string, number>> = {
  progbits: elf.SHT_PROGBITS,
  nobits: elf.SHT_NOBITS,
  note: elf.SHT_NOTE,
  preinit_array: elf.SHT_PREINIT_ARRAY,
  init_array: elf.SHT_INIT_ARRAY,
  fini_array: elf.SHT_FINI_ARRAY,
};
/** Entry sizes by name: bytes and alignment; 0 = the size of a pointer. */
const UNITS: Readonly<Record<string, readonly [number, number]>> = {
  byte: [1, 1],
  word: [2, 2],
  dword: [4, 4],
  qword: [8, 8],
  tword: [10, 2],
  tbyte: [10, 2],
  oword: [16, 16],
  xword: [16, 16],
  yword: [32, 32],
  zword: [64, 64],
  pointer: [0, 0],
};

export const pointerSize = (state: AssemblyState): 4 | 8 => (state.format === 'elf64' ? 8 : 4);

interface Attributes {
  /** Flags that are spoken of, and their values. */
  mask: number;
  flags: number;
  align: number;
  entrySize: number;
  type: number;
}

const isPowerOfTwo = (value: bigint): boolean => value > 0n && (value & (value - 1n)) === 0n;

function parseAttributes(state: AssemblyState, name: string, text: string, token: Token): Attributes {
  const out: Attributes = { mask: 0, flags: 0, align: 0, entrySize: 0, type: 0 };
  let natural = 0;
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    const [key = '', value] = word.toLowerCase().split(/=(.*)/s);
    const bare = key === 'readonly' ? 'write' : key.replace(/^no(?!bits|te)/, '');
    const flag = FLAGS[bare];
    if (key === 'align') alignment(state, out, value, token);
    else if (flag !== undefined) {
      out.mask |= flag;
      out.flags = bare === key ? out.flags | flag : out.flags & ~flag;
    } else if (TYPES[key] !== undefined) out.type = TYPES[key];
    else {
      const [unit = '', times] = key.split('*');
      const size = UNITS[unit];
      if (size) {
        out.entrySize = (size[0] || pointerSize(state)) * Number(parseNumber(times ?? '1')?.value ?? 1n);
        natural = size[1] || pointerSize(state);
      } else {
        const message = `unknown section attribute '${word}' ignored on declaration of section \`${name}'`;
        state.warn('other', message, token);
      }
    }
  }
  if (out.type >= elf.SHT_INIT_ARRAY) {
    natural ||= pointerSize(state);
    out.entrySize ||= pointerSize(state);
  }
  // With attributes but no alignment there is none, not even that of a known section.
  out.align ||= natural || (text.trim() === '' ? 0 : 1);
  return out;
}

function alignment(state: AssemblyState, out: Attributes, value: string | undefined, token: Token): void {
  if (value === undefined || value === '') {
    state.error('section align without value specified: write align=N', token);
    return;
  }
  const number = parseNumber(value)?.value;
  if (number === undefined || (number !== 0n && !isPowerOfTwo(number))) {
    state.error(`section alignment ${value} is not a power of two`, token);
  } else out.align = Math.max(out.align, Number(number));
}

/** Makes the section part of the object. */
export function enterSection(state: AssemblyState, section: Section, given?: Attributes): ElfSection {
  if (section.elf) return section.elf;
  const known = KNOWN[section.name] ?? OTHER;
  const pointer = pointerSize(state);
  const { type = 0, flags = 0, mask = 0, align = 0, entrySize = 0 } = given ?? {};
  section.elf = {
    index: ++state.elfSections,
    type: type || known.type,
    flags: (known.flags & ~mask) | flags,
    align: align || known.align || pointer,
    entrySize: entrySize || (known.entrySize === 0 ? pointer : 0),
  };
  section.type = section.elf.type === elf.SHT_NOBITS ? 'nobits' : 'progbits';
  return section.elf;
}

/** [section name attributes] */
export function elfSection(state: AssemblyState, name: string, attributes: string, token: Token): void {
  if (RESERVED.has(name)) {
    state.error(
      `attempt to redefine reserved section name \`${name}': the assembler writes that section itself`,
      token,
    );
    return;
  }
  const given = parseAttributes(state, name, attributes, token);
  let section = state.sectionNamed(name);
  if (!section) {
    section = state.createSection(name);
    section.declared = state.place;
  }
  const object = enterSection(state, section, given);
  const { type, mask, flags, align, entrySize } = given;
  const otherType = type !== 0 && type !== object.type;
  const otherEntries = entrySize !== 0 && object.entrySize !== 0 && entrySize !== object.entrySize;
  if (otherType || (object.flags & mask) !== flags || otherEntries) {
    state.warn('other', `incompatible section attributes ignored on redeclaration of section \`${name}'`, token);
  }
  object.align = Math.max(object.align, align);
  object.entrySize ||= entrySize;
  if ((flags & elf.SHF_MERGE) !== 0 && object.entrySize === 0) {
    if ((object.flags & elf.SHF_STRINGS) === 0) {
      state.error("section attribute merge specified without an entry size or `strings'", token);
    }
    object.entrySize = 1;
  }
  state.section = section;
}

/** [osabi number, version] */
export function osAbi(state: AssemblyState, text: string, token: Token): void {
  const [abi, version] = text.split(',').map((part) => parseNumber(part.trim())?.value);
  const inRange = (value: bigint): boolean => value >= 0n && value <= 255n;
  if (abi === undefined) state.error("`osabi' directive requires a parameter", token);
  else if (!inRange(abi)) state.error('valid osabi numbers are 0 to 255', token);
  else if (text.includes(',') && (version === undefined || !inRange(version))) {
    state.error('invalid ABI version number (valid: 0 to 255)', token);
  } else {
    state.osAbi = Number(abi);
    state.abiVersion = Number(version ?? 0n);
  }
}
