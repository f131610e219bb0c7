// F2XM1, FYL2X, FYL2XP1, FPTAN, FPATAN, FSIN, FCOS (Intel SDM vol. 2 with their tables of special operands; vol. 1,
// "Transcendental Instruction Accuracy"). Results carry well over 120 good bits before they are rounded once to 64, so that
// they are off by half a unit of the last place but for about one case in 2^50. Arguments of the trigonometric functions are
// reduced with the 66 bits of pi that processors use (vol. 1, "Approximation of Pi"): far from zero the results are those of
// silicon and not of mathematics.
import { bitLength, infinity, INTEGER_BIT, ONE, repack, zero, type Float, type Raw80 } from './float80';
import { CONSTANT_BITS, ln2, log2e, pi } from './constants';
import { invalid, noteDenormal, notNumbers } from './nan';
import { roundExtended, type Context } from './round';
import { arctangent, cutTo, exp2m1, logarithm, sine } from './series';
import { SW_PE, SW_ZE } from './state';

/** sig * 2^exp. */
interface Real {
  readonly sig: bigint;
  readonly exp: number;
}

/** Exponent of the highest bit. */
const topOf = (x: Real): number => x.exp + bitLength(x.sig < 0n ? -x.sig : x.sig) - 1;
const absolute = (x: bigint): bigint => (x < 0n ? -x : x);

/** Below this exponent one or two terms of a series say everything. */
const TINY = -70;
const BITS = 200;

/** Rounds an irrational result whose sign is in `sig` (on top of `sign`). */
function irrational(ctx: Context, sign: number, { sig, exp }: Real): Raw80 {
  return roundExtended(ctx, sig < 0n ? sign ^ 1 : sign, exp, absolute(sig) | 1n, 64);
}

/** x as fixed point with `bits` bits, exactly when they reach. */
const fixed = (x: Real, bits: number): bigint =>
  x.exp + bits >= 0 ? x.sig << BigInt(x.exp + bits) : x.sig >> BigInt(-x.exp - bits);

const isOne = (a: Float): boolean => a.cls === 'finite' && a.sig === INTEGER_BIT && a.exp === -63;

/** 2^a - 1. Beyond -1 .. 1 the operand is returned as it is: the manual leaves the result undefined. */
export function f2xm1(ctx: Context, a: Float): Raw80 {
  const special = notNumbers(ctx, a);
  if (special) return special;
  if (a.cls === 'infinity') return a.sign === 0 ? infinity(0) : { ...ONE, se: ONE.se | 0x8000 };
  noteDenormal(ctx, a);
  if (a.cls === 'zero') return zero(a.sign);
  const top = topOf(a);
  if (isOne(a)) return a.sign === 0 ? ONE : { sig: INTEGER_BIT, se: 0xbffe };
  if (top >= 0) {
    ctx.flags |= SW_PE;
    return repack(a);
  }
  const x: Real = { sig: a.sign === 1 ? -a.sig : a.sig, exp: a.exp };
  if (top < TINY) {
    // x ln 2 (1 + x ln 2 / 2)
    const product = x.sig * ln2();
    const half = fixed({ sig: product, exp: x.exp - CONSTANT_BITS - 1 }, BITS);
    return irrational(ctx, 0, {
      sig: product * ((1n << BigInt(BITS)) + half),
      exp: x.exp - CONSTANT_BITS - BITS,
    });
  }
  const bits = BITS - top;
  return irrational(ctx, 0, { sig: exp2m1(fixed(x, bits), bits), exp: -bits });
}

/** log2 of a positive number that is no power of two. */
function log2(x: Real): Real {
  let whole = topOf(x);
  let mantissa: Real = { sig: x.sig, exp: x.exp - whole };
  if (x.sig >> BigInt(bitLength(x.sig) - 2) === 3n) {
    mantissa = { sig: x.sig, exp: mantissa.exp - 1 };
    whole++;
  }
  // near 1 the logarithm is as small as the distance from 1
  const one = 1n << BigInt(-mantissa.exp);
  const bits = BITS - Math.min(0, topOf({ sig: mantissa.sig - one, exp: mantissa.exp }));
  const natural = logarithm(fixed(mantissa, bits), bits);
  const sig = natural * log2e() + (BigInt(whole) << BigInt(bits + CONSTANT_BITS));
  return { sig, exp: -bits - CONSTANT_BITS };
}

