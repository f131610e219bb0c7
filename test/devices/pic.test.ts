import assert from 'node:assert/strict';
import { PicPair } from '../../src/devices/pic/picPair';
import { TestBench } from './testBench';

const setUp = ({ icw4 = 1, slaveIcw4 = 1, icw1 = 0x11 } = {}) => {
  const bench = new TestBench();
  const levels: boolean[] = [];
  const pic = bench.add(new PicPair((level) => levels.push(level)));
  for (const [base, vector, icw3, last] of [
    [0x20, 0x20, 4, icw4],
    [0xa0, 0x28, 2, slaveIcw4],
  ]) {
    bench.out(base, icw1);
    for (const word of [vector, icw3, last]) bench.out(base + 1, word);
  }
  const raise = (...irqs: number[]): void => irqs.forEach((n) => pic.irq(n).set(true));
  const lower = (...irqs: number[]): void => irqs.forEach((n) => pic.irq(n).set(false));
  const isr = (base = 0x20): number => (bench.out(base, 0x0b), bench.in(base));
  const irr = (base = 0x20): number => (bench.out(base, 0x0a), bench.in(base));
  return { bench, pic, levels, raise, lower, isr, irr };
};

describe('8259 pair', () => {
  it('vectors by priority and blocks lower levels until the EOI', () => {
    const { bench, pic, raise, isr, irr } = setUp();
    raise(4, 1);
    assert.equal(pic.intr, true);
    assert.equal(pic.acknowledge(), 0x21);
    assert.equal(pic.intr, false);
    assert.deepEqual([isr(), irr()], [2, 0x10]);
    raise(0);
    assert.equal(pic.acknowledge(), 0x20);
    bench.out(0x20, 0x20);
    assert.equal(isr(), 2);
    bench.out(0x20, 0x20);
    assert.equal(pic.acknowledge(), 0x24);
    bench.out(0x20, 0x64);
    assert.equal(isr(), 0);
  });

  it('reports every change of INTR once', () => {
    const { bench, pic, levels, raise } = setUp();
    raise(3, 3, 5);
    pic.acknowledge();
    bench.out(0x20, 0x20);
    assert.deepEqual(levels, [true, false, true]);
  });

  it('cascades the slave through IR2', () => {
    const { bench, pic, raise, isr } = setUp();
    raise(12, 5, 8);
    assert.equal(pic.acknowledge(), 0x28);
    assert.deepEqual([isr(0x20), isr(0xa0)], [4, 1]);
    bench.out(0xa0, 0x20);
    assert.equal(pic.intr, false);
    bench.out(0x20, 0x20);
    assert.equal(pic.acknowledge(), 0x2c);
    bench.out(0xa0, 0x20);
    bench.out(0x20, 0x20);
    assert.equal(pic.acknowledge(), 0x25);
  });

  it('does not let a second slave level through the master unless special fully nested', () => {
    for (const [icw4, seen] of [
      [0x01, false],
      [0x11, true],
    ] as const) {
      const { pic, raise } = setUp({ icw4 });
      raise(12);
      pic.acknowledge();
      raise(8);
      assert.equal(pic.intr, seen);
      raise(5);
      assert.equal(pic.intr, seen);
    }
  });

  it('drops an edge request that goes away, and answers the spurious level 7 without putting it in service', () => {
    const { pic, raise, lower, isr } = setUp();
    for (const irq of [3, 10]) {
      raise(irq);
      assert.equal(pic.intr, true);
      lower(irq);
      assert.equal(pic.intr, false);
      assert.equal(pic.acknowledge(), 0x27);
      assert.deepEqual([isr(0x20), isr(0xa0)], [0, 0]);
    }
  });

  it('does not repeat an edge request that stays high, repeats a level one', () => {
    const { bench, pic, raise, lower, irr } = setUp();
    raise(5);
    pic.acknowledge();
    bench.out(0x20, 0x20);
    assert.equal(pic.intr, false);
    bench.out(0x4d0, 0xff);
    assert.equal(bench.in(0x4d0), 0xf8);
    assert.equal(pic.intr, true);
    assert.equal(irr(), 0x20);
    pic.acknowledge();
    assert.equal(pic.intr, false);
    bench.out(0x20, 0x20);
    assert.equal(pic.intr, true);
    lower(5);
    assert.equal(pic.intr, false);
  });

  it('masks, and reads the mask back', () => {
    const { bench, pic, raise, irr } = setUp();
    bench.out(0x21, 0xfe);
    raise(1);
    assert.equal(pic.intr, false);
    assert.equal(irr(), 2);
    bench.out(0x21, 0xfc);
    assert.equal(bench.in(0x21), 0xfc);
    assert.equal(pic.acknowledge(), 0x21);
  });

  it('rotates on EOI, on the named level, and sets priority', () => {
    const { bench, pic, raise } = setUp();
    raise(2 + 1);
    pic.acknowledge();
    bench.out(0x20, 0xa0); // rotate on non-specific EOI: 3 becomes lowest, 4 highest
    raise(0, 6);
    assert.equal(pic.acknowledge(), 0x26);
    bench.out(0x20, 0xe6); // rotate on specific EOI
    raise(7, 1);
    assert.equal(pic.acknowledge(), 0x27);
    bench.out(0x20, 0x67);
    bench.out(0x20, 0xc0); // set priority: 0 lowest, 1 highest
    assert.equal(pic.acknowledge(), 0x21);
  });

  it('ends interrupts by itself in automatic EOI mode, rotating when told', () => {
    const { bench, pic, raise, isr } = setUp({ icw4: 3 });
    raise(4);
    assert.equal(pic.acknowledge(), 0x24);
    assert.equal(isr(), 0);
    bench.out(0x20, 0x80);
    raise(3);
    pic.acknowledge();
    raise(0, 7);
    assert.equal(pic.acknowledge(), 0x27);
    bench.out(0x20, 0x00);
  });

  it('lets other levels in under special mask mode', () => {
    const { bench, pic, raise, isr } = setUp();
    raise(1);
    pic.acknowledge();
    raise(6);
    assert.equal(pic.intr, false);
    bench.out(0x21, 0x02);
    bench.out(0x20, 0x68);
    assert.equal(pic.acknowledge(), 0x26);
    bench.out(0x20, 0x20);
    assert.equal(isr(), 2);
    bench.out(0x20, 0x48);
    assert.equal(pic.intr, false);
  });

  it('polls: the next read acknowledges', () => {
    const { bench, pic, raise, isr } = setUp();
    bench.out(0x20, 0x0c);
    assert.equal(bench.in(0x20), 0);
    raise(6);
    bench.out(0x20, 0x0c);
    assert.equal(bench.in(0x20), 0x86);
    assert.equal(isr(), 0x40);
    assert.equal(pic.intr, false);
  });

  it('starts over at ICW1: mask, service, priority and edges cleared', () => {
    const { bench, pic, raise, lower, isr } = setUp();
    raise(1);
    pic.acknowledge();
    raise(4);
    bench.out(0x21, 0xff);
    bench.out(0x20, 0x11);
    for (const word of [0x40, 4, 1]) bench.out(0x21, word);
    assert.deepEqual([bench.in(0x21), isr(), pic.intr], [0, 0, false]);
    lower(4);
    raise(4);
    assert.equal(pic.acknowledge(), 0x44);
  });

  it('takes neither ICW3 nor ICW4 when ICW1 says so', () => {
    const { bench, pic, raise } = setUp();
    bench.out(0x20, 0x12);
    bench.out(0x21, 0x55);
    bench.out(0x21, 0xef);
    assert.equal(bench.in(0x21), 0xef);
    raise(4);
    assert.equal(pic.acknowledge(), 0x54);
  });

  it('hears nothing from a slave with the wrong identity', () => {
    const { bench, pic, raise } = setUp();
    bench.out(0xa0, 0x11);
    for (const word of [0x28, 4, 1]) bench.out(0xa1, word);
    raise(9);
    assert.equal(pic.acknowledge(), 0xff);
  });
});
