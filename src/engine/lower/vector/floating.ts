// Floating-point operations on 128-bit values. WebAssembly's are exact for rounding to nearest but tell no exceptions: they
// are used when all operands and results are plain (normal numbers, exact zeros), and inexactness needs no report, because MXCSR.PE
// is set already and masked (flags are sticky). Everything else goes to the exact arithmetic of cpu/simd. The smallest normal
// number counts as not plain: it may have been tiny before rounding.
import * as L from '../../../cpu/layout';
import { vectorFunction } from '../../../cpu/simd/functions';
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Emit } from '../../emit';

export interface Precision {
  /** Name in the operations of cpu/simd. */
  size: '32' | '64';
  float: 'f32x4' | 'f64x2';
  int: 'i32x4' | 'i64x2';
  magnitude: Expr;
  /** Largest denormal, smallest normal number, infinity. */
  largestDenormal: Expr;
  smallestNormal: Expr;
  infinity: Expr;
  /** The lowest lane. */
  scalar: Expr;
  all: number;
}

const precision = (size: '32' | '64', fraction: bigint): Precision => {
  const int = size === '32' ? 'i32x4' : 'i64x2';
  const sign = 1n << (size === '32' ? 31n : 63n);
  return {
    size,
    float: size === '32' ? 'f32x4' : 'f64x2',
    int,
    magnitude: V.vConst(int, sign - 1n),
    largestDenormal: V.vConst(int, (1n << fraction) - 1n),
    smallestNormal: V.vConst(int, 1n << fraction),
    infinity: V.vConst(int, sign - (1n << fraction)),
    scalar: V.vBytes(Array.from({ length: 16 }, (_, i) => (i < Number(size) / 8 ? 0xff : 0))),
    all: size === '32' ? 15 : 3,
  };
};
export const SINGLE = precision('32', 23n);
export const DOUBLE = precision('64', 52n);

const PE = 0x20;
const PM = 0x1000;
const RC = 0x6000;
const mxcsr = (c: Emit): Expr => c.state(L.S_MXCSR);
/** Rounding to nearest, and inexactness changes nothing. */
export const nearestAndInexact = (c: Emit): Expr => W.eq(W.and(mxcsr(c), W.i32(RC | PM | PE)), W.i32(PM | PE));
/** Inexactness changes nothing. */
export const inexactKnown = (c: Emit): Expr => W.eq(W.and(mxcsr(c), W.i32(PM | PE)), W.i32(PM | PE));

export const magnitudeOf = (c: Emit, p: Precision, a: Expr): Expr => c.let(V.vAnd(a, p.magnitude));
const isZero = (p: Precision, magnitude: Expr): Expr => V.v2(`${p.int}.eq`, magnitude, V.vZero);
const between = (p: Precision, low: Expr, value: Expr, high: Expr): Expr =>
  V.vAnd(V.v2(`${p.int}.gt_s`, value, low), V.v2(`${p.int}.lt_s`, value, high));
/** Normal or zero. */
export const plain = (p: Precision, magnitude: Expr): Expr =>
  V.vOr(between(p, p.largestDenormal, magnitude, p.infinity), isZero(p, magnitude));
const plainResult = (c: Emit, p: Precision, r: Expr): Expr =>
  between(p, p.smallestNormal, V.vAnd(r, p.magnitude), p.infinity);
/** All lanes of a mask, or the lowest one. */
export const holds = (p: Precision, mask: Expr, scalar: boolean): Expr =>
  scalar ? W.wrap(V.extract(p.int, 0, mask)) : V.test(`${p.int}.all_true`, mask);

export type Floating = (c: Emit, a: Expr, b: Expr, p: Precision, scalar: boolean) => Expr;

export const merge = (p: Precision, a: Expr, r: Expr, scalar: boolean): Expr =>
  scalar ? V.bitselect(r, a, p.scalar) : r;

/** `fast` when the condition holds, else the operation of cpu/simd. */
export function orExactly(
  c: Emit,
  condition: Expr,
  fast: () => Expr,
  name: string,
  argument: Expr | number,
  operands: readonly Expr[],
): Expr {
  const result = c.variable('v128');
  c.if(
    condition,
    () => c.set(result, fast()),
    () =>
      c.set(
        result,
        c.vectorCall(vectorFunction(name), typeof argument === 'number' ? W.i32(argument) : argument, operands),
      ),
  );
  return result;
}
export const lanesOf = (p: Precision, scalar: boolean): number => (scalar ? 1 : p.all);

type ZeroRule = (p: Precision, ma: Expr, mb: Expr, r: Expr) => Expr;

/** An operation whose result may be a zero, exactly, in the lanes that `zero` tells. */
const arithmetic =
  (name: string, compute: (p: Precision, a: Expr, b: Expr) => Expr, zero: ZeroRule): Floating =>
  (c, a, b, p, scalar) => {
    const r = c.let(compute(p, a, b));
    const ma = magnitudeOf(c, p, a);
    const mb = magnitudeOf(c, p, b);
    const operands = V.vAnd(plain(p, ma), plain(p, mb));
    const results = V.vOr(plainResult(c, p, r), zero(p, ma, mb, r));
    const fast = W.and(nearestAndInexact(c), holds(p, V.vAnd(operands, results), scalar));
    return orExactly(c, fast, () => merge(p, a, r, scalar), name + p.size, lanesOf(p, scalar), [a, b]);
  };

