import assert from 'node:assert/strict';
import { dayOfWeek, fromUnixSeconds } from '../../src/devices/rtc/calendar';
import { cmosChecksum } from '../../src/devices/rtc/cmosLayout';
import { Rtc } from '../../src/devices/rtc/rtc';
import { randomFrom, TestBench, TestLine } from './testBench';

const SECOND = 1e9;
const NEW_YEARS_EVE = Date.UTC(1999, 11, 31, 23, 59, 58) / 1000;

const setUp = (startTime = NEW_YEARS_EVE) => {
  const bench = new TestBench();
  const irq8 = new TestLine();
  const masks: boolean[] = [];
  const rtc = bench.add(
    new Rtc(bench.scheduler, irq8, {
      startTime,
      memory: 64 << 20,
      floppies: [4, 0],
      hardDisks: [{ cylinders: 615, heads: 4, sectorsPerTrack: 17 }],
      onNmiMask: (masked) => masks.push(masked),
    }),
  );
  rtc.reset();
  const read = (cell: number): number => (bench.out(0x70, cell), bench.in(0x71));
  const write = (cell: number, value: number): void => {
    bench.out(0x70, cell);
    bench.out(0x71, value);
  };
  const time = (): string => [0x32, 9, 8, 7, 4, 2, 0].map((cell) => read(cell).toString(16).padStart(2, '0')).join(' ');
  return { bench, irq8, rtc, masks, read, write, time };
};

describe('calendar', () => {
  it('agrees with the host over eight centuries', () => {
    const random = randomFrom(42);
    for (let i = 0; i < 5000; i++) {
      const unix = random(0xffffffff) * 6 - 2 ** 32;
      const host = new Date(unix * 1000);
      const mine = fromUnixSeconds(unix);
      assert.deepEqual(mine, {
        year: host.getUTCFullYear(),
        month: host.getUTCMonth() + 1,
        day: host.getUTCDate(),
        hour: host.getUTCHours(),
        minute: host.getUTCMinutes(),
        second: host.getUTCSeconds(),
      });
      assert.equal(dayOfWeek(mine), host.getUTCDay() + 1);
    }
  });
});

