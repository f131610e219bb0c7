// How long a machine takes for a guest's work: the same image with a short and a long workload, and the difference, so that
// start-up, firmware and warming up drop out. The lengths double until the difference is long enough to trust; every
// checksum is compared with Ringside's for the same length.
import { imageOf, type Guest } from './guests';
import type { ImageRun, Session } from './machines/types';

/** Long workload = LONG times the short one. */
const LONG = 4;
/** Seconds that long and short must differ by. */
const ENOUGH = 1;
/** A difference that allows a prediction. */
const FORESEEABLE = 0.04;
const SAMPLES = 3;
/** No workload gets longer than this many times the guest's first. */
const LONGEST = 1 << 14;

export interface Measurement {
  /** Seconds of processor time for `count` of work; median of the samples. */
  seconds: number;
  count: number;
  /** Lengths that were run. */
  short: number;
  long: number;
  /** Differences of seconds, one a pair of runs. */
  samples: number[];
  /** Seconds of a whole short run: start-up and firmware for the most part. */
  shortSeconds: number;
}

/** What Ringside computed and counted for a length of a guest. */
export type Reference = (count: number) => Promise<ImageRun>;

export class WrongResult extends Error {}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

export async function measure(
  session: Session,
  program: Uint8Array,
  guest: Guest,
  reference: Reference,
): Promise<Measurement> {
  const run = async (count: number): Promise<number> => {
    const { checksum, seconds } = await session.run(imageOf(program, count));
    const expected = (await reference(count)).checksum;
    if (checksum !== expected) {
      throw new WrongResult(`checksum ${checksum} where Ringside has ${expected} (count ${count})`);
    }
    return seconds;
  };
  const pair = async (short: number): Promise<{ short: number; difference: number }> => {
    const seconds = await run(short);
    return { short: seconds, difference: (await run(short * LONG)) - seconds };
  };

  let short = guest.firstCount;
  await run(short); // warms the files' cache and the process
  let first = await pair(short);
  while (first.difference < ENOUGH && short < guest.firstCount * LONGEST) {
    const missing = ENOUGH / Math.max(first.difference, FORESEEABLE);
    short *= 2 ** Math.ceil(Math.log2(Math.max(missing, 1.01)));
    first = await pair(short);
  }
  const pairs = [first];
  while (pairs.length < SAMPLES) pairs.push(await pair(short));
  const samples = pairs.map((p) => p.difference);
  return {
    seconds: median(samples),
    count: short * (LONG - 1),
    short,
    long: short * LONG,
    samples,
    shortSeconds: median(pairs.map((p) => p.short)),
  };
}
