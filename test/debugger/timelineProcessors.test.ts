// Windows of the history of several processors: of one, and of all of them, against a plain count over the same entries.
import assert from 'node:assert/strict';
import type { DebugTarget, TransitionView } from '../../src/debugger/target';
import { LANES } from '../../src/debugger/timeline/lanes';
import { Timeline } from '../../src/debugger/timeline/timeline';
import { spansOf, timeInLanes } from '../../src/views/ring/spans';
import { history } from './support/fakeTarget';

const PROCESSORS = 3;

/** Processor n changes between ring 0 and ring 3 every (n + 2) * 10 instructions. */
const entries: TransitionView[] = [];
const cpl = [0, 0, 0];
for (let icount = 0; icount < 60_000; icount += 10)
  for (let processor = 0; processor < PROCESSORS; processor++) {
    if (icount % ((processor + 2) * 10) !== 0) continue;
    const end = (ring: number) => ({ cpl: ring, mode: 'protected32' as const, cs: 8, rip: 0, ss: 16, rsp: 0 });
    const from = end(cpl[processor]!);
    cpl[processor] = 3 - cpl[processor]!;
    const common = { vector: undefined, gate: undefined, tss: undefined, errorCode: undefined };
    entries.push({ index: entries.length, icount, kind: 'iret', from, to: end(cpl[processor]!), processor, ...common });
  }
const now = 60_000;
const target = {
  processors: PROCESSORS,
  transitions: history(entries),
  icount: now,
  mode: 'protected32',
  cpl: 0,
  describe: (n: number) => ({ mode: 'protected32', cpl: cpl[n]! }),
} as unknown as DebugTarget;

describe('timeline of several processors', () => {
  const timeline = new Timeline(target);

  it('has the entries of one processor only', () => {
    for (let processor = 0; processor < PROCESSORS; processor++) {
      const own = entries.filter((e) => e.processor === processor);
      const { transitions, total, count } = timeline.window({ processor, limit: 1e6 });
      assert.deepEqual(transitions!.map(({ index }) => index), own.map(({ index }) => index)); // prettier-ignore
      assert.deepEqual([total, count], [own.length, own.length]);
      const window = timeline.window({ processor, from: 1000, to: 2000, limit: 0, buckets: 10 });
      const time = window.buckets!.reduce((sum, b) => sum + b.time[LANES.indexOf('ring3')]!, 0);
      assert.ok(Math.abs(time - 500) <= (processor + 2) * 10, `ring 3 half of the time: ${time}`);
      assert.equal(window.count, own.filter(({ icount }) => icount >= 1000 && icount < 2000).length);
    }
  });

  it('of all of them tells where each was, and shares the time among them', () => {
    const window = timeline.window({ from: 1000, to: 2000, limit: 1e6 });
    const laneAt = (n: number): string =>
      entries.findLast((e) => e.processor === n && e.icount < 1000)!.to.cpl === 3 ? 'ring3' : 'ring0';
    assert.deepEqual(window.lanes, [0, 1, 2].map(laneAt));
    const spans = spansOf({ ...window, transitions: window.transitions! }, now);
    for (let row = 0; row < PROCESSORS; row++) {
      const own = spans.filter((span) => span.row === row);
      assert.equal(own.reduce((sum, { from, to }) => sum + to - from, 0), 1000); // prettier-ignore
    }
    const sum = (list: readonly number[]): number => Math.round(list.reduce((a, b) => a + b, 0));
    assert.equal(sum(timeInLanes({ ...window, transitions: window.transitions! })), 1000);
    const summed = timeline.window({ from: 1000, to: 2000, limit: 0, buckets: 4 });
    assert.deepEqual(summed.buckets!.map(({ time }) => sum(time)), [250, 250, 250, 250]); // prettier-ignore
  });
});
