// Logical operations, shifts and rotates, bit tests and scans (Intel SDM vol. 1, "Logical Instructions",
// "Shift and Rotate Instructions", "Bit and Byte Instructions").
import type { Row } from '../types';
import { binary } from './arithmetic';
import { type Flags, row } from './row';

const LOGIC: Flags = { w: 'szp', u: 'a', c: 'oc' };

/** The forms of one shift or rotate; a variable count of zero keeps the flags. */
function shift(mn: string, digit: number, flags: Flags, only?: 'asm' | 'decode', sem = mn): Row[] {
  const facts = { sem, flags, ...(only ? { only } : {}) };
  const counted = { ...facts, flags: { ...flags, k: true as const } };
  return [
    row(mn, 'rm8, 1', `d0 /${digit}`, facts),
    row(mn, 'rmv, 1', `d1 /${digit}`, facts),
    row(mn, 'rm8, cl', `d2 /${digit}`, counted),
    row(mn, 'rmv, cl', `d3 /${digit}`, counted),
    row(mn, 'rm8, imm8u', `c0 /${digit} ib`, { ...counted, cpu: '186' }),
    row(mn, 'rmv, imm8u', `c1 /${digit} ib`, { ...counted, cpu: '186' }),
  ];
}

function doubleShift(mn: string, opcode: string, opcodeCl: string): Row[] {
  const facts = { flags: { w: 'oszpc', u: 'a', k: true as const }, cpu: '386' };
  return [row(mn, 'rmv, rv, imm8u', `0f ${opcode} /r ib`, facts), row(mn, 'rmv, rv, cl', `0f ${opcodeCl} /r`, facts)];
}

function bitTest(mn: string, opcode: string, digit: number, lock: boolean): Row[] {
  const facts = { flags: { w: 'c', u: 'osap' }, cpu: '386', ...(lock ? { lock } : {}) };
  return [row(mn, 'rmv, rv', `0f ${opcode} /r`, facts), row(mn, 'rmv, imm8u', `0f ba /${digit} ib`, facts)];
}

const SHIFT: Flags = { w: 'oszpc', u: 'a' };
const ROTATE: Flags = { w: 'oc' };
const ROTATE_CARRY: Flags = { r: 'c', w: 'oc' };
const SCAN = { flags: { w: 'z', u: 'osapc' }, cpu: '386' };

export const LOGIC_ROWS: readonly Row[] = [
  ...binary('and', 4, LOGIC, true),
  ...binary('or', 1, LOGIC, true),
  ...binary('xor', 6, LOGIC, true),
  row('not', 'rm8', 'f6 /2', { lock: true }),
  row('not', 'rmv', 'f7 /2', { lock: true }),

  row('test', 'rm8, r8', '84 /r', { flags: LOGIC }),
  row('test', 'rmv, rv', '85 /r', { flags: LOGIC }),
  row('test', 'r8, m8', '84 /r', { flags: LOGIC, only: 'asm' }),
  row('test', 'rv, mv', '85 /r', { flags: LOGIC, only: 'asm' }),
  row('test', 'al, imm8', 'a8 ib', { flags: LOGIC }),
  row('test', 'accv, immz', 'a9 iz', { flags: LOGIC }),
  row('test', 'rm8, imm8', 'f6 /0 ib', { flags: LOGIC }),
  row('test', 'rmv, immz', 'f7 /0 iz', { flags: LOGIC }),
  row('test', 'rm8, imm8', 'f6 /1 ib', { flags: LOGIC, only: 'decode' }),
  row('test', 'rmv, immz', 'f7 /1 iz', { flags: LOGIC, only: 'decode' }),

  ...shift('rol', 0, ROTATE),
  ...shift('ror', 1, ROTATE),
  ...shift('rcl', 2, ROTATE_CARRY),
  ...shift('rcr', 3, ROTATE_CARRY),
  ...shift('shl', 4, SHIFT),
  ...shift('shr', 5, SHIFT),
  ...shift('sar', 7, SHIFT),
  ...shift('sal', 4, SHIFT, 'asm', 'shl'),
  ...shift('sal', 6, SHIFT, 'decode', 'shl'),
  ...doubleShift('shld', 'a4', 'a5'),
  ...doubleShift('shrd', 'ac', 'ad'),

  ...bitTest('bt', 'a3', 4, false),
  ...bitTest('bts', 'ab', 5, true),
  ...bitTest('btr', 'b3', 6, true),
  ...bitTest('btc', 'bb', 7, true),
  row('bsf', 'rv, rmv', '0f bc /r', SCAN),
  row('bsr', 'rv, rmv', '0f bd /r', SCAN),
  row('bswap', 'oy', '0f c8+r', { cpu: '486' }),
  row('bswap', 'ov', 'o16 0f c8+r', { cpu: '486', only: 'decode' }),
];

export const LOGIC_DOCS: Readonly<Record<string, string>> = {
  and: 'Bitwise AND of the source into the destination.',
  or: 'Bitwise OR of the source into the destination.',
  xor: 'Bitwise exclusive OR of the source into the destination.',
  not: 'Inverts every bit; no flag changes.',
  test: 'Bitwise AND that keeps only the flags.',
  rol: 'Rotates left; the bit that leaves enters at the right and goes to CF.',
  ror: 'Rotates right; the bit that leaves enters at the left and goes to CF.',
  rcl: 'Rotates left through the carry flag.',
  rcr: 'Rotates right through the carry flag.',
  shl: 'Shifts left, filling with zeros; the last bit out goes to CF.',
  sal: 'Shifts left, filling with zeros; the same operation as SHL.',
  shr: 'Shifts right, filling with zeros; the last bit out goes to CF.',
  sar: 'Shifts right, filling with the sign bit; the last bit out goes to CF.',
  shld: 'Shifts left, filling with the high bits of the second operand.',
  shrd: 'Shifts right, filling with the low bits of the second operand.',
  bt: 'Copies the selected bit to CF.',
  bts: 'Copies the selected bit to CF, then sets it.',
  btr: 'Copies the selected bit to CF, then clears it.',
  btc: 'Copies the selected bit to CF, then inverts it.',
  bsf: 'Index of the lowest set bit of the source; ZF is set when the source is zero.',
  bsr: 'Index of the highest set bit of the source; ZF is set when the source is zero.',
  bswap: 'Reverses the order of the bytes of a register.',
};
