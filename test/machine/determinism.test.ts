// The same image and inputs give the same run: to the instruction, however the run is sliced, and again after reset,
// snapshot and restore.
import assert from 'node:assert/strict';
import type { Machine } from '../../src/machine/machine';
import { stateHash } from '../../src/machine/stateHash';
import { BUSY_GUEST, machineOf, sample } from './guests';

const TOTAL = 600_000;

/** A small generator with a fixed seed, for slice sizes. */
function sizes(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor(2 ** ((state / 2 ** 32) * 16));
  };
}

/** Keys and serial bytes at fixed instruction counts; `advance` runs to a count. */
function drive(machine: Machine, advance: (to: number) => void): void {
  advance(100_000);
  machine.sendKey('KeyH', true);
  advance(150_001);
  machine.sendKey('KeyH', false);
  machine.typeText('ello');
  advance(300_000);
  machine.sendSerial(1, [1, 2, 3]);
  advance(TOTAL);
}

const whole = (machine: Machine) => (to: number) => {
  while (machine.icount < to) assert.equal(machine.run(to - machine.icount).kind, 'limit');
};

const sliced = (machine: Machine, seed: number) => {
  const next = sizes(seed);
  return (to: number): void => {
    while (machine.icount < to) {
      const size = Math.min(next(), to - machine.icount);
      const reason = size === 1 ? machine.step() : machine.run(size);
      assert.equal(reason.kind, 'limit');
    }
  };
};

/** Short stretches of virtual time, which end inside halts. */
const byTime = (machine: Machine) => (to: number) => {
  let time = machine.timeNs;
  while (machine.icount < to) {
    time = Math.max(time, machine.timeNs) + 123_457;
    assert.equal(machine.run(to - machine.icount, time).kind, 'limit');
  }
};

describe('Determinism', () => {
  let expected = '';
  let machine: Machine;

  before(() => {
    machine = machineOf(BUSY_GUEST);
    drive(machine, whole(machine));
    expected = stateHash(machine);
  });

  it('the guest of these tests does what it should', () => {
    const memory = (at: number): number =>
      machine.guestMemory.readLinear(at, 2)[0] | (machine.guestMemory.readLinear(at + 1, 1)[0] << 8);
    assert.equal(machine.icount, TOTAL);
    assert.ok(memory(0x46c) > 5, 'the timer ticked');
    assert.ok(machine.timeNs > TOTAL * 10, 'it was halted for a while');
    assert.equal(machine.drives[0].getState().length, 1, 'it wrote a sector');
    assert.equal(machine.stops.lastFault, undefined);
  });

  it('gives the same state in another machine', () => {
    const other = machineOf(BUSY_GUEST);
    drive(other, whole(other));
    assert.equal(stateHash(other), expected);
    assert.deepEqual(other.inputs, machine.inputs);
  });

  for (const seed of [1, 2, 3]) {
    it(`does not depend on slices (${seed})`, () => {
      const other = machineOf(BUSY_GUEST);
      drive(other, sliced(other, seed));
      assert.equal(stateHash(other), expected);
    });
  }

  it('does not depend on stretches of virtual time', () => {
    const other = machineOf(BUSY_GUEST);
    drive(other, byTime(other));
    assert.equal(stateHash(other), expected);
  });

  it('does not depend on single steps', () => {
    const image = sample('rings');
    const [one, many] = [machineOf(image), machineOf(image)];
    assert.equal(one.run(1e6).kind, 'halted');
    while (!many.halted) many.step();
    assert.deepEqual(many.step(), { kind: 'halted' });
    assert.equal(many.icount, one.icount);
    assert.equal(stateHash(many), stateHash(one));
    assert.equal(many.transitions.count, one.transitions.count);
  });

  it('does not depend on breakpoints and watchpoints that are passed', () => {
    const other = machineOf(BUSY_GUEST);
    other.setBreakpoints(new Set([0x7c1d]));
    other.setWatchpoints([{ linear: 0x46c, length: 4, access: 'write' }]);
    drive(other, (to) => {
      while (other.icount < to) other.run(to - other.icount);
    });
    other.setWatchpoints([]);
    assert.equal(stateHash(other), expected);
  });

  it('starts again from power-on with reset()', () => {
    machine.reset();
    assert.equal(machine.icount, 0);
    assert.equal(machine.inputs.length, 0);
    drive(machine, whole(machine));
    assert.equal(stateHash(machine), expected);
  });

  it('goes on from a snapshot as if nothing had happened', () => {
    const other = machineOf(BUSY_GUEST);
    whole(other)(200_003);
    const first = other.snapshot();
    const hash = stateHash(other);
    whole(other)(400_000);
    const later = stateHash(other);
    const second = other.snapshot(first);
    whole(other)(500_000);
    other.restore(first);
    assert.equal(stateHash(other), hash);
    assert.equal(other.transitions.count, first.transitions);
    whole(other)(400_000);
    assert.equal(stateHash(other), later);
    other.restore(second);
    assert.equal(stateHash(other), later);
  });

  it('shares unchanged memory between snapshots', () => {
    const other = machineOf(BUSY_GUEST);
    whole(other)(100_000);
    const first = other.snapshot();
    whole(other)(110_000);
    const second = other.snapshot(first);
    const kept = second.ram.filter((page, n) => page !== undefined && page === first.ram[n]).length;
    const changed = second.ram.filter((page, n) => page !== first.ram[n]).length;
    assert.ok(kept >= 16 && changed >= 1 && changed < 8, `${kept} pages shared, ${changed} changed`);
  });
});
