// Makes the OMF object of a finished assembly: module header, names, segments, groups, public and external names, then the
// data of each segment with its fixups, and the entry point `..start` (TIS OMF 1.1). Deliberately absent: the records with
// the times of the source files, so that the same source always gives the same object, and debug information.
import { FAR_ABSOLUTE, NO_SEGMENT } from '../../expr/value';
import { parseNumber } from '../../text/numbers';
import type { Label } from '../labels';
import type { Section } from '../section';
import type { AssemblyState } from '../state';
import { claimDefault } from './directives';
import { segmentData } from './data';
import type { Field } from './records';
import { RecordWriter } from './records';

const THEADR = 0x80;
const COMENT = 0x88;
const MODEND = 0x8a;
const EXTDEF = 0x8c;
const PUBDEF = 0x90;
const LNAMES = 0x96;
const SEGDEF = 0x98;
const GRPDEF = 0x9a;
const COMDEF = 0xb0;

const TRANSLATOR = { bytes: Uint8Array.of(0, 0) };
const EXTENSION = { bytes: Uint8Array.of(0xc0, 0xa0) };
/** The linker's first pass may end here. */
const LINK_PASS = { bytes: Uint8Array.of(0x40, 0xa2) };
const TRANSLATOR_NAME = 'Ringside';

export interface ObjObject {
  bytes: Uint8Array;
  order: readonly Section[];
}

export function objObject(state: AssemblyState): ObjObject {
  claimDefault(state);
  const { obj } = state;
  const out = new RecordWriter(obj.uppercase);
  const externals = externalLabels(state);
  const entry = entryPoint(state);
  out.record(THEADR, { name: state.input.file });
  out.record(COMENT, TRANSLATOR, { name: TRANSLATOR_NAME });
  importsAndExports(state, out);
  names(state, out);
  groups(state, out);
  publics(state, out);
  externalRecords(state, out, externals);
  if (!entry) out.record(COMENT, LINK_PASS, 1);
  const indices = new Map(externals.map((label, i) => [label.segment, i + 1]));
  for (const section of obj.segments) out.append(segmentData(state, section, indices));
  moduleEnd(state, out, entry);
  return { bytes: out.bytes(), order: obj.segments };
}

function importsAndExports(state: AssemblyState, out: RecordWriter): void {
  for (const { internal, library, external } of state.obj.imports) {
    const byNumber = typeof external === 'number';
    const last: Field = byNumber ? { word: external } : { name: external ?? '' };
    out.record(COMENT, EXTENSION, 1, byNumber ? 1 : 0, { name: internal }, { name: library }, last);
  }
  for (const { external, internal, ordinal, flags } of state.obj.exports) {
    const number = (flags & 0x80) === 0 ? [] : [{ word: ordinal }];
    out.record(COMENT, EXTENSION, 2, flags, { name: external }, { name: internal }, ...number);
  }
}

/** Names of segments, classes, overlays and groups; SEGDEF refers to them by number. */
function names(state: AssemblyState, out: RecordWriter): void {
  const { segments, groups: all } = state.obj;
  if (segments.length + all.length === 0) return;
  const list = out.open(LNAMES);
  const entries = [
    ...segments.map(({ name, obj }) => [name, obj!.className, obj!.overlay].filter((text) => text !== undefined)),
    ...all.map((group) => [group.name]),
  ];
  // The first name is the empty one, for whatever has none.
  entries.forEach((texts, i) => list.add(...(i === 0 ? [0] : []), ...texts.map((name) => ({ name }))));
  list.close();
  let last = 1;
  for (const { obj, offset } of segments) {
    const { combine, align, absolute, use32, className, overlay } = obj!;
    const full = !use32 && offset === 0x10000;
    const acbp =
      ((absolute === undefined ? ALIGN_BITS[align]! : 0) << 5) | (combine << 2) | (full ? 2 : 0) | (use32 ? 1 : 0);
    const frame: Field[] = absolute === undefined ? [] : [{ offset: absolute }, 0];
    const name = { index: ++last };
    const named = (text: string | undefined): Field => ({ index: text === undefined ? 1 : ++last });
    out.record(SEGDEF, acbp, ...frame, { offset: full ? 0 : offset }, name, named(className), named(overlay));
  }
}

/** The A field of SEGDEF; 4,096 is an extension of Phar Lap's. */
const ALIGN_BITS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 4: 5, 16: 3, 256: 4, 4096: 6 };

function groups(state: AssemblyState, out: RecordWriter): void {
  const { segments, groups: all } = state.obj;
  let name = 1;
  for (const { obj } of segments) name += 1 + Number(obj!.className !== undefined) + Number(obj!.overlay !== undefined);
  for (const group of all) {
    for (const missing of group.awaited) {
      state.error(`group \`${group.name}' contains undefined segment \`${missing}'`, undefined);
    }
    const members = group.members.flatMap(({ obj }): Field[] => [0xff, { index: obj!.index }]);
    out.record(GRPDEF, { index: ++name }, ...members);
  }
}

