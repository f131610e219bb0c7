import assert from 'node:assert/strict';
import { DebugConsole, DebugExit, PostCode, PowerPorts } from '../../src/devices/debugports/debugPorts';
import { ResetControl, SystemControlPortA } from '../../src/devices/debugports/resetPorts';
import { TestBench } from './testBench';

describe('debug ports', () => {
  it('0xE9 sends text and identifies itself', () => {
    const bench = new TestBench();
    const bytes: number[] = [];
    bench.add(new DebugConsole()).onByte.on((byte) => bytes.push(byte));
    bench.out(0xe9, 0x41);
    bench.out(0xe9, 0x4342, 2); // the second byte goes to the next port
    assert.deepEqual(bytes, [0x41, 0x42]);
    assert.equal(bench.in(0xe9), 0xe9);
  });

  it('0xF4 ends the run with the value written, whatever its width', () => {
    const bench = new TestBench();
    const codes: number[] = [];
    bench.add(new DebugExit((code) => codes.push(code)));
    bench.out(0xf4, 0);
    bench.out(0xf4, 0x1234, 2);
    bench.out(0xf4, 0xffffffff, 4);
    assert.deepEqual(codes, [0, 0x1234, 0xffffffff]);
  });

  it('powers off on the value and width of each machine, and on nothing else', () => {
    const bench = new TestBench();
    let count = 0;
    bench.add(new PowerPorts(() => count++));
    for (const port of [0x604, 0xb004, 0x4004, 0x600]) {
      bench.out(port, 0x2001, 2);
      bench.out(port, 0x20);
      assert.equal(bench.in(port), 0);
    }
    assert.equal(count, 0);
    bench.out(0x604, 0x2000, 2);
    bench.out(0xb004, 0x2000, 2);
    bench.out(0x4004, 0x3400, 2);
    bench.out(0x600, 0x34);
    assert.equal(count, 4);
  });

  it('0x80 keeps the checkpoint', () => {
    const bench = new TestBench();
    const post = bench.add(new PostCode());
    bench.out(0x80, 0x5a);
    assert.deepEqual([post.getState().code, bench.in(0x80)], [0x5a, 0x5a]);
    post.reset();
    assert.equal(bench.in(0x80), 0);
  });
});

describe('reset ports', () => {
  it('0x92 switches A20 and pulses the processor reset on a rising bit 0', () => {
    const bench = new TestBench();
    const resets: string[] = [];
    let a20 = false;
    bench.add(new SystemControlPortA({ get: () => a20, set: (on) => (a20 = on) }, (kind) => resets.push(kind)));
    bench.out(0x92, bench.in(0x92) | 2);
    assert.deepEqual([a20, bench.in(0x92)], [true, 2]);
    a20 = false; // somebody else, such as the keyboard controller
    assert.equal(bench.in(0x92), 0);
    bench.out(0x92, 1);
    bench.out(0x92, 1);
    bench.out(0x92, 0);
    bench.out(0x92, 3);
    assert.deepEqual([resets, a20], [['cpu', 'cpu'], true]);
  });

  it('0xCF9 resets on a rising bit 2, as bit 1 says', () => {
    const bench = new TestBench();
    const resets: string[] = [];
    bench.add(new ResetControl((kind) => resets.push(kind)));
    for (const value of [2, 6, 6, 0, 4]) bench.out(0xcf9, value);
    assert.deepEqual(resets, ['system', 'cpu']);
    assert.equal(bench.in(0xcf9), 4);
  });
});
