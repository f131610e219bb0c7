// Where Intel's processors, which this generator was made on, do something else than AMD's, which the other vectors come from,
// and Ringside does as AMD's. The table in docs/conformance.md explains them.
import { decode } from '../../../src/isa/decode';
import type { Insn } from '../../../src/isa/types';
import { bytesOf, type Vector, type VectorState } from '../../../src/machine/vectors/format';
import type { Mode } from './runner';

type Applies = (mn: string, vector: Vector, insn: Insn) => boolean;
const hasNan = (after: VectorState): boolean =>
  Object.entries(after).some(
    ([key, value]) =>
      /^[xy]\d/.test(key) && new Float32Array(bytesOf(value as string).buffer).some((lane) => Number.isNaN(lane)),
  );

const DIFFERENCES: readonly (readonly [string, Applies])[] = [
  ['SHA instructions need aligned operands', (mn, { e }) => mn.startsWith('sha') && e?.[0] === 13],
  ['CR2 of a masked store is not the element', (mn, { e }) => mn.includes('maskmov') && e?.[0] === 14],
  [
    'which of several NaNs DPPS gives, which even differs from lane to lane',
    (mn, { o }) => /^v?dpps$/.test(mn) && hasNan(o),
  ],
  [
    'FLD of a denormal number with that exception unmasked loads it',
    (mn, { i, o }) =>
      mn === 'fld' && (parseInt(i.cw ?? '37f', 16) & 2) === 0 && (parseInt(o.sw ?? '0', 16) & 0x82) === 0x82,
  ],
  ['MMX stores that fault enter MMX mode', (mn, { e }) => /^mov(d|q|ntq)$/.test(mn) && (e?.[0] ?? 0) >= 12],
  [
    'an operand size prefix does not shorten near branches in 64-bit code',
    (mn, _, insn) => insn.bits === 64 && insn.opSize === 2 && /^(j|call|ret|loop)/.test(mn),
  ],
];

/** The difference that a vector shows, undefined for all others. */
export function difference(mode: Mode, vector: Vector): string | undefined {
  const insn = decode(bytesOf(vector.b.padEnd(32, 'c')), 0, mode);
  return DIFFERENCES.find(([, applies]) => applies(insn.row?.mn ?? '', vector, insn))?.[0];
}