/** y * l, where l is irrational. */
const times = (ctx: Context, y: Float, l: Real): Raw80 =>
  irrational(ctx, y.sign, { sig: y.sig * l.sig, exp: y.exp + l.exp });

/** y * log2(x): `x` is ST0, `y` is ST1. */
export function fyl2x(ctx: Context, x: Float, y: Float): Raw80 {
  const special = notNumbers(ctx, x, y);
  if (special) return special;
  if (x.sign === 1 && x.cls !== 'zero') return invalid(ctx);
  if (x.cls === 'zero') {
    if (y.cls === 'zero') return invalid(ctx);
    if (y.cls === 'finite') ctx.flags |= SW_ZE;
    return infinity(y.sign ^ 1);
  }
  if (x.cls === 'infinity') {
    if (y.cls === 'zero') return invalid(ctx);
    noteDenormal(ctx, y);
    return infinity(y.sign);
  }
  if (y.cls === 'infinity') {
    if (isOne(x)) return invalid(ctx);
    noteDenormal(ctx, x);
    return infinity(topOf(x) < 0 ? y.sign ^ 1 : y.sign);
  }
  noteDenormal(ctx, x, y);
  if (y.cls === 'zero' || isOne(x)) return zero(topOf(x) < 0 ? y.sign ^ 1 : y.sign);
  return timesLog2(ctx, x, y);
}

/** x is not 1. Powers of two have exact results, too; the processor of the test vectors calls them inexact all the same. */
function timesLog2(ctx: Context, x: Real, y: Float): Raw80 {
  if ((x.sig & (x.sig - 1n)) !== 0n) return times(ctx, y, log2(x));
  const whole = topOf(x);
  ctx.flags |= SW_PE;
  return roundExtended(ctx, whole < 0 ? y.sign ^ 1 : y.sign, y.exp, y.sig * BigInt(Math.abs(whole)), 64);
}

/** y * log2(x + 1). From -1 downwards, where there is no result, x is returned, as the processor of the test vectors does. */
export function fyl2xp1(ctx: Context, x: Float, y: Float): Raw80 {
  const special = notNumbers(ctx, x, y);
  if (special) return special;
  const sign = x.sign ^ y.sign;
  if (x.cls === 'infinity') {
    if (x.sign === 1 || y.cls === 'zero') return invalid(ctx);
    noteDenormal(ctx, y);
    return infinity(y.sign);
  }
  if (y.cls === 'infinity') {
    if (x.cls === 'zero') return invalid(ctx);
    if (x.sign === 1 && topOf(x) >= 0) return invalid(ctx);
    noteDenormal(ctx, x);
    return infinity(sign);
  }
  noteDenormal(ctx, x, y);
  if (x.cls === 'zero' || y.cls === 'zero') return zero(sign);
  const top = topOf(x);
  const signed = x.sign === 1 ? -x.sig : x.sig;
  if (top < TINY) {
    // x (1 - x / 2) / ln 2
    const half = fixed({ sig: signed, exp: x.exp - 1 }, BITS);
    return times(ctx, y, {
      sig: signed * ((1n << BigInt(BITS)) - half) * log2e(),
      exp: x.exp - BITS - CONSTANT_BITS,
    });
  }
  const exp = Math.min(0, x.exp);
  const sum = (signed << BigInt(x.exp - exp)) + (1n << BigInt(-exp));
  if (sum <= 0n) {
    ctx.flags |= SW_PE;
    return repack(x);
  }
  return timesLog2(ctx, { sig: sum, exp }, y);
}

const PI_66 = 0xc90fdaa22168c234cn;
const PI_66_FRACTION = 66;

interface Angle {
  sin: bigint;
  cos: bigint;
  bits: number;
}

/** Sine and cosine of a finite number below 2^63 that is not tiny. */
function reduce(a: Float): Angle {
  const top = topOf(a);
  const bits = 256 - Math.min(0, top);
  const x = fixed({ sig: a.sign === 1 ? -a.sig : a.sig, exp: a.exp }, bits);
  // nearest multiple of pi/2
  const quarter = PI_66 << BigInt(bits - PI_66_FRACTION - 1);
  const n = ((absolute(x) / (quarter >> 1n) + 1n) >> 1n) * (x < 0n ? -1n : 1n);
  const { sin, cos } = sine(x - n * quarter, bits);
  switch (Number(n & 3n)) {
    case 0:
      return { sin, cos, bits };
    case 1:
      return { sin: cos, cos: -sin, bits };
    case 2:
      return { sin: -sin, cos: -cos, bits };
    default:
      return { sin: -cos, cos: sin, bits };
  }
}

