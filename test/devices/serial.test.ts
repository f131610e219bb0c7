import assert from 'node:assert/strict';
import { Uart16550 } from '../../src/devices/serial/uart16550';
import { TestBench, TestLine } from './testBench';

const BASE = 0x3f8;
const CHARACTER_NS = Math.round((10 * 1e9) / 115200);

const setUp = ({ instant = false } = {}) => {
  const bench = new TestBench();
  const irq = new TestLine();
  const uart = bench.add(new Uart16550(bench.scheduler, irq, { name: 'com1', base: BASE, instant }));
  uart.reset();
  const sent: number[] = [];
  uart.onByte.on((byte) => sent.push(byte));
  const out = (register: number, value: number): void => bench.out(BASE + register, value);
  const read = (register: number): number => bench.in(BASE + register);
  out(3, 0x83);
  out(0, 1);
  out(1, 0);
  out(3, 0x03); // 115200, 8N1
  out(4, 0x0b);
  read(6);
  return { bench, irq, uart, sent, out, read };
};

describe('16550', () => {
  it('resets to the datasheet state and hides the divisor behind DLAB', () => {
    const { out, read } = setUp();
    assert.deepEqual([read(1), read(2), read(3), read(5)], [0, 1, 3, 0x60]);
    out(3, 0x83);
    out(0, 0x34);
    out(1, 0x12);
    assert.deepEqual([read(0), read(1)], [0x34, 0x12]);
    out(3, 0x03);
    assert.equal(read(1), 0);
    out(7, 0x5a);
    assert.equal(read(7), 0x5a);
  });

  it('sends at line speed: holding register, shift register, then the line', () => {
    const { bench, sent, out, read } = setUp();
    out(0, 0x41);
    assert.equal(read(5), 0x20); // already in the shift register
    out(0, 0x42);
    assert.equal(read(5), 0x00);
    bench.run(CHARACTER_NS - 1);
    assert.deepEqual(sent, []);
    bench.run(1);
    assert.deepEqual(sent, [0x41]);
    assert.equal(read(5), 0x20);
    bench.run(CHARACTER_NS);
    assert.deepEqual(sent, [0x41, 0x42]);
    assert.equal(read(5), 0x60);
  });

  it('times characters by word length, parity and stop bits', () => {
    const { bench, sent, out } = setUp();
    out(3, 0x80);
    out(0, 12);
    out(3, 0x0f); // 9600 8-odd-2: 12 bits
    out(0, 1);
    bench.run((12 * 1e9) / 9600 - 1000);
    assert.deepEqual(sent, []);
    bench.run(2000);
    assert.deepEqual(sent, [1]);
    out(3, 0x00);
    out(0, 0xff);
    bench.run(1e7);
    assert.deepEqual(sent, [1, 0x1f]);
  });

  it('interrupts when the holding register empties; IIR read or a write clears it', () => {
    const { bench, irq, out, read } = setUp();
    out(1, 2);
    assert.equal(irq.level, true); // enabling it with an empty register asks at once
    assert.equal(read(2), 2);
    assert.equal(irq.level, false);
    assert.equal(read(2), 1);
    out(0, 0x41);
    assert.equal(read(2), 2);
    out(0, 0x42);
    assert.equal(irq.level, false);
    bench.run(CHARACTER_NS);
    assert.equal(irq.level, true);
  });

  it('receives at line speed, overruns without FIFO', () => {
    const { bench, irq, uart, out, read } = setUp();
    out(1, 5);
    uart.receive([0x61, 0x62]);
    assert.equal(read(5), 0x60);
    bench.run(CHARACTER_NS);
    assert.deepEqual([irq.level, read(2), read(5)], [true, 4, 0x61]);
    bench.run(CHARACTER_NS);
    assert.equal(read(2), 6);
    assert.equal(read(5), 0x63);
    assert.equal(read(5), 0x61);
    assert.equal(read(0), 0x62);
    assert.deepEqual([irq.level, read(5)], [false, 0x60]);
  });

  it('FIFO: trigger level, time-out, 16 deep, overrun keeps what is inside', () => {
    const { bench, irq, uart, out, read } = setUp();
    out(2, 0x81);
    out(1, 5);
    uart.receive(Array.from({ length: 7 }, (_, i) => i));
    bench.run(7 * CHARACTER_NS);
    assert.deepEqual([irq.level, read(2)], [false, 0xc1]);
    bench.run(4 * CHARACTER_NS);
    assert.deepEqual([irq.level, read(2)], [true, 0xcc]);
    assert.equal(read(0), 0);
    assert.equal(read(2), 0xc1);
    uart.receive([7, 8]);
    bench.run(2 * CHARACTER_NS);
    assert.equal(read(2), 0xc4);
    uart.receive(Array.from({ length: 9 }, (_, i) => i + 9));
    bench.run(9 * CHARACTER_NS);
    assert.equal(read(2), 0xc6);
    assert.equal(read(5), 0x63);
    assert.deepEqual(
      Array.from({ length: 16 }, () => read(0)),
      Array.from({ length: 16 }, (_, i) => i + 1),
    );
    assert.equal(read(5), 0x60);
    out(2, 0x00);
    assert.equal(read(2), 1);
  });

  it('FIFO: takes 16 characters to send, and can be cleared', () => {
    const { bench, sent, out, read } = setUp();
    out(2, 0x01);
    for (let i = 0; i < 20; i++) out(0, i);
    assert.equal(read(5), 0);
    bench.run(30 * CHARACTER_NS);
    assert.deepEqual(sent, [...Array(17).keys()]);
    for (let i = 0; i < 5; i++) out(0, 0x80 + i);
    out(2, 0x05);
    bench.run(30 * CHARACTER_NS);
    assert.deepEqual(sent.slice(17), [0x80]);
  });

  it('reports a break with its character and marks it in the FIFO', () => {
    const { uart, out, read, bench } = setUp();
    out(2, 0x01);
    out(1, 4);
    uart.receive([0x41]);
    bench.run(CHARACTER_NS);
    uart.receiveBreak();
    assert.equal(read(2), 0xc1); // not at the top yet
    assert.equal(read(5), 0xe1);
    read(0);
    assert.equal(read(2), 0xc6);
    assert.equal(read(5), 0xf9);
    assert.equal(read(5), 0x61);
    assert.equal(read(0), 0);
  });

  it('modem lines: levels, deltas, trailing edge of ring, interrupt', () => {
    const { irq, uart, out, read } = setUp();
    assert.equal(read(6), 0xb0);
    out(1, 8);
    uart.setModem(0x40);
    assert.deepEqual([irq.level, read(2)], [true, 0]);
    assert.equal(read(6), 0x4b);
    assert.equal(irq.level, false);
    uart.setModem(0x00);
    assert.equal(read(6), 0x04);
  });

  it('loopback: data and modem lines come back, nothing leaves', () => {
    const { bench, irq, uart, sent, out, read } = setUp();
    out(1, 1);
    out(4, 0x1a); // RTS and OUT2 inside
    assert.equal(read(6) & 0xf0, 0x90);
    uart.receive([0x55]);
    out(0, 0xa5);
    bench.run(3 * CHARACTER_NS);
    assert.equal(read(2), 4);
    assert.equal(irq.level, false); // the OUT2 pin is off in loopback
    assert.equal(read(0), 0xa5);
    assert.deepEqual(sent, []);
    out(4, 0x0b);
    bench.run(CHARACTER_NS);
    assert.equal(read(0), 0x55);
  });

  it('OUT2 gates the interrupt line', () => {
    const { irq, out } = setUp();
    out(4, 0x03);
    out(1, 2);
    assert.equal(irq.level, false);
    out(4, 0x0b);
    assert.equal(irq.level, true);
  });

  it('instant: output at once with a new edge for each character, input never overruns', () => {
    const { bench, irq, uart, sent, out, read } = setUp({ instant: true });
    out(1, 3);
    const rises = irq.rises;
    out(0, 0x41);
    out(0, 0x42);
    assert.deepEqual(sent, [0x41, 0x42]);
    assert.equal(irq.rises, rises + 2);
    read(2);
    uart.receive(Buffer.from('hello'));
    const got: number[] = [];
    const before = irq.rises;
    for (let i = 0; i < 5; i++) {
      bench.run(5000);
      got.push(read(0));
      assert.equal(irq.level, false);
    }
    assert.equal(Buffer.from(got).toString(), 'hello');
    assert.equal(irq.rises, before + 5);
    out(2, 0x01);
    uart.receive(Buffer.alloc(40, 0x2e));
    bench.run(1e9);
    let count = 0;
    for (let round = 0; round < 3; round++) {
      while (read(5) & 1) count += read(0) === 0x2e ? 1 : 0;
      bench.run(5000);
    }
    assert.equal(count, 40);
  });
});
