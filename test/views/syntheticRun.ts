// A made-up run: a list of transitions, and windows of it as the debugger would answer them.
import {
  LANES,
  type Bucket,
  type Lane,
  type TimeWindow,
  type Transition,
  type WindowQuery,
} from '../../src/views/ring/protocol';
import { spansOf } from '../../src/views/ring/spans';

export class SyntheticRun {
  readonly transitions: Transition[] = [];
  now = 0;

  add(after: number, kind: string, to: Lane, vector?: number): this {
    this.now += after;
    const from = this.transitions.at(-1)?.to ?? 'real';
    const index = this.transitions.length;
    this.transitions.push({ index, icount: this.now, kind, from, to, ...(vector === undefined ? {} : { vector }) });
    return this;
  }

  get kinds(): Record<string, number> {
    return countKinds(this.transitions);
  }

  window({ from = 0, to = this.now + 1, limit, buckets, within }: WindowQuery): TimeWindow {
    const inside = this.transitions.filter((t) => t.icount >= from && t.icount < to && (within || t.from !== t.to));
    const lane = this.transitions.findLast((t) => t.icount < from)?.to ?? 'real';
    const base = { from, to, now: this.now, total: this.transitions.length, count: inside.length, lane, keptFrom: 0 };
    const answer: TimeWindow = { ...base, kinds: this.kinds };
    if (inside.length <= limit) return { ...answer, transitions: inside };
    const size = (to - from) / buckets;
    const sums = Array.from({ length: buckets }, () => ({
      count: 0,
      time: LANES.map(() => 0),
      kinds: {} as Record<string, number>,
    }));
    for (const t of inside) {
      const bucket = sums[Math.min(buckets - 1, Math.floor((t.icount - from) / size))]!;
      bucket.count++;
      bucket.kinds[t.kind] = (bucket.kinds[t.kind] ?? 0) + 1;
    }
    for (const span of spansOf({ ...answer, transitions: inside }, this.now)) addTime(sums, span, from, size);
    return { ...answer, buckets: sums satisfies Bucket[] };
  }
}

const countKinds = (list: readonly Transition[]): Record<string, number> => {
  const kinds: Record<string, number> = {};
  for (const { kind } of list) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
};

const addTime = (
  sums: readonly { time: number[] }[],
  span: { lane: Lane; from: number; to: number },
  from: number,
  size: number,
): void => {
  const lane = LANES.indexOf(span.lane);
  for (let i = Math.max(0, Math.floor((span.from - from) / size)); i < sums.length && from + i * size < span.to; i++)
    sums[i]!.time[lane]! += Math.max(
      0,
      Math.min(span.to, from + (i + 1) * size) - Math.max(span.from, from + i * size),
    );
};

/** Like the sample `rings`: system calls, a call gate with a system call inside, two faults. */
export const ringsRun = (): SyntheticRun => {
  const run = new SyntheticRun();
  run
    .add(1830, 'mode-change', 'ring0')
    .add(5, 'mode-change', 'ring0')
    .add(3110, 'mode-change', 'ring0')
    .add(720, 'iret', 'ring3');
  run.add(3, 'software-int', 'ring0', 0x80).add(480, 'iret', 'ring3');
  run
    .add(2, 'call-gate', 'ring1')
    .add(5, 'software-int', 'ring0', 0x80)
    .add(8, 'iret', 'ring1')
    .add(3, 'far-return', 'ring3');
  run.add(2, 'exception', 'ring0', 13).add(590, 'iret', 'ring3');
  run.add(3, 'software-int', 'ring0', 0x80).add(690, 'iret', 'ring3').add(2, 'exception', 'ring0', 14);
  run.now += 1250;
  return run;
};

/** A kernel with a timer tick and system calls, long enough that it must be summed up. */
export const busyRun = (rounds: number): SyntheticRun => {
  const run = new SyntheticRun();
  run.add(20_000, 'mode-change', 'ring0').add(40_000, 'iret', 'ring3');
  for (let i = 0; i < rounds; i++) {
    const busy = 1 + Math.sin(i / 300) ** 2 * 8;
    run.add(Math.round(400 * busy), 'software-int', 'ring0', 0x80).add(Math.round(1200 / busy), 'iret', 'ring3');
    if (i % 7 === 0) run.add(300, 'interrupt', 'ring0', 0x20).add(150, 'iret', 'ring3');
    if (i % 97 === 0) run.add(50, 'exception', 'ring0', 14).add(900, 'iret', 'ring3');
    if (i % 331 === 0) run.add(20, 'v86-enter', 'v8086').add(4000, 'v86-exit', 'ring0', 13).add(100, 'iret', 'ring3');
  }
  run.now += 500;
  return run;
};
