// Operations on 128-bit values that an immediate steers: shuffles, blends, byte shifts, insertions (Intel SDM vol. 2). The
// immediate is an i32 that may be known only when the instruction runs: selections become index vectors for a byte swizzle.
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import { vectorFunction } from '../../../cpu/simd/functions';
import type { Emit } from '../../emit';

export type Steered = (c: Emit, a: Expr, b: Expr, immediate: Expr, mmx?: boolean) => Expr;

const IOTA = V.vBytes(Array.from({ length: 16 }, (_, i) => i));
const words = (list: readonly number[]): Expr => V.vBytes(list.flatMap((w) => [w & 0xff, w >> 8]));
const doublewords = (list: readonly number[]): Expr =>
  V.vBytes(list.flatMap((d) => [d & 0xff, (d >> 8) & 0xff, (d >> 16) & 0xff, d >>> 24]));

/** Byte indices of four doublewords, two bits of the immediate each. */
function doublewordIndices(immediate: Expr): Expr {
  const fields = V.v2('i32x4.mul', V.splat('i32x4', immediate), doublewords([64, 16, 4, 1]));
  const selected = V.vAnd(V.v2('i32x4.shr_u', fields, W.i32(6)), V.vConst('i32x4', 3));
  return V.v2('i32x4.add', V.v2('i32x4.mul', selected, V.vConst('i32x4', 0x04040404)), V.vConst('i32x4', 0x03020100));
}
const IDENTITY = [0x0100, 0x0302, 0x0504, 0x0706, 0x0908, 0x0b0a, 0x0d0c, 0x0f0e];

/** Byte indices of words: four from `first` on are selected, the others stay. */
function wordIndices(immediate: Expr, first: 0 | 4): Expr {
  const inside = (i: number): boolean => (i & 4) === first;
  const fields = V.v2(
    'i16x8.mul',
    V.splat('i16x8', immediate),
    words(IDENTITY.map((_, i) => (inside(i) ? 64 >> (2 * (i & 3)) : 0))),
  );
  const selected = V.vAnd(V.v2('i16x8.shr_u', fields, W.i32(6)), V.vConst('i16x8', 3));
  const base = words(IDENTITY.map((identity, i) => (inside(i) ? IDENTITY[first] : identity)));
  return V.v2('i16x8.add', V.v2('i16x8.mul', selected, V.vConst('i16x8', 0x0202)), base);
}
const shuffleWords =
  (first: 0 | 4): Steered =>
  (_c, _a, b, immediate) =>
    V.v2('i8x16.swizzle', b, wordIndices(immediate, first));

/** Lanes whose bit of the immediate is set. */
function laneMask(c: Emit, shape: string, immediate: Expr): Expr {
  const lanes = Number(shape.slice(shape.indexOf('x') + 1));
  const size = 16 / lanes;
  const bits = V.vBytes(Array.from({ length: 16 }, (_, i) => (i % size === 0 ? 1 << (i / size) : 0)));
  const splatted = V.splat(shape, shape === 'i64x2' ? W.zeroExtend(immediate) : immediate);
  return c.let(V.v2(`${shape}.eq`, V.vAnd(splatted, bits), bits));
}
const blend =
  (shape: string): Steered =>
  (c, a, b, immediate) =>
    V.bitselect(b, a, laneMask(c, shape, immediate));

const alignRight: Steered = (c, a, b, immediate, mmx = false) => {
  const index = c.let(V.v2('i8x16.add_sat_u', IOTA, V.splat('i8x16', immediate)));
  if (mmx) return V.v2('i8x16.swizzle', V.shuffleElements(8, b, a, [0, 2]), index);
  const above = V.v2('i8x16.sub', index, V.vConst('i8x16', 16));
  return V.vOr(V.v2('i8x16.swizzle', b, index), V.v2('i8x16.swizzle', a, above));
};

