// Directives of OMF objects: segment with its attributes, group, import, export, uppercase (NASM manual, "obj: Microsoft OMF
// Object Files").
import { NO_SEGMENT } from '../../expr/value';
import { parseNumber } from '../../text/numbers';
import type { Token } from '../../token/token';
import type { Section } from '../section';
import type { AssemblyState } from '../state';
import { COMBINE, type ObjGroup, type ObjSegment } from './segment';

const WORD = /\S+/g;
const numberOf = (text: string): number | undefined => {
  const value = parseNumber(text)?.value;
  return value === undefined ? undefined : Number(value);
};

/** Alignments that the format has, and what others are rounded up to. */
const ALIGNMENTS = [1, 2, 4, 16, 256, 4096];

/** [segment name attributes] */
export function objSegment(state: AssemblyState, written: string, attributes: string, token: Token): void {
  const name = written.replace(/^\.+/, '');
  const words = attributes.match(WORD) ?? [];
  let section = state.obj.segments.find((known) => known.name === name);
  if (!section) section = createSegment(state, name, words, token);
  else if (words.length > 0 && section.obj!.seenIn === state.pass) {
    state.warn('other', 'segment attributes specified on redeclaration of segment: ignoring', token);
  }
  section.obj!.seenIn = state.pass;
  state.bits = section.obj!.use32 ? 32 : 16;
  state.section = section;
  state.obj.current = section;
}

/** The segment of what stands before every segment directive; true when something does. */
export function claimDefault(state: AssemblyState): boolean {
  const [first] = state.sections;
  const used = first!.offset > 0 || state.labels.sequence.some((label) => label.segment === first!.segment);
  if (used && !first!.obj) enter(state, first!, []);
  return used;
}

function createSegment(state: AssemblyState, name: string, words: readonly string[], token: Token): Section {
  const [first] = state.sections;
  // Nobody used the default segment: the first one that is named takes its place.
  const takesOver = state.obj.segments.length === 0 && !claimDefault(state);
  const section = takesOver ? first! : state.createSection(name);
  if (takesOver) state.renameSection(section, name);
  section.declared ??= state.place;
  enter(state, section, words, token);
  return section;
}

function enter(state: AssemblyState, section: Section, words: readonly string[], token?: Token): void {
  const { obj } = state;
  const index = obj.segments.length + 1;
  const segment: ObjSegment = {
    index,
    combine: COMBINE.public,
    align: Math.max(1, section.knownAlignment),
    use32: false,
    seenIn: 0,
  };
  section.obj = segment;
  section.type = 'progbits';
  for (const word of words) attribute(state, segment, word, token);
  obj.segments.push(section);
  const { absolute } = segment;
  if (absolute === undefined) state.labels.defineBackend(section.name, section.segment + 1);
  else state.labels.defineBackend(section.name, NO_SEGMENT, BigInt(absolute));
  for (const group of obj.groups) {
    const awaited = group.awaited.indexOf(section.name);
    if (awaited < 0) continue;
    group.awaited.splice(awaited, 1);
    join(state, group, section, token);
  }
}

function join(state: AssemblyState, group: ObjGroup, section: Section, token: Token | undefined): void {
  group.members.push(section);
  if (!section.obj!.group) section.obj!.group = group;
  else {
    const message = `segment \`${section.name}' is already part of a group: first one takes precedence`;
    state.warn('other', message, token);
  }
}

function attribute(state: AssemblyState, segment: ObjSegment, word: string, token: Token | undefined): void {
  const [key = '', value = ''] = word.split(/=(.*)/s);
  const name = key.toLowerCase();
  if (Object.hasOwn(COMBINE, name)) segment.combine = COMBINE[name as keyof typeof COMBINE];
  else if (name === 'use16' || name === 'use32') segment.use32 = name === 'use32';
  else if (name === 'flat') segment.group = state.obj.groupNamed('FLAT') ?? addGroup(state, 'FLAT');
  else if (name === 'class') segment.className = value;
  else if (name === 'overlay') segment.overlay = value;
  else if (name === 'align') alignTo(state, segment, numberOf(value), token);
  else if (name === 'absolute') {
    const paragraph = numberOf(value);
    if (paragraph === undefined) state.error("argument to `absolute' segment attribute should be numeric", token);
    else segment.absolute = paragraph;
  }
}

