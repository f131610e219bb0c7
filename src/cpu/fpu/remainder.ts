// FPREM and FPREM1 (Intel SDM vol. 2): exact remainders; a large difference of exponents is reduced in several steps.
import { bitLength, zero, type Float, type Raw80 } from './float80';
import { invalid, noteDenormal, notNumbers } from './nan';
import { roundExtended, type Context } from './round';

export interface Remainder {
  readonly value: Raw80;
  /** Low three bits of the quotient of a complete reduction; -1 when the operands have no remainder. */
  readonly quotient: number;
  readonly incomplete: boolean;
}

const done = (value: Raw80, quotient = 0): Remainder => ({ value, quotient, incomplete: false });

/** `nearest`: the quotient is rounded to nearest (FPREM1), otherwise truncated (FPREM). */
export function remainder(ctx: Context, a: Float, b: Float, nearest: boolean): Remainder {
  const special = notNumbers(ctx, a, b);
  if (special) return done(special, -1);
  if (a.cls === 'infinity' || b.cls === 'zero') return done(invalid(ctx), -1);
  noteDenormal(ctx, a, b);
  if (a.cls === 'zero') return done(zero(a.sign));
  if (b.cls === 'infinity') return done(roundExtended(ctx, a.sign, a.exp, a.sig, 64));
  const distance = a.exp + bitLength(a.sig) - (b.exp + bitLength(b.sig));
  if (distance >= 64) return partial(ctx, a, b, distance);
  // both as integers over the smaller exponent
  const exp = Math.min(a.exp, b.exp);
  if (a.exp - b.exp < -130) return done(roundExtended(ctx, a.sign, a.exp, a.sig, 64));
  const dividend = a.sig << BigInt(a.exp - exp);
  const divisor = b.sig << BigInt(b.exp - exp);
  let quotient = dividend / divisor;
  let rest = dividend - quotient * divisor;
  let { sign } = a as { sign: number };
  if (nearest && (2n * rest > divisor || (2n * rest === divisor && (quotient & 1n) !== 0n))) {
    quotient++;
    rest = divisor - rest;
    sign ^= 1;
  }
  const value = rest === 0n ? zero(a.sign) : roundExtended(ctx, sign, exp, rest, 64);
  return { value, quotient: Number(quotient & 7n), incomplete: false };
}

/** One step of a long reduction: between 32 and 63 bits of the quotient. */
function partial(ctx: Context, a: Float, b: Float, distance: number): Remainder {
  const left = distance - ((distance & 31) | 32);
  // dividend - divisor * 2^left * quotient, over the dividend's exponent or the shifted divisor's, whichever is lower
  const shifted = b.exp + left;
  const exp = Math.min(a.exp, shifted);
  const rest = (a.sig << BigInt(a.exp - exp)) % (b.sig << BigInt(shifted - exp));
  const value = rest === 0n ? zero(a.sign) : roundExtended(ctx, a.sign, exp, rest, 64);
  return { value, quotient: 0, incomplete: true };
}
