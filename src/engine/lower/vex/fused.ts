// FMA and F16C: through the exact arithmetic of cpu/simd, lane by lane. The mnemonic's digits say which operands are the
// factors and which one is added.
import { vectorFunction } from '../../../cpu/simd/functions';
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Emit } from '../../emit';
import type { Lowering } from '../lowering';
import { DOUBLE, lanesOf, type Precision, SINGLE } from '../vector/floating';
import { immediateOf } from './operations';

/** Bits of the argument above the lanes: negate the product, subtract in even, in odd lanes. */
const KINDS: Readonly<Record<string, number>> = {
  fmadd: 0,
  fmsub: 6,
  fnmadd: 1,
  fnmsub: 7,
  fmaddsub: 2,
  fmsubadd: 4,
};
const SUFFIXES: readonly (readonly [string, Precision, boolean])[] = [
  ['ps', SINGLE, false],
  ['pd', DOUBLE, false],
  ['ss', SINGLE, true],
  ['sd', DOUBLE, true],
];
const ORDERS = ['132', '213', '231'];

const fused =
  (order: string, kind: number, p: Precision, scalar: boolean): Lowering =>
  (c) => {
    const last = c.lanes(2);
    const operands = [c.lanes(0), c.lanes(1), last];
    const [a, b, d] = [...order].map((digit) => operands[Number(digit) - 1]);
    const argument = W.i32(lanesOf(p, scalar) | (kind << 8));
    const fn = vectorFunction(`fused${p.size}`);
    const results = a.map((value, lane) => {
      const result = c.let(c.vectorCall(fn, argument, [value, b[lane], d[lane]]));
      return scalar ? c.let(V.bitselect(result, operands[0][lane], p.scalar)) : result;
    });
    c.setLanes(0, results);
  };

const call = (c: Emit, name: string, argument: Expr, source: Expr): Expr =>
  c.let(c.vectorCall(vectorFunction(name), argument, [source, source]));
const swapped = (a: Expr): Expr => V.shuffleElements(8, a, a, [1, 0]);

export const FUSED: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(
    Object.entries(KINDS).flatMap(([name, kind]) =>
      ORDERS.flatMap((order) =>
        SUFFIXES.map(([suffix, p, scalar]) => [`v${name}${order}${suffix}`, fused(order, kind, p, scalar)] as const),
      ),
    ),
  ),
  vcvtph2ps: (c) => {
    const [source] = c.lanes(1);
    const parts = c.form.shapes[0] === 'v32' ? [source, c.let(swapped(source))] : [source];
    c.setLanes(
      0,
      parts.map((part) => call(c, 'halfToSingle', W.i32(4), part)),
    );
  },
  vcvtps2ph: (c) => {
    const immediate = W.or(W.i32(4), W.shl(immediateOf(c), W.i32(8)));
    const argument = c.let(immediate);
    const parts = c.lanes(1).map((part) => call(c, 'singleToHalf', argument, part));
    c.setLanes(0, [parts.length === 1 ? parts[0] : V.shuffleElements(8, parts[0], parts[1], [0, 2])]);
  },
};
