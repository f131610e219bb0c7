import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { transitionEvent } from '../../src/cpu/transitionEvent';
import {
  CHUNK_RECORDS,
  LANE_REAL,
  LANES,
  T_EXCEPTION,
  T_IRET,
  TRANSITION_KINDS,
  TransitionLog,
} from '../../src/cpu/transitions';
import { TestMachine } from './testMachine';

describe('transition log', () => {
  const m = new TestMachine();
  const fill = (log: TransitionLog, count: number): void => {
    for (let i = 0; i < count; i++) {
      m.icount = i * 10;
      m.cpu.eip = i;
      log.begin(m.cpu);
      m.cpu.eip = i + 1;
      log.commit(m.cpu, i % 3 === 0 ? T_EXCEPTION : T_IRET, i % 3 === 0 ? 14 : -1, -1, 0x28, i % 3 === 0 ? 7 : -1);
    }
  };

  it('gives back what was recorded', () => {
    const log = new TransitionLog();
    fill(log, 5);
    assert.equal(log.count, 5);
    const side = { cpl: 0, mode: 'real', cs: 0xf000, ss: 0, rsp: 0 };
    assert.deepEqual(log.get(3), {
      index: 3,
      icount: 30,
      kind: 'exception',
      vector: 14,
      from: { ...side, rip: 3 },
      to: { ...side, rip: 4 },
      gate: undefined,
      tss: 0x28,
      errorCode: 7,
    });
    const { icount, kind, vector, from, via } = transitionEvent(log.get(4)!);
    assert.deepEqual([icount, kind, vector, from.rip, via], [40, 'iret', undefined, 4, { tss: 0x28 }]);
    assert.equal(log.get(5), undefined);
    assert.equal(log.get(-1), undefined);
  });

  it('drops the oldest chunks beyond the cap and keeps their totals', () => {
    const log = new TransitionLog(2 * CHUNK_RECORDS);
    const count = 5 * CHUNK_RECORDS + 100;
    fill(log, count);
    assert.equal(log.count, count);
    assert.equal(log.dropped, 4 * CHUNK_RECORDS);
    assert.equal(log.get(log.dropped - 1), undefined);
    assert.equal(log.get(log.dropped)!.icount, log.dropped * 10);
    const totals = log.allTotals();
    const sum = (n: number): number => totals.reduce((all, chunk) => all + chunk.totals[n]!, 0);
    assert.equal(sum(T_EXCEPTION), Math.ceil(count / 3));
    assert.equal(sum(T_IRET), count - Math.ceil(count / 3));
    assert.equal(sum(TRANSITION_KINDS.length + LANE_REAL * LANES + LANE_REAL), count);
    assert.deepEqual(
      totals.map((chunk) => [chunk.first, chunk.count, chunk.firstIcount]),
      [0, 1, 2, 3, 4, 5].map((n) => [n * CHUNK_RECORDS, n === 5 ? 100 : CHUNK_RECORDS, n * CHUNK_RECORDS * 10]),
    );
  });

  it('finds a moment and goes back to it', () => {
    const log = new TransitionLog();
    fill(log, CHUNK_RECORDS + 50);
    assert.equal(log.indexAt(0), 0);
    assert.equal(log.indexAt(101), 11);
    assert.equal(log.indexAt(1e9), CHUNK_RECORDS + 50);
    log.truncate(30);
    assert.equal(log.count, 30);
    assert.equal(log.get(29)!.icount, 290);
    assert.equal(log.get(30), undefined);
    assert.equal(log.allTotals()[0]!.totals[T_EXCEPTION], 10);
    fill(log, 3);
    assert.equal(log.get(30)!.icount, 0);
    assert.equal(log.count, 33);
  });

  it('sees changes of ring and mode but not of code size', () => {
    const { cpu } = m;
    const log = new TransitionLog();
    log.begin(cpu);
    assert.equal(log.changed(cpu), false);
    cpu.u32[L.S_CR0 >> 2]! |= L.CR0_PE;
    assert.equal(log.changed(cpu), true);
    log.begin(cpu);
    cpu.u32[(L.S_SEG + L.SEG_SIZE + L.SEG_ATTR) >> 2]! ^= 0x4000;
    assert.equal(log.changed(cpu), false);
    cpu.i32[L.S_CPL >> 2] = 3;
    assert.equal(log.changed(cpu), true);
  });
});
