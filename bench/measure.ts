// How long a machine takes for a guest's work: the same image with a short and a long workload, one right after the other,
// and the difference, so that start-up, firmware and warming up drop out. The lengths double until the difference is long
// enough to trust, once more when the process is warm; every checksum is compared with Ringside's for the same length. The
// caller takes the samples of all machines in turn, so that those of one round meet the computer in the same state.
import { imageOf, type Guest } from './guests';
import type { ImageRun, Session } from './machines/types';

/** Long workload = LONG times the short one. */
const LONG = 4;
/** Seconds that long and short must differ by. */
const ENOUGH = 0.8;
/** Seconds that a process runs before anything counts: V8 takes up to two for a large function. */
const WARM = 3;
/** A difference that allows a prediction. */
const FORESEEABLE = 0.04;
/** No workload gets longer than this many times the guest's first. */
const LONGEST = 1 << 14;

export interface Measurement {
  /** Seconds of processor time for `count` of work, by round. */
  rounds: number[];
  /** Their median. */
  seconds: number;
  count: number;
  /** Lengths that were run. */
  short: number;
  long: number;
  /** Seconds of every run of both lengths. */
  shortRuns: number[];
  longRuns: number[];
}

/** What Ringside computed and counted for a length of a guest. */
export type Reference = (count: number) => Promise<ImageRun>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export class WrongResult extends Error {}

export class Meter {
  private short: number;
  private shortRuns: number[] = [];
  private longRuns: number[] = [];
  /** Seconds of all runs. */
  private spent = 0;

  constructor(
    private readonly session: Session,
    private readonly program: Uint8Array,
    private readonly guest: Guest,
    private readonly reference: Reference,
  ) {
    this.short = guest.firstCount;
  }

  /** Finds the lengths and warms up. */
  async calibrate(): Promise<void> {
    await this.run(this.short); // warms the files' cache and the process
    await this.lengthen();
    if (this.session.warmsUp) {
      while (this.spent < WARM) await this.run(this.short * LONG);
      await this.lengthen();
    }
    this.forget();
  }
  private async lengthen(): Promise<void> {
    for (;;) {
      this.forget();
      await this.sample();
      const { seconds } = this.result();
      if (seconds >= ENOUGH || this.short >= this.guest.firstCount * LONGEST) return;
      const missing = ENOUGH / Math.max(seconds, FORESEEABLE);
      this.short *= 2 ** Math.ceil(Math.log2(Math.max(missing, 1.01)));
    }
  }
  private forget(): void {
    this.shortRuns = [];
    this.longRuns = [];
  }
  /** One round. */
  async sample(): Promise<void> {
    this.shortRuns.push(await this.run(this.short));
    this.longRuns.push(await this.run(this.short * LONG));
  }
  result(): Measurement {
    const { short, shortRuns, longRuns } = this;
    const rounds = longRuns.map((seconds, i) => seconds - shortRuns[i]);
    return {
      rounds,
      seconds: median(rounds),
      count: short * (LONG - 1),
      short,
      long: short * LONG,
      shortRuns,
      longRuns,
    };
  }

  private async run(count: number): Promise<number> {
    const { checksum, seconds } = await this.session.run(imageOf(this.program, count));
    const expected = (await this.reference(count)).checksum;
    if (checksum !== expected) {
      throw new WrongResult(`checksum ${checksum} where Ringside has ${expected} (count ${count})`);
    }
    this.spent += seconds;
    return seconds;
  }
}
