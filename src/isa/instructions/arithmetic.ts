// Binary integer arithmetic (Intel SDM vol. 2, "ADD" to "SUB"; vol. 1, "Binary Arithmetic Instructions").
// Forms stand in the order in which NASM tries them.
import type { Row } from '../types';
import { type Flags, row } from './row';

const ALL = 'oszapc';
const MUL: Flags = { w: 'oc', u: 'szap' };
const DIV: Flags = { u: ALL };

const hex2 = (value: number): string => value.toString(16).padStart(2, '0');

/** ADD, OR, ADC, SBB, AND, SUB, XOR, CMP: the eight operations that share one opcode pattern. */
export function binary(mn: string, digit: number, flags: Flags, lock: boolean): Row[] {
  const op = (low: number): string => hex2(digit * 8 + low);
  const facts = lock ? { flags, lock } : { flags };
  return [
    row(mn, 'rm8, r8', `${op(0)} /r`, facts),
    row(mn, 'rmv, rv', `${op(1)} /r`, facts),
    row(mn, 'r8, rm8', `${op(2)} /r`, { flags }),
    row(mn, 'rv, rmv', `${op(3)} /r`, { flags }),
    row(mn, 'rmv, imm8s', `83 /${digit} ib`, facts),
    row(mn, 'al, imm8', `${op(4)} ib`, { flags }),
    row(mn, 'accv, immz', `${op(5)} iz`, { flags }),
    row(mn, 'rm8, imm8', `80 /${digit} ib`, facts),
    row(mn, 'rmv, immz', `81 /${digit} iz`, facts),
    row(mn, 'rm8, imm8', `82 /${digit} ib`, { ...facts, modes: 'no64', only: 'decode' }),
  ];
}

export const ARITHMETIC: readonly Row[] = [
  ...binary('add', 0, { w: ALL }, true),
  ...binary('adc', 2, { r: 'c', w: ALL }, true),
  ...binary('sbb', 3, { r: 'c', w: ALL }, true),
  ...binary('sub', 5, { w: ALL }, true),
  ...binary('cmp', 7, { w: ALL }, false),

  row('inc', 'ov', '40+r', { flags: { w: 'oszap' }, modes: 'no64' }),
  row('inc', 'rm8', 'fe /0', { flags: { w: 'oszap' }, lock: true }),
  row('inc', 'rmv', 'ff /0', { flags: { w: 'oszap' }, lock: true }),
  row('dec', 'ov', '48+r', { flags: { w: 'oszap' }, modes: 'no64' }),
  row('dec', 'rm8', 'fe /1', { flags: { w: 'oszap' }, lock: true }),
  row('dec', 'rmv', 'ff /1', { flags: { w: 'oszap' }, lock: true }),
  row('neg', 'rm8', 'f6 /3', { flags: { w: ALL }, lock: true }),
  row('neg', 'rmv', 'f7 /3', { flags: { w: ALL }, lock: true }),

  row('mul', 'rm8', 'f6 /4', { flags: MUL }),
  row('mul', 'rmv', 'f7 /4', { flags: MUL }),
  row('imul', 'rm8', 'f6 /5', { flags: MUL }),
  row('imul', 'rmv', 'f7 /5', { flags: MUL }),
  row('imul', 'rv, rmv', '0f af /r', { sem: 'imul2', flags: MUL, cpu: '386' }),
  row('imul', 'rv, rmv, imm8s', '6b /r ib', { sem: 'imul3', flags: MUL, cpu: '186' }),
  row('imul', 'rv, rmv, immz', '69 /r iz', { sem: 'imul3', flags: MUL, cpu: '186' }),
  row('imul', 'rv, imm8s', '6b /rr ib', { sem: 'imul3', flags: MUL, cpu: '186', only: 'asm' }),
  row('imul', 'rv, immz', '69 /rr iz', { sem: 'imul3', flags: MUL, cpu: '186', only: 'asm' }),
  row('div', 'rm8', 'f6 /6', { flags: DIV }),
  row('div', 'rmv', 'f7 /6', { flags: DIV }),
  row('idiv', 'rm8', 'f6 /7', { flags: DIV }),
  row('idiv', 'rmv', 'f7 /7', { flags: DIV }),

  row('cbw', '', 'o16 98', { sem: 'cbw' }),
  row('cwde', '', 'o32 98', { sem: 'cbw', cpu: '386' }),
  row('cdqe', '', 'o64 98', { sem: 'cbw', modes: 'only64' }),
  row('cwd', '', 'o16 99', { sem: 'cwd' }),
  row('cdq', '', 'o32 99', { sem: 'cwd', cpu: '386' }),
  row('cqo', '', 'o64 99', { sem: 'cwd', modes: 'only64' }),

  row('cmpxchg', 'rm8, r8', '0f b0 /r', { flags: { w: ALL }, cpu: '486', lock: true }),
  row('cmpxchg', 'rmv, rv', '0f b1 /r', { flags: { w: ALL }, cpu: '486', lock: true }),
  row('cmpxchg8b', 'm64', '0f c7 /1 nw', { flags: { w: 'z' }, cpu: '586', lock: true }),
  row('cmpxchg16b', 'm128', '0f c7 /1 o64', { flags: { w: 'z' }, cpu: 'cx16', modes: 'only64', lock: true }),
  row('xadd', 'rm8, r8', '0f c0 /r', { flags: { w: ALL }, cpu: '486', lock: true }),
  row('xadd', 'rmv, rv', '0f c1 /r', { flags: { w: ALL }, cpu: '486', lock: true }),
];

export const ARITHMETIC_DOCS: Readonly<Record<string, string>> = {
  add: 'Adds the source to the destination.',
  adc: 'Adds the source and the carry flag to the destination.',
  sbb: 'Subtracts the source and the carry flag (borrow) from the destination.',
  sub: 'Subtracts the source from the destination.',
  cmp: 'Compares: subtracts the source from the destination and keeps only the flags.',
  inc: 'Adds 1; the carry flag keeps its value.',
  dec: 'Subtracts 1; the carry flag keeps its value.',
  neg: 'Negates: replaces the operand by zero minus it.',
  mul: 'Unsigned multiplication of the accumulator; the high half goes to AH, DX, EDX or RDX.',
  imul: 'Signed multiplication, with one, two or three operands.',
  div: 'Unsigned division of the double-width accumulator; #DE when the quotient does not fit or the divisor is 0.',
  idiv: 'Signed division of the double-width accumulator; #DE when the quotient does not fit or the divisor is 0.',
  cbw: 'Sign-extends AL into AX.',
  cwde: 'Sign-extends AX into EAX.',
  cdqe: 'Sign-extends EAX into RAX.',
  cwd: 'Sign-extends AX into DX:AX.',
  cdq: 'Sign-extends EAX into EDX:EAX.',
  cqo: 'Sign-extends RAX into RDX:RAX.',
  cmpxchg: 'Compares the accumulator with the destination; if equal stores the source there, else loads it.',
  cmpxchg8b: 'Compares EDX:EAX with 8 bytes of memory; if equal stores ECX:EBX there, else loads them.',
  cmpxchg16b: 'Compares RDX:RAX with 16 bytes of memory; if equal stores RCX:RBX there, else loads them.',
  xadd: 'Exchanges the operands and stores their sum in the destination.',
};
