// What the generators of the privilege torture share: seeded random numbers, and the segments that exist.

/** Physical address of the generated tables. */
export const ARENA = 0x60000;

export interface Segment {
  selector: number;
  base: number;
  dpl: number;
  wide: boolean;
  conforming: boolean;
  code: boolean;
}

/** A small generator of well-spread numbers (xorshift32). */
export class Random {
  constructor(private state: number) {
    this.state = (Math.imul(state, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  }
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }
  below(n: number): number {
    return this.next() % n;
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** The descriptor tables under test, as an instruction is aimed at them. */
export interface TortureContext {
  readonly random: Random;
  readonly code: Segment[][];
  readonly data: Segment[][];
  readonly gates: number[];
  readonly tasks: number[];
  anySelector(): number;
  baseOf(selector: number): number;
  landing(base: number): number;
}
