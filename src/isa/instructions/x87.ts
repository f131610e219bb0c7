// The x87 (Intel SDM vol. 2, opcode maps "Escape Opcodes"; aliases marked 'decode' are undocumented but executed by every
// processor). A `wait` form is NASM's spelling with a preceding WAIT: FSTCW is WAIT and FNSTCW.
import type { Row } from '../types';
import { type Facts, row } from './row';

const FPU: Facts = { cpu: 'fpu' };
const ASM: Facts = { ...FPU, only: 'asm' };
const ALIAS: Facts = { ...FPU, only: 'decode' };
const P6: Facts = { cpu: 'fpu+cmov' };
const COMPARE: Facts = { ...P6, flags: { w: 'zpc', c: 'osa' } };

/** FADD and its kind: real and integer memory, register forms both ways, popping form. `d8` and `dc` are ModRM bases. */
function arithmetic(mn: string, digit: number, d8: number, dc: number): Row[] {
  const st = (escape: string, base: number): string => `${escape} ${base.toString(16)}+i`;
  const integer = `fi${mn.slice(1)}`;
  return [
    row(mn, 'm32', `d8 /${digit}`, FPU),
    row(mn, 'm64', `dc /${digit}`, FPU),
    row(mn, 'sti, st', st('dc', dc), FPU),
    row(mn, 'st, sti', st('d8', d8), FPU),
    row(mn, 'sti', st('d8', d8), ASM),
    row(mn, '', `de ${(dc + 1).toString(16)}`, { ...ASM, sem: `${mn}p` }),
    row(`${mn}p`, 'sti, st', st('de', dc), FPU),
    row(`${mn}p`, 'sti', st('de', dc), ASM),
    row(`${mn}p`, '', `de ${(dc + 1).toString(16)}`, ASM),
    row(integer, 'm32', `da /${digit}`, FPU),
    row(integer, 'm16', `de /${digit}`, FPU),
  ];
}

/** A comparison with a stack register that may be left out (ST1) or written with ST0. */
const compare = (mn: string, encoding: string, facts = FPU): Row[] => [
  row(mn, 'sti', `${encoding}+i`, facts),
  row(mn, 'st, sti', `${encoding}+i`, { ...facts, only: 'asm' }),
  row(mn, '', oneUp(encoding), { ...facts, only: 'asm' }),
];
const oneUp = (encoding: string): string => {
  const [escape, base] = encoding.split(' ') as [string, string];
  return `${escape} ${(parseInt(base, 16) + 1).toString(16)}`;
};

const withSt0 = (mn: string, encoding: string, facts: Facts): Row[] => [
  row(mn, 'st, sti', `${encoding}+i`, facts),
  row(mn, 'sti', `${encoding}+i`, { ...facts, only: 'asm' }),
  row(mn, '', oneUp(encoding), { ...facts, only: 'asm' }),
];

const plain = (list: readonly [string, string][]): Row[] => list.map(([mn, enc]) => row(mn, '', enc, FPU));

/** `fn…` and the spelling with WAIT. */
const control = (name: string, ops: string, enc: string, facts = FPU): Row[] => [
  row(`fn${name}`, ops, enc, facts),
  row(`f${name}`, ops, `wait ${enc}`, { ...facts, sem: `fn${name}`, only: 'asm' }),
];