const LIMIT = 63;
/** Slightly less, or more, than the number itself. */
const below = (a: Real): Real => ({ sig: (a.sig << 140n) - 1n, exp: a.exp - 140 });
const above = (a: Real): Real => ({ sig: (a.sig << 140n) + 1n, exp: a.exp - 140 });
const ONE_REAL: Real = { sig: 1n, exp: 0 };

/** A function of an angle: its value at a tiny one, and otherwise. Undefined: the operand is out of range (C2). */
function trigonometric(
  ctx: Context,
  a: Float,
  atZero: (sign: number) => Raw80,
  tiny: (a: Real) => Real,
  signed: boolean,
  value: (angle: Angle) => Real,
): Raw80 | undefined {
  const special = notNumbers(ctx, a);
  if (special) return special;
  if (a.cls === 'infinity') return invalid(ctx);
  if (a.cls === 'zero') return atZero(a.sign);
  const top = topOf(a);
  if (top >= LIMIT) return undefined;
  noteDenormal(ctx, a);
  if (top < TINY) return irrational(ctx, signed ? a.sign : 0, tiny(a));
  return irrational(ctx, 0, value(reduce(a)));
}

export const sineOf = (ctx: Context, a: Float): Raw80 | undefined =>
  trigonometric(ctx, a, zero, below, true, ({ sin, bits }) => ({ sig: sin, exp: -bits }));

export const cosineOf = (ctx: Context, a: Float): Raw80 | undefined =>
  trigonometric(ctx, a, () => ONE, () => below(ONE_REAL), false, ({ cos, bits }) => ({ sig: cos, exp: -bits })); // prettier-ignore

export const tangentOf = (ctx: Context, a: Float): Raw80 | undefined =>
  trigonometric(ctx, a, zero, above, true, ({ sin, cos, bits }) => ({
    sig: ((absolute(sin) << BigInt(bits)) / absolute(cos)) * (sin < 0n === cos < 0n ? 1n : -1n),
    exp: -bits,
  }));

/** Quarters of pi as a result, in the half plane of `sign`. */
const quarters = (ctx: Context, sign: number, n: number): Raw80 =>
  irrational(ctx, sign, { sig: pi() * BigInt(n), exp: -CONSTANT_BITS - 2 });

/** arctan(y / x) in the quadrant of the point (x, y): `x` is ST0, `y` is ST1. */
export function fpatan(ctx: Context, x: Float, y: Float): Raw80 {
  const special = notNumbers(ctx, x, y);
  if (special) return special;
  noteDenormal(ctx, x, y);
  if (y.cls === 'infinity') return quarters(ctx, y.sign, x.cls !== 'infinity' ? 2 : x.sign === 1 ? 3 : 1);
  if (y.cls === 'zero' || x.cls === 'infinity') return x.sign === 1 ? quarters(ctx, y.sign, 4) : zero(y.sign);
  if (x.cls === 'zero') return quarters(ctx, y.sign, 2);
  const difference = topOf(y) - topOf(x);
  if (difference < TINY && x.sign === 0) {
    // y / x (1 - something below 2^-140)
    const quotient = (y.sig << 220n) / x.sig - 1n;
    return irrational(ctx, y.sign, { sig: quotient, exp: y.exp - x.exp - 220 });
  }
  return irrational(ctx, y.sign, quadrant(x, y));
}

/** The arctangent of |y / x|, seen from the quadrant of x. */
function quadrant(x: Float, y: Float): Real {
  const exp = Math.max(Math.min(x.exp, y.exp), Math.max(x.exp, y.exp) - 400);
  const a = fixed(y, -exp);
  const b = fixed(x, -exp);
  if (a === b) return { sig: pi() * (x.sign === 1 ? 3n : 1n), exp: -CONSTANT_BITS - 2 };
  const steep = a > b;
  const [small, large] = steep ? [b, a] : [a, b];
  const bits = Math.min(CONSTANT_BITS, 256 - Math.min(0, bitLength(small) - bitLength(large)));
  const angle = arctangent((small << BigInt(bits)) / large, bits);
  const half = cutTo(pi(), bits) >> 1n;
  if (steep) return { sig: x.sign === 1 ? half + angle : half - angle, exp: -bits };
  return { sig: x.sign === 1 ? 2n * half - angle : angle, exp: -bits };
}
