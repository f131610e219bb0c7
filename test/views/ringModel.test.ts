// The ring view's arithmetic: scales, ticks, viewport, stays, words.
import assert from 'node:assert/strict';
import { bucketRows, detailRows, edgeLabel, percent, short } from '../../src/views/ring/format';
import { geometryOf } from '../../src/views/ring/geometry';
import { LANES } from '../../src/views/ring/protocol';
import { compressedScale, stopTicks, ticks, timeScale } from '../../src/views/ring/scale';
import { spansOf, timeInLanes } from '../../src/views/ring/spans';
import { Viewport } from '../../src/views/ring/viewport';
import { busyRun, ringsRun } from './syntheticRun';

describe('ring view: scales', () => {
  it('maps time linearly and back', () => {
    const scale = timeScale(1000, 3000, 400);
    assert.equal(scale.x(1000), 0);
    assert.equal(scale.x(2000), 200);
    assert.equal(scale.at(300), 2500);
  });

  it('compressed: keeps the order, fills the width, and inverts', () => {
    const icounts = [10, 12, 12, 5000, 5001, 900_000];
    const scale = compressedScale(0, 1_000_000, 700, icounts);
    const xs = icounts.map((icount) => scale.x(icount));
    assert.deepEqual(
      xs,
      [...xs].sort((a, b) => a - b),
    );
    assert.equal(scale.x(0), 0);
    assert.ok(Math.abs(scale.x(1_000_000) - 700) < 1e-9);
    for (const icount of [5, 11, 300, 5000, 40_000, 950_000])
      assert.ok(Math.abs(scale.at(scale.x(icount)) - icount) < 1e-6 * icount + 1e-9, `${icount}`);
    assert.ok(xs[4]! - xs[3]! > 10, 'an instruction between two transitions can be seen beside a million');
  });

  it('compressed: an empty list is linear', () => {
    assert.equal(compressedScale(0, 100, 200, []).x(50), 100);
  });

  it('chooses round ticks, and never more than asked for', () => {
    assert.deepEqual(ticks(0, 1000, 5), [0, 200, 400, 600, 800, 1000]);
    for (const [from, to] of [
      [0, 7],
      [3, 4],
      [123_456, 7_654_321],
      [0, 3e12],
    ] as const)
      assert.ok(ticks(from, to, 6).length <= 7, `${from}..${to}`);
    assert.deepEqual(ticks(5, 5, 4), []);
  });

  it('labels stops only where there is room', () => {
    const scale = timeScale(0, 100, 100);
    assert.deepEqual(stopTicks([0, 10, 20, 55, 60, 100], scale, 40), [0, 55, 100]);
  });
});

describe('ring view: viewport', () => {
  it('shows the whole run while it grows', () => {
    const view = new Viewport();
    view.advance(1000);
    assert.deepEqual([view.mode, view.from], ['whole', 0]);
    assert.ok(view.to > 1000);
    view.advance(5000);
    assert.ok(view.to > 5000);
  });

  it('zooms around the anchor and stays put while the run goes on', () => {
    const view = new Viewport();
    view.advance(10_000);
    const share = (4000 - view.from) / view.span;
    view.zoom(0.1, 4000);
    assert.equal(view.mode, 'fixed');
    assert.ok(Math.abs((4000 - view.from) / view.span - share) < 1e-9);
    const { from, to } = view;
    view.advance(50_000);
    assert.deepEqual([view.from, view.to], [from, to]);
  });

  it('zoomed in at the end of the run, it follows', () => {
    const view = new Viewport();
    view.advance(10_000);
    view.zoom(0.1, view.to);
    assert.equal(view.mode, 'follow');
    const { span } = view;
    view.advance(20_000);
    assert.ok(view.to > 20_000);
    assert.equal(view.span, span);
  });

  it('never leaves the run, and zooming out far enough shows it whole', () => {
    const view = new Viewport();
    view.advance(10_000);
    view.zoom(0.01, 5000);
    view.pan(-1000);
    assert.equal(view.from, 0);
    view.pan(1e6);
    assert.ok(view.to <= 10_201);
    view.zoom(1e9, 5000);
    assert.equal(view.mode, 'whole');
    for (let i = 0; i < 60; i++) view.zoom(0.5, 5000);
    assert.ok(view.span >= 8);
  });

  it('reveals a place by moving as little as needed', () => {
    const view = new Viewport();
    view.advance(10_000);
    view.place(1000, 100);
    view.reveal(1050);
    assert.equal(view.from, 1000);
    view.reveal(5000);
    assert.ok(view.from < 5000 && view.to > 5000);
  });
});

describe('ring view: stays and words', () => {
  it('adds up to the time run', () => {
    const run = ringsRun();
    const window = run.window({ limit: 100, buckets: 10, within: true });
    const spans = spansOf(window, run.now);
    assert.deepEqual(
      spans.slice(0, 3).map(({ lane }) => lane),
      ['real', 'ring0', 'ring3'],
    );
    assert.equal(
      timeInLanes(window).reduce((a, b) => a + b, 0),
      run.now,
    );
    assert.equal(timeInLanes(window)[LANES.indexOf('ring1')], 8);
  });

  it('gives the same times from buckets as from the list', () => {
    const run = busyRun(300);
    const list = timeInLanes(run.window({ limit: 1e6, buckets: 50, within: true }));
    const sums = timeInLanes(run.window({ limit: 1, buckets: 50, within: true }));
    list.forEach((time, lane) => assert.ok(Math.abs(time - sums[lane]!) < 1, LANES[lane]));
  });

  it('writes numbers short and lanes in words', () => {
    assert.deepEqual([999, 9999, 12_345, 1_234_567, 45e9].map(short), ['999', '9,999', '12.3k', '1.23M', '45G']);
    assert.deepEqual([percent(0, 10), percent(1, 1000), percent(1, 3)], ['0 %', '< 1 %', '33 %']);
    const [first] = ringsRun().transitions;
    assert.equal(edgeLabel(first!), 'Mode change, real mode to ring 0, at 1,830 instructions');
  });

  it('lists what is known of a transition and nothing else', () => {
    const point = { lane: 'ring3' as const, mode: 'protected32', cpl: 3, cs: 0x2b, ip: '0x9007', linear: '0x9007' };
    const plain = {
      index: 0,
      icount: 1,
      kind: 'interrupt',
      from: point,
      to: { ...point, lane: 'ring0' as const, cs: 8, ip: '0x7e9a' },
    };
    assert.deepEqual(detailRows(plain), [
      ['from', '002B:9007'],
      ['to', '0008:7E9A'],
    ]);
    const fault = {
      ...plain,
      vector: 14,
      vectorName: '#PF page fault',
      errorCode: 7,
      cr2: '0x8000',
      reason: 'not for ring 3',
    };
    assert.deepEqual(detailRows(fault).slice(0, 4), [
      ['vector', '0x0e  #PF page fault'],
      ['error code', '0x0007'],
      ['CR2', '0x8000'],
      ['why', 'not for ring 3'],
    ]);
  });

  it('sums a bucket up by kind and lane', () => {
    assert.deepEqual(bucketRows({ count: 3, time: [25, 0, 0, 75, 0, 0], kinds: { iret: 1, exception: 2 } }), [
      ['Exception', '2'],
      ['IRET', '1'],
      ['ring 3', '25 %'],
      ['ring 0', '75 %'],
    ]);
  });

  it('fits six lanes into any room', () => {
    for (const room of [0, 50, 200, 1000]) {
      const g = geometryOf(300, room);
      assert.ok(g.y('v8086') < g.stripTop && g.laneHeight >= 11, `${room}`);
    }
  });
});
