// A line that the preprocessor leaves to assemble, and what the passes note about it from one to the next: the symbols that it
// defines and uses, which stay the same objects, and the encoding that they led to.
import type { Origin } from './diagnostics';
import type { Settled } from './emit/settled';
import type { Label } from './emit/labels';
import type { Reading } from './expansions';
import type { ParsedLine } from './parse/statement';

export class AssemblyLine {
  /** Number of listing lines read before it. */
  listIndex = 0;
  /** Its own label. */
  label: Label | undefined = undefined;
  /** What it jumps to. */
  target: Label | undefined = undefined;
  settled: Settled | undefined = undefined;

  constructor(
    public reading: Reading,
    readonly origin: Origin,
  ) {}
}

/** One with something to do. */
export interface Statement extends AssemblyLine {
  reading: Reading & { parsed: ParsedLine };
}