export const X87: readonly Row[] = [
  ...arithmetic('fadd', 0, 0xc0, 0xc0),
  ...arithmetic('fmul', 1, 0xc8, 0xc8),
  ...arithmetic('fsub', 4, 0xe0, 0xe8),
  ...arithmetic('fsubr', 5, 0xe8, 0xe0),
  ...arithmetic('fdiv', 6, 0xf0, 0xf8),
  ...arithmetic('fdivr', 7, 0xf8, 0xf0),

  row('fcom', 'm32', 'd8 /2', FPU),
  row('fcom', 'm64', 'dc /2', FPU),
  ...compare('fcom', 'd8 d0'),
  row('fcom', 'sti', 'dc d0+i', ALIAS),
  row('fcomp', 'm32', 'd8 /3', FPU),
  row('fcomp', 'm64', 'dc /3', FPU),
  ...compare('fcomp', 'd8 d8'),
  row('fcomp', 'sti', 'dc d8+i', ALIAS),
  row('fcomp', 'sti', 'de d0+i', ALIAS),
  row('fcompp', '', 'de d9', FPU),
  row('ficom', 'm32', 'da /2', FPU),
  row('ficom', 'm16', 'de /2', FPU),
  row('ficomp', 'm32', 'da /3', FPU),
  row('ficomp', 'm16', 'de /3', FPU),
  ...compare('fucom', 'dd e0', { ...FPU, cpu: '387' }),
  ...compare('fucomp', 'dd e8', { ...FPU, cpu: '387' }),
  row('fucompp', '', 'da e9', { ...FPU, cpu: '387' }),
  ...withSt0('fcomi', 'db f0', COMPARE),
  ...withSt0('fcomip', 'df f0', COMPARE),
  ...withSt0('fucomi', 'db e8', COMPARE),
  ...withSt0('fucomip', 'df e8', COMPARE),
  row('ftst', '', 'd9 e4', FPU),
  row('fxam', '', 'd9 e5', FPU),

  row('fld', 'm32', 'd9 /0', FPU),
  row('fld', 'm64', 'dd /0', FPU),
  row('fld', 'm80', 'db /5', FPU),
  row('fld', 'sti', 'd9 c0+i', FPU),
  row('fld', '', 'd9 c1', ASM),
  row('fst', 'm32', 'd9 /2', FPU),
  row('fst', 'm64', 'dd /2', FPU),
  row('fst', 'sti', 'dd d0+i', FPU),
  row('fst', '', 'dd d1', ASM),
  row('fstp', 'm32', 'd9 /3', FPU),
  row('fstp', 'm64', 'dd /3', FPU),
  row('fstp', 'm80', 'db /7', FPU),
  row('fstp', 'sti', 'dd d8+i', FPU),
  row('fstp', '', 'dd d9', ASM),
  row('fstp', 'sti', 'd9 d8+i', { ...ALIAS, sem: 'fstpnce' }),
  row('fstp', 'sti', 'df d0+i', ALIAS),
  row('fstp', 'sti', 'df d8+i', ALIAS),
  row('fxch', 'sti', 'd9 c8+i', FPU),
  row('fxch', 'st, sti', 'd9 c8+i', ASM),
  row('fxch', 'sti, st', 'd9 c8+i', ASM),
  row('fxch', '', 'd9 c9', ASM),
  row('fxch', 'sti', 'dd c8+i', ALIAS),
  row('fxch', 'sti', 'df c8+i', ALIAS),
  row('fild', 'm32', 'db /0', FPU),
  row('fild', 'm16', 'df /0', FPU),
  row('fild', 'm64', 'df /5', FPU),
  row('fist', 'm32', 'db /2', FPU),
  row('fist', 'm16', 'df /2', FPU),
  row('fistp', 'm32', 'db /3', FPU),
  row('fistp', 'm16', 'df /3', FPU),
  row('fistp', 'm64', 'df /7', FPU),
  row('fisttp', 'm32', 'db /1', { cpu: 'fpu+sse3' }),
  row('fisttp', 'm16', 'df /1', { cpu: 'fpu+sse3' }),
  row('fisttp', 'm64', 'dd /1', { cpu: 'fpu+sse3' }),
  row('fbld', 'm80', 'df /4', FPU),
  row('fbstp', 'm80', 'df /6', FPU),
  ...(['b', 'e', 'be', 'u'] as const).flatMap((cc, at) => {
    const flags = { r: ['c', 'z', 'cz', 'p'][at]! };
    const base = (0xc0 + at * 8).toString(16);
    return [
      ...withSt0(`fcmov${cc}`, `da ${base}`, { ...P6, flags }),
      ...withSt0(`fcmovn${cc}`, `db ${base}`, { ...P6, flags }),
    ];
  }),

  ...plain([
    ['fchs', 'd9 e0'],
    ['fabs', 'd9 e1'],
    ['fld1', 'd9 e8'],
    ['fldl2t', 'd9 e9'],
    ['fldl2e', 'd9 ea'],
    ['fldpi', 'd9 eb'],
    ['fldlg2', 'd9 ec'],
    ['fldln2', 'd9 ed'],
    ['fldz', 'd9 ee'],
    ['f2xm1', 'd9 f0'],
    ['fyl2x', 'd9 f1'],
    ['fptan', 'd9 f2'],
    ['fpatan', 'd9 f3'],
    ['fxtract', 'd9 f4'],
    ['fprem1', 'd9 f5'],
    ['fdecstp', 'd9 f6'],
    ['fincstp', 'd9 f7'],
    ['fprem', 'd9 f8'],
    ['fyl2xp1', 'd9 f9'],
    ['fsqrt', 'd9 fa'],
    ['fsincos', 'd9 fb'],
    ['frndint', 'd9 fc'],
    ['fscale', 'd9 fd'],
    ['fsin', 'd9 fe'],
    ['fcos', 'd9 ff'],
    ['fnop', 'd9 d0'],
    ['fsetpm', 'db e4'],
  ]),
  row('ffree', 'sti', 'dd c0+i', FPU),
  row('ffree', '', 'dd c1', ASM),
  row('ffreep', 'sti', 'df c0+i', FPU),
  row('ffreep', '', 'df c1', ASM),

  row('fldcw', 'm16', 'd9 /5', FPU),
  ...control('stcw', 'm16', 'd9 /7'),
  ...control('stsw', 'm16', 'dd /7'),
  ...control('stsw', 'ax', 'df e0', { cpu: '287' }),
  row('fldenv', 'm', 'd9 /4', { ...FPU, usesOpSize: true }),
  ...control('stenv', 'm', 'd9 /6', { ...FPU, usesOpSize: true }),
  row('frstor', 'm', 'dd /4', { ...FPU, usesOpSize: true }),
  ...control('save', 'm', 'dd /6', { ...FPU, usesOpSize: true }),
  ...control('eni', '', 'db e0'),
  ...control('disi', '', 'db e1'),
  ...control('clex', '', 'db e2'),
  ...control('init', '', 'db e3'),
];

