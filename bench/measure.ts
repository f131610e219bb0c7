// How long a machine takes for a guest's work: the same image with a short and a long workload, and the difference, so that
// start-up, firmware and warming up drop out. The lengths double until the difference is long enough to trust; every
// checksum is compared with Ringside's for the same length. What else the computer does can only make a run slower, so the
// fastest run of each length counts, and the caller takes the samples of all machines in turn.
import { imageOf, type Guest } from './guests';
import type { ImageRun, Session } from './machines/types';

/** Long workload = LONG times the short one. */
const LONG = 4;
/** Seconds that long and short must differ by. */
const ENOUGH = 0.5;
/** Seconds that a process runs before anything counts: V8 takes up to two for a large function. */
const WARM = 3;
/** A difference that allows a prediction. */
const FORESEEABLE = 0.04;
/** No workload gets longer than this many times the guest's first. */
const LONGEST = 1 << 14;

export interface Measurement {
  /** Seconds of processor time for `count` of work. */
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

  /** Finds the lengths, warms up, and takes the first sample. */
  async calibrate(): Promise<void> {
    await this.run(this.short); // warms the files' cache and the process
    for (;;) {
      await this.sample();
      const { seconds } = this.result();
      if (seconds >= ENOUGH || this.short >= this.guest.firstCount * LONGEST) break;
      const missing = ENOUGH / Math.max(seconds, FORESEEABLE);
      this.short *= 2 ** Math.ceil(Math.log2(Math.max(missing, 1.01)));
      this.forget();
    }
    if (!this.session.warmsUp) return;
    while (this.spent < WARM) await this.run(this.short * LONG);
    this.forget();
    await this.sample();
  }
  private forget(): void {
    this.shortRuns = [];
    this.longRuns = [];
  }
  async sample(): Promise<void> {
    this.shortRuns.push(await this.run(this.short));
    this.longRuns.push(await this.run(this.short * LONG));
  }
  result(): Measurement {
    const { short, shortRuns, longRuns } = this;
    const seconds = Math.min(...longRuns) - Math.min(...shortRuns);
    return { seconds, count: short * (LONG - 1), short, long: short * LONG, shortRuns, longRuns };
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
