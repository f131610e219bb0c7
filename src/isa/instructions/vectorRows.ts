// Helpers for the rows of MMX and SSE: the same operation on MMX and XMM registers, and forms that depend on REX.W.
import { type Facts, row } from './row';
import type { Row } from '../types';

/** `mn mm, mm/m64` (no prefix) and `mn xmm, xmm/m128` (66) with the same opcode. */
export const packed = (mn: string, opcode: string, mmx = 'mmx', sse = 'sse2', more = ''): Row[] => [
  row(mn, `mm, mmrm${more}`, `np 0f ${opcode} /r`, { cpu: mmx }),
  row(mn, `xmm, xmmrm128${more}`, `p66 0f ${opcode} /r`, { cpu: sse }),
];

/** One row per line of `list`: mnemonic and opcode. */
export const each = (list: string, make: (mn: string, opcode: string) => Row[]): Row[] =>
  list
    .trim()
    .split(/\s*,\s*/)
    .flatMap((entry) => {
      const at = entry.indexOf(' ');
      return make(entry.slice(0, at), entry.slice(at + 1));
    });

/** A form with 32-bit general operands, and the one with REX.W and 64-bit ones (`r32`, `rm32` become `r64`, `rm64`). */
export function wide(mn: string, ops: string, prefix: string, rest: string, facts: Facts, mn64 = mn): Row[] {
  return [
    row(mn, ops, `${prefix} o16 o32 ${rest}`, facts),
    row(mn64, ops.replace(/\b(rmr|rm|r)32\b/, '$164'), `${prefix} o64 ${rest}`, { ...facts, modes: 'only64' }),
  ];
}

/** `wide` where NASM has no name for the form with REX.W, which does the same. */
export function wideUnnamed(mn: string, ops: string, prefix: string, rest: string, facts: Facts): Row[] {
  const [usual, wider] = wide(mn, ops, prefix, rest, facts);
  return [usual!, { ...wider!, only: 'decode' }];
}
