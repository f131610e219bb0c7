// Relocations of an ELF object: i386 keeps the addend in the section's bytes, x86-64 in the record
// (NASM manual, "Position-Independent Code"; System V ABI supplements, "Relocation Types").
import { NO_SEGMENT } from '../../expr/value';
import type { Relocation, Section } from '../section';
import type { AssemblyState } from '../state';
import type { SymbolTable } from './symbols';

export interface ElfRelocation {
  at: number;
  symbol: number;
  type: number;
  /** 0 when it stands in the section's bytes. */
  addend: bigint;
}

type Types = Readonly<Record<number, number>>;

interface Machine {
  /** By size in bytes: absolute, sign-extended, relative to the place. */
  absolute: Types;
  signed: Types;
  relative: Types;
  /** By special symbol and size, for absolute and relative references. */
  special: Readonly<Record<string, { absolute?: Types; relative?: Types }>>;
  explicitAddend: boolean;
}

const I386: Machine = {
  absolute: { 1: 22, 2: 20, 4: 1 },
  signed: {},
  relative: { 1: 23, 2: 21, 4: 2 },
  special: {
    '..gotpc': { absolute: { 4: 10 } },
    '..gotoff': { absolute: { 4: 9 } },
    '..got': { absolute: { 4: 3 } },
    '..plt': { relative: { 4: 4 } },
    '..sym': { absolute: { 1: 22, 2: 20, 4: 1 } },
    '..tlsie': { absolute: { 4: 15 } },
  },
  explicitAddend: false,
};

const X86_64: Machine = {
  absolute: { 1: 14, 2: 12, 4: 10, 8: 1 },
  signed: { 4: 11 },
  relative: { 1: 15, 2: 13, 4: 2, 8: 24 },
  special: {
    '..gotpc': { absolute: { 4: 26 }, relative: { 4: 9, 8: 28 } },
    '..gotoff': { absolute: { 8: 25 } },
    '..got': { absolute: { 4: 3, 8: 27 }, relative: { 4: 9, 8: 28 } },
    '..plt': { relative: { 4: 4 } },
    '..sym': { absolute: { 1: 14, 2: 12, 4: 10, 8: 1 } },
    '..gottpoff': { relative: { 4: 22 } },
  },
  explicitAddend: true,
};

/** Special symbols whose relocations name the very symbol; `..sym` may lie before the address. */
const EXACT = new Set(['..got', '..plt', '..gottpoff', '..tlsie']);

export function sectionRelocations(
  state: AssemblyState,
  section: Section,
  table: SymbolTable,
  bytes: Uint8Array,
): ElfRelocation[] {
  const machine = state.format === 'elf64' ? X86_64 : I386;
  const out: ElfRelocation[] = [];
  for (const relocation of section.relocations) {
    state.place = relocation.place;
    const special = specialName(state, relocation.wrt);
    const type = relocationType(state, machine, relocation, special);
    if (type === undefined) continue;
    // Relative to the place itself, not to the beginning of the section.
    const fromPlace = relocation.minus !== NO_SEGMENT || special === '..gotpc';
    let addend = relocation.value + (fromPlace ? BigInt(relocation.at) : 0n);
    let symbol = symbolOf(state, relocation.plus, table);
    if (special !== undefined && (special === '..sym' || EXACT.has(special) || relocation.minus !== NO_SEGMENT)) {
      const found = sharedSymbol(state, relocation, table, special, addend);
      if (!found) continue;
      ({ symbol, addend } = found);
    }
    const explicit = machine.explicitAddend && relocation.plus !== NO_SEGMENT;
    patch(bytes, relocation, explicit ? 0n : addend);
    if (machine.explicitAddend && !explicit) continue;
    out.push({ at: relocation.at, symbol, type, addend: explicit ? addend : 0n });
  }
  return out;
}

function patch(bytes: Uint8Array, { at, size }: Relocation, value: bigint): void {
  for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

function specialName(state: AssemblyState, wrt: number | undefined): string | undefined {
  if (wrt === undefined) return undefined;
  for (const [name, segment] of state.specials) if (segment === wrt) return name;
  return '';
}

function relocationType(
  state: AssemblyState,
  machine: Machine,
  relocation: Relocation,
  special: string | undefined,
): number | undefined {
  const { size, minus, signed, token } = relocation;
  const relative = minus !== NO_SEGMENT;
  if (special === undefined) {
    const types = relative ? machine.relative : machine.absolute;
    const type = (signed && !relative ? machine.signed[size] : undefined) ?? types[size];
    if (type === undefined) {
      state.error(`Unsupported ${size * 8}-bit ELF relocation: ${advice(types)}`, token);
    }
    return type;
  }
  const use = machine.special[special];
  const types = relative ? use?.relative : use?.absolute;
  if (signed && special === '..sym' && machine.signed[size] !== undefined) return machine.signed[size];
  if (types?.[size] !== undefined) return types[size];
  const kind = relative ? 'relative' : 'absolute';
  if (types) state.error(`${size * 8}-bit ${kind} reference with ${special}: ${advice(types)}`, token);
  else if (!use) state.error(`ELF format does not support this use of WRT: ${wrtAdvice(machine)}`, token);
  else state.error(`ELF format cannot produce ${kind} references with ${special}`, token);
  return undefined;
}

const advice = (types: Types): string =>
  `an address here takes ${Object.keys(types)
    .map((size) => Number(size) * 8)
    .join(', ')
    .replace(/, (\d+)$/, ' or $1')} bits`;
const wrtAdvice = (machine: Machine): string => `write one of ${Object.keys(machine.special).join(', ')} after it`;

/** The section's symbol, or the external itself; 0 for a plain number. */
function symbolOf(state: AssemblyState, segment: number, table: SymbolTable): number {
  if (segment === NO_SEGMENT) return 0;
  // After the null and the file symbol.
  return state.sectionOf(segment)?.elf ? state.sectionOf(segment)!.elf!.index + 1 : (table.externals.get(segment) ?? 0);
}

/** The global symbol that an address belongs to, and what remains to be added. */
function sharedSymbol(
  state: AssemblyState,
  relocation: Relocation,
  table: SymbolTable,
  special: string,
  addend: bigint,
): { symbol: number; addend: bigint } | undefined {
  const home = state.sectionOf(relocation.plus);
  // Distance between the place and what instructions count relative addresses from.
  const { minus, at, shown, token } = relocation;
  const target = minus === NO_SEGMENT ? relocation.value : shown;
  const exact = special !== '..sym';
  if (!home) {
    if (!exact || target === 0n) return { symbol: symbolOf(state, relocation.plus, table), addend };
    state.error('invalid access to an external symbol: nothing can be added to it here', token);
    return undefined;
  }
  const list = table.shared.get(home) ?? [];
  const found = list.findLast((symbol) => symbol.offset <= target);
  if (found && (!exact || found.offset === target)) {
    const rest = minus === NO_SEGMENT ? 0n : relocation.value - shown + BigInt(at);
    return { symbol: found.index, addend: target - found.offset + rest };
  }
  state.error('unable to find a suitable global symbol for this reference: declare it with global', token);
  return undefined;
}
