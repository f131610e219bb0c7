// Windows of the transition history for a viewer: the entries themselves while they are few, else sums over equal parts.
// The sums are kept once made (historySums.ts), so that a history of millions is browsed and followed live.

import type { DebugTarget, TransitionHistory, TransitionView } from '../target';
import type { Mode } from '../../machine/types';
import { HistorySums, type Sum } from './historySums';
import { LANES, laneOf, type Lane } from './lanes';
import { ProcessorHistory } from './processorHistory';

export interface TimelineQuery {
  from?: number | undefined;
  to?: number | undefined;
  limit?: number | undefined;
  buckets?: number | undefined;
  /** Also entries that stay within a lane. */
  within?: boolean | undefined;
  /** Of several processors, only this one's. */
  processor?: number | undefined;
}

export interface TimelineEntry {
  index: number;
  icount: number;
  kind: string;
  vector?: number;
  /** Where there are several. */
  processor?: number;
  from: Lane;
  to: Lane;
}

export interface TimelineBucket {
  count: number;
  /** Retired instructions per lane, in the order of LANES. */
  time: number[];
  kinds: Record<string, number>;
}

export interface TimelineWindow {
  from: number;
  to: number;
  now: number;
  total: number;
  count: number;
  lane: Lane;
  keptFrom: number;
  /** Of several processors: the lane of each at `from`, where all of them are shown. */
  lanes?: Lane[];
  /** Lane at the end of the run. */
  here: Lane;
  transitions?: TimelineEntry[];
  buckets?: TimelineBucket[];
  kinds: Record<string, number>;
}

const MAX_BUCKETS = 4096;

/** Windows of the history of the machine, of one processor or of all. */
export class Timeline {
  private readonly whole: Track;
  private readonly tracks: Track[] = [];

  constructor(private readonly target: DebugTarget) {
    this.whole = new Track(
      target,
      () => target.transitions,
      () => ({ mode: target.mode, cpl: target.cpl }),
      true,
    );
  }

  window(query: TimelineQuery): TimelineWindow {
    if (!(this.target.processors > 1)) return this.whole.window(query);
    if (query.processor !== undefined) return this.track(query.processor).window(query);
    const each = Array.from({ length: this.target.processors }, (_, n) => this.track(n));
    const lanes = each.map((track) => track.window({ ...query, limit: 0, buckets: 1 }).lane);
    const window = { ...this.whole.window(query), lanes };
    if (!window.buckets) return window;
    const parts = each.map((track) => track.window({ ...query, limit: 0 }));
    return {
      ...window,
      buckets: window.buckets.map((bucket, i, all) => ({ ...bucket, time: average(parts, i, all.length) })),
    };
  }

  /** Totals per kind over the whole run, dropped entries included. */
  kinds(): Record<string, number> {
    return this.whole.kinds();
  }

  private track(processor: number): Track {
    const known = this.tracks[processor];
    if (known) return known;
    const history = new ProcessorHistory(() => this.target.transitions, processor);
    return (this.tracks[processor] = new Track(
      this.target,
      () => history,
      () => this.target.describe(processor),
      false,
    ));
  }
}

/** Time per lane of a bucket over all processors; its sum is the bucket's width. */
function average(windows: readonly TimelineWindow[], bucket: number, wanted: number): number[] {
  const time = LANES.map(() => 0);
  const share = 1 / windows.length;
  for (const { buckets, lane, from, to } of windows)
    if (buckets) buckets[bucket]!.time.forEach((t, i) => (time[i]! += t * share));
    else time[LANES.indexOf(lane)]! += ((to - from) / wanted) * share; // nothing happened
  return time;
}

/** One sequence of transitions. */
class Track {
  private readonly sums: HistorySums;

  constructor(
    private readonly target: DebugTarget,
    private readonly source: () => TransitionHistory & { refresh?(): void },
    private readonly present: () => { mode: Mode; cpl: number },
    /** Totals of entries that are no longer kept are known. */
    private readonly withTotals: boolean,
  ) {
    this.sums = new HistorySums(source);
  }

  private get history(): TransitionHistory {
    return this.source();
  }

  window(query: TimelineQuery): TimelineWindow {
    this.source().refresh?.();
    const { history: transitions } = this;
    const { icount: now } = this.target;
    this.sums.refresh();
    const keptFrom = transitions.dropped > 0 ? (transitions.get(transitions.dropped)?.icount ?? now) : 0;
    const from = clamp(query.from ?? 0, Math.min(keptFrom, now), now);
    const to = clamp(query.to ?? now, from, now);
    const first = transitions.indexAt(from);
    const end = to >= now ? transitions.count : transitions.indexAt(to);
    const within = query.within === true;
    const window = {
      from,
      to,
      now,
      total: this.total(within),
      count: within ? end - first : this.sums.between(first, end).changes,
      lane: this.laneBefore(first),
      keptFrom,
      here: this.here,
      kinds: this.kindsKept(within),
    };
    if (window.count <= (query.limit ?? 1000)) return { ...window, transitions: this.list(first, end, within) };
    const buckets = clamp(Math.floor(query.buckets ?? 500), 1, MAX_BUCKETS);
    return { ...window, buckets: this.buckets(from, to, first, end, buckets, within) };
  }