const isShared = (label: Label): boolean => label.type === 'global';

function publics(state: AssemblyState, out: RecordWriter): void {
  const seen = new Set<Label>();
  const shared = state.labels.sequence.filter((label) => isShared(label) && !seen.has(label) && seen.add(label));
  for (const label of shared) {
    if (!label.attributes?.trim()) continue;
    state.place = label.origin ?? state.place;
    state.error('OBJ supports no special symbol features for this symbol type', label.token);
  }
  const entry = (label: Label): Field[] => [{ name: label.name }, { offset: Number(label.offset & 0xffffffffn) }, 0];
  for (const section of state.obj.segments) {
    const { index, group } = section.obj!;
    const list = out.open(PUBDEF, () => [{ index: group?.index ?? 0 }, { index }]);
    for (const label of shared) if (label.segment === section.segment) list.add(...entry(label));
    list.close();
  }
  for (const label of shared) {
    if (label.segment !== NO_SEGMENT && label.segment < FAR_ABSOLUTE) continue;
    const frame = label.segment === NO_SEGMENT ? 0 : label.segment - FAR_ABSOLUTE;
    out.record(PUBDEF, 0, 0, { word: frame }, ...entry(label));
  }
}

/** Externals that are used, and common variables, in the order of their declaration. */
function externalLabels(state: AssemblyState): Label[] {
  const seen = new Set<Label>();
  return state.labels.sequence.filter((label) => {
    const wanted =
      label.type === 'common' || label.type === 'required' || (label.type === 'extern' && label.referenced);
    return wanted && !seen.has(label) && seen.add(label);
  });
}

function externalRecords(state: AssemblyState, out: RecordWriter, externals: readonly Label[]): void {
  let type = EXTDEF;
  let list = out.open(type);
  for (const label of externals) {
    if (label.type !== 'common' && withoutFrame(label) !== '') {
      state.place = label.origin ?? state.place;
      state.error(`\`${label.name}': element-size specifications only apply to common variables`, label.token);
    }
    const wanted = label.type === 'common' ? COMDEF : EXTDEF;
    if (wanted !== type) {
      list.close();
      type = wanted;
      list = out.open(type);
    }
    list.add({ name: label.name }, { index: 0 }, ...(label.type === 'common' ? communal(state, label) : []));
  }
  list.close();
}

/** What `extern` and `common` say besides the frame. */
const withoutFrame = ({ attributes = '' }: Label): string => attributes.replace(/^\s*wrt\s+[^:]*:?/i, '').trim();

/** Near with its size, or far as a number of elements. */
function communal(state: AssemblyState, label: Label): Field[] {
  const [, kind = '', size = ''] = /^(near|far|)\s*:?\s*(.*)$/i.exec(withoutFrame(label)) ?? [];
  const bytes = Number(label.size);
  if (kind.toLowerCase() === 'near') return [0x62, ...length(bytes)];
  const element = size === '' ? 1 : Number(parseNumber(size)?.value ?? 0n);
  if (element <= 0) {
    state.place = label.origin ?? state.place;
    state.error(`element size \`${size}' of a common variable is not a positive number`, label.token);
    return [];
  }
  return [0x61, ...length(Math.floor(bytes / element)), ...length(element)];
}

/** Up to 128 in one byte; otherwise a byte that tells how many follow. */
function length(value: number): Field[] {
  if (value <= 128) return [value];
  if (value <= 0xffff) return [129, { word: value }];
  if (value <= 0xffffff) return [132, value & 0xff, { word: value >>> 8 }];
  return [136, { word: value & 0xffff }, { word: value >>> 16 }];
}

interface Entry {
  section: Section;
  offset: number;
}

function entryPoint(state: AssemblyState): Entry | undefined {
  for (const label of state.labels.sequence) {
    const { name } = label;
    if (!name.startsWith('..') || name[2] === '@' || label.type !== 'special') continue;
    // A plain number is no place to start at.
    if (name === '..start' && label.segment === NO_SEGMENT) continue;
    state.place = label.origin ?? state.place;
    const section = state.sectionOf(label.segment);
    if (name !== '..start')
      state.error(`unrecognised special symbol \`${name}': the entry point is ..start`, label.token);
    else if (!section?.obj) state.error('entry point is not in this module: put ..start into a segment', label.token);
    else return { section, offset: Number(label.offset) };
  }
  return undefined;
}

function moduleEnd(state: AssemblyState, out: RecordWriter, entry: Entry | undefined): void {
  const wide = entry ? entry.section.obj!.use32 : state.obj.segments.some(({ obj }) => obj!.use32);
  const end = out.open(wide ? MODEND | 1 : MODEND);
  if (!entry) end.add(0);
  else {
    const { index, group } = entry.section.obj!;
    const frame: Field[] = group ? [0x10, { index: group.index }] : [0, { index }];
    end.add(0xc1, ...frame, { index }, { offset: entry.offset });
  }
  end.close();
}
