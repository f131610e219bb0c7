// Helpers for the rows with a VEX prefix. NASM lets the first source be left out when it is the destination: each form with
// VEX.vvvv as the second operand has a shorter spelling for the assembler.
import { type Facts, row } from './row';
import type { Row } from '../types';

export interface VexFacts extends Facts {
  /** Feature of the 256-bit form, when it differs; `-`: there is none. */
  cpu256?: string;
  /** No shorter spelling. */
  full?: true;
}

/** The form, and its spelling without the operand in VEX.vvvv. */
export function withShort(form: Row): Row[] {
  const at = form.ops.findIndex((op) => op === 'xmmvex' || op === 'ymmvex');
  const ops = form.ops.filter((_, i) => i !== at);
  return at < 0 || form.only !== undefined
    ? [form]
    : [form, { ...form, ops, enc: `${form.enc} =v`, only: 'asm', sem: form.sem }];
}

/** One form: `enc` is `PP MAP W rest`, such as `66 0f wig 58 /r`. */
export function vex(mn: string, ops: string, length: string, enc: string, facts: VexFacts): Row[] {
  const { cpu256: _unused, full, ...rest } = facts;
  const [prefix, map, w, ...opcode] = enc.split(' ');
  const form = row(mn, ops, `vex.${length}.${prefix}.${map}.${w} ${opcode.join(' ')}`, { modes: 'pm', ...rest });
  return full ? [form] : withShort(form);
}

const widened = (ops: string): string =>
  ops.replaceAll('xmmrm128', 'ymmrm256').replaceAll('xmm', 'ymm').replaceAll('m128', 'm256');

/** The 128-bit form, and the same with YMM registers; `ops256` when its operands differ in more than the width. */
export function both(mn: string, ops: string, enc: string, facts: VexFacts, ops256 = widened(ops)): Row[] {
  const { cpu256 = facts.cpu } = facts;
  return [
    ...vex(mn, ops, '128', enc, facts),
    ...(cpu256 === '-' ? [] : vex(mn, ops256, '256', enc, { ...facts, cpu: cpu256! })),
  ];
}

/** A form with 32-bit general registers, and the one with W1 and 64-bit ones. */
export function byW(mn: string, ops: string, length: string, enc: string, facts: VexFacts, mn64 = mn): Row[] {
  const ops64 = ops.replace(/\b(rmr|rm|r)32/g, '$164');
  return [
    ...vex(mn, ops, length, enc.replace(' w ', ' w0 '), facts),
    ...vex(mn64, ops64, length, enc.replace(' w ', ' w1 '), { ...facts, modes: 'only64' }),
  ];
}
