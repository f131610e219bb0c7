// The symbol table of an ELF object: file, sections, local symbols, then the others, in the order of their definitions
// (NASM manual, "ELF extensions to the GLOBAL Directive", "... to the COMMON Directive").
import { FAR_ABSOLUTE, NO_SEGMENT, isSimple } from '../../expr/value';
import { parseNumber } from '../../text/numbers';
import { toByteString } from '../../text/bytes';
import type { Token } from '../../token/token';
import { tokenize } from '../../token/tokenizer';
import type { Label } from '../labels';
import { decoratedName } from '../pragma';
import type { Section } from '../section';
import type { AssemblyState } from '../state';
import * as elf from './constants';

export interface ElfSymbol {
  /** Offset in the string table. */
  name: number;
  value: bigint;
  size: bigint;
  bind: number;
  type: number;
  visibility: number;
  /** Section index, or one of SHN_*; -1 stands for SHN_ABS, -2 for SHN_COMMON. */
  section: number;
  label?: Label;
}

export const ABSOLUTE = -1;
const COMMON = -2;

export interface SymbolTable {
  symbols: readonly ElfSymbol[];
  /** Index of the first symbol that is not local. */
  firstGlobal: number;
  /** Indices by the pseudo-segment of an external or common symbol. */
  externals: ReadonlyMap<number, number>;
  /** Symbols others may see, by section, ascending by offset; with their indices. */
  shared: ReadonlyMap<Section, readonly { offset: bigint; index: number }[]>;
  strings: Uint8Array;
}

class StringTable {
  private text = '\0';

  add(name: string): number {
    const at = this.text.length;
    this.text += `${toByteString(name)}\0`;
    return at;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.text, (character) => character.charCodeAt(0));
  }
}

/** `more` sections get symbols of their own after the assembled ones. */
export function buildSymbols(state: AssemblyState, sections: readonly Section[], more: readonly number[]): SymbolTable {
  const strings = new StringTable();
  const plain = (type: number, section: number, name = 0): ElfSymbol => ({
    name,
    value: 0n,
    size: 0n,
    bind: elf.STB_LOCAL,
    type,
    visibility: elf.STV_DEFAULT,
    section,
  });
  const head = [
    plain(elf.STT_NOTYPE, elf.SHN_UNDEF),
    plain(elf.STT_FILE, ABSOLUTE, strings.add(state.input.file)),
    ...sections.map((section) => plain(elf.STT_SECTION, section.elf!.index)),
    ...more.map((index) => plain(elf.STT_SECTION, index)),
  ];
  const all = emittedLabels(state).map((label) => describe(state, label, strings));
  const local = all.filter((symbol) => symbol.bind === elf.STB_LOCAL);
  const others = all.filter((symbol) => symbol.bind !== elf.STB_LOCAL);
  const symbols = [...head, ...local, ...others];
  const firstGlobal = head.length + local.length;
  const externals = new Map<number, number>();
  const shared = new Map<Section, { offset: bigint; index: number }[]>();
  others.forEach(({ label, section, value }, i) => {
    const index = firstGlobal + i;
    if (section === elf.SHN_UNDEF || section === COMMON) externals.set(label!.segment, index);
    const home = state.sectionOf(label!.segment);
    if (!home) return;
    const list = shared.get(home);
    if (list) list.push({ offset: value, index });
    else shared.set(home, [{ offset: value, index }]);
  });
  for (const list of shared.values()) list.sort((a, b) => (a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0));
  return { symbols, firstGlobal, externals, shared, strings: strings.bytes() };
}

/** Without the special names and the externals that nobody uses. */
function emittedLabels(state: AssemblyState): Label[] {
  const seen = new Set<Label>();
  return state.labels.sequence.filter((label) => {
    if (seen.has(label) || (label.type === 'extern' && !label.referenced)) return false;
    seen.add(label);
    if (!label.name.startsWith('..') || label.name[2] === '@') return true;
    state.place = label.origin ?? state.place;
    state.error(`unrecognised special symbol \`${label.name}': use another name`, label.token);
    return false;
  });
}

