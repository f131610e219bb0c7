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
}

/** Writes `value` at `at` and notes that section addresses are to be added to it. */
export function relocate(state: AssemblyState, section: Section, patch: PatchValue, token: Token): void {
  const bytes = section.contents.view();
  for (let i = 0; i < patch.size; i++) bytes[patch.at + i] = Number((patch.value >> BigInt(8 * i)) & 0xffn);
  const plus = checkSegment(state, patch.plus, token);
  if (plus === NO_SEGMENT && patch.minus === NO_SEGMENT) return;
  section.relocations.push({
    at: patch.at,
    size: patch.size,
    plus,
    minus: patch.minus,
    relative: patch.relative,
    shown: patch.shown,
  });
}

/** Reports what a flat binary cannot express; gives the segment when it can. */
export function checkSegment(state: AssemblyState, segment: number, token: Token): number {
  if (segment === NO_SEGMENT || state.sectionOf(segment)) return segment;
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
  state.warn('zeroing', `uninitialized space declared in ${section.name} section: zeroing`, token);
  section.contents.fill(Math.max(0, Math.min(bytes, state.limits.bytes - section.contents.length)));
}
