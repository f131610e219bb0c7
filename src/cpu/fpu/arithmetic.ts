// The basic operations on 80-bit numbers (Intel SDM vol. 2, FADD, FSUB, FMUL, FDIV, FSQRT, FRNDINT, FSCALE, FXTRACT):
// the exact result is formed, then rounded once.
import { infinity, INTEGER_BIT, pack, repack, zero, type Float, type Raw80 } from './float80';
import { invalid, noteDenormal, notNumbers } from './nan';
import { DOWN, roundExtended, roundToInteger, type Context } from './round';
import { SW_ZE } from './state';

/** a + b, or a - b with `subtract`. */
export function add(ctx: Context, a: Float, b: Float, subtract: boolean): Raw80 {
  const special = notNumbers(ctx, a, b);
  if (special) return special;
  const signB = subtract ? b.sign ^ 1 : b.sign;
  if (a.cls === 'infinity' && b.cls === 'infinity' && a.sign !== signB) return invalid(ctx);
  noteDenormal(ctx, a, b);
  if (a.cls === 'infinity') return infinity(a.sign);
  if (b.cls === 'infinity') return infinity(signB);
  if (a.cls === 'zero' && b.cls === 'zero') {
    return zero(a.sign === signB ? a.sign : ctx.rc === DOWN ? 1 : 0);
  }
  if (b.cls === 'zero') return roundExtended(ctx, a.sign, a.exp, a.sig);
  if (a.cls === 'zero') return roundExtended(ctx, signB, b.exp, b.sig);
  return addFinite(ctx, a, b, signB);
}

/** Beyond this distance of exponents the smaller number only tells which side the result lies on. */
const FAR = 140;

function addFinite(ctx: Context, a: Float, b: Float, signB: number): Raw80 {
  const [large, small] = a.exp >= b.exp ? [a, b] : [b, a];
  const signOf = (x: Float): number => (x === a ? a.sign : signB);
  let distance = large.exp - small.exp;
  let sigSmall = small.sig;
  if (distance > FAR) {
    distance = FAR;
    sigSmall = 1n;
  }
  const sigLarge = large.sig << BigInt(distance);
  const exp = large.exp - distance;
  if (signOf(large) === signOf(small)) return roundExtended(ctx, signOf(large), exp, sigLarge + sigSmall);
  const difference = sigLarge - sigSmall;
  if (difference === 0n) return zero(ctx.rc === DOWN ? 1 : 0);
  if (difference > 0n) return roundExtended(ctx, signOf(large), exp, difference);
  return roundExtended(ctx, signOf(small), exp, -difference);
}

export function multiply(ctx: Context, a: Float, b: Float): Raw80 {
  const special = notNumbers(ctx, a, b);
  if (special) return special;
  const sign = a.sign ^ b.sign;
  if ((a.cls === 'infinity' && b.cls === 'zero') || (a.cls === 'zero' && b.cls === 'infinity')) return invalid(ctx);
  noteDenormal(ctx, a, b);
  if (a.cls === 'infinity' || b.cls === 'infinity') return infinity(sign);
  if (a.cls === 'zero' || b.cls === 'zero') return zero(sign);
  return roundExtended(ctx, sign, a.exp + b.exp, a.sig * b.sig);
}

export function divide(ctx: Context, a: Float, b: Float): Raw80 {
  const special = notNumbers(ctx, a, b);
  if (special) return special;
  const sign = a.sign ^ b.sign;
  if (a.cls === b.cls && a.cls !== 'finite') return invalid(ctx);
  if (b.cls === 'zero' && a.cls === 'finite') {
    ctx.flags |= SW_ZE;
    return infinity(sign);
  }
  noteDenormal(ctx, a, b);
  if (a.cls === 'infinity' || b.cls === 'zero') return infinity(sign);
  if (a.cls === 'zero' || b.cls === 'infinity') return zero(sign);
  // 64 bits and two more for any pair of significands, denormals included
  const shift = 130n;
  const dividend = a.sig << shift;
  const quotient = dividend / b.sig;
  const sticky = quotient * b.sig === dividend ? 0n : 1n;
  return roundExtended(ctx, sign, a.exp - b.exp - 131, (quotient << 1n) | sticky);
}

/** Largest r with r * r <= value. */
function integerRoot(value: bigint, bits: number): bigint {
  let r = 1n << BigInt((bits + 1) >> 1);
  for (;;) {
    const next = (r + value / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

export function squareRoot(ctx: Context, a: Float): Raw80 {
  const special = notNumbers(ctx, a);
  if (special) return special;
  if (a.cls === 'zero') return zero(a.sign);
  if (a.sign === 1) return invalid(ctx);
  noteDenormal(ctx, a);
  if (a.cls === 'infinity') return infinity(0);
  const shift = (a.exp & 1) === 0 ? 136 : 137;
  const value = a.sig << BigInt(shift);
  const root = integerRoot(value, 64 + shift);
  const sticky = root * root === value ? 0n : 1n;
  return roundExtended(ctx, 0, (a.exp - shift) / 2 - 1, (root << 1n) | sticky);
}

/** FRNDINT. */
export function roundInteger(ctx: Context, a: Float): Raw80 {
  const special = notNumbers(ctx, a);
  if (special) return special;
  noteDenormal(ctx, a);
  if (a.cls !== 'finite') return repack(a);
  if (a.exp >= 0) return repack(a);
  return pack(a.sign, 0, roundToInteger(ctx, a.sign, a.exp, a.sig));
}

/** FSCALE: a * 2^trunc(b). */
export function scale(ctx: Context, a: Float, b: Float): Raw80 {
  const special = notNumbers(ctx, a, b);
  if (special) return special;
  if (b.cls === 'infinity') {
    if (b.sign === 0 ? a.cls === 'zero' : a.cls === 'infinity') return invalid(ctx);
    noteDenormal(ctx, a, b);
    return b.sign === 0 ? infinity(a.sign) : zero(a.sign);
  }
  noteDenormal(ctx, a, b);
  if (a.cls !== 'finite') return repack(a);
  const by = b.cls === 'zero' ? 0 : truncated(b);
  return roundExtended(ctx, a.sign, a.exp + by, a.sig, 64);
}

/** Enough to leave any range, even after the exponent was moved for an exception handler. */
const HUGE = 0x20000;

function truncated(b: Float): number {
  const magnitude = b.exp >= 0 ? HUGE : b.exp <= -64 ? 0 : Number(b.sig >> BigInt(-b.exp));
  return (b.sign === 1 ? -1 : 1) * Math.min(magnitude, HUGE);
}

/** FXTRACT: exponent and significand. */
export function extract(ctx: Context, a: Float): { exponent: Raw80; significand: Raw80 } {
  const special = notNumbers(ctx, a);
  if (special) return { exponent: special, significand: special };
  if (a.cls === 'infinity') return { exponent: infinity(0), significand: infinity(a.sign) };
  if (a.cls === 'zero') {
    ctx.flags |= SW_ZE;
    return { exponent: infinity(1), significand: zero(a.sign) };
  }
  noteDenormal(ctx, a);
  let { sig, exp } = a;
  while ((sig & INTEGER_BIT) === 0n) {
    sig <<= 1n;
    exp--;
  }
  const e = exp + 63;
  return {
    exponent: pack(e < 0 ? 1 : 0, 0, BigInt(Math.abs(e))),
    significand: pack(a.sign, -63, sig),
  };
}
