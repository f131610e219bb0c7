// Records of instructions that stood at a place before: code that is switched back and forth is not decoded each time.
import type { Insn } from '../isa/types';

export interface Variant {
  insn: Insn;
  /** A copy of the whole record. */
  record: Uint8Array;
}

/** Kept for one block. */
export const MOST_VARIANTS = 64;
export const NO_VARIANT = -1;

/** Place in the block, length and bytes of an instruction of at most 4 bytes as a number; NO_VARIANT for longer ones. */
export function variantKey(u8: Uint8Array, at: number, start: number, length: number): number {
  if (length > 4) return NO_VARIANT;
  let key = start * 8 + length;
  for (let i = 0; i < length; i++) key = key * 256 + u8[at + i];
  return key;
}
