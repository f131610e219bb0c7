// A run whose session has ended: what was fetched of it at the last moment, answering like the session did.
import { LANES, type Bucket, type Detail, type TimeWindow, type Transition, type WindowQuery } from './protocol';
import { spansOf } from './spans';

/** Sums transitions and stays of a window up in equal parts. `list` are those in the window. */
export const bucketsOf = (window: TimeWindow, list: readonly Transition[], buckets: number): Bucket[] => {
  const { from, to, now } = window;
  const size = (to - from) / buckets;
  const sums = Array.from({ length: buckets }, () => ({
    count: 0,
    time: LANES.map(() => 0),
    kinds: {} as Record<string, number>,
  }));
  for (const { icount, kind } of list) {
    const bucket = sums[Math.min(buckets - 1, Math.floor((icount - from) / size))]!;
    bucket.count++;
    bucket.kinds[kind] = (bucket.kinds[kind] ?? 0) + 1;
  }
  for (const stay of spansOf({ ...window, transitions: list }, now)) {
    const lane = LANES.indexOf(stay.lane);
    for (let i = Math.max(0, Math.floor((stay.from - from) / size)); i < buckets && from + i * size < stay.to; i++) {
      const [start, end] = [from + i * size, from + (i + 1) * size];
      sums[i]!.time[lane]! += Math.max(0, Math.min(stay.to, end) - Math.max(stay.from, start));
    }
  }
  return sums;
};

export class FrozenRun {
  /** `whole` lists every transition of the run, those within a lane too. */
  constructor(
    private readonly whole: TimeWindow & { transitions: readonly Transition[] },
    private readonly details: ReadonlyMap<number, Detail>,
  ) {}

  window({ from = 0, to = this.whole.to, limit, buckets, within }: WindowQuery): TimeWindow {
    const all = this.whole.transitions.filter((t) => within || t.from !== t.to);
    const list = all.filter((t) => t.icount >= from && t.icount < to);
    const lane = all.findLast((t) => t.icount < from)?.to ?? this.whole.lane;
    const kinds: Record<string, number> = {};
    for (const { kind } of all) kinds[kind] = (kinds[kind] ?? 0) + 1;
    const { now, keptFrom } = this.whole;
    const window = { from, to, now, keptFrom, lane, total: all.length, count: list.length, kinds };
    return list.length <= limit
      ? { ...window, transitions: list }
      : { ...window, buckets: bucketsOf(window, list, buckets) };
  }

  detail(index: number): Detail | undefined {
    return this.details.get(index);
  }
}
