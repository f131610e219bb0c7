// Chooses the cases of the interpreter's loop by what the guest executes. The loop of the start has none: every form is a function,
// called through a table at a third of the speed. After some time the blocks at which short slices end are counted, and a loop is
// made of the forms in them, not too many (interp/caseCost.ts); records need no change, because the numbers of the handlers
// stay. Now and then the counts are taken anew, and when the guest does something else the loop follows.
// All of this goes by instruction counts, so a run repeats exactly; and which loop runs cannot be seen by the guest.
import type { Cpu } from '../cpu/cpu';
import { caseCost } from './interp/caseCost';
import { formNumbers } from './interp/formNumbers';
import * as R from './record';
import { SITE_VERSION, VERSION_RECORD } from './volatileLayout';

/** Instructions before the first look and between two looks; they double up to the longest. */
const FIRST_LOOK = 200_000;
const SHORTEST_PAUSE = 1_000_000;
const LONGEST_PAUSE = 128_000_000;
/** Blocks looked at each time, and instructions between them, which vary so that no loop of the guest keeps step. */
const LOOKS = 192;
const STEP = 1_009;
const STEP_VARIES = 512;
/** Values that the loop's cases may compute together. */
export const CASE_VALUES = 5_000;
/** The share of executed instructions that have a case, below which a loop is replaced. */
const ENOUGH = 0.97;
/** Loops made for one engine, each of them to be compiled. */
const MOST_LOOPS = 16;

export class Tuner {
  private next = FIRST_LOOK;
  private pause = SHORTEST_PAUSE;
  private looks = 0;
  private made = 0;
  /** Executions seen by handler number, of 64-bit code and of other: old ones count half. */
  private readonly counts = [new Map<number, number>(), new Map<number, number>()];
  private readonly cases: [ReadonlySet<number> | undefined, ReadonlySet<number> | undefined] = [undefined, undefined];

  constructor(
    private readonly cpu: Cpu,
    /** Uses a loop with these forms as cases from now on. */
    private readonly use: (long: boolean, keys: readonly string[]) => void,
  ) {}

  /** How long the slice that begins now may be. */
  limit(icount: number, budget: number): number {
    if (icount < this.next || this.made >= MOST_LOOPS) return budget;
    return Math.min(budget, STEP + ((this.looks * 197) % STEP_VARIES));
  }

  /** A slice ended before the block at `record`. */
  look(icount: number, record: number, long: boolean): void {
    if (icount < this.next || this.made >= MOST_LOOPS) return;
    const { u8, u16, u32 } = this.cpu;
    const counts = this.counts[long ? 1 : 0]!;
    for (let n = u8[record + R.R_LEFT]!, r = record; n > 0; n--, r += R.RECORD_BYTES) {
      let handler = u16[(r + R.R_ORIGINAL) >> 1]!;
      // what stands for a place that is rewritten often has the present instruction behind it
      if (handler === R.H_VOLATILE)
        handler = u16[(u32[(r + SITE_VERSION) >> 2]! + VERSION_RECORD + R.R_ORIGINAL) >> 1]!;
      counts.set(handler, (counts.get(handler) ?? 0) + 1);
    }
    if (++this.looks < LOOKS) return;
    this.looks = 0;
    this.next = icount + this.pause;
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.judge(false);
    this.judge(true);
  }

  private judge(long: boolean): void {
    const counts = this.counts[long ? 1 : 0]!;
    const numbers = formNumbers(long);
    const seen = [...counts].filter(([handler]) => caseOf(numbers.key(handler)) !== undefined);
    const total = seen.reduce((sum, [, count]) => sum + count, 0);
    for (const [handler, count] of counts) counts.set(handler, count / 2);
    if (total < LOOKS) return; // hardly any code of this kind
    const before = this.cases[long ? 1 : 0];
    if (before) {
      const covered = seen.reduce((sum, [handler, count]) => sum + (before.has(handler) ? count : 0), 0);
      if (covered >= total * ENOUGH) return;
    }
    seen.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    let room = CASE_VALUES;
    const chosen: number[] = [];
    for (const [handler] of seen) {
      const cost = caseOf(numbers.key(handler))!;
      if (cost <= room) chosen.push(handler);
      room -= Math.min(cost, room);
    }
    chosen.sort((a, b) => a - b);
    this.cases[long ? 1 : 0] = new Set(chosen);
    this.made++;
    this.use(
      long,
      chosen.map((handler) => numbers.key(handler)!),
    );
  }
}

const caseOf = (key: string | undefined): number | undefined => (key === undefined ? undefined : caseCost(key));
