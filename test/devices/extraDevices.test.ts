// Devices that a board has when asked: the firmware configuration ports and the test device.
import assert from 'node:assert/strict';
import { FwCfg } from '../../src/devices/fwcfg/fwCfg';
import { TestDevice } from '../../src/devices/testdev/testDevice';
import { Machine } from '../../src/machine/machine';
import { TestBench } from './testBench';

describe('fw_cfg', () => {
  it('answers what is selected, byte by byte, and zeros after it', () => {
    const bench = new TestBench();
    bench.add(new FwCfg({ ramBytes: 0x12345000, processors: 3 }));
    const read = (item: number, bytes: number): number[] => {
      bench.out(0x510, item, 2);
      return Array.from({ length: bytes }, () => bench.in(0x511));
    };
    assert.equal(String.fromCharCode(...read(0, 4)), 'QEMU');
    assert.deepEqual(read(1, 5), [1, 0, 0, 0, 0]);
    assert.deepEqual(read(3, 8), [0, 0x50, 0x34, 0x12, 0, 0, 0, 0]);
    assert.deepEqual(read(5, 2), [3, 0]);
    assert.deepEqual(read(0x4321, 2), [0, 0]);
  });
});

describe('The test device', () => {
  it('keeps a latch and memory, and drives lines', () => {
    const levels: string[] = [];
    const bench = new TestBench();
    const device = bench.add(
      new TestDevice(
        Array.from({ length: 24 }, (_, n) => ({ set: (level: boolean) => levels.push(`${n}${level ? '+' : '-'}`) })),
      ),
    );
    bench.out(0xe0, 0x11223344, 4);
    assert.deepEqual([bench.in(0xe0, 4), bench.in(0xe1), bench.in(0xe2, 2)], [0x11223344, 0x33, 0x1122]);
    bench.out(0x2001, 1);
    bench.out(0x2017, 1);
    bench.out(0x2001, 0);
    assert.deepEqual(levels, ['1+', '23+', '1-']);
    const [{ handler }] = device.mmio!;
    handler.write(0xff000010, 4, 0xcafef00d);
    assert.equal(handler.read(0xff000012, 2), 0xcafe);
    assert.equal(handler.read(0xff00ffff, 1), 0);
  });

  it('is on the board only when asked for', () => {
    const plain = new Machine({ memory: 0x100000 });
    const asked = new Machine({ memory: 0x100000, devices: ['fw-cfg', 'testdev'] });
    const latch = (machine: Machine): number => {
      machine.board.bus.out(0xe0, 1, 0x5a);
      return machine.board.bus.in(0xe0, 1);
    };
    assert.deepEqual([latch(plain), latch(asked)], [0xff, 0x5a]);
    asked.board.bus.write(0xff000000, 4, 0x12345678);
    assert.equal(asked.board.bus.read(0xff000002, 2), 0x1234);
    asked.board.bus.out(0x510, 2, 5);
    assert.equal(asked.board.bus.in(0x511, 1), 1);
  });
});
