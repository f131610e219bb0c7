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
  const bytes = section.contents.view();
  for (let i = 0; i < patch.size; i++) bytes[patch.at + i] = Number((patch.value >> BigInt(8 * i)) & 0xffn);
  noteRelocation(state, section, patch, token);
}

/** Notes what is to be added to bytes that are in place already. */
export function noteRelocation(state: AssemblyState, section: Section, patch: PatchValue, token: Token): void {
  const plus = checkSegment(state, patch.plus, token);
  if (plus === NO_SEGMENT && patch.minus === NO_SEGMENT) return;
  let { size } = patch;
  if (size === 8 && state.format === 'elf32' && !patch.relative) {
    state.warn('zext-reloc', '64-bit unsigned relocation zero-extended from 32 bits', token);
    size = 4;
  }
  section.relocations.push({ ...patch, size, plus, place: state.place, token });
}

/** Reports what the output format cannot express; gives the segment when it can. */
function checkSegment(state: AssemblyState, segment: number, token: Token): number {
  if (segment === NO_SEGMENT) return segment;
  if (state.format === 'bin' ? state.sectionOf(segment) : segment % 2 === 0) return segment;
  if (state.format !== 'bin') {
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
  state.warn('zeroing', `uninitialized space declared in ${section.name} section: zeroing`, token);
  section.contents.fill(Math.max(0, Math.min(bytes, state.limits.bytes - section.contents.length)));
}
