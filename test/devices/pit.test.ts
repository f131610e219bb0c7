import assert from 'node:assert/strict';
import { TickClock } from '../../src/devices/clock';
import { Pit, PIT_HZ } from '../../src/devices/pit/pit';
import { TestBench, TestLine } from './testBench';

const clock = new TickClock(PIT_HZ);

const setUp = () => {
  const bench = new TestBench();
  const irq0 = new TestLine();
  const pit = bench.add(new Pit(bench.scheduler, irq0));
  pit.reset();
  /** Goes to the middle of clock period `tick`, counted from power-on. */
  const toTick = (tick: number): void => bench.runTo(Math.floor((clock.timeOf(tick) + clock.timeOf(tick + 1)) / 2));
  const write16 = (n: number, count: number): void => {
    bench.out(0x40 + n, count & 0xff);
    bench.out(0x40 + n, count >> 8);
  };
  const read16 = (n: number): number => {
    bench.out(0x43, n << 6);
    return bench.in(0x40 + n) | (bench.in(0x40 + n) << 8);
  };
  const out2 = (): number => (bench.in(0x61) >> 5) & 1;
  const gate2 = (on: number): void => bench.out(0x61, on);
  /** Counter 2's output at each of `n` clocks from now, one digit a clock. */
  const trace = (n: number): string => {
    const first = clock.ticksAt(bench.time);
    return Array.from({ length: n }, (_, i) => (toTick(first + i), out2())).join('');
  };
  return { bench, irq0, pit, toTick, write16, read16, out2, gate2, trace };
};

