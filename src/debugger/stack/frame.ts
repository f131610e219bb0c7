// A frame of the reconstructed call stack: where it executes, with which stack, and how it was entered.

import type { CodeBits } from '../../isa/types';
import type { Mode } from '../../machine/types';
import type { SegmentCache } from '../target';

/** Execution state as far as unwinding knows it. */
export interface FrameState {
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
}

/** How the inner frame was entered from the outer one. */
export type Entry = 'near' | 'far' | 'interrupt';

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

export const linearPc = (state: FrameState): number => (state.cs.base + state.ip) >>> 0;
export const stackLinear = (state: FrameState, sp: number): number => (state.ss.base + sp) >>> 0;
export const stackMask = (state: FrameState): number => (state.ss.big ? 0xffffffff : 0xffff);
