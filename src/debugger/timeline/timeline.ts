// Windows of the transition history for a viewer: the entries themselves while they are few, else sums over equal parts.
// Sums per group of entries are kept once made, so that a history of millions is browsed and followed live.

import type { DebugTarget, TransitionHistory, TransitionView } from '../target';
import { LANES, laneOf, type Lane } from './lanes';

export interface TimelineQuery {
  from?: number | undefined;
  to?: number | undefined;
  limit?: number | undefined;
  buckets?: number | undefined;
}

export interface TimelineEntry {
  index: number;
  icount: number;
  kind: string;
  vector?: number;
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
  transitions?: TimelineEntry[];
  buckets?: TimelineBucket[];
  kinds: Record<string, number>;
}

const GROUP = 256;
const MAX_BUCKETS = 4096;
const LANE_NUMBER = new Map(LANES.map((lane, i) => [lane, i]));

/** Sums over GROUP entries, from the first one's icount to that of the entry after the last. */
interface Group {
  start: number;
  end: number;
  time: Float64Array;
  kinds: Map<string, number>;
}

export class Timeline {
  /** By number: entries `n * GROUP` up to the next group. Only complete groups followed by another entry. */
  private groups = new Map<number, Group>();
  private seen = 0;

  constructor(private readonly target: DebugTarget) {}

  window(query: TimelineQuery): TimelineWindow {
    const { transitions, icount: now } = this.target;
    this.forget(transitions);
    const keptFrom = transitions.dropped > 0 ? (transitions.get(transitions.dropped)?.icount ?? now) : 0;
    const from = clamp(query.from ?? 0, Math.min(keptFrom, now), now);
    const to = clamp(query.to ?? now, from, now);
    const first = transitions.indexAt(from);
    const end = to >= now ? transitions.count : transitions.indexAt(to);
    const window = {
      from,
      to,
      now,
      total: transitions.count,
      count: end - first,
      lane: this.laneBefore(first),
      keptFrom,
      kinds: this.kinds(),
    };
    if (window.count <= (query.limit ?? 1000)) {
      const entries = Array.from({ length: window.count }, (_, i) => brief(transitions.get(first + i)!));
      return { ...window, transitions: entries };
    }
    const buckets = clamp(Math.floor(query.buckets ?? 500), 1, MAX_BUCKETS);
    return { ...window, buckets: this.buckets(from, to, first, end, buckets) };
  }

  /** Totals per kind over the whole run, dropped entries included. */
  kinds(): Record<string, number> {
    const { transitions } = this.target;
    const sums: Record<string, number> = {};
    for (const { totals } of transitions.allTotals())
      transitions.kinds.forEach((kind, i) => {
        if (totals[i]) sums[kind] = (sums[kind] ?? 0) + totals[i];
      });
    return sums;
  }

  /** Lane in force just before entry `index`. */
  private laneBefore(index: number): Lane {
    const { transitions } = this.target;
    const next = transitions.get(index);
    if (next) return laneOf(next.from.mode, next.from.cpl);
    return laneOf(this.target.mode, this.target.cpl);
  }

  /** The machine was reset or went back: sums that are no longer true. */
  private forget({ count, dropped }: TransitionHistory): void {
    if (count < this.seen) this.groups.clear();
    this.seen = count;
    for (const n of this.groups.keys()) {
      if (n * GROUP >= dropped) break;
      this.groups.delete(n);
    }
  }

  private buckets(from: number, to: number, first: number, end: number, wanted: number): TimelineBucket[] {
    const width = (to - from) / wanted;
    const buckets = Array.from({ length: wanted }, (): TimelineBucket => ({
      count: 0,
      time: LANES.map(() => 0),
      kinds: {},
    }));
    const bucketOf = (icount: number): number =>
      width === 0 ? 0 : clamp(Math.floor((icount - from) / width), 0, wanted - 1);
    /** Spreads time in one lane over the buckets that it touches. */
    const spend = (lane: number, start: number, stop: number): void => {
      for (let at = Math.max(start, from); at < Math.min(stop, to);) {
        const n = bucketOf(at);
        const edge = n === wanted - 1 ? to : from + (n + 1) * width;
        const until = Math.min(stop, Math.max(edge, at + Number.EPSILON * at), to);
        buckets[n]!.time[lane]! += until - at;
        if (until <= at) break;
        at = until;
      }
    };
    const { transitions } = this.target;
    let at = from;
    let lane = LANE_NUMBER.get(this.laneBefore(first))!;
    for (let i = first; i < end;) {
      const group = i % GROUP === 0 && i + GROUP < end ? this.group(i / GROUP) : undefined;
      if (group && bucketOf(group.start) === bucketOf(group.end) && group.end <= to) {
        spend(lane, at, group.start);
        const bucket = buckets[bucketOf(group.start)]!;
        bucket.count += GROUP;
        group.time.forEach((time, n) => (bucket.time[n]! += time));
        for (const [kind, count] of group.kinds) bucket.kinds[kind] = (bucket.kinds[kind] ?? 0) + count;
        i += GROUP;
        at = group.end;
        lane = LANE_NUMBER.get(this.laneBefore(i))!;
        continue;
      }
      const entry = transitions.get(i)!;
      spend(lane, at, entry.icount);
      const bucket = buckets[bucketOf(entry.icount)]!;
      bucket.count++;
      bucket.kinds[entry.kind] = (bucket.kinds[entry.kind] ?? 0) + 1;
      at = Math.max(at, entry.icount);
      lane = LANE_NUMBER.get(laneOf(entry.to.mode, entry.to.cpl))!;
      i++;
    }
    spend(lane, at, to);
    return buckets;
  }

  private group(n: number): Group | undefined {
    const known = this.groups.get(n);
    if (known) return known;
    const { transitions } = this.target;
    const after = transitions.get((n + 1) * GROUP);
    let entry = transitions.get(n * GROUP);
    if (!after || !entry) return undefined;
    const group: Group = {
      start: entry.icount,
      end: after.icount,
      time: new Float64Array(LANES.length),
      kinds: new Map(),
    };
    for (let i = n * GROUP; i < (n + 1) * GROUP; i++) {
      const next: TransitionView = transitions.get(i + 1)!;
      group.time[LANE_NUMBER.get(laneOf(entry.to.mode, entry.to.cpl))!]! += next.icount - entry.icount;
      group.kinds.set(entry.kind, (group.kinds.get(entry.kind) ?? 0) + 1);
      entry = next;
    }
    this.groups.set(n, group);
    return group;
  }
}

const clamp = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);

const brief = (t: TransitionView): TimelineEntry => ({
  index: t.index,
  icount: t.icount,
  kind: t.kind,
  ...(t.vector === undefined ? {} : { vector: t.vector }),
  from: laneOf(t.from.mode, t.from.cpl),
  to: laneOf(t.to.mode, t.to.cpl),
});
