// Sums over runs of transitions, kept as a pyramid: 256 entries to a group, 16 groups to a group above. Any run is then a
// few groups and at most 510 single entries, so that millions of them are summed up many times a second. Every entry is
// read once, as plain numbers.

import type { TransitionHistory } from '../target';
import { LANES } from './lanes';

const GROUP = 256;
const FACTOR = 16;
/** Groups of 256, 4,096 and 65,536 entries. */
const LEVELS = [GROUP, GROUP * FACTOR, GROUP * FACTOR * FACTOR];

/** Position in LANES of a lane's number in the log, which counts rings from 0. */
const laneOfLog = (n: number): number => (n < 4 ? 3 - n : n);

export class Sum {
  /** Entries, and those of them that go from lane to lane. */
  count = 0;
  changes = 0;
  /** Retired instructions per lane, in the order of LANES: from each entry to the next one. */
  readonly time = new Float64Array(LANES.length);
  /** Per kind, of all entries and of those from lane to lane. */
  readonly kinds: Float64Array;
  readonly changeKinds: Float64Array;

  constructor(kinds: number) {
    this.kinds = new Float64Array(kinds);
    this.changeKinds = new Float64Array(kinds);
  }

  add(more: Sum): void {
    this.count += more.count;
    this.changes += more.changes;
    for (let i = 0; i < this.time.length; i++) this.time[i]! += more.time[i]!;
    for (let i = 0; i < this.kinds.length; i++) {
      this.kinds[i]! += more.kinds[i]!;
      this.changeKinds[i]! += more.changeKinds[i]!;
    }
  }
}

export class HistorySums {
  /** By level and number: only complete groups that another entry follows. */
  private readonly groups: Map<number, Sum>[] = LEVELS.map(() => new Map<number, Sum>());
  private seen = 0;

  constructor(private readonly history: () => TransitionHistory) {}

  /** Drops what is no longer true: the machine was reset or went back, or old entries were dropped. */
  refresh(): void {
    const { count, dropped } = this.history();
    if (count < this.seen) for (const level of this.groups) level.clear();
    this.seen = count;
    this.groups.forEach((level, i) => {
      for (const n of level.keys()) {
        if (n * LEVELS[i]! >= dropped) break;
        level.delete(n);
      }
    });
  }

  /** Entries from `first` up to `end`; the last one's time counts only when an entry follows it. */
  between(first: number, end: number): Sum {
    const sum = new Sum(this.history().kinds.length);
    for (let at = first; at < end;) {
      const found = this.largestAt(at, end);
      if (found) {
        sum.add(found.sum);
        at += found.size;
      } else {
        const stop = Math.min(end, (Math.floor(at / GROUP) + 1) * GROUP);
        this.scan(sum, at, stop);
        at = stop;
      }
    }
    return sum;
  }

  /** Calls `visit` with the index of every entry from `first` up to `end` that goes from lane to lane. */
  changesBetween(first: number, end: number, visit: (index: number) => void): void {
    for (let at = first; at < end;) {
      const found = this.largestAt(at, end, (sum) => sum.changes === 0);
      const stop = found ? at + found.size : Math.min(end, (Math.floor(at / GROUP) + 1) * GROUP);
      if (!found)
        this.history().scan(at, stop, (index, _icount, _kind, from, to) => {
          if (from !== to) visit(index);
        });
      at = stop;
    }
  }

  /** The largest known group that starts at `at` and ends by `end`. */
  private largestAt(
    at: number,
    end: number,
    wanted: (sum: Sum) => boolean = () => true,
  ): { sum: Sum; size: number } | undefined {
    if (at % GROUP !== 0) return undefined;
    for (let level = LEVELS.length - 1; level >= 0; level--) {
      const size = LEVELS[level]!;
      if (at % size !== 0 || at + size > end) continue;
      const sum = this.group(level, at / size);
      if (sum && wanted(sum)) return { sum, size };
    }
    return undefined;
  }

  private group(level: number, n: number): Sum | undefined {
    const known = this.groups[level]!.get(n);
    if (known) return known;
    const history = this.history();
    const size = LEVELS[level]!;
    if ((n + 1) * size >= history.count || n * size < history.dropped) return undefined;
    const sum = new Sum(history.kinds.length);
    if (level === 0) this.scan(sum, n * size, (n + 1) * size);
    else for (let part = n * FACTOR; part < (n + 1) * FACTOR; part++) sum.add(this.group(level - 1, part)!);
    this.groups[level]!.set(n, sum);
    return sum;
  }

  /** Adds single entries; reads one more, to which the last one's time goes. */
  private scan(sum: Sum, first: number, end: number): void {
    let since = 0;
    let lane = -1;
    this.history().scan(first, end + 1, (index, icount, kind, from, to) => {
      if (lane >= 0) sum.time[lane]! += icount - since;
      if (index >= end) return;
      since = icount;
      lane = laneOfLog(to);
      sum.count++;
      sum.kinds[kind]!++;
      if (from === to) return;
      sum.changes++;
      sum.changeKinds[kind]!++;
    });
  }
}
