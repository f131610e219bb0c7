// Where the cases of the main loop go for what they do not do themselves. None of them calls anything: a call would have every
// register of the machine saved around it, also on the paths without one. They jump instead, with nothing committed, to one
// place for all of them behind the last case, which comes back to the same record or executes it in another way.
import type { Label } from '../../wasm/ir';

export interface LoopLabels {
  /** The next record: local 0 is it, local 1 what is left of the slice. */
  again: Label;
  /** The record's form as a function with all slow paths in it (H_COLD). */
  cold: Label;
  /** The plain TypeScript routine of the instruction. */
  system: Label;
  /** The TLB has no entry for the access that the locals below describe: filled if that is simple, and the record starts again. */
  missRead: Label;
  missWrite: Label;
}

/** Locals of the loop: linear address of the first byte, and the page of the last. */
export const MISS_LINEAR = 2;
export const MISS_PAGE = 3;
/** In 64-bit code. */
export const MISS_LINEAR_LONG = 4;
export const MISS_PAGE_LONG = 5;
