// Windows of the transition history against a plain count over the same entries, with and without those within a lane.
import assert from 'node:assert/strict';
import type { DebugTarget, TransitionView } from '../../src/debugger/target';
import { LANES, laneOf } from '../../src/debugger/timeline/lanes';
import { history as logOf } from './support/fakeTarget';
import { Timeline } from '../../src/debugger/timeline/timeline';

const KINDS = ['exception', 'interrupt', 'iret'];

/** Deterministic pseudo-random numbers below `n`. */
const random = (seed: number) => (n: number) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};

const history = (length: number): { entries: TransitionView[]; now: number } => {
  const next = random(7);
  const entries: TransitionView[] = [];
  let icount = 0;
  let cpl = 0;
  for (let index = 0; index < length; index++) {
    icount += next(50);
    const to = next(3) === 0 ? (cpl === 0 ? 3 : 0) : cpl;
    const end = (level: number) => ({ cpl: level, mode: 'protected32' as const, cs: 8, rip: 0, ss: 16, rsp: 0 });
    const common = { vector: undefined, gate: undefined, tss: undefined, errorCode: undefined };
    entries.push({ index, icount, kind: KINDS[next(3)]!, from: end(cpl), to: end(to), ...common });
    cpl = to;
  }
  return { entries, now: icount + 20 };
};

const targetOf = (entries: readonly TransitionView[], now: number): DebugTarget => {
  const cpl = entries.at(-1)?.to.cpl ?? 0;
  return { transitions: logOf(entries), icount: now, mode: 'protected32', cpl } as unknown as DebugTarget;
};

describe('timeline windows', () => {
  const { entries, now } = history(200_000);
  const timeline = new Timeline(targetOf(entries, now));
  const changes = entries.filter(({ from, to }) => from.cpl !== to.cpl);

  for (const within of [false, true])
    for (const [from, to] of [
      [0, now],
      [1000, 1001],
      [12_345, 3_000_000],
      [now - 10, now],
    ] as const)
      it(`from ${from} to ${to}${within ? ', with those within a lane' : ''}`, () => {
        const wanted = (within ? entries : changes).filter((e) => e.icount >= from && (e.icount < to || to === now));
        const list = timeline.window({ from, to, limit: 1_000_000, within });
        assert.deepEqual(
          list.transitions?.map(({ index }) => index),
          wanted.map(({ index }) => index),
        );
        assert.equal(list.total, within ? entries.length : changes.length);
        const sums = timeline.window({ from, to, limit: 0, buckets: 37, within });
        assert.equal(sums.count, wanted.length);
        if (wanted.length === 0) return;
        assert.equal(
          sums.buckets!.reduce((n, b) => n + b.count, 0),
          wanted.length,
        );
        for (const kind of KINDS)
          assert.equal(
            sums.buckets!.reduce((n, b) => n + (b.kinds[kind] ?? 0), 0),
            wanted.filter((e) => e.kind === kind).length,
          );
        const time = LANES.map((_, lane) => sums.buckets!.reduce((t, b) => t + b.time[lane]!, 0));
        assert.ok(Math.abs(time.reduce((a, b) => a + b, 0) - (to - from)) < 1e-3);
        assert.ok(Math.abs(time[LANES.indexOf('ring3')]! - ring3(from, to)) < 1e-3);
      });

  /** Instructions in ring 3, counted stay by stay. */
  const ring3 = (from: number, to: number): number => {
    let sum = 0;
    for (const [i, { icount, to: end }] of entries.entries()) {
      const until = entries[i + 1]?.icount ?? now;
      if (laneOf(end.mode, end.cpl) === 'ring3') sum += Math.max(0, Math.min(until, to) - Math.max(icount, from));
    }
    return sum;
  };
});
