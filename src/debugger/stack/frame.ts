// A frame of the reconstructed call stack: where it executes, with which stack, and how it was entered.

import type { CodeBits } from '../../isa/types';
import type { Mode } from '../../machine/types';
import type { SegmentCache } from '../target';

/** Execution state as far as unwinding knows it. */
export interface FrameState {
  /** Signed in 64-bit code, as linear addresses are there. */
  ip: number;
  cs: SegmentCache;
  bits: CodeBits;
  sp: number;
  ss: SegmentCache;
  /** Unknown once the code has put something else into it. */
  bp: number | undefined;
  cpl: number;
  /** Segments are paragraphs: real or v8086 mode. */
  paragraphs: boolean;
  mode: Mode;
  /** Transitions before this one may have led here; absent: any. */
  before?: number;
}

/** How the inner frame was entered from the outer one. */
export type Entry = 'near' | 'far' | 'interrupt' | 'system';

export interface Frame extends FrameState {
  /** Linear address of `ip`. */
  linear: number;
  /** Address to look up source and label by: within the call instruction for frames that wait for a return. */
  lookup: number;
  /** How the next inner frame was entered from this one; undefined for the innermost. */
  entered: Entry | undefined;
  /** Words for the boundary below the inner frame when a ring, mode or interrupt lies between. */
  boundary: string | undefined;
}

/** Linear address of an offset in the frame's code segment. */
export const codeLinear = ({ bits, cs }: FrameState, ip: number): number => (bits === 64 ? ip : (cs.base + ip) >>> 0);
export const linearPc = (state: FrameState): number => codeLinear(state, state.ip);
export const stackLinear = ({ bits, ss }: FrameState, sp: number): number => (bits === 64 ? sp : (ss.base + sp) >>> 0);
/** A stack pointer wraps at the size of the stack; in 64-bit code there is no end to meet. */
export const wrapStack = ({ bits, ss }: FrameState, sp: number): number =>
  bits === 64 ? sp : ss.big ? sp >>> 0 : sp & 0xffff;
/** An instruction pointer as the code size has it. */
export const wrapCode = ({ bits }: FrameState, ip: number): number =>
  bits === 64 ? ip : bits === 32 ? ip >>> 0 : ip & 0xffff;
/** Bytes of a near return address by default. */
export const wordSize = ({ bits }: FrameState): number => bits / 8;