const resultZero: ZeroRule = (p, _ma, _mb, r) => isZero(p, V.vAnd(r, p.magnitude));
const factorZero: ZeroRule = (p, ma, mb) => V.vOr(isZero(p, ma), isZero(p, mb));
const dividendZero: ZeroRule = (p, ma, mb) => V.vAndNot(isZero(p, ma), isZero(p, mb));
const plus = (p: Precision, a: Expr, b: Expr): Expr => V.v2(`${p.float}.add`, a, b);
const minus = (p: Precision, a: Expr, b: Expr): Expr => V.v2(`${p.float}.sub`, a, b);

const squareRoot: Floating = (c, a, b, p, scalar) => {
  // signed: negative numbers are below the denormals
  const fit = V.vOr(between(p, p.largestDenormal, b, p.infinity), isZero(p, V.vAnd(b, p.magnitude)));
  const fast = W.and(nearestAndInexact(c), holds(p, fit, scalar));
  const r = (): Expr => merge(p, a, V.v1(`${p.float}.sqrt`, b), scalar);
  return orExactly(c, fast, r, `sqrt${p.size}`, lanesOf(p, scalar), [a, b]);
};

/** Comparisons and their kind: no flags for plain operands, whatever MXCSR says. */
const selecting =
  (name: string, compute: (p: Precision, a: Expr, b: Expr) => Expr): Floating =>
  (c, a, b, p, scalar) => {
    const fit = V.vAnd(plain(p, magnitudeOf(c, p, a)), plain(p, magnitudeOf(c, p, b)));
    const r = (): Expr => merge(p, a, compute(p, a, b), scalar);
    return orExactly(c, holds(p, fit, scalar), r, name + p.size, lanesOf(p, scalar), [a, b]);
  };

const ODD: Readonly<Record<'32' | '64', Expr>> = {
  '32': V.vBytes(Array.from({ length: 16 }, (_, i) => (i & 4 ? 0xff : 0))),
  '64': V.vBytes(Array.from({ length: 16 }, (_, i) => (i & 8 ? 0xff : 0))),
};

/** Names without their suffix PS, PD, SS, SD. */
export const FLOATING: Readonly<Record<string, Floating>> = {
  add: arithmetic('add', plus, resultZero),
  sub: arithmetic('sub', minus, resultZero),
  mul: arithmetic('mul', (p, a, b) => V.v2(`${p.float}.mul`, a, b), factorZero),
  div: arithmetic('div', (p, a, b) => V.v2(`${p.float}.div`, a, b), dividendZero),
  addsub: arithmetic('addsub', (p, a, b) => V.bitselect(plus(p, a, b), minus(p, a, b), ODD[p.size]), resultZero),
  sqrt: squareRoot,
  // pmin(b, a) is a < b ? a : b, as MINPS
  min: selecting('min', (p, a, b) => V.v2(`${p.float}.pmin`, b, a)),
  max: selecting('max', (p, a, b) => V.v2(`${p.float}.pmax`, b, a)),
};

/** CMPPS and its kind; the predicate is an i32. */
export function compare(c: Emit, a: Expr, b: Expr, p: Precision, scalar: boolean, predicate: Expr): Expr {
  const number = c.let(predicate);
  const fit = V.vAnd(plain(p, magnitudeOf(c, p, a)), plain(p, magnitudeOf(c, p, b)));
  const low = c.let(W.and(number, W.i32(3)));
  const is = (op: string): Expr => V.v2(`${p.float}.${op}`, a, b);
  const fast = (): Expr => {
    // of plain numbers: equal, less, less or equal, never unordered; bit 2 negates
    const less = W.select(W.eq(low, W.i32(1)), is('lt'), is('le'));
    const base = W.select(W.eqz(low), is('eq'), W.select(W.eq(low, W.i32(3)), V.vZero, less));
    const negation = V.splat('i32x4', W.sub(W.i32(0), W.and(W.shrU(number, W.i32(2)), W.i32(1))));
    return merge(p, a, V.vXor(base, negation), scalar);
  };
  const argument = W.or(W.i32(lanesOf(p, scalar)), W.shl(number, W.i32(8)));
  const few = W.ltU(number, W.i32(8));
  return orExactly(c, W.and(few, holds(p, fit, scalar)), fast, `cmp${p.size}`, argument, [a, b]);
}

/** ROUNDPS and its kind: only lanes that are integers already, or any when inexactness needs no report. */
export function round(c: Emit, a: Expr, b: Expr, p: Precision, scalar: boolean, immediate: Expr): Expr {
  const argument = W.or(W.i32(lanesOf(p, scalar)), W.shl(immediate, W.i32(8)));
  const mode = c.let(W.select(W.and(immediate, W.i32(4)), W.and(W.shrU(mxcsr(c), W.i32(13)), W.i32(3)), W.and(immediate, W.i32(3)))); // prettier-ignore
  const silent = W.or(W.and(immediate, W.i32(8)), inexactKnown(c));
  const to = (op: string): Expr => V.v1(`${p.float}.${op}`, b);
  const fast = (): Expr => {
    const upDown = W.select(W.eq(mode, W.i32(1)), to('floor'), to('ceil'));
    const truncated = W.select(W.eq(mode, W.i32(3)), to('trunc'), upDown);
    return merge(p, a, W.select(mode, truncated, to('nearest')), scalar);
  };
  const fit = holds(p, plain(p, magnitudeOf(c, p, b)), scalar);
  const condition = W.and(W.ne(silent, W.i32(0)), fit);
  return orExactly(c, condition, fast, `round${p.size}`, argument, [a, b]);
}
