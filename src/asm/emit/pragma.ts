// `%pragma output gprefix _` and its kin: what is written before and behind the names of symbols in an ELF object (NASM manual,
// "%pragma: Setting Options"). Of several, the first one holds.
import type { Decorations, Label } from './labels';
import type { AssemblyState } from './state';

/** By the pragma's word. */
const PLACES: Readonly<Record<string, keyof Decorations>> = {
  prefix: 'gprefix',
  gprefix: 'gprefix',
  suffix: 'gsuffix',
  gsuffix: 'gsuffix',
  lprefix: 'lprefix',
  lsuffix: 'lsuffix',
};

export function pragma(state: AssemblyState, text: string): void {
  const [facility = '', word = '', value = ''] = text.split(/\s+/);
  if (!['output', state.facts.kind, state.format].includes(facility.toLowerCase())) return;
  const place = Object.hasOwn(PLACES, word.toLowerCase()) ? PLACES[word.toLowerCase()] : undefined;
  if (place) state.decorations[place] ??= value;
}

/** Common variables count as local names, as in NASM. */
export function decoratedName({ decorations }: AssemblyState, { name, type }: Label): string {
  const local = type === 'local' || type === 'common' || type === 'special';
  const { gprefix = '', gsuffix = '', lprefix = '', lsuffix = '' } = decorations;
  return local ? lprefix + name + lsuffix : gprefix + name + gsuffix;
}
