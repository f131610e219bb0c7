import assert from 'node:assert/strict';
import { TickClock } from '../../src/devices/clock';
import { EventScheduler } from '../../src/devices/scheduler';

describe('EventScheduler', () => {
  it('fires by due time, then by registration', () => {
    const log: string[] = [];
    const s = new EventScheduler(() => 0);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => s.timer(name, () => log.push(`${name}@${s.now()}`)));
    c.at(5);
    b.at(10);
    a.at(10);
    assert.equal(s.nextDue(), 5);
    s.runDue(9);
    assert.deepEqual(log, ['c@5']);
    s.runDue(20);
    assert.deepEqual(log, ['c@5', 'a@10', 'b@10']);
    assert.equal(s.nextDue(), undefined);
    assert.equal(a.due, undefined);
  });

  it('gives a late periodic callback its own due time, so it does not drift', () => {
    const times: number[] = [];
    const s = new EventScheduler(() => 1000);
    const t = s.timer('t', () => {
      times.push(s.now());
      t.at(s.now() + 30);
    });
    t.at(10);
    s.runDue(100);
    assert.deepEqual(times, [10, 40, 70, 100]);
    assert.equal(s.nextDue(), 130);
    assert.equal(s.now(), 1000);
  });

  it('tells when the next event moves closer', () => {
    let earlier = 0;
    const s = new EventScheduler(
      () => 0,
      () => earlier++,
    );
    const a = s.timer('a', () => {});
    const b = s.timer('b', () => {});
    a.at(100);
    b.at(200);
    b.at(50);
    a.cancel();
    assert.equal(earlier, 2);
    assert.equal(s.nextDue(), 50);
  });

  it('snapshots due times by name and restores them', () => {
    const s = new EventScheduler(() => 0);
    const a = s.timer('a', () => {});
    const b = s.timer('b', () => {});
    a.at(7);
    const state = JSON.parse(JSON.stringify(s.getState()));
    a.cancel();
    b.at(3);
    s.setState(state);
    assert.deepEqual([a.due, b.due, s.nextDue()], [7, undefined, 7]);
  });

  it('refuses two timers of one name', () => {
    const s = new EventScheduler(() => 0);
    s.timer('a', () => {});
    assert.throws(() => s.timer('a', () => {}), /registered twice/);
  });
});

describe('TickClock', () => {
  it('converts exactly in both directions, hours in', () => {
    const clock = new TickClock(1193182);
    for (const tick of [0, 1, 2, 1193181, 1193182, 1193183, 4295454545, 1193182 * 86400 + 17]) {
      const ns = clock.timeOf(tick);
      assert.equal(clock.ticksAt(ns), tick);
      if (tick > 0) assert.equal(clock.ticksAt(ns - 1), tick - 1);
    }
  });
});