const ARITHMETIC_TEXT: readonly [string, string][] = [
  ['add', 'Adds the source to the destination'],
  ['mul', 'Multiplies the destination by the source'],
  ['sub', 'Subtracts the source from the destination'],
  ['subr', 'Subtracts the destination from the source, into the destination'],
  ['div', 'Divides the destination by the source'],
  ['divr', 'Divides the source by the destination, into the destination'],
];
const CONTROL_TEXT: readonly [string, string][] = [
  ['stcw', 'Stores the x87 control word'],
  ['stsw', 'Stores the x87 status word'],
  ['stenv', 'Stores the x87 environment and masks all x87 exceptions'],
  ['save', 'Stores the whole x87 state and initialises the x87'],
  ['eni', 'Enables interrupts on the 8087; later processors ignore it'],
  ['disi', 'Disables interrupts on the 8087; later processors ignore it'],
  ['clex', 'Clears the x87 exception flags'],
  ['init', 'Initialises the x87'],
];
const MOVE_TEXT: readonly [string, string][] = [
  ['b', 'CF=1'],
  ['e', 'ZF=1'],
  ['be', 'CF=1 or ZF=1'],
  ['u', 'PF=1'],
  ['nb', 'CF=0'],
  ['ne', 'ZF=0'],
  ['nbe', 'CF=0 and ZF=0'],
  ['nu', 'PF=0'],
];

