// Line information of an ELF object: which source line stands behind each address of the sections with code
// (DWARF 3, "Line Number Information", "Compilation Unit Entries", "Lookup by Address"). There is nothing about symbols:
// debuggers take those from the symbol table.
import { toByteString, byteStringToBytes } from '../../text/bytes';
import { ByteBuffer } from '../buffer';
import type { Emission } from '../emissions';
import type { Section } from '../section';
import type { AssemblyState } from '../state';
import * as elf from './constants';
import type { ElfRelocation } from './relocations';

const VERSION = 3;
const ARANGES_VERSION = 2;
const LINE_BASE = -5;
const LINE_RANGE = 14;
/** Operand counts of the standard opcodes 1 to 12. */
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const OPCODE_BASE = OPERANDS.length + 1;

const DW_LNS_COPY = 1;
const DW_LNS_ADVANCE_PC = 2;
const DW_LNS_ADVANCE_LINE = 3;
const DW_LNS_SET_FILE = 4;
const DW_LNE_END_SEQUENCE = 1;
const DW_LNE_SET_ADDRESS = 2;

const DW_TAG_COMPILE_UNIT = 0x11;
const DW_AT = { name: 0x03, stmtList: 0x10, lowPc: 0x11, highPc: 0x12, language: 0x13, producer: 0x25, ranges: 0x55 };
const DW_FORM = { addr: 0x01, data2: 0x05, data4: 0x06, string: 0x08 };
const DW_LANG_MIPS_ASSEMBLER = 0x8001;

/** In the order of their section headers. */
export const DEBUG_SECTIONS = [
  '.debug_aranges',
  '.debug_info',
  '.debug_abbrev',
  '.debug_line',
  '.debug_ranges',
] as const;
type Name = (typeof DEBUG_SECTIONS)[number];

export interface DebugSection {
  name: Name;
  bytes: Uint8Array;
  relocations: readonly ElfRelocation[];
}

/** What an address is counted from: an assembled section, or another debug section. */
type Base = Section | Name;

class Part {
  readonly out = new ByteBuffer();
  readonly relocations: ElfRelocation[] = [];

  constructor(private readonly context: Context) {}

  number(value: number | bigint, size: number): void {
    this.out.appendNumber(BigInt(value), size);
  }

  unsigned(value: number): void {
    let rest = value;
    do {
      const more = rest > 0x7f;
      this.number((rest & 0x7f) | (more ? 0x80 : 0), 1);
      rest = Math.floor(rest / 128);
    } while (rest > 0);
  }

  signed(value: number): void {
    for (let rest = value; ; rest >>= 7) {
      const last = rest >> 6 === 0 || rest >> 6 === -1;
      this.number((rest & 0x7f) | (last ? 0 : 0x80), 1);
      if (last) return;
    }
  }

  text(value: string): void {
    this.out.append(byteStringToBytes(`${toByteString(value)}\0`));
  }

  /** `addend` bytes into `base`, as `size` bytes. */
  address(base: Base, addend: number, size: number): void {
    const { wide, symbol } = this.context;
    const type = wide ? (size === 8 ? 1 : 10) : 1;
    this.relocations.push({ at: this.out.length, symbol: symbol(base), type, addend: wide ? BigInt(addend) : 0n });
    this.number(wide ? 0 : addend, size);
  }
}

interface Context {
  wide: boolean;
  word: 4 | 8;
  symbol(base: Base): number;
}

/** `firstSymbol` is the index of the symbol of the first debug section. */
export function debugSections(state: AssemblyState, order: readonly Section[], firstSymbol: number): DebugSection[] {
  const wide = state.format === 'elf64';
  const context: Context = {
    wide,
    word: wide ? 8 : 4,
    symbol: (base) => (typeof base === 'string' ? firstSymbol + DEBUG_SECTIONS.indexOf(base) : base.elf!.index + 1),
  };
  const code = order.filter((section) => (section.elf!.flags & elf.SHF_EXECINSTR) !== 0 && section.offset > 0);
  const parts: Record<Name, Part> = {
    '.debug_aranges': lookup(context, code),
    '.debug_info': unit(context, state.input.file, code),
    '.debug_abbrev': abbreviations(context, code),
    '.debug_line': lines(context, state, code),
    '.debug_ranges': ranges(context, code),
  };
  return DEBUG_SECTIONS.map((name) => ({
    name,
    bytes: parts[name].out.view(),
    relocations: parts[name].relocations,
  }));
}

/** Writes a body behind its length. */
function counted(context: Context, write: (part: Part) => void): Part {
  const part = new Part(context);
  part.number(0, 4);
  write(part);
  const length = part.out.length - 4;
  part.out.view().set([length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, (length >> 24) & 0xff]);
  return part;
}