function describe(state: AssemblyState, label: Label, strings: StringTable): ElfSymbol {
  const shared = label.type !== 'local' && label.type !== 'static';
  const home = state.sectionOf(label.segment);
  const absolute = label.segment === NO_SEGMENT || label.segment >= FAR_ABSOLUTE;
  const section = home?.elf ? home.elf.index : absolute ? ABSOLUTE : elf.SHN_UNDEF;
  const symbol: ElfSymbol = {
    name: strings.add(decoratedName(state, label)),
    value: section === elf.SHN_UNDEF ? 0n : label.offset,
    size: 0n,
    bind: shared ? elf.STB_GLOBAL : elf.STB_LOCAL,
    type: elf.STT_NOTYPE,
    visibility: elf.STV_DEFAULT,
    section,
    label,
  };
  let attributes = label.attributes?.trim() ?? '';
  if (label.type === 'common') {
    Object.assign(symbol, { section: COMMON, value: 0n, size: label.size });
    attributes = commonAlignment(state, label, symbol, attributes);
  }
  applyAttributes(state, label, symbol, attributes);
  if (home?.elf && (home.elf.flags & elf.SHF_TLS) !== 0) symbol.type = elf.STT_TLS;
  return symbol;
}

function complain(state: AssemblyState, label: Label, message: string): void {
  state.place = label.origin ?? state.place;
  state.error(message, label.token);
}

/** `common name size:alignment`; gives the attributes that follow. */
function commonAlignment(state: AssemblyState, label: Label, symbol: ElfSymbol, attributes: string): string {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(attributes) ?? [];
  if (word === '') return '';
  const value = parseNumber(word)?.value;
  if (value === undefined) complain(state, label, `alignment constraint \`${word}' is not a valid number`);
  else if (value <= 0n || (value & (value - 1n)) !== 0n) {
    complain(state, label, `alignment constraint \`${word}' is not a power of two`);
  } else symbol.value = value;
  return rest;
}

const WORDS: Readonly<Record<string, Partial<ElfSymbol>>> = {
  notype: { type: elf.STT_NOTYPE },
  data: { type: elf.STT_OBJECT },
  object: { type: elf.STT_OBJECT },
  function: { type: elf.STT_FUNC },
  gnu_ifunc: { type: elf.STT_GNU_IFUNC },
  weak: { bind: elf.STB_WEAK },
  strong: { bind: elf.STB_GLOBAL },
  default: { visibility: elf.STV_DEFAULT },
  internal: { visibility: elf.STV_INTERNAL },
  hidden: { visibility: elf.STV_HIDDEN },
  protected: { visibility: elf.STV_PROTECTED },
};

/** Type, visibility and binding, then the size. */
function applyAttributes(state: AssemblyState, label: Label, symbol: ElfSymbol, attributes: string): void {
  let rest = attributes;
  for (;;) {
    const [word = ''] = /^\S*/.exec(rest) ?? [];
    const change = WORDS[word.toLowerCase()];
    if (!change) break;
    Object.assign(symbol, change);
    rest = rest.slice(word.length).trimStart();
  }
  if (symbol.bind !== elf.STB_LOCAL && (label.type === 'local' || label.type === 'static')) {
    complain(state, label, 'weak and strong only applies to global symbols');
    symbol.bind = elf.STB_LOCAL;
  }
  if (rest === '') return;
  const place = label.token;
  const tokens: Token[] = tokenize(rest, { assembler: true }).map((token) => token.movedTo(place));
  state.place = label.origin ?? state.place;
  state.labels.scope = label.name;
  const value = state.evaluateCritical(tokens, place ?? tokens[0]!);
  if (!value) return;
  if (isSimple(value)) symbol.size = value.number;
  else complain(state, label, 'cannot use relocatable expression as symbol size');
}
