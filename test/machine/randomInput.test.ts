// RDRAND and RDSEED: their numbers are inputs of the machine.
import assert from 'node:assert/strict';
import { RAM_BASE } from '../../src/cpu/layout';
import type { Machine } from '../../src/machine/machine';
import { stateHash } from '../../src/machine/stateHash';
import type { MachineOptions } from '../../src/machine/types';
import { bootSector, machineOf } from './guests';

const COUNT = 40;
/** Forty numbers of 32 bits to 8000, then HLT; RDSEED and RDRAND in turn. */
const image = bootSector(`
  xor ax, ax
  mov es, ax
  mov di, 0x8000
  mov cx, ${COUNT / 2}
.next:
  rdrand eax
  stosd
  rdseed eax
  stosd
  loop .next
  cli
  hlt
`);
const create = (options: MachineOptions = {}): Machine => machineOf(image, options);
function drawn(machine: Machine): number[] {
  assert.equal(machine.run(1e6).kind, 'halted');
  return Array.from({ length: COUNT }, (_, i) => machine.cpu.u32[(RAM_BASE + 0x8000 + 4 * i) >> 2]!);
}

describe('random numbers', () => {
  it('are the same in every run unless the machine is given a source, and enter the input log in blocks', () => {
    const [one, other] = [create(), create()];
    const numbers = drawn(one);
    assert.deepEqual(drawn(other), numbers);
    assert.ok(new Set(numbers).size >= COUNT - 1);
    assert.deepEqual(one.inputs, other.inputs);
    assert.equal(stateHash(one), stateHash(other));
    const logged = one.inputs.flatMap(({ event }) => (event.kind === 'random' ? event.numbers : []));
    assert.deepEqual(logged.slice(0, COUNT).map((each) => Number(BigInt(`0x${each}`) & 0xffffffffn)), numbers); // prettier-ignore
    one.reset();
    assert.deepEqual(drawn(one), numbers, 'and after power-on');
    const later = create({ startTime: 1 });
    assert.notDeepEqual(drawn(later), numbers, 'the time at power-on is their seed');
  });

  it('come from the source of the options, and those of a log give the same run', () => {
    let next = 5n;
    const recorded = create({ random: () => (next = BigInt.asUintN(64, next * 0x5851f42d4c957f2dn + 1n)) });
    const numbers = drawn(recorded);
    const replayed = create({
      random: () => {
        throw new Error('a replay asks nobody');
      },
    });
    for (const { icount, event } of recorded.inputs) {
      if (event.kind !== 'random') continue;
      replayed.run(icount - replayed.icount);
      replayed.supplyRandom(event.numbers.map((each) => BigInt(`0x${each}`)));
    }
    assert.deepEqual(drawn(replayed), numbers);
    assert.deepEqual(replayed.inputs, recorded.inputs);
    assert.equal(stateHash(replayed), stateHash(recorded));
  });

  it('go on from a snapshot where they were', () => {
    const machine = create();
    machine.run(30);
    while (machine.getRegister('ecx') !== 12n) machine.step();
    const snapshot = machine.snapshot();
    const numbers = drawn(machine);
    const { length } = machine.inputs;
    machine.restore(snapshot);
    assert.ok(machine.inputs.length < length);
    assert.deepEqual(drawn(machine), numbers);
    assert.equal(machine.inputs.length, length);
  });
});