describe('MC146818', () => {
  it('keeps time from its start value, over the century', () => {
    const { bench, time, read } = setUp();
    assert.equal(time(), '19 99 12 31 23 59 58');
    assert.equal(read(6), 6);
    bench.run(SECOND);
    assert.equal(time(), '19 99 12 31 23 59 59');
    bench.run(SECOND);
    assert.equal(time(), '20 00 01 01 00 00 00');
    assert.equal(read(6), 7);
  });

  it('knows leap years', () => {
    for (const [year, day] of [
      [2000, '29'],
      [2023, '01'],
      [2024, '29'],
    ] as const) {
      const { bench, read } = setUp(Date.UTC(year, 1, 28, 23, 59, 59) / 1000);
      bench.run(SECOND);
      assert.equal(read(7).toString(16).padStart(2, '0'), day);
    }
  });

  it('shows and takes binary and 12-hour time', () => {
    const { bench, read, write } = setUp();
    write(0x0b, 0x84);
    for (const [cell, value] of [
      [0, 59],
      [2, 59],
      [4, 0x80 | 11],
    ])
      write(cell, value);
    bench.run(3 * SECOND);
    assert.equal(read(0), 59); // SET holds the time
    write(0x0b, 0x04);
    bench.run(SECOND);
    assert.deepEqual([read(0), read(2), read(4)], [0, 0, 12]); // 11:59:59 pm to 12:00:00 am
    bench.run(12 * 3600 * SECOND);
    assert.equal(read(4), 0x80 | 12);
  });

  it('sets UIP before each update', () => {
    const { bench, read } = setUp();
    bench.runTo(SECOND - 3e6);
    assert.equal(read(0x0a), 0x26);
    bench.runTo(SECOND - 1e5);
    assert.equal(read(0x0a), 0xa6);
    bench.runTo(SECOND);
    assert.equal(read(0x0a), 0x26);
  });

  it('update-ended interrupt, and its flag without the interrupt', () => {
    const { bench, irq8, read, write } = setUp();
    bench.run(SECOND);
    assert.equal(irq8.level, false);
    assert.equal(read(0x0c) & 0x90, 0x10);
    assert.equal(read(0x0c) & 0x10, 0);
    write(0x0b, 0x12);
    bench.run(SECOND);
    assert.equal(irq8.level, true);
    assert.equal(read(0x0c) & 0x90, 0x90);
    assert.equal(irq8.level, false);
  });

  it("alarm, exact and with don't-care cells", () => {
    const { bench, irq8, read, write } = setUp(Date.UTC(2024, 1, 29, 6, 29, 50) / 1000);
    for (const [cell, value] of [
      [1, 0x00],
      [3, 0x30],
      [5, 0xff],
    ])
      write(cell, value);
    write(0x0b, 0x22);
    bench.run(9 * SECOND);
    assert.equal(irq8.level, false);
    bench.run(SECOND);
    assert.equal(irq8.level, true);
    assert.equal(read(0x0c) & 0xa0, 0xa0);
    bench.run(3599 * SECOND);
    assert.equal(irq8.level, false);
    bench.run(SECOND);
    assert.equal(irq8.level, true);
  });

  it('periodic interrupt at the programmed rate; the flag also without the interrupt', () => {
    const { bench, irq8, read, write } = setUp();
    bench.run(1e6);
    assert.equal(read(0x0c) & 0x40, 0x40);
    assert.equal(read(0x0c) & 0x40, 0);
    write(0x0b, 0x42);
    let count = 0;
    for (let ms = 0; ms < 2000; ms++) {
      bench.run(0.5e6);
      if (irq8.level) count += (read(0x0c) >> 7) & 1;
    }
    assert.ok(count === 1024 || count === 1023, String(count));
    write(0x0a, 0x2f); // 2 Hz
    read(0x0c);
    const rises = irq8.rises;
    for (let i = 0; i < 100; i++) {
      bench.run(0.1 * SECOND);
      read(0x0c);
    }
    assert.equal(irq8.rises - rises, 20);
    write(0x0a, 0x20);
    bench.run(SECOND);
    assert.equal(read(0x0c) & 0x40, 0);
  });

  it('divider reset holds the clock; the first update after it comes half a second later', () => {
    const { bench, read, write } = setUp();
    write(0x0a, 0x76);
    bench.run(10.3 * SECOND);
    assert.equal(read(0), 0x58);
    write(0x0a, 0x26);
    bench.run(0.49 * SECOND);
    assert.equal(read(0), 0x58);
    bench.run(0.02 * SECOND);
    assert.equal(read(0), 0x59);
  });

  it('has the configuration cells and their checksum', () => {
    const { rtc, read } = setUp();
    assert.deepEqual([read(0x10), read(0x12), read(0x14)], [0x40, 0xf0, 0x0f]);
    assert.equal(read(0x15) | (read(0x16) << 8), 640);
    assert.equal(read(0x17) | (read(0x18) << 8), 63 * 1024);
    assert.equal(read(0x34) | (read(0x35) << 8), 48 * 16);
    assert.deepEqual([read(0x1b) | (read(0x1c) << 8), read(0x1d), read(0x23)], [615, 4, 17]);
    const cells = Array.from({ length: 128 }, (_, i) => rtc.peek(i));
    assert.equal((read(0x2e) << 8) | read(0x2f), cmosChecksum(cells));
    assert.notEqual(cmosChecksum(cells), 0);
  });

  it('keeps guest memory over a reset, drops the interrupt enables; masks NMI', () => {
    const { bench, rtc, read, write, masks } = setUp();
    write(0x40, 0xa5);
    write(0x0b, 0x72);
    bench.out(0x70, 0x8d);
    assert.equal(rtc.nmiMasked, true);
    assert.equal(bench.in(0x71), 0x80);
    assert.equal(bench.in(0x70), 0xff);
    rtc.reset();
    assert.deepEqual(masks, [true, false]);
    assert.deepEqual([read(0x40), read(0x0b)], [0xa5, 0x02]);
  });
});