describe('8254', () => {
  it('mode 0: low until N+1 clocks after the write, then high, then counts on', () => {
    const { bench, toTick, gate2, trace, read16 } = setUp();
    gate2(1);
    toTick(10);
    bench.out(0x43, 0x90); // counter 2, low byte, mode 0
    bench.out(0x42, 4);
    assert.equal(trace(8), '00000111');
    assert.equal(read16(2), 0xfefe); // two reads of a low-byte counter both give the low byte
  });

  it('mode 0: the gate holds the count, a new count starts over', () => {
    const { bench, toTick, gate2, out2, trace } = setUp();
    toTick(10);
    bench.out(0x43, 0x90);
    bench.out(0x42, 3);
    assert.equal(trace(10), '0000000000');
    gate2(1);
    assert.equal(trace(5), '00011');
    bench.out(0x42, 2);
    assert.equal(out2(), 0);
    assert.equal(trace(5), '00011');
  });

  it('mode 1: one low pulse of N clocks from the clock after each trigger', () => {
    const { bench, toTick, gate2, trace } = setUp();
    toTick(5);
    bench.out(0x43, 0x92);
    bench.out(0x42, 3);
    assert.equal(trace(3), '111');
    gate2(1);
    assert.equal(trace(6), '100011');
    gate2(0);
    gate2(1);
    assert.equal(trace(3), '100');
    gate2(0);
    gate2(1); // retriggered while low
    assert.equal(trace(6), '000011');
  });

  it('mode 2: one clock low in every N', () => {
    const { bench, toTick, gate2, trace } = setUp();
    gate2(1);
    toTick(5);
    bench.out(0x43, 0x94);
    bench.out(0x42, 4);
    assert.equal(trace(13), '1111011101110');
    bench.out(0x42, 3); // takes effect at the end of the cycle
    assert.equal(trace(7), '0110110');
    gate2(0);
    assert.equal(trace(4), '1111');
    gate2(1);
    assert.equal(trace(5), '11101');
  });

  it('mode 3: halves, an odd count one clock longer high; counts by two', () => {
    const { bench, toTick, gate2, trace } = setUp();
    gate2(1);
    toTick(5);
    bench.out(0x43, 0x96);
    bench.out(0x42, 4);
    assert.equal(trace(9), '111001100');
    bench.out(0x43, 0x96);
    bench.out(0x42, 5);
    assert.equal(trace(12), '111100111001');
    toTick(100);
    bench.out(0x43, 0x96);
    bench.out(0x42, 5);
    const counts = Array.from({ length: 11 }, (_, i) => (toTick(101 + i), bench.in(0x42)));
    assert.deepEqual(counts, [4, 2, 0, 4, 2, 4, 2, 0, 4, 2, 4]);
  });

  it('mode 4: a strobe N+1 clocks after the write; mode 5 after the trigger', () => {
    const { bench, toTick, gate2, trace } = setUp();
    gate2(1);
    toTick(5);
    bench.out(0x43, 0x98);
    bench.out(0x42, 3);
    assert.equal(trace(8), '11110111');
    bench.out(0x43, 0x9a);
    bench.out(0x42, 2);
    assert.equal(trace(5), '11111');
    gate2(0);
    gate2(1);
    assert.equal(trace(6), '111011');
  });

  it('counts in BCD and takes 0 as 10000 there, 65536 in binary', () => {
    const { bench, toTick, gate2, read16, write16 } = setUp();
    gate2(1);
    toTick(5);
    bench.out(0x43, 0xb1);
    write16(2, 0x1000);
    toTick(7);
    assert.equal(read16(2), 0x0999);
    bench.out(0x43, 0xb1);
    write16(2, 0);
    toTick(8 + 10);
    assert.equal(read16(2), 0x9990);
    bench.out(0x43, 0xb0);
    write16(2, 0);
    toTick(19);
    assert.equal(read16(2), 0);
    toTick(20);
    assert.equal(read16(2), 0xffff);
  });

  it('latches a count once and reads it low, then high', () => {
    const { bench, toTick, write16 } = setUp();
    toTick(1);
    bench.out(0x43, 0x34);
    write16(0, 0x1234);
    toTick(2);
    bench.out(0x43, 0x00);
    toTick(50);
    bench.out(0x43, 0x00);
    assert.equal(bench.in(0x40), 0x34);
    assert.equal(bench.in(0x40), 0x12);
    assert.equal(bench.in(0x40), 0x34 - 48);
    assert.equal(bench.in(0x40), 0x12);
  });

  it('reads status and count back together, status first', () => {
    const { bench, toTick, write16 } = setUp();
    toTick(1);
    bench.out(0x43, 0x34);
    bench.out(0x43, 0xe2);
    assert.equal(bench.in(0x40), 0xf4); // OUT, null count, both bytes, mode 2
    write16(0, 0x1000);
    bench.out(0x43, 0xe2);
    assert.equal(bench.in(0x40), 0xf4); // not loaded before the next clock
    toTick(3);
    bench.out(0x43, 0xc2);
    assert.deepEqual([bench.in(0x40), bench.in(0x40), bench.in(0x40)], [0xb4, 0xff, 0x0f]);
    bench.out(0x43, 0xee);
    assert.equal(bench.in(0x42) & 0x40, 0x40); // counter 2 was never programmed
  });

  it('counter 0 raises IRQ 0 without drift', () => {
    const { bench, irq0, write16 } = setUp();
    bench.out(0x43, 0x34);
    write16(0, 1193);
    const rises = irq0.rises;
    bench.runTo(60e9);
    assert.equal(irq0.rises - rises, Math.floor((PIT_HZ * 60 - 1) / 1193));
    bench.out(0x43, 0x30);
    write16(0, 100);
    assert.equal(irq0.level, false);
    bench.run(1e6);
    assert.equal(irq0.level, true);
    assert.ok(bench.scheduler.nextDue() === undefined);
  });

  it('port 0x61 toggles refresh every 18 clocks and reports the tone', () => {
    const { bench, pit, toTick, write16, out2 } = setUp();
    toTick(0);
    const seen: number[] = [];
    for (let tick = 0; tick < 72; tick += 9) seen.push((toTick(tick), (bench.in(0x61) >> 4) & 1));
    assert.deepEqual(seen, [0, 0, 1, 1, 0, 0, 1, 1]);
    bench.out(0x43, 0xb6);
    write16(2, 1193);
    bench.out(0x61, 0xf3);
    bench.run(1e9);
    assert.equal(bench.in(0x61) & 0xcf, 3);
    assert.deepEqual(pit.speaker(), { on: true, hz: PIT_HZ / 1193 });
    const bits = new Set(Array.from({ length: 50 }, () => (bench.run(1e5), out2())));
    assert.deepEqual(bits, new Set([0, 1]));
  });
});
