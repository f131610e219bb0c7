// What x87 instructions do, in pseudo-code (Intel SDM vol. 2, "Operation"). `push` and `pop` are those of the register stack.
import type { Pseudocode } from './types';

const OPERATIONS: readonly [name: string, text: (dst: string, src: string) => string][] = [
  ['add', (dst, src) => `${dst} := ${dst} + ${src}`],
  ['mul', (dst, src) => `${dst} := ${dst} * ${src}`],
  ['sub', (dst, src) => `${dst} := ${dst} - ${src}`],
  ['subr', (dst, src) => `${dst} := ${src} - ${dst}`],
  ['div', (dst, src) => `${dst} := ${dst} / ${src}`],
  ['divr', (dst, src) => `${dst} := ${src} / ${dst}`],
];

const compare = (src: string, tail = ''): string =>
  `C3:C2:C0 := 000 if ST0 > ${src}, 001 if less, 100 if equal, 111 if unordered${tail}`;
const compareFlags = (tail = ''): string =>
  `ZF:PF:CF := 000 if ST0 > STi, 001 if less, 100 if equal, 111 if unordered${tail}`;
const constant = (value: string): string => `push ${value}`;
const toInteger = (how: string, tail = ''): string => `[dst] := ST0 as an integer, ${how}${tail}`;
const POP = '\npop';
const WAIT = 'raise a pending #MF\n';

const CONTROL: readonly [name: string, text: string][] = [
  ['stcw', '[dst] := control word'],
  ['stsw', 'dst := status word'],
  ['stenv', '[dst] := control, status and tag word, pointers, opcode\nmask all exceptions'],
  [
    'save',
    '[dst] := environment and the eight registers\ncontrol word := 037Fh, status word := 0, all registers empty',
  ],
  ['eni', 'no effect since the 80287'],
  ['disi', 'no effect since the 80287'],
  ['clex', 'exception flags and busy flag of the status word := 0'],
  ['init', 'control word := 037Fh, status word := 0, all registers empty'],
];

const MOVES: readonly [cc: string, condition: string][] = [
  ['b', 'CF = 1'],
  ['e', 'ZF = 1'],
  ['be', 'CF = 1 or ZF = 1'],
  ['u', 'PF = 1'],
  ['nb', 'CF = 0'],
  ['ne', 'ZF = 0'],
  ['nbe', 'CF = 0 and ZF = 0'],
  ['nu', 'PF = 0'],
];

export const X87: Pseudocode = {
  ...Object.fromEntries(
    OPERATIONS.flatMap(([name, text]) => [
      [`f${name}`, `${text('dst', 'src')} (dst is ST0 when only one operand is written)`],
      [`f${name}p`, `${text('STi', 'ST0')} (ST1 when none is written)${POP}`],
      [`fi${name}`, text('ST0', 'integer at [src]')],
    ]),
  ),
  ...Object.fromEntries(
    CONTROL.flatMap(([name, text]) => [
      [`fn${name}`, text],
      [`f${name}`, WAIT + text],
    ]),
  ),
  ...Object.fromEntries(MOVES.map(([cc, condition]) => [`fcmov${cc}`, `if ${condition}: ST0 := STi`])),
  fcom: compare('src'),
  fcomp: compare('src', POP),
  fcompp: compare('ST1', `${POP}, pop`),
  ficom: compare('the integer at [src]'),
  ficomp: compare('the integer at [src]', POP),
  fucom: compare('STi'),
  fucomp: compare('STi', POP),
  fucompp: compare('ST1', `${POP}, pop`),
  fcomi: compareFlags(),
  fcomip: compareFlags(POP),
  fucomi: compareFlags(),
  fucomip: compareFlags(POP),
  ftst: compare('0.0'),
  fxam: 'C1 := sign of ST0\nC3:C2:C0 := class of ST0: unsupported 000, NaN 001, normal 010, infinity 011, zero 100, empty 101, denormal 110',
  fld: 'push src, converted to 80 bits',
  fst: 'dst := ST0, rounded to the size of dst',
  fstp: `dst := ST0, rounded to the size of dst${POP}`,
  fxch: 'exchange ST0 with STi (ST1 when none is written)',
  fild: 'push the integer at [src]',
  fist: toInteger('rounded by RC of the control word'),
  fistp: toInteger('rounded by RC of the control word', POP),
  fisttp: toInteger('truncated', POP),
  fbld: 'push the 18 decimal digits at [src]',
  fbstp: `[dst] := ST0 as 18 decimal digits, rounded${POP}`,
  fchs: 'ST0 := -ST0',
  fabs: 'ST0 := |ST0|',
  fld1: constant('1.0'),
  fldl2t: constant('log2(10)'),
  fldl2e: constant('log2(e)'),
  fldpi: constant('pi'),
  fldlg2: constant('log10(2)'),
  fldln2: constant('ln(2)'),
  fldz: constant('0.0'),
  f2xm1: 'ST0 := 2^ST0 - 1 (-1 <= ST0 <= 1)',
  fyl2x: `ST1 := ST1 * log2(ST0)${POP}`,
  fyl2xp1: `ST1 := ST1 * log2(ST0 + 1)${POP}`,
  fptan: 'if |ST0| < 2^63: ST0 := tan(ST0), push 1.0, C2 := 0\nelse: C2 := 1',
  fpatan: `ST1 := arctan(ST1 / ST0), by quadrant${POP}`,
  fxtract: 't := ST0\nST0 := exponent of t\npush the significand of t',
  fprem:
    'd := exponent of ST0 - exponent of ST1\nif d < 64: q := trunc(ST0 / ST1), ST0 := ST0 - q * ST1, C2 := 0, C0:C3:C1 := q mod 8\nelse: a part of it, C2 := 1',
  fprem1:
    'd := exponent of ST0 - exponent of ST1\nif d < 64: q := nearest(ST0 / ST1), ST0 := ST0 - q * ST1, C2 := 0, C0:C3:C1 := q mod 8\nelse: a part of it, C2 := 1',
  fdecstp: 'TOP := (TOP - 1) mod 8',
  fincstp: 'TOP := (TOP + 1) mod 8',
  fsqrt: 'ST0 := square root of ST0',
  fsincos: 'if |ST0| < 2^63: t := ST0, ST0 := sin(t), push cos(t), C2 := 0\nelse: C2 := 1',
  fsin: 'if |ST0| < 2^63: ST0 := sin(ST0), C2 := 0\nelse: C2 := 1',
  fcos: 'if |ST0| < 2^63: ST0 := cos(ST0), C2 := 0\nelse: C2 := 1',
  frndint: 'ST0 := ST0 rounded to an integer by RC of the control word',
  fscale: 'ST0 := ST0 * 2^trunc(ST1)',
  fnop: 'no effect',
  fsetpm: 'no effect since the 80387',
  ffree: 'tag of STi := empty',
  ffreep: `tag of STi := empty${POP}`,
  fldcw: 'control word := [src]',
  fldenv: 'control, status and tag word, pointers, opcode := [src]',
  frstor: 'environment and the eight registers := [src]',
};
