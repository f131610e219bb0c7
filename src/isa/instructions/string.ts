// String and port instructions (Intel SDM vol. 1, "String Operations" and "I/O Instructions").
// The operands are implicit: DS:(R)SI (the segment may be overridden) and ES:(R)DI.
import type { Row } from '../types';
import { type Facts, row } from './row';

/** Byte, word, doubleword and quadword forms of one operation; the opcode of the byte form is `opcode`. */
function strings(sem: string, opcode: number, facts: Facts, widest: 4 | 8): Row[] {
  const all: Facts = { sem, usesAddrSize: true, ...facts };
  const wide = (opcode + 1).toString(16);
  return [
    row(`${sem}b`, '', opcode.toString(16), { ...all, size: 1 }),
    row(`${sem}w`, '', `o16 ${wide}`, all),
    row(`${sem}d`, '', `o32 ${wide}`, { ...all, cpu: '386' }),
    ...(widest === 8 ? [row(`${sem}q`, '', `o64 ${wide}`, { ...all, modes: 'only64' })] : []),
  ];
}

const COMPARE: Facts = { rep: 'repcc', flags: { r: 'd', w: 'oszapc', k: true } };
const MOVE: Facts = { rep: 'rep', flags: { r: 'd' } };
const PORT: Facts = { ...MOVE, cpl: 'iopl', cpu: '186', ends: true };
const IO: Facts = { cpl: 'iopl', ends: true };
const IO32: Facts = { ...IO, cpu: '386' };

export const STRING: readonly Row[] = [
  ...strings('movs', 0xa4, MOVE, 8),
  ...strings('cmps', 0xa6, COMPARE, 8),
  ...strings('stos', 0xaa, MOVE, 8),
  ...strings('lods', 0xac, MOVE, 8),
  ...strings('scas', 0xae, COMPARE, 8),
  ...strings('ins', 0x6c, PORT, 4),
  ...strings('outs', 0x6e, PORT, 4),

  row('in', 'al, imm8u', 'e4 ib', IO),
  row('in', 'ax, imm8u', 'o16 e5 ib', IO),
  row('in', 'eax, imm8u', 'o32 e5 ib', IO32),
  row('in', 'al, dx', 'ec', IO),
  row('in', 'ax, dx', 'o16 ed', IO),
  row('in', 'eax, dx', 'o32 ed', IO32),
  row('out', 'imm8u, al', 'e6 ib', IO),
  row('out', 'imm8u, ax', 'o16 e7 ib', IO),
  row('out', 'imm8u, eax', 'o32 e7 ib', IO32),
  row('out', 'dx, al', 'ee', IO),
  row('out', 'dx, ax', 'o16 ef', IO),
  row('out', 'dx, eax', 'o32 ef', IO32),
];

const WIDTHS: readonly [string, string][] = [
  ['b', 'byte'],
  ['w', 'word'],
  ['d', 'doubleword'],
  ['q', 'quadword'],
];
const OPERATIONS: Readonly<Record<string, (unit: string) => string>> = {
  movs: (unit) => `Copies a ${unit} from DS:(E)SI to ES:(E)DI and moves both by its size, backwards when DF is set.`,
  cmps: (unit) => `Compares the ${unit} at DS:(E)SI with the one at ES:(E)DI and moves both.`,
  stos: (unit) => `Stores the accumulator as a ${unit} at ES:(E)DI and moves (E)DI.`,
  lods: (unit) => `Loads the accumulator with the ${unit} at DS:(E)SI and moves (E)SI.`,
  scas: (unit) => `Compares the accumulator with the ${unit} at ES:(E)DI and moves (E)DI.`,
  ins: (unit) => `Reads a ${unit} from port DX to ES:(E)DI and moves (E)DI.`,
  outs: (unit) => `Writes the ${unit} at DS:(E)SI to port DX and moves (E)SI.`,
};

export const STRING_DOCS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(OPERATIONS).flatMap(([sem, text]) => WIDTHS.map(([letter, unit]) => [sem + letter, text(unit)])),
  ),
  in: 'Reads from an I/O port into the accumulator.',
  out: 'Writes the accumulator to an I/O port.',
};
