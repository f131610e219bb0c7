// From a segment register or selector to a base: the hidden cache for registers, paragraph arithmetic in real and v8086
// mode, the descriptor tables otherwise (Intel SDM vol. 3, "Segment Selectors").

import { decodeDescriptor, type Descriptor } from './descriptors';
import { isLong, registerAddress } from './linear';
import type { EvaluationContext } from './expression/value';
import { registerNumber, SEGMENT_NAMES } from './registers';
import { SegIndex, type DebugTarget, type SegmentCache, type TransitionView } from './target';

/** Cache of a segment register as the frame sees it; index by SegIndex. */
export const segmentOf = (
  { target, frame }: Pick<EvaluationContext, 'target' | 'frame'>,
  index: SegIndex,
): SegmentCache => frame?.segments.get(index) ?? target.segment(index);

export const segmentIndex = (name: string): SegIndex | undefined => {
  const at = (SEGMENT_NAMES as readonly string[]).indexOf(name.toLowerCase());
  return at < 0 ? undefined : at;
};

/** Segment registers hold paragraphs; system management mode begins so, and may turn protection on. */
export const isParagraphMode = (target: DebugTarget): boolean =>
  target.mode === 'real' ||
  target.mode === 'v8086' ||
  (target.mode === 'smm' && (registerNumber(target, 'cr0') & 1) === 0);

/** The descriptor that a selector names, or a sentence. */
export function descriptorOf(target: DebugTarget, selector: number): Descriptor | string {
  const local = (selector & 4) !== 0;
  if ((selector & 0xfffc) === 0) return 'the null selector names no segment';
  let base: number;
  let limit: number;
  if (local) {
    const ldtr = target.segment(SegIndex.LDTR);
    if (ldtr.unusable || (ldtr.selector & 0xfffc) === 0)
      return `selector ${hex4(selector)} is in the LDT, and no LDT is loaded`;
    ({ base, limit } = ldtr);
  } else {
    base = registerAddress(target, 'gdtr.base');
    limit = registerNumber(target, 'gdtr.limit');
  }
  const at = selector & 0xfff8;
  if (at + 7 > limit)
    return `selector ${hex4(selector)} is beyond the limit of the ${local ? 'LDT' : 'GDT'} (0x${limit.toString(16)})`;
  const long = isLong(target);
  const bytes = target.readLinear(base + at, long ? 16 : 8);
  return bytes.length >= 8
    ? decodeDescriptor(bytes, long)
    : `the ${local ? 'LDT' : 'GDT'} entry of selector ${hex4(selector)} is not mapped`;
}

/** Base of the segment that a written selector names, or a sentence. */
export function selectorBase(target: DebugTarget, selector: number): number | string {
  if (isParagraphMode(target)) return (selector & 0xffff) * 16;
  const descriptor = descriptorOf(target, selector & 0xffff);
  if (typeof descriptor === 'string') return descriptor;
  if (descriptor.long && isLong(target)) return 0;
  return descriptor.base ?? `selector ${hex4(selector)} names a gate, which has no base`;
}

/** Bytes of an entry of the IDT. */
export const gateBytes = (target: DebugTarget): 8 | 16 => (isLong(target) ? 16 : 8);

/** The gate of the IDT that a transition went through, as it is now. */
export function gateOf(target: DebugTarget, { gate }: TransitionView): Descriptor | undefined {
  if (gate === undefined) return undefined;
  const size = gateBytes(target);
  const bytes = target.readLinear(registerAddress(target, 'idtr.base') + (gate / 8) * size, size);
  return bytes.length === size ? decodeDescriptor(bytes, size === 16) : undefined;
}

/** Number of the interrupt stack that the gate names, 0 for none. */
export const istOf = (target: DebugTarget, t: TransitionView): number =>
  t.to.mode === '64-bit' && t.tss !== undefined ? (gateOf(target, t)?.ist ?? 0) : 0;

const hex4 = (v: number): string => (v & 0xffff).toString(16).padStart(4, '0');