function lookup(context: Context, code: readonly Section[]): Part {
  const { word } = context;
  return counted(context, (part) => {
    part.number(ARANGES_VERSION, 2);
    part.address('.debug_info', 0, 4);
    part.number(word, 1);
    part.number(0, 1);
    // Tuples begin at a multiple of their size.
    part.out.fill(-part.out.length & (2 * word - 1));
    for (const section of code) {
      part.address(section, 0, word);
      part.number(section.offset, word);
    }
    part.number(0, word);
    part.number(0, word);
  });
}

function unit(context: Context, file: string, code: readonly Section[]): Part {
  const { word } = context;
  return counted(context, (part) => {
    part.number(VERSION, 2);
    part.address('.debug_abbrev', 0, 4);
    part.number(word, 1);
    part.unsigned(1);
    part.address('.debug_line', 0, 4);
    const [only, ...more] = code;
    if (only && more.length === 0) {
      part.address(only, 0, word);
      part.address(only, only.offset, word);
    } else part.address('.debug_ranges', 0, 4);
    part.text(file);
    part.text('Ringside');
    part.number(DW_LANG_MIPS_ASSEMBLER, 2);
  });
}

function abbreviations(context: Context, code: readonly Section[]): Part {
  const part = new Part(context);
  const place: [number, number][] =
    code.length === 1
      ? [
          [DW_AT.lowPc, DW_FORM.addr],
          [DW_AT.highPc, DW_FORM.addr],
        ]
      : [[DW_AT.ranges, DW_FORM.data4]];
  const attributes: [number, number][] = [
    [DW_AT.stmtList, DW_FORM.data4],
    ...place,
    [DW_AT.name, DW_FORM.string],
    [DW_AT.producer, DW_FORM.string],
    [DW_AT.language, DW_FORM.data2],
    [0, 0],
  ];
  // Number, tag, no children.
  for (const value of [1, DW_TAG_COMPILE_UNIT, 0, ...attributes.flat(), 0]) part.unsigned(value);
  return part;
}

function ranges(context: Context, code: readonly Section[]): Part {
  const part = new Part(context);
  if (code.length === 1) return part;
  for (const section of code) {
    part.address(section, 0, context.word);
    part.address(section, section.offset, context.word);
  }
  part.number(0, context.word);
  part.number(0, context.word);
  return part;
}

function lines(context: Context, state: AssemblyState, code: readonly Section[]): Part {
  const files: string[] = [];
  const programs = code.map((section) => {
    const program = new Part(context);
    sequence(program, section, state.emissions.list, files, context.word);
    return program;
  });
  return counted(context, (part) => {
    part.number(VERSION, 2);
    const header = new Part(context);
    for (const value of [1, 1, LINE_BASE & 0xff, LINE_RANGE, OPCODE_BASE, ...OPERANDS, 0]) header.number(value, 1);
    for (const file of files) {
      header.text(file);
      // Directory, time, length.
      for (let i = 0; i < 3; i++) header.unsigned(0);
    }
    header.number(0, 1);
    part.number(header.out.length, 4);
    part.out.append(header.out.view());
    for (const program of programs) {
      const start = part.out.length;
      part.out.append(program.out.view());
      for (const relocation of program.relocations) part.relocations.push({ ...relocation, at: relocation.at + start });
    }
  });
}

/** The line program of one section. */
function sequence(part: Part, section: Section, emissions: readonly Emission[], files: string[], word: number): void {
  part.number(0, 1);
  part.unsigned(1 + word);
  part.number(DW_LNE_SET_ADDRESS, 1);
  part.address(section, 0, word);
  let at = 0;
  let line = 1;
  let file = 1;
  let first = true;
  for (const emission of emissions) {
    if (emission.section !== section || emission.length === 0) continue;
    // In a macro's body, the line there.
    const source = emission.origin.stack[0] ?? emission.origin.at;
    let number = files.indexOf(source.file) + 1;
    if (number === 0) number = files.push(source.file);
    if (!first && number === file && source.line === line) continue;
    if (number !== file) {
      part.number(DW_LNS_SET_FILE, 1);
      part.unsigned(number);
    }
    row(part, source.line - line, emission.offset - at);
    at = emission.offset;
    line = source.line;
    file = number;
    first = false;
  }
  part.number(DW_LNS_ADVANCE_PC, 1);
  part.unsigned(section.offset - at);
  for (const value of [0, 1, DW_LNE_END_SEQUENCE]) part.number(value, 1);
}

/** A row so many lines and bytes after the last one. */
function row(part: Part, lineChange: number, bytes: number): void {
  const special = lineChange - LINE_BASE + LINE_RANGE * bytes + OPCODE_BASE;
  if (lineChange >= LINE_BASE && lineChange < LINE_BASE + LINE_RANGE && special <= 255) {
    part.number(special, 1);
    return;
  }
  if (lineChange !== 0) {
    part.number(DW_LNS_ADVANCE_LINE, 1);
    part.signed(lineChange);
  }
  if (bytes !== 0) {
    part.number(DW_LNS_ADVANCE_PC, 1);
    part.unsigned(bytes);
  }
  part.number(DW_LNS_COPY, 1);
}
