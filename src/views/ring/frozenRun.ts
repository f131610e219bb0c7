// A run whose session has ended: what was fetched of it at the last moment, answering like the session did.
import {
  LANES,
  type Bucket,
  type Lane,
  type Detail,
  type TimeWindow,
  type Transition,
  type WindowQuery,
} from './protocol';
import { rowsOf, spansOf } from './spans';

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
      const stayed = Math.max(0, Math.min(stay.to, end) - Math.max(stay.from, start));
      sums[i]!.time[lane]! += stayed / rowsOf(window);
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

  window({ from = 0, to = this.whole.to, limit, buckets, within, processor }: WindowQuery): TimeWindow {
    const { lanes } = this.whole;
    const own = (t: Transition, n: number | undefined): boolean => n === undefined || (t.processor ?? 0) === n;
    const all = this.whole.transitions.filter((t) => (within || t.from !== t.to) && own(t, processor));
    const list = all.filter((t) => t.icount >= from && t.icount < to);
    const laneOf = (n: number | undefined): Lane =>
      this.whole.transitions.findLast((t) => t.icount < from && own(t, n))?.to ??
      (n === undefined ? this.whole.lane : (lanes?.[n] ?? this.whole.lane));
    const lane = laneOf(processor);
    const here = all.at(-1)?.to ?? lane;
    const rows = lanes && processor === undefined ? { lanes: lanes.map((_, n) => laneOf(n)) } : {};
    const kinds: Record<string, number> = {};
    for (const { kind } of all) kinds[kind] = (kinds[kind] ?? 0) + 1;
    const { now, keptFrom } = this.whole;
    const window = { from, to, now, keptFrom, lane, here, ...rows, total: all.length, count: list.length, kinds };
    return list.length <= limit
      ? { ...window, transitions: list }
      : { ...window, buckets: bucketsOf(window, list, buckets) };
  }

  detail(index: number): Detail | undefined {
    return this.details.get(index);
  }
}