const swapped = (a: Expr): Expr => V.shuffleElements(8, a, a, [1, 0]);
const bit = (immediate: Expr, n: number): Expr => W.and(immediate, W.i32(1 << n));

const slow = (name: string): Steered => {
  const fn = vectorFunction(name);
  return (c, a, b, immediate) => c.vectorCall(fn, immediate, [a, b]);
};

/** `fromMemory`: the source is a single number, and bits 6 and 7 mean nothing. */
export function insertSingle(c: Emit, a: Expr, b: Expr, immediate: Expr, fromMemory: boolean): Expr {
  const chosen = fromMemory ? W.i32(0) : W.shrU(immediate, W.i32(6));
  const index = W.add(W.mul(chosen, W.i32(0x04040404)), W.i32(0x03020100));
  const value = V.v2('i8x16.swizzle', b, V.splat('i32x4', index));
  const place = V.v2(
    'i32x4.eq',
    V.splat('i32x4', W.and(W.shrU(immediate, W.i32(4)), W.i32(3))),
    doublewords([0, 1, 2, 3]),
  );
  const zeroed = laneMask(c, 'i32x4', immediate);
  return V.vAndNot(V.bitselect(value, a, place), zeroed);
}

/** An integer (i32 or i64) into the lane that the immediate names. */
export function insertLane(a: Expr, value: Expr, shape: string, immediate: Expr): Expr {
  const lanes = Number(shape.slice(shape.indexOf('x') + 1));
  const size = 16 / lanes;
  const numbers = V.vBytes(Array.from({ length: 16 }, (_, i) => Math.floor(i / size)));
  const place = V.v2('i8x16.eq', V.splat('i8x16', W.and(immediate, W.i32(lanes - 1))), numbers);
  return V.bitselect(V.splat(shape, value), a, place);
}

/** The lane that the immediate names, as an i32 or i64, zero-extended. */
export function extractLane(b: Expr, shape: string, immediate: Expr, lanes: number): Expr {
  const size = 16 / Number(shape.slice(shape.indexOf('x') + 1));
  const first = W.mul(W.and(immediate, W.i32(lanes - 1)), W.i32(size));
  return V.extract(shape, 0, V.v2('i8x16.swizzle', b, V.v2('i8x16.add', IOTA, V.splat('i8x16', first))));
}

/** PSRLDQ and PSLLDQ. */
export function shiftBytes(c: Emit, a: Expr, immediate: Expr, left: boolean): Expr {
  const count = c.let(W.select(W.gtU(immediate, W.i32(15)), W.i32(16), immediate));
  return V.v2('i8x16.swizzle', a, V.v2(left ? 'i8x16.sub' : 'i8x16.add', IOTA, V.splat('i8x16', count)));
}

export const STEERED: Readonly<Record<string, Steered>> = {
  pshufd: (_c, _a, b, immediate) => V.v2('i8x16.swizzle', b, doublewordIndices(immediate)),
  pshuflw: shuffleWords(0),
  pshufhw: shuffleWords(4),
  pshufw: shuffleWords(0),
  shufps: (c, a, b, immediate) => {
    const index = c.let(doublewordIndices(immediate));
    return V.shuffleElements(4, V.v2('i8x16.swizzle', a, index), V.v2('i8x16.swizzle', b, index), [0, 1, 6, 7]);
  },
  shufpd: (_c, a, b, immediate) =>
    V.shuffleElements(
      8,
      W.select(bit(immediate, 0), swapped(a), a),
      W.select(bit(immediate, 1), b, swapped(b)),
      [0, 3],
    ),
  blendps: blend('i32x4'),
  blendpd: blend('i64x2'),
  pblendw: blend('i16x8'),
  palignr: alignRight,
  mpsadbw: slow('mpsadbw'),
  pclmulqdq: slow('pclmulqdq'),
  aeskeygenassist: slow('aeskeygenassist'),
  sha1rnds4: slow('sha1rnds4'),
  dpps: slow('dp32'),
  dppd: slow('dp64'),
};
