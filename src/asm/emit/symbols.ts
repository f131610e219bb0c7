// The symbol table of a finished assembly: addresses, sizes, and what stands at each label.
import { NO_SEGMENT } from '../expr/value';
import { standsOn } from '../token/token';
import type { AsmSymbol } from '../types';
import type { Label } from './labels';
import type { Emission } from './emissions';
import type { Section } from './section';
import type { AssemblyState } from './state';

/** Labels in the order of their first definition, without those the assembler makes for sections. */
export const definedLabels = (state: AssemblyState): Label[] =>
  [...state.labels.labels.values()]
    .filter((label) => label.definedIn > 0 && label.origin && !isSectionLabel(state, label))
    .sort((a, b) => a.order - b.order);

const isSectionLabel = (state: AssemblyState, label: Label): boolean =>
  /^section\..*\.v?start$/s.test(label.name) &&
  state.sectionNamed(label.name.slice(8).replace(/\.v?start$/, '')) !== undefined;

export function symbolTable(state: AssemblyState, labels: readonly Label[]): AsmSymbol[] {
  const ends = sectionEnds(state, labels);
  const contents = contentIndex(state);
  return labels.map((label) => {
    const home = state.sectionOf(label.segment);
    const section = home?.segment === label.segment ? home : undefined;
    const load = section ? undefined : home;
    const { at } = label.origin!;
    const token = label.token && standsOn(label.token, at) ? label.token : label.origin!.call;
    const symbol: AsmSymbol = {
      name: label.name,
      value: BigInt.asIntN(64, label.offset + (section?.vstart ?? load?.start ?? 0n)),
      kind: kindOf(label, section),
      global: label.type === 'global',
      file: at.file,
      line: at.line,
      column: token?.column || 1,
    };
    if (section && symbol.kind === 'label') {
      symbol.section = section.name;
      symbol.size = sizeAfter(ends.get(section)!, Number(label.offset));
    }
    describe(symbol, state, label, section, contents);
    return symbol;
  });
}

function kindOf(label: Label, section: Section | undefined): AsmSymbol['kind'] {
  if (label.external) return 'extern';
  if (label.type === 'common') return 'common';
  if (label.constant) return 'equ';
  return label.segment === NO_SEGMENT || !section ? 'absolute' : 'label';
}

/** Offsets of labels and of the end, ascending, per section. */
function sectionEnds(state: AssemblyState, labels: readonly Label[]): Map<Section, number[]> {
  const ends = new Map(state.sections.map((section) => [section, [section.offset]]));
  for (const label of labels) {
    const section = state.sectionOf(label.segment);
    if (section?.segment === label.segment && !label.constant) ends.get(section)!.push(Number(label.offset));
  }
  for (const list of ends.values()) list.sort((a, b) => a - b);
  return ends;
}

function sizeAfter(ends: readonly number[], offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (ends[mid]! <= offset) low = mid + 1;
    else high = mid;
  }
  return (ends[low] ?? offset) - offset;
}

function contentIndex(state: AssemblyState): Map<Section | undefined, Map<number, Emission>> {
  const index = new Map<Section | undefined, Map<number, Emission>>();
  for (const emission of state.emissions.list) {
    let offsets = index.get(emission.section);
    if (!offsets) index.set(emission.section, (offsets = new Map<number, Emission>()));
    if (emission.length > 0 && !offsets.has(emission.offset)) offsets.set(emission.offset, emission);
  }
  return index;
}

function describe(
  symbol: AsmSymbol,
  state: AssemblyState,
  label: Label,
  section: Section | undefined,
  contents: Map<Section | undefined, Map<number, Emission>>,
): void {
  if (symbol.kind !== 'label' && symbol.kind !== 'absolute') {
    const owner = symbol.kind === 'equ' && label.name.endsWith('_size') ? label.name.slice(0, -5) : undefined;
    if (owner !== undefined && state.labels.labels.get(owner)?.segment === NO_SEGMENT) symbol.structure = owner;
    return;
  }
  const owner = label.name.split('.')[0]!;
  if (symbol.kind === 'absolute' && state.labels.labels.get(`${owner}_size`)?.constant) symbol.structure = owner;
  const emission = contents.get(section)?.get(Number(label.offset));
  const near = emission && (section !== undefined || emission.origin.at.line >= symbol.line);
  if (!emission || !near) return;
  symbol.content = emission.kind;
  if (emission.kind === 'code') return;
  symbol.unit = emission.unit;
  symbol.count = Math.floor(emission.length / emission.unit);
}
