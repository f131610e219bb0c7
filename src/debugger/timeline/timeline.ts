// Windows of the transition history for a viewer: the entries themselves while they are few, else sums over equal parts.
// Sums per group of entries are kept once made, so that a history of millions is browsed and followed live.

import type { DebugTarget, TransitionHistory, TransitionView } from '../target';
import { LANES, laneOf, type Lane } from './lanes';

export interface TimelineQuery {
  from?: number | undefined;
  to?: number | undefined;
  limit?: number | undefined;
  buckets?: number | undefined;
  /** Also entries that stay within a lane. */
  within?: boolean | undefined;
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
  all: Kinds;
  /** Those that go from lane to lane. */
  changes: Kinds;
}

/** Entries per kind, and together. */
interface Kinds {
  count: number;
  kinds: Map<string, number>;
}

const noKinds = (): Kinds => ({ count: 0, kinds: new Map() });

const add = (sum: Kinds, kind: string, n = 1): void => {
  sum.count += n;
  sum.kinds.set(kind, (sum.kinds.get(kind) ?? 0) + n);
};

const merge = (sum: Kinds, more: Kinds): void => {
  for (const [kind, n] of more.kinds) add(sum, kind, n);
};

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
    const within = query.within === true;
    const window = {
      from,
      to,
      now,
      total: within ? transitions.count : this.changes(),
      count: within ? end - first : this.kindsBetween(first, end, false).count,
      lane: this.laneBefore(first),
      keptFrom,
      kinds: within
        ? this.kinds()
        : Object.fromEntries(this.kindsBetween(transitions.dropped, transitions.count, false).kinds),
    };
    if (window.count <= (query.limit ?? 1000)) return { ...window, transitions: this.list(first, end, within) };
    const buckets = clamp(Math.floor(query.buckets ?? 500), 1, MAX_BUCKETS);
    return { ...window, buckets: this.buckets(from, to, first, end, buckets, within) };
  }

  /** Entries from `first` up to `end`. */
  private list(first: number, end: number, within: boolean): TimelineEntry[] {
    const { transitions } = this.target;
    const entries: TimelineEntry[] = [];
    for (let i = first; i < end;) {
      if (!within && i % GROUP === 0 && i + GROUP < end && this.group(i / GROUP)?.changes.count === 0) i += GROUP;
      else {
        const entry = brief(transitions.get(i++)!);
        if (within || entry.from !== entry.to) entries.push(entry);
      }
    }
    return entries;
  }

  private kindsBetween(first: number, end: number, within: boolean): Kinds {
    const { transitions } = this.target;
    const sum = noKinds();
    for (let i = first; i < end;) {
      const group = i % GROUP === 0 && i + GROUP < end ? this.group(i / GROUP) : undefined;
      if (group) {
        merge(sum, within ? group.all : group.changes);
        i += GROUP;
        continue;
      }
      const { kind, from, to } = brief(transitions.get(i++)!);
      if (within || from !== to) add(sum, kind);
    }
    return sum;
  }

  /** Entries of the whole run that went from lane to lane, dropped ones included. */
  private changes(): number {
    const { transitions } = this.target;
    const { kinds } = transitions;
    let sum = 0;
    for (const { totals } of transitions.allTotals())
      for (let from = 0; from < LANES.length; from++)
        for (let to = 0; to < LANES.length; to++)
          if (from !== to) sum += totals[kinds.length + from * LANES.length + to] ?? 0;
    return sum;
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

  private buckets(
    from: number,
    to: number,
    first: number,
    end: number,
    wanted: number,
    within: boolean,
  ): TimelineBucket[] {
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
        const { count, kinds } = within ? group.all : group.changes;
        bucket.count += count;
        group.time.forEach((time, n) => (bucket.time[n]! += time));
        for (const [kind, n] of kinds) bucket.kinds[kind] = (bucket.kinds[kind] ?? 0) + n;
        i += GROUP;
        at = group.end;
        lane = LANE_NUMBER.get(this.laneBefore(i))!;
        continue;
      }
      const entry = transitions.get(i)!;
      spend(lane, at, entry.icount);
      if (within || isChange(entry)) {
        const bucket = buckets[bucketOf(entry.icount)]!;
        bucket.count++;
        bucket.kinds[entry.kind] = (bucket.kinds[entry.kind] ?? 0) + 1;
      }
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
      all: noKinds(),
      changes: noKinds(),
    };
    for (let i = n * GROUP; i < (n + 1) * GROUP; i++) {
      const next: TransitionView = transitions.get(i + 1)!;
      group.time[LANE_NUMBER.get(laneOf(entry.to.mode, entry.to.cpl))!]! += next.icount - entry.icount;
      add(group.all, entry.kind);
      if (isChange(entry)) add(group.changes, entry.kind);
      entry = next;
    }
    this.groups.set(n, group);
    return group;
  }
}

const clamp = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);

const isChange = ({ from, to }: TransitionView): boolean => laneOf(from.mode, from.cpl) !== laneOf(to.mode, to.cpl);

const brief = (t: TransitionView): TimelineEntry => ({
  index: t.index,
  icount: t.icount,
  kind: t.kind,
  ...(t.vector === undefined ? {} : { vector: t.vector }),
  from: laneOf(t.from.mode, t.from.cpl),
  to: laneOf(t.to.mode, t.to.cpl),
});
