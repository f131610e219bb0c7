// Rounding an exact result to a format, with overflow, underflow and inexact results (Intel SDM vol. 1, "Rounding",
// "x87 FPU Floating-Point Exception Conditions"). Tininess is detected after rounding.
import { bitLength, infinity, pack, zero, type Raw80 } from './float80';
import { SW_OE, SW_PE, SW_UE } from './state';

export const NEAREST = 0,
  DOWN = 1,
  UP = 2,
  CHOP = 3;

/** What one instruction computes under, and what it found. */
export interface Context {
  /** Rounding control, as in the control word. */
  rc: number;
  /** Bits of significand that arithmetic keeps: 24, 53 or 64. */
  precision: number;
  /** Exceptions that are masked (bits of the control word). */
  masked: number;
  /** Exceptions found (bits of the status word). */
  flags: number;
  /** C1: the result's magnitude was rounded up. */
  up: boolean;
}

export interface Format {
  /** Bits of significand. */
  readonly precision: number;
  /** Exponent range of normal numbers. */
  readonly minimum: number;
  readonly maximum: number;
}

const EXTENDED: Readonly<Record<number, Format>> = Object.fromEntries(
  [24, 53, 64].map((precision) => [precision, { precision, minimum: -16382, maximum: 16383 }]),
);
export const SINGLE: Format = { precision: 24, minimum: -126, maximum: 127 };
export const DOUBLE: Format = { precision: 53, minimum: -1022, maximum: 1023 };

/** Added to or subtracted from the exponent of a result whose unmasked underflow or overflow the handler is to repair. */
const WRAP = 24576;

/** A rounded magnitude sig * 2^exp; undefined sig: overflow to infinity. */
export interface Rounded {
  sig: bigint;
  exp: number;
  infinite: boolean;
}

/** sig * 2^exp cut to multiples of 2^lowest: the quotient, whether something was lost, whether it was rounded up. */
function cut(rc: number, sign: number, exp: number, sig: bigint, lowest: number): [bigint, boolean, boolean] {
  const drop = lowest - exp;
  if (drop <= 0) return [sig << BigInt(-drop), false, false];
  const whole = sig >> BigInt(drop);
  const rest = sig - (whole << BigInt(drop));
  if (rest === 0n) return [whole, false, false];
  let up: boolean;
  if (rc === NEAREST) {
    const half = 1n << BigInt(drop - 1);
    up = rest > half || (rest === half && (whole & 1n) !== 0n);
  } else up = rc === (sign === 0 ? UP : DOWN);
  return [up ? whole + 1n : whole, true, up];
}

/** Rounds to an integer: its magnitude. Sets PE and C1. */
export function roundToInteger(ctx: Context, sign: number, exp: number, sig: bigint, rc = ctx.rc): bigint {
  // far below one half, only the fact that there is something matters
  if (exp < -256) [exp, sig] = [-130, 1n];
  const [whole, inexact, up] = cut(rc, sign, exp, sig, 0);
  if (inexact) ctx.flags |= SW_PE;
  ctx.up = up;
  return whole;
}

/**
 * Rounds sig * 2^exp (sig > 0, exact but for a sticky lowest bit far below). `wrap`: an unmasked overflow or underflow delivers
 * the number with its exponent moved into the range, as register destinations do.
 */
export function round(ctx: Context, format: Format, sign: number, exp: number, sig: bigint, wrap: boolean): Rounded {
  const { precision, minimum, maximum } = format;
  const { rc } = ctx;
  let top = exp + bitLength(sig) - 1;
  let [m, inexact, up] = cut(rc, sign, exp, sig, top - precision + 1);
  if (bitLength(m) > precision) {
    m >>= 1n;
    top++;
  }
  if (top > maximum) {
    ctx.flags |= SW_OE;
    if ((ctx.masked & SW_OE) === 0 && wrap && top - WRAP <= maximum) {
      if (inexact) ctx.flags |= SW_PE;
      ctx.up = up;
      return { sig: m, exp: top - precision + 1 - WRAP, infinite: false };
    }
    ctx.flags |= SW_PE;
    const away = rc === NEAREST || rc === (sign === 0 ? UP : DOWN);
    ctx.up = away;
    return { sig: (1n << BigInt(precision)) - 1n, exp: maximum - precision + 1, infinite: away };
  }
  if (top < minimum) {
    if ((ctx.masked & SW_UE) === 0) {
      ctx.flags |= SW_UE;
      if (wrap && top + WRAP >= minimum) {
        if (inexact) ctx.flags |= SW_PE;
        ctx.up = up;
        return { sig: m, exp: top - precision + 1 + WRAP, infinite: false };
      }
    }
    [m, inexact, up] = cut(rc, sign, exp, sig, minimum - precision + 1);
    if (inexact) ctx.flags |= SW_UE | SW_PE;
    ctx.up = up;
    return { sig: m, exp: minimum - precision + 1, infinite: false };
  }
  if (inexact) ctx.flags |= SW_PE;
  ctx.up = up;
  return { sig: m, exp: top - precision + 1, infinite: false };
}

/** The register image of a result; `precision` is that of the context, or 64 where precision control does not apply. */
export function roundExtended(
  ctx: Context,
  sign: number,
  exp: number,
  sig: bigint,
  precision: number = ctx.precision,
): Raw80 {
  if (sig === 0n) return zero(sign);
  const r = round(ctx, EXTENDED[precision]!, sign, exp, sig, true);
  return r.infinite ? infinity(sign) : pack(sign, r.exp, r.sig);
}
