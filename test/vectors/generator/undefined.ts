// What the manuals leave undefined after an instruction, as the vector format says it.
import type { ImmOperand, Insn } from '../../../src/isa/types';
import type { VectorState } from '../../../src/machine/vectors/format';
import type { Draft } from './runner';

export const FLAG: Readonly<Record<string, number>> = { c: 1, p: 4, a: 0x10, z: 0x40, s: 0x80, o: 0x800 };
export const maskOf = (letters = ''): number => [...letters].reduce((mask, letter) => mask | (FLAG[letter] ?? 0), 0);

const CONDITION_CODES = 0x4500; // C0, C2, C3: C1 is defined by rounding, or clear
/** x87 instructions that define C0, C2 and C3, or load them. */
const DEFINES_CONDITION =
  /^(fu?comp*|ficomp?|ftst|fxam|fprem1?|fldenv|frstor|fxrstor|fsin|fcos|fsincos|fptan|fninit|finit|fnsave|fsave|fnop|fnclex|fclex|fldcw|f[nx]?st[ce]\w*|ffreep?|fnst\w+)/;
const TRANSCENDENTAL = /^(fsin|fcos|fsincos|fptan|fpatan|f2xm1|fyl2x|fyl2xp1)$/;

const count = (insn: Insn, state: VectorState): number => {
  const last = insn.operands.at(-1);
  if (last?.kind === 'imm') return (last as ImmOperand).value & 0xff;
  return parseInt(state.cx ?? '22', 16) & 0xff;
};

/** Arithmetic flags as a mask. */
export function undefinedFlags(insn: Insn, state: VectorState): number {
  const row = insn.row!;
  let mask = maskOf(row.flags?.u);
  const size = insn.operands[0]?.kind === 'reg' || insn.operands[0]?.kind === 'mem' ? insn.operands[0].size : 0;
  if (/^sh[lr]d$/.test(row.sem) && size === 2 && (count(insn, state) & 31) > 16) return 0x8d5;
  if (/^(sh[lr]d?|ro[lr]|rc[lr])$/.test(row.sem) && (count(insn, state) & 31) !== 1) mask |= FLAG.o;
  if (/^(shl|shr)$/.test(row.sem) && (count(insn, state) & 31) >= size * 8) mask |= FLAG.c;
  return mask;
}

export function undefinedAfter(insn: Insn, state: VectorState): Partial<Draft> {
  const row = insn.row!;
  const result: Partial<Draft> = {};
  const flags = undefinedFlags(insn, state);
  if (flags !== 0) result.u = flags.toString(16);
  const size = insn.operands[0]?.kind === 'reg' || insn.operands[0]?.kind === 'mem' ? insn.operands[0].size : 0;
  if (/^sh[lr]d$/.test(row.sem) && size === 2 && (count(insn, state) & 31) > 16) result.ud = 1;
  if (row.sem === 'bswap' && size === 2) result.ud = 1;
  if (/^(fpu|287|387)/.test(row.cpu ?? '') && !DEFINES_CONDITION.test(row.mn)) result.fu = CONDITION_CODES.toString(16);
  if (TRANSCENDENTAL.test(row.mn)) result.ulp = 1;
  if (/^v?r(cp|sqrt)[ps]s$/.test(row.mn)) result.approx = 1;
  return result;
}