  /** Totals per kind over the whole run, dropped entries included. */
  kinds(): Record<string, number> {
    const { history: transitions } = this;
    const sums: Record<string, number> = {};
    for (const { totals } of transitions.allTotals())
      transitions.kinds.forEach((kind, i) => {
        if (totals[i]) sums[kind] = (sums[kind] ?? 0) + totals[i];
      });
    return sums;
  }

  /** Entries of the whole run, or those of them that went from lane to lane. */
  private total(within: boolean): number {
    const { history } = this;
    if (this.withTotals) return within ? history.count : this.changes();
    const kept = this.sums.between(history.dropped, history.count);
    return within ? kept.count : kept.changes;
  }

  /** Entries of the whole run that went from lane to lane, dropped ones included. */
  private changes(): number {
    const { history: transitions } = this;
    const { kinds } = transitions;
    let sum = 0;
    for (const { totals } of transitions.allTotals())
      for (let from = 0; from < LANES.length; from++)
        for (let to = 0; to < LANES.length; to++)
          if (from !== to) sum += totals[kinds.length + from * LANES.length + to] ?? 0;
    return sum;
  }

  private kindsKept(within: boolean): Record<string, number> {
    const { history } = this;
    if (within && this.withTotals) return this.kinds();
    return this.kindsOf(this.sums.between(history.dropped, history.count), within);
  }

  private kindsOf(sum: Sum, within: boolean): Record<string, number> {
    const kinds: Record<string, number> = {};
    const counts = within ? sum.kinds : sum.changeKinds;
    this.history.kinds.forEach((kind, i) => {
      if (counts[i]) kinds[kind] = counts[i];
    });
    return kinds;
  }

  /** Entries from `first` up to `end`. */
  private list(first: number, end: number, within: boolean): TimelineEntry[] {
    const { history: transitions } = this;
    if (within) return Array.from({ length: end - first }, (_, i) => brief(transitions.get(first + i)!));
    const entries: TimelineEntry[] = [];
    this.sums.changesBetween(first, end, (index) => entries.push(brief(transitions.get(index)!)));
    return entries;
  }

  private get here(): Lane {
    const { mode, cpl } = this.present();
    return laneOf(mode, cpl);
  }

  /** Lane in force just before entry `index`. */
  private laneBefore(index: number): Lane {
    const { history: transitions } = this;
    const next = transitions.get(index);
    if (next) return laneOf(next.from.mode, next.from.cpl);
    return this.here;
  }

  private buckets(
    from: number,
    to: number,
    first: number,
    end: number,
    wanted: number,
    within: boolean,
  ): TimelineBucket[] {
    const { history: transitions } = this;
    const width = (to - from) / wanted;
    let start = first;
    return Array.from({ length: wanted }, (_, n) => {
      const edge = from + n * width;
      const next = n === wanted - 1 ? to : edge + width;
      const stop = n === wanted - 1 ? end : clamp(firstAt(transitions, next), start, end);
      const bucket = this.bucket(edge, next, start, stop, within);
      start = stop;
      return bucket;
    });
  }

  /** Entries from `first` up to `end` are those between the icounts `from` and `to`. */
  private bucket(from: number, to: number, first: number, end: number, within: boolean): TimelineBucket {
    const { history: transitions } = this;
    const spend = (time: number[], lane: Lane, instructions: number): number[] => {
      time[LANES.indexOf(lane)]! += instructions;
      return time;
    };
    const before = this.laneBefore(first);
    if (first >= end) return { count: 0, time: spend(LANES.map(() => 0), before, to - from), kinds: {} }; // prettier-ignore
    const sum = this.sums.between(first, end);
    const time = [...sum.time];
    const last = transitions.get(end - 1)!;
    const after = transitions.get(end);
    // The last entry's stay ends with the bucket, not with the next entry.
    spend(time, laneOf(last.to.mode, last.to.cpl), to - (after?.icount ?? last.icount));
    spend(time, before, transitions.get(first)!.icount - from);
    return { count: within ? sum.count : sum.changes, time, kinds: this.kindsOf(sum, within) };
  }
}

const clamp = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);

/** Index of the first entry at or after a time that need not be whole. */
const firstAt = (history: TransitionHistory, icount: number): number => history.indexAt(Math.ceil(icount));

const brief = (t: TransitionView): TimelineEntry => ({
  index: t.index,
  icount: t.icount,
  kind: t.kind,
  ...(t.vector === undefined ? {} : { vector: t.vector }),
  ...(t.processor === undefined ? {} : { processor: t.processor }),
  from: laneOf(t.from.mode, t.from.cpl),
  to: laneOf(t.to.mode, t.to.cpl),
});
