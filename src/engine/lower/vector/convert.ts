// Conversions between integers, single and double precision on 128-bit values (Intel SDM vol. 2, CVT*), with the same rule as
// floating.ts: WebAssembly's conversion where it is known to say the same, the exact arithmetic of cpu/simd elsewhere. `a` is
// the value whose upper lanes the scalar forms keep.
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Emit } from '../../emit';
import {
  DOUBLE,
  holds,
  inexactKnown,
  magnitudeOf,
  merge,
  nearestAndInexact,
  orExactly,
  plain,
  type Precision,
  SINGLE,
} from './floating';

/** In the argument of a conversion: upper lanes come from V_A. */
const KEEP = 16;
export type Conversion = (c: Emit, a: Expr, b: Expr, lanes: number, scalar: boolean) => Expr;

const argument = (lanes: number, scalar: boolean): number => lanes | (scalar ? KEEP : 0);

/** Lanes beyond the converted ones are zeros, which are plain. */
const lowLanes = (b: Expr, size: number, lanes: number): Expr =>
  size * lanes === 16 ? b : V.vAnd(b, V.vBytes(Array.from({ length: 16 }, (_, i) => (i < size * lanes ? 0xff : 0))));

const fromDoublewords: Conversion = (c, a, b, lanes, scalar) => {
  const fast = (): Expr => merge(SINGLE, a, V.v1('f32x4.convert_i32x4_s', b), scalar);
  return orExactly(c, nearestAndInexact(c), fast, 'int32to32', argument(lanes, scalar), [a, b]);
};
/** Always exact. */
const doublesFromDoublewords: Conversion = (_c, a, b, _lanes, scalar) =>
  merge(DOUBLE, a, V.v1('f64x2.convert_low_i32x4_s', b), scalar);

const widen: Conversion = (c, a, b, lanes, scalar) => {
  const used = c.let(lowLanes(b, 4, lanes));
  const fit = holds(SINGLE, plain(SINGLE, magnitudeOf(c, SINGLE, used)), false);
  const fast = (): Expr => merge(DOUBLE, a, V.v1('f64x2.promote_low_f32x4', used), scalar);
  return orExactly(c, fit, fast, 'widen', argument(lanes, scalar), [a, b]);
};

const narrow: Conversion = (c, a, b, lanes, scalar) => {
  const used = c.let(lowLanes(b, 8, lanes));
  const r = c.let(V.v1('f32x4.demote_f64x2_zero', used));
  const m = magnitudeOf(c, SINGLE, r);
  const normal = V.vAnd(V.v2('i32x4.gt_s', m, SINGLE.smallestNormal), V.v2('i32x4.lt_s', m, SINGLE.infinity));
  const wide = magnitudeOf(c, DOUBLE, used);
  const zeros = V.v2('i64x2.eq', wide, V.vZero);
  // a zero must come from a zero; lanes beyond are zeros
  const zero = V.vOr(V.shuffleElements(4, zeros, V.vConst('i32x4', -1), [0, 2, 4, 4]), normal);
  const fit = W.and(holds(DOUBLE, plain(DOUBLE, wide), false), V.test('i32x4.all_true', zero));
  const fast = (): Expr => merge(SINGLE, a, r, scalar);
  return orExactly(c, W.and(nearestAndInexact(c), fit), fast, 'narrow', argument(lanes, scalar), [a, b]);
};

/** Numbers whose magnitude is below this fit a doubleword however they are rounded. */
const LIMITS: Readonly<Record<'32' | '64', Expr>> = {
  '32': V.vConst('i32x4', 0x4f000000),
  '64': V.vConst('i64x2', 0x41dfffffff800000n), // 2147483646.0
};

const toDoublewords =
  (p: Precision, truncate: boolean): Conversion =>
  (c, a, b, lanes) => {
    const used = c.let(lowLanes(b, p === SINGLE ? 4 : 8, lanes));
    const small = V.v2(`${p.int}.lt_s`, magnitudeOf(c, p, used), LIMITS[p.size]);
    const ready = truncate ? inexactKnown(c) : nearestAndInexact(c);
    const integral = truncate ? used : V.v1(`${p.float}.nearest`, used);
    const op = p === SINGLE ? 'i32x4.trunc_sat_f32x4_s' : 'i32x4.trunc_sat_f64x2_s_zero';
    const name = `${truncate ? 'trunc' : 'to'}32from${p.size}`;
    return orExactly(c, W.and(ready, holds(p, small, false)), () => V.v1(op, integral), name, lanes, [a, b]);
  };

const exactly =
  (name: string): Conversion =>
  (c, a, b, lanes, scalar) =>
    orExactly(c, W.i32(0), () => b, name, argument(lanes, scalar), [a, b]);

export interface ConversionRow {
  convert: Conversion;
  lanes: number;
  scalar: boolean;
}
const row = (convert: Conversion, lanes: number, scalar = false): ConversionRow => ({ convert, lanes, scalar });
const truncations = (name: string, make: (truncate: boolean) => ConversionRow): Record<string, ConversionRow> => ({
  [`cvt${name}`]: make(false),
  [`cvtt${name}`]: make(true),
});

/** By mnemonic; those to general registers have the 64-bit form beside them (`toQuadword`). */
export const CONVERSIONS: Readonly<Record<string, ConversionRow>> = {
  cvtdq2ps: row(fromDoublewords, 4),
  cvtdq2pd: row(doublesFromDoublewords, 2),
  cvtpi2pd: row(doublesFromDoublewords, 2),
  cvtpi2ps: row(
    (c, a, b, lanes) => {
      const low = V.v1('f32x4.convert_i32x4_s', b);
      const fast = (): Expr => V.shuffleElements(8, low, a, [0, 3]);
      return orExactly(c, nearestAndInexact(c), fast, 'int32to32', lanes | KEEP, [a, b]);
    },
    2,
    true,
  ),
  cvtsi2ss: row(fromDoublewords, 1, true),
  cvtsi2sd: row(doublesFromDoublewords, 1, true),
  cvtps2pd: row(widen, 2),
  cvtss2sd: row(widen, 1, true),
  cvtpd2ps: row(narrow, 2),
  cvtsd2ss: row(narrow, 1, true),
  ...truncations('ps2dq', (truncate) => row(toDoublewords(SINGLE, truncate), 4)),
  ...truncations('ps2pi', (truncate) => row(toDoublewords(SINGLE, truncate), 2)),
  ...truncations('ss2si', (truncate) => row(toDoublewords(SINGLE, truncate), 1)),
  ...truncations('pd2dq', (truncate) => row(toDoublewords(DOUBLE, truncate), 2)),
  ...truncations('pd2pi', (truncate) => row(toDoublewords(DOUBLE, truncate), 2)),
  ...truncations('sd2si', (truncate) => row(toDoublewords(DOUBLE, truncate), 1)),
};

/** The same mnemonics with a 64-bit general register. */
export const QUADWORD_CONVERSIONS: Readonly<Record<string, Conversion>> = {
  cvtsi2ss: exactly('int64to32'),
  cvtsi2sd: exactly('int64to64'),
  cvtss2si: exactly('to64from32'),
  cvttss2si: exactly('trunc64from32'),
  cvtsd2si: exactly('to64from64'),
  cvttsd2si: exactly('trunc64from64'),
};
