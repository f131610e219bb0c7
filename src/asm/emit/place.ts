// Puts bytes, reserved space and relocatable values into the current section.
import { NO_SEGMENT } from '../expr/value';
import type { Token } from '../token/token';
import type { Section } from './section';
import type { AssemblyState } from './state';

export interface PatchValue {
  at: number;
  size: number;
  value: bigint;
  plus: number;
  minus: number;
  relative: boolean;
  /** The target without any section's address. */
  shown: bigint;
  wrt?: number;
  signed?: true;
}

/** Writes `value` at `at` and notes that section addresses are to be added to it. */
export function relocate(state: AssemblyState, section: Section, patch: PatchValue, token: Token): void {
  if (patch.size <= 4) section.contents.write(patch.at, Number(BigInt.asIntN(32, patch.value)), patch.size);
  else {
    const bytes = section.contents.view();
    for (let i = 0; i < patch.size; i++) bytes[patch.at + i] = Number((patch.value >> BigInt(8 * i)) & 0xffn);
  }
  noteRelocation(state, section, patch, token);
}

/** Notes what is to be added to bytes that are in place already. */
export function noteRelocation(state: AssemblyState, section: Section, patch: PatchValue, token: Token): void {
  const plus = checkSegment(state, patch.plus, token);
  if (plus === NO_SEGMENT && patch.minus === NO_SEGMENT) return;
  const { size: written } = patch;
  const size = patch.relative ? written : Math.min(written, widest(state, plus));
  if (size < written) {
    const kind = isSegmentBase(plus) ? 'segment' : 'unsigned';
    const message = `${written * 8}-bit ${kind} relocation zero-extended from ${size * 8} bits`;
    state.warn('zext-reloc', message, token);
  }
  const { at, value, minus, relative, shown, wrt, signed } = patch;
  const { place } = state;
  section.relocations.push({ at, size, value, plus, minus, relative, shown, wrt, signed, place, token });
}

const isSegmentBase = (segment: number): boolean => segment !== NO_SEGMENT && segment % 2 !== 0;

/** Bytes of the largest address that the format can write. */
function widest(state: AssemblyState, segment: number): number {
  if (state.facts.kind === 'obj') return isSegmentBase(segment) ? 2 : 4;
  return state.format === 'elf32' ? 4 : 8;
}

/** Reports what the output format cannot express; gives the segment when it can. */
function checkSegment(state: AssemblyState, segment: number, token: Token): number {
  if (segment === NO_SEGMENT) return segment;
  const { kind } = state.facts;
  if (kind === 'obj' || (kind === 'flat' ? state.sectionOf(segment) : segment % 2 === 0)) return segment;
  if (kind === 'elf') {
    state.error('ELF format does not support segment base references: there are no segments to count from', token);
    return NO_SEGMENT;
  }
  const external = segment % 2 === 0;
  const what = external ? 'external references' : 'segment base references';
  const advice = external
    ? 'define the symbol in this program, or %include the file that does'
    : 'compute the segment yourself';
  state.error(`binary output format does not support ${what}: ${advice}`, token);
  return NO_SEGMENT;
}

/** Whether initialised data may go here; reports when not. */
export function acceptsData(state: AssemblyState, token: Token): boolean {
  const { section } = state;
  if (!section) {
    state.error('attempt to assemble code in [ABSOLUTE] space: switch back with a section directive', token);
    return false;
  }
  if (!section.nobits) return true;
  state.warn('other', 'attempt to initialize memory in a nobits section: ignored', token);
  return false;
}

/** Reserved space: zeros in a section with contents. */
export function reserve(state: AssemblyState, bytes: number, token: Token): void {
  const { section } = state;
  if (!section || section.nobits || bytes === 0) return;
  if (state.facts.kind === 'obj') section.holes.push({ at: section.contents.length, length: bytes });
  else {
    state.warn('zeroing', `uninitialized space declared in ${section.name} section: zeroing`, token);
  }
  section.contents.fill(Math.max(0, Math.min(bytes, state.limits.bytes - section.contents.length)));
}
