import assert from 'node:assert/strict';
import { DmaPair } from '../../src/devices/dma/dmaPair';
import { TestBench } from './testBench';

const setUp = () => {
  const bench = new TestBench();
  const ram = new Uint8Array(0x100000);
  const dma = bench.add(
    new DmaPair({
      read: (physical, into) => into.set(ram.subarray(physical, physical + into.length)),
      write: (physical, from) => ram.set(from, physical),
    }),
  );
  dma.reset();
  const program = (channel: number, page: number, address: number, count: number, mode: number): void => {
    const [base, shift] = channel < 4 ? [0, 0] : [0xc0, 1];
    const at = (register: number): number => base + (register << shift);
    bench.out(at(0xc), 0);
    for (const value of [address & 0xff, address >> 8]) bench.out(at(2 * (channel & 3)), value);
    for (const value of [count & 0xff, count >> 8]) bench.out(at(2 * (channel & 3) + 1), value);
    bench.out(at(0xb), mode | (channel & 3));
    bench.out([0x87, 0x83, 0x81, 0x82, 0x8f, 0x8b, 0x89, 0x8a][channel], page);
    bench.out(at(0xa), channel & 3);
  };
  return { bench, ram, dma, program };
};

describe('8237 pair', () => {
  it("writes a device's bytes to memory until terminal count, then masks the channel", () => {
    const { bench, ram, dma, program } = setUp();
    program(2, 0x03, 0x1000, 3, 0x44);
    assert.deepEqual(dma.write(2, Uint8Array.of(1, 2)), { moved: 2, terminalCount: false });
    assert.deepEqual([bench.in(0x04), bench.in(0x04)], [0x02, 0x10]);
    assert.deepEqual([bench.in(0x05), bench.in(0x05)], [0x01, 0x00]);
    assert.deepEqual(dma.write(2, Uint8Array.of(3, 4, 5)), { moved: 2, terminalCount: true });
    assert.deepEqual([...ram.subarray(0x31000, 0x31005)], [1, 2, 3, 4, 0]);
    assert.deepEqual([bench.in(0x08), bench.in(0x08)], [0x04, 0x00]);
    assert.deepEqual(dma.write(2, Uint8Array.of(9)), { moved: 0, terminalCount: false });
  });

  it('reads words on the upper channels, at even addresses', () => {
    const { ram, dma, program } = setUp();
    ram.set([1, 2, 3, 4], 0x24000);
    program(5, 0x03, 0x2000, 1, 0x48);
    const data = new Uint8Array(6);
    assert.deepEqual(dma.read(5, data), { moved: 4, terminalCount: true });
    assert.deepEqual([...data], [1, 2, 3, 4, 0, 0]);
  });

  it('auto-initializes, counts down, wraps inside its page, verifies without touching memory', () => {
    const { bench, ram, dma, program } = setUp();
    program(1, 0, 0xffff, 1, 0x54);
    for (const byte of [7, 8, 9]) dma.write(1, Uint8Array.of(byte));
    assert.deepEqual([ram[0xffff], ram[0x0000], ram[0x10000]], [9, 8, 0]);
    program(3, 0, 0x0200, 1, 0x64);
    dma.write(3, Uint8Array.of(1, 2));
    assert.deepEqual([ram[0x200], ram[0x1ff]], [1, 2]);
    program(3, 0, 0x0300, 0, 0x40);
    assert.deepEqual(dma.write(3, Uint8Array.of(5)), { moved: 1, terminalCount: true });
    assert.equal(ram[0x300], 0);
    program(3, 0, 0x0300, 0, 0x44);
    bench.out(0x08, 4); // controller disabled
    assert.equal(dma.write(3, Uint8Array.of(5)).moved, 0);
    bench.out(0x0d, 0);
    assert.equal(dma.write(3, Uint8Array.of(5)).moved, 0); // master clear masks everything
    bench.out(0x0e, 0);
    assert.equal(dma.write(3, Uint8Array.of(5)).moved, 1);
  });

  it('shows software requests in the status', () => {
    const { bench } = setUp();
    bench.out(0x09, 6);
    assert.equal(bench.in(0x08), 0x40);
    bench.out(0x09, 2);
    assert.equal(bench.in(0x08), 0x00);
  });
});
