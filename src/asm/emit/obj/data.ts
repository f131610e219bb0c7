// The bytes of a segment of an OMF object: LEDATA records, each followed by the FIXUPP records of its addresses (TIS OMF 1.1,
// "FIXUPP"). Reserved space has no record. Frames: that of `wrt`, else the group of the target, else what the target is in.
import { NO_SEGMENT } from '../../expr/value';
import type { Relocation, Section } from '../section';
import type { AssemblyState } from '../state';
import type { ObjGroup } from './segment';
import { OpenRecord, type Field } from './records';

const LEDATA = 0xa0;
const FIXUPP = 0x9c;
const FIXUPP32 = 0x9d;

const OFFSET_16 = 0x84;
const SELECTOR = 0x88;
const OFFSET_32 = 0xa4;
/** The address is relative to its segment, not to its place. */
const SEGMENT_RELATIVE = 0x40;

/** Methods of frames and targets; a target's displacement is what stands in the data. */
const FRAME = { segment: 0x00, group: 0x10, external: 0x20, target: 0x50 } as const;
const TARGET = { segment: 4, group: 5, external: 6 } as const;

type Kind = keyof typeof TARGET;
interface Named {
  kind: Kind;
  index: number;
  group?: ObjGroup;
}

/** `externals`: indices of external names by their segment numbers. */
export function segmentData(
  state: AssemblyState,
  section: Section,
  externals: ReadonlyMap<number, number>,
): Uint8Array[] {
  const out: Uint8Array[] = [];
  const bytes = section.contents.view();
  const { index, use32 } = section.obj!;
  let at = 0;
  let start = 0;
  let fixups = fixupRecord(use32);
  const head = (): Field[] => {
    start = at;
    return [{ index }, { offset: at }];
  };
  const data = new OpenRecord(LEDATA, head, false, (record) => {
    out.push(record, ...fixups.finish());
    fixups = fixupRecord(use32);
  });
  const raw = (end: number): void => {
    while (at < end) {
      const next = Math.min(end, at + data.room);
      data.add({ bytes: bytes.subarray(at, next) });
      at = next;
    }
  };
  const holes = [...section.holes, { at: bytes.length, length: 0 }];
  let relocation = 0;
  for (const hole of holes) {
    for (; relocation < section.relocations.length; relocation++) {
      const one = section.relocations[relocation]!;
      if (one.at >= hole.at) break;
      raw(one.at);
      const stored = storedValue(state, one);
      if (stored === undefined) {
        raw(one.at + one.size);
        continue;
      }
      data.add({ bytes: stored });
      fixup(state, one, fixups.record, at - start, externals);
      at += one.size;
    }
    raw(hole.at);
    data.close();
    at = hole.at + hole.length;
  }
  return out;
}

function fixupRecord(use32: boolean): { record: OpenRecord; finish(): readonly Uint8Array[] } {
  const done: Uint8Array[] = [];
  const record = new OpenRecord(
    use32 ? FIXUPP32 : FIXUPP,
    () => [],
    false,
    (bytes) => done.push(bytes),
  );
  return {
    record,
    finish() {
      record.close();
      return done;
    },
  };
}

const isBase = (segment: number): boolean => segment % 2 !== 0;

/** What the linker adds the address to; undefined after an error. */
function storedValue(
  state: AssemblyState,
  { at, size, value, plus, minus, token }: Relocation,
): Uint8Array | undefined {
  if (size !== 2 && size !== 4) {
    state.error(`OBJ format can only handle 16- or 32-bit relocations, not one of ${size * 8} bits`, token);
    return undefined;
  }
  if (plus === NO_SEGMENT) {
    state.error('relative call to absolute address not supported by OBJ format', token);
    return undefined;
  }
  // A distance is counted from the end of the field.
  const stored = minus === NO_SEGMENT ? value : value + BigInt(at + size);
  if (isBase(plus) && size === 4 && (stored & 0xffffn) !== 0n) {
    state.error('OBJ format cannot handle complex dword-size segment base references', token);
    return undefined;
  }
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Number((stored >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

function fixup(
  state: AssemblyState,
  relocation: Relocation,
  record: OpenRecord,
  offset: number,
  externals: ReadonlyMap<number, number>,
): void {
  const { size, plus, minus, wrt } = relocation;
  const base = isBase(plus);
  const relative = minus !== NO_SEGMENT;
  const target = named(state, base ? plus - 1 : plus, externals);
  const frame = wrt === undefined ? undefined : named(state, wrt - 1, externals);
  const location = base ? SELECTOR : size === 2 ? OFFSET_16 : OFFSET_32;
  // Some linkers take a distance wrongly when the record's width is another one.
  if (relative && !base) record.force(size === 2 ? 16 : 32);
  const natural = base ? undefined : naturalFrame(state, plus, target);
  const chosen = frame ?? natural;
  record.add(
    location | (relative ? 0 : SEGMENT_RELATIVE) | (offset >> 8),
    offset & 0xff,
    (chosen ? FRAME[chosen.kind] : FRAME.target) | TARGET[target.kind],
    ...(chosen ? [{ index: chosen.index }] : []),
    { index: target.index },
  );
}

function named(state: AssemblyState, segment: number, externals: ReadonlyMap<number, number>): Named {
  const section = state.sectionOf(segment);
  if (section?.obj) return { kind: 'segment', index: section.obj.index, group: section.obj.group };
  const group = state.obj.groups.find((one) => one.segment === segment);
  if (group) return { kind: 'group', index: group.index };
  return { kind: 'external', index: externals.get(segment) ?? 0 };
}

/** Of a segment in a group, or an external declared with a frame. */
function naturalFrame(state: AssemblyState, segment: number, target: Named): Named | undefined {
  if (target.group) return { kind: 'group', index: target.group.index };
  const frame = state.obj.frames.get(segment);
  if (!frame) return undefined;
  return 'members' in frame ? { kind: 'group', index: frame.index } : { kind: 'segment', index: frame.obj!.index };
}
