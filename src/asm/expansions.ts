// What expansion made of a line the last few times. Calls repeat themselves: the same tokens again are the same statement,
// parsed and encoded once.
import type { ParsedLine } from './parse/statement';
import type { Token } from './token/token';

/** Tokens to assemble, and what parsing them gave. */
export interface Reading {
  readonly tokens: readonly Token[];
  /** Null for a line with nothing to do; undefined when not parsed, or with complaints to be repeated. */
  readonly parsed: ParsedLine | null | undefined;
  /** There is nothing to assemble. */
  readonly empty: boolean;
  /** Notes what all lines of that reading are. */
  keep(parsed: ParsedLine | null): void;
}

/** What the preprocessor made. */
export class Expansion implements Reading {
  constructor(
    readonly tokens: readonly Token[],
    public parsed: ParsedLine | null | undefined,
  ) {}

  get empty(): boolean {
    return this.tokens.length === 0;
  }

  keep(parsed: ParsedLine | null): void {
    this.parsed = parsed;
  }
}

const MOST = 8;

export class Expansions {
  private readonly readings: Expansion[] = [];
  private oldest = 0;

  of(tokens: readonly Token[]): Expansion {
    for (const reading of this.readings) if (same(reading.tokens, tokens)) return reading;
    // Arrays that grew have room to spare, and these live long.
    const reading = new Expansion(tokens.slice(), undefined);
    if (this.readings.length < MOST) this.readings.push(reading);
    else this.readings[this.oldest++ % MOST] = reading;
    return reading;
  }
}

function same(a: readonly Token[], b: readonly Token[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (x === y) continue;
    if (x.text !== y.text || x.kind !== y.kind || x.at !== y.at) return false;
    if (x.column !== y.column || x.endColumn !== y.endColumn) return false;
  }
  return true;
}
