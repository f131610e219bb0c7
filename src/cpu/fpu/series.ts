// Elementary functions in fixed point over BigInt: a number x is held as x * 2^bits. Arguments are brought near zero with
// small tables (made when first needed), then a power series ends where its terms vanish. Every function is good to a few
// units of its last place: `bits` of 190 and more leave over 120 good bits where 64 are kept.
import { CONSTANT_BITS, ln2 } from './constants';

const multiply = (a: bigint, b: bigint, bits: number): bigint => (a * b) >> BigInt(bits);

/** A constant or table value of CONSTANT_BITS at another precision (at most that). */
export const cutTo = (value: bigint, bits: number): bigint => value >> BigInt(CONSTANT_BITS - bits);

/** Sums x - x^3/3 + x^5/5 ... (`alternating`: arctangent) or x + x^3/3 + x^5/5 ... (artanh); |x| well below 1. */
function oddSeries(x: bigint, bits: number, alternating: boolean): bigint {
  const square = alternating ? -multiply(x, x, bits) : multiply(x, x, bits);
  let power = x;
  let sum = x;
  for (let k = 3n; ; k += 2n) {
    power = multiply(power, square, bits);
    const term = power / k;
    if (term === 0n) return sum;
    sum += term;
  }
}

/** e^x - 1 for small x. */
export function expm1(x: bigint, bits: number): bigint {
  let term = x;
  let sum = x;
  for (let k = 2n; ; k++) {
    term = multiply(term, x, bits) / k;
    if (term === 0n || term === -1n) return sum;
    sum += term;
  }
}

/** Sine and cosine by their series. */
function sineSeries(x: bigint, bits: number): { sin: bigint; cos: bigint } {
  const square = -multiply(x, x, bits);
  let sinTerm = x;
  let cosTerm = 1n << BigInt(bits);
  let sin = sinTerm;
  let cos = cosTerm;
  for (let k = 1n; ; k += 2n) {
    cosTerm = multiply(cosTerm, square, bits) / (k * (k + 1n));
    sinTerm = multiply(sinTerm, square, bits) / ((k + 1n) * (k + 2n));
    if (cosTerm === 0n && sinTerm === 0n) return { sin, cos };
    cos += cosTerm;
    sin += sinTerm;
  }
}

function table<T>(make: (index: number) => T): (index: number) => T {
  const values = new Map<number, T>();
  return (index) => {
    let value = values.get(index);
    if (value === undefined) values.set(index, (value = make(index)));
    return value;
  };
}

const TABLE_BITS = CONSTANT_BITS;
const fraction = (numerator: number, denominator: number): bigint =>
  (BigInt(numerator) << BigInt(TABLE_BITS)) / BigInt(denominator);

const sinesOf = table((k) => sineSeries(fraction(k, 16), TABLE_BITS));
const arctangentOf = table((k) => (k === 32 ? 0n : oddSeries(fraction(k, 32), TABLE_BITS, true)));
const logarithmOf = table((k) => 2n * oddSeries(fraction(k - 64, k + 64), TABLE_BITS, false));
const powerOf = table((k) => (1n << BigInt(TABLE_BITS)) + expm1((ln2() * BigInt(k)) / 32n, TABLE_BITS));

/** x * 2^shift, rounded to the nearest integer. */
const nearest = (x: bigint, bits: number, shift: number): number => {
  const drop = BigInt(bits - shift);
  return Number((x + (1n << (drop - 1n))) >> drop);
};

/** Sine and cosine of |x| <= pi/4. */
export function sine(x: bigint, bits: number): { sin: bigint; cos: bigint } {
  const k = nearest(x, bits, 4);
  if (k === 0) return sineSeries(x, bits);
  const rest = sineSeries(x - (BigInt(k) << BigInt(bits - 4)), bits);
  const known = sinesOf(Math.abs(k));
  const sin = cutTo(k < 0 ? -known.sin : known.sin, bits);
  const cos = cutTo(known.cos, bits);
  return {
    sin: multiply(sin, rest.cos, bits) + multiply(cos, rest.sin, bits),
    cos: multiply(cos, rest.cos, bits) - multiply(sin, rest.sin, bits),
  };
}

/** Arctangent of 0 <= x < 1. */
export function arctangent(x: bigint, bits: number): bigint {
  const k = Math.min(31, nearest(x, bits, 5));
  if (k === 0) return oddSeries(x, bits, true);
  const one = 1n << BigInt(bits);
  const from = BigInt(k) << BigInt(bits - 5);
  const rest = ((x - from) << BigInt(bits)) / (one + multiply(x, from, bits));
  return cutTo(arctangentOf(k), bits) + oddSeries(rest, bits, true);
}

/** Natural logarithm of x between 3/4 and 3/2. */
export function logarithm(x: bigint, bits: number): bigint {
  const k = nearest(x, bits, 6);
  const from = BigInt(k) << BigInt(bits - 6);
  const rest = 2n * oddSeries(((x - from) << BigInt(bits)) / (x + from), bits, false);
  return k === 64 ? rest : cutTo(logarithmOf(k), bits) + rest;
}

/** 2^x - 1 for |x| <= 1. */
export function exp2m1(x: bigint, bits: number): bigint {
  const k = nearest(x, bits, 5);
  const rest = multiply(x - (BigInt(k) << BigInt(bits - 5)), cutTo(ln2(), bits), bits);
  const small = expm1(rest, bits);
  if (k === 0) return small;
  const power = cutTo(powerOf(k), bits);
  return power + multiply(power, small, bits) - (1n << BigInt(bits));
}