function alignTo(state: AssemblyState, segment: ObjSegment, unit: number | undefined, token: Token | undefined): void {
  const rounded = unit === undefined ? undefined : roundedAlignment(unit);
  if (unit === undefined) state.error('segment alignment should be numeric', token);
  else if (rounded === undefined) {
    state.error(`invalid alignment value ${unit}: take a power of two up to 4096`, token);
  } else {
    if (rounded !== unit) {
      state.warn('other', `OBJ format does not support alignment of ${unit}: rounding up to ${rounded}`, token);
    }
    segment.align = rounded;
  }
}

/** Undefined for what is no power of two or too large. */
function roundedAlignment(unit: number): number | undefined {
  return unit > 0 && Number.isInteger(Math.log2(unit)) ? ALIGNMENTS.find((known) => known >= unit) : undefined;
}

/** [sectalign n], which only ever raises the alignment; before any segment directive it is that of the first segment. */
export function objSectalign(section: Section, unit: number): void {
  const rounded = roundedAlignment(unit);
  if (rounded === undefined) return;
  if (section.obj) section.obj.align = Math.max(section.obj.align, rounded);
  else section.knownAlignment = Math.max(section.knownAlignment, rounded);
}

function addGroup(state: AssemblyState, name: string): ObjGroup {
  const { groups } = state.obj;
  const group = { name, index: groups.length + 1, segment: state.allocateSegment(), members: [], awaited: [] };
  groups.push(group);
  state.labels.defineBackend(name, group.segment + 1);
  return group;
}

/** [group name segments]: members may come later. */
export function objGroup(state: AssemblyState, text: string, token: Token): void {
  if (state.kind !== 'first') return;
  const [written = '', ...members] = text.match(WORD) ?? [];
  const name = written.replace(/^\.+/, '');
  if (name === '') state.error('group needs a name', token);
  else if (state.obj.groupNamed(name)) state.error(`group \`${name}' defined twice`, token);
  else {
    const group = addGroup(state, name);
    for (const member of members) {
      const section = state.obj.segments.find((known) => known.name === member);
      if (section) join(state, group, section, token);
      else group.awaited.push(member);
    }
  }
}

/** [import symbol library name-or-ordinal] */
export function objImport(state: AssemblyState, text: string, token: Token): void {
  if (state.kind !== 'first') return;
  const [internal, library, ...rest] = text.match(WORD) ?? [];
  if (internal === undefined || library === undefined) {
    state.error("`import' directive requires symbol name and library name", token);
    return;
  }
  const external = rest.join(' ');
  state.obj.imports.push({ internal, library, external: external === '' ? '' : (numberOf(external) ?? external) });
}

const RESIDENT = 0x40;
const NO_DATA = 0x20;
const BY_ORDINAL = 0x80;

/** [export symbol external-name qualifiers] */
export function objExport(state: AssemblyState, text: string, token: Token): void {
  if (state.kind !== 'first') return;
  const [symbol, name, ...qualifiers] = text.match(WORD) ?? [];
  if (symbol === undefined) {
    state.error("`export' directive requires export name", token);
    return;
  }
  let flags = 0;
  let ordinal = 0;
  for (const word of qualifiers) {
    const parameters = /^parm=(.*)$/i.exec(word);
    const value = numberOf(parameters?.[1] ?? word);
    if (/^resident$/i.test(word)) flags |= RESIDENT;
    else if (/^nodata$/i.test(word)) flags |= NO_DATA;
    else if (value === undefined) {
      const what = parameters
        ? `value \`${parameters[1]}' for \`parm' is non-numeric`
        : `unrecognised export qualifier \`${word}'`;
      state.error(what, token);
      return;
    } else if (parameters) flags |= value & 0x1f;
    else {
      ordinal = value;
      flags |= BY_ORDINAL;
    }
  }
  const internal = name === undefined ? '' : symbol;
  state.obj.exports.push({ external: name ?? symbol, internal, ordinal, flags });
}