export const X87_DOCS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ARITHMETIC_TEXT.flatMap(([name, text]) => [
      [`f${name}`, `${text}, as real numbers.`],
      [`f${name}p`, `${text}, then pops the register stack.`],
      [`fi${name}`, `${text}, an integer in memory.`],
    ]),
  ),
  ...Object.fromEntries(
    CONTROL_TEXT.flatMap(([name, text]) => [
      [`fn${name}`, `${text}, without waiting for pending exceptions.`],
      [`f${name}`, `${text}, after waiting for pending exceptions.`],
    ]),
  ),
  ...Object.fromEntries(MOVE_TEXT.map(([cc, text]) => [`fcmov${cc}`, `Copies STi to ST0 when ${text}.`])),
  fcom: 'Compares ST0 with the operand and sets the condition codes C0, C2, C3.',
  fcomp: 'Compares ST0 with the operand, sets the condition codes and pops.',
  fcompp: 'Compares ST0 with ST1, sets the condition codes and pops both.',
  ficom: 'Compares ST0 with an integer in memory.',
  ficomp: 'Compares ST0 with an integer in memory and pops.',
  fucom: 'Compares ST0 with the operand; a quiet NaN is no invalid operation.',
  fucomp: 'Compares ST0 with the operand and pops; a quiet NaN is no invalid operation.',
  fucompp: 'Compares ST0 with ST1 and pops both; a quiet NaN is no invalid operation.',
  fcomi: 'Compares ST0 with STi and sets ZF, PF and CF.',
  fcomip: 'Compares ST0 with STi, sets ZF, PF and CF, and pops.',
  fucomi: 'Compares ST0 with STi and sets ZF, PF and CF; a quiet NaN is no invalid operation.',
  fucomip: 'Compares ST0 with STi, sets ZF, PF and CF, and pops; a quiet NaN is no invalid operation.',
  ftst: 'Compares ST0 with zero.',
  fxam: 'Classifies ST0 in the condition codes.',
  fld: 'Pushes a real number on the register stack.',
  fst: 'Stores ST0.',
  fstp: 'Stores ST0 and pops.',
  fxch: 'Exchanges ST0 with STi.',
  fild: 'Pushes an integer from memory on the register stack.',
  fist: 'Stores ST0 as an integer, rounded as the control word says.',
  fistp: 'Stores ST0 as an integer, rounded as the control word says, and pops.',
  fisttp: 'Stores ST0 as an integer, truncated, and pops.',
  fbld: 'Pushes a packed decimal number of 18 digits.',
  fbstp: 'Stores ST0 as a packed decimal number of 18 digits and pops.',
  fchs: 'Changes the sign of ST0.',
  fabs: 'Absolute value of ST0.',
  fld1: 'Pushes 1.',
  fldl2t: 'Pushes the logarithm of 10 to base 2.',
  fldl2e: 'Pushes the logarithm of e to base 2.',
  fldpi: 'Pushes pi.',
  fldlg2: 'Pushes the logarithm of 2 to base 10.',
  fldln2: 'Pushes the natural logarithm of 2.',
  fldz: 'Pushes 0.',
  f2xm1: 'Replaces ST0 by 2 to the power ST0, minus 1.',
  fyl2x: 'Replaces ST1 by ST1 times the logarithm of ST0 to base 2 and pops.',
  fptan: 'Replaces ST0 by its tangent and pushes 1.',
  fpatan: 'Replaces ST1 by the arctangent of ST1/ST0 and pops.',
  fxtract: 'Splits ST0 into exponent and significand.',
  fprem1: 'IEEE remainder of ST0 by ST1.',
  fdecstp: 'Decrements the stack top pointer.',
  fincstp: 'Increments the stack top pointer.',
  fprem: 'Partial remainder of ST0 by ST1.',
  fyl2xp1: 'Replaces ST1 by ST1 times the logarithm of ST0 + 1 to base 2 and pops.',
  fsqrt: 'Square root of ST0.',
  fsincos: 'Replaces ST0 by its sine and pushes its cosine.',
  frndint: 'Rounds ST0 to an integer as the control word says.',
  fscale: 'Multiplies ST0 by 2 to the power of the truncated ST1.',
  fsin: 'Sine of ST0.',
  fcos: 'Cosine of ST0.',
  fnop: 'Does nothing on the x87.',
  fsetpm: 'Sets protected mode on the 80287; later processors ignore it.',
  ffree: 'Marks STi as empty.',
  ffreep: 'Marks STi as empty and pops.',
  fldcw: 'Loads the x87 control word.',
  fldenv: 'Loads the x87 environment.',
  frstor: 'Loads the whole x87 state.',
};
