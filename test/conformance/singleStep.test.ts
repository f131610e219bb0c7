// How SingleStepTests are read and judged, on a file made here.
import assert from 'node:assert/strict';
import { REGISTERS, testsOf, type MooTest, type Register } from './singleStep/moo';
import { SingleStepReplay } from './singleStep/replay';
import { judge } from './singleStep/table';

const word = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const long = (value: number): number[] => [...word(value), ...word(value >>> 16)];
const chunk = (tag: string, content: readonly number[]): number[] => [
  ...Buffer.from(tag, 'latin1'),
  ...long(content.length),
  ...content,
];
type Memory = readonly (readonly [number, number])[];

function state(registers: Partial<Record<Register, number>>, memory: Memory): number[] {
  const names = REGISTERS.filter((name) => name in registers);
  const mask = names.reduce((bits, name) => bits | (1 << REGISTERS.indexOf(name)), 0);
  const values = names.flatMap((name) => word(registers[name]!));
  const bytes = memory.flatMap(([address, byte]) => [...long(address), byte]);
  return [...chunk('REGS', [...word(mask), ...values]), ...chunk('RAM ', [...long(memory.length), ...bytes])];
}

const START: Record<Register, number> = {
  ax: 0x1234, bx: 0x10, cx: 1, dx: 0, cs: 0x1000, ss: 0x3000, ds: 0x2000, es: 0, sp: 0x100, bp: 0, si: 0, di: 0, ip: 0, flags: 2,
}; // prettier-ignore

function made(
  code: readonly number[],
  after: Partial<Record<Register, number>>,
  memory: Memory,
  vector?: number,
): MooTest {
  const bytes = [...code, 0xf4];
  const before = [...bytes.map((byte, n) => [0x10000 + n, byte] as const), [0x20010, 0xcc] as const];
  const test = [
    ...long(0),
    ...chunk('NAME', [...long(1), 0x78]),
    ...chunk('BYTS', [...long(bytes.length), ...bytes]),
    ...chunk('INIT', state(START, before)),
    ...chunk('FINA', state(after, memory)),
    ...(vector === undefined ? [] : chunk('EXCP', [vector, ...long(0)])),
    ...chunk('HASH', [0xab]),
  ];
  const file = [...chunk('MOO ', [1, 0, 0, 0, ...long(1), 0, 0, 0, 0]), ...chunk('TEST', test)];
  return [...testsOf(Uint8Array.from(file))][0]!;
}

describe('SingleStepTests', () => {
  const replay = new SingleStepReplay('386');
  const verdict = (test: MooTest, mask = 0xffff): unknown => judge(replay, test, mask).verdict;
  const ADD_AL = [0x00, 0x07]; // add [bx],al: CCh + 34h
  const carry = 0x57; // CF, PF, AF, ZF

  it('compares registers, memory and the flags that count', () => {
    assert.equal(verdict(made(ADD_AL, { ip: 3, flags: carry }, [[0x20010, 0]])), 'passed');
    assert.equal(verdict(made(ADD_AL, { ip: 3, flags: carry }, [[0x20010, 1]])), 'failed');
    assert.equal(verdict(made(ADD_AL, { ip: 3, flags: carry, ax: 0 }, [[0x20010, 0]])), 'failed');
    const withoutCarry = made(ADD_AL, { ip: 3, flags: carry & ~1 }, [[0x20010, 0]]);
    assert.equal(verdict(withoutCarry), 'failed');
    assert.equal(verdict(withoutCarry, 0xfffe), 'passed');
  });

  it('counts apart what the 80386 changed', () => {
    assert.deepEqual(verdict(made([0xf0, 0x8b, 0x07], { ip: 4 }, [])), {
      newer: 'LOCK before an instruction that does not take it: #UD',
    });
    assert.equal(verdict(made([0xf0, ...ADD_AL], { ip: 4, flags: carry }, [[0x20010, 0]])), 'passed');
  });
});
