// Between the 80-bit format and the others: single, double, integers, packed decimal (Intel SDM vol. 1, "Data Types").
// Stores answer undefined when an unmasked exception forbids them.
import {
  BIAS,
  DEFAULT_NAN,
  INTEGER_BIT,
  isSignaling,
  MAX_BIASED,
  pack,
  quiet,
  repack,
  unpack,
  type Float,
  type Raw80,
} from './float80';
import { noteDenormal } from './nan';
import { CHOP, DOUBLE, round, roundToInteger, SINGLE, type Context } from './round';
import { SW_IE } from './state';

interface Interchange {
  /** Bits of fraction and of exponent. */
  readonly fraction: number;
  readonly exponent: number;
}
const FORMATS = { 4: { fraction: 23, exponent: 8 }, 8: { fraction: 52, exponent: 11 } } as const;

/** A single or double (4 or 8 bytes), exactly; a signaling NaN stays one. */
export function fromReal(bits: bigint, bytes: 4 | 8): Float {
  const { fraction, exponent }: Interchange = FORMATS[bytes];
  const sign = Number(bits >> BigInt(fraction + exponent));
  const biased = Number(bits >> BigInt(fraction)) & ((1 << exponent) - 1);
  const part = bits & ((1n << BigInt(fraction)) - 1n);
  const bias = (1 << (exponent - 1)) - 1;
  if (biased === 0) return { ...unpack(pack(sign, 1 - bias - fraction, part)), denormal: part !== 0n };
  const extended = biased === (1 << exponent) - 1 ? MAX_BIASED : biased - bias + BIAS;
  return unpack({ se: (sign << 15) | extended, sig: INTEGER_BIT | (part << BigInt(63 - fraction)) });
}

/** What loading such a number leaves in a register. */
export function load(ctx: Context, a: Float): Raw80 {
  if (isSignaling(a)) ctx.flags |= SW_IE;
  noteDenormal(ctx, a);
  return repack(a);
}

/** The bits of a single or double. */
export function toReal(ctx: Context, a: Float, bytes: 4 | 8): bigint {
  const { fraction, exponent }: Interchange = FORMATS[bytes];
  const top = (1n << BigInt(exponent)) - 1n;
  const assemble = (sign: number, biased: bigint, part: bigint): bigint =>
    (BigInt(sign) << BigInt(fraction + exponent)) | (biased << BigInt(fraction)) | part;
  const cutNan = (raw: Raw80): bigint =>
    assemble(raw.se >> 15, top, (raw.sig >> BigInt(63 - fraction)) & ((1n << BigInt(fraction)) - 1n));
  if (a.cls === 'unsupported') {
    ctx.flags |= SW_IE;
    return cutNan(DEFAULT_NAN);
  }
  if (a.cls === 'nan') {
    if (isSignaling(a)) ctx.flags |= SW_IE;
    return cutNan(quiet(a));
  }
  if (a.cls === 'infinity') return assemble(a.sign, top, 0n);
  if (a.cls === 'zero') return assemble(a.sign, 0n, 0n);
  const format = bytes === 4 ? SINGLE : DOUBLE;
  const r = round(ctx, format, a.sign, a.exp, a.sig, false);
  if (r.infinite) return assemble(a.sign, top, 0n);
  // the integer bit carries into the exponent: 1 for normal numbers at the lowest exponent
  const biased = BigInt(r.exp - (format.minimum - fraction));
  return assemble(a.sign, 0n, 0n) + (biased << BigInt(fraction)) + r.sig;
}

export const fromInteger = (value: bigint): Raw80 => pack(value < 0n ? 1 : 0, 0, value < 0n ? -value : value);

/** A signed integer of 2, 4 or 8 bytes as its bits; IE and the integer indefinite when it does not fit. */
export function toInteger(ctx: Context, a: Float, bytes: 2 | 4 | 8, chop: boolean): bigint {
  const bits = BigInt(bytes * 8);
  const indefinite = 1n << (bits - 1n);
  if (a.cls === 'zero') return 0n;
  if (a.cls === 'finite' && a.exp < 2) {
    const before = ctx.flags;
    const magnitude = roundToInteger(ctx, a.sign, a.exp, a.sig, chop ? CHOP : ctx.rc);
    if (magnitude < indefinite || (magnitude === indefinite && a.sign === 1)) {
      return BigInt.asUintN(Number(bits), a.sign === 1 ? -magnitude : magnitude);
    }
    ctx.flags = before;
  }
  ctx.up = false;
  ctx.flags |= SW_IE;
  return indefinite;
}

const DECIMAL_LIMIT = 10n ** 18n;
export const DECIMAL_INDEFINITE = 0xffffc000000000000000n;

/** Eighteen packed digits and a sign as the ten bytes of FBSTP. */
export function toDecimal(ctx: Context, a: Float): bigint {
  let magnitude = 0n;
  if (a.cls === 'finite' && a.exp < 2) {
    const before = ctx.flags;
    magnitude = roundToInteger(ctx, a.sign, a.exp, a.sig);
    if (magnitude >= DECIMAL_LIMIT) ctx.flags = before;
  } else if (a.cls !== 'zero') magnitude = DECIMAL_LIMIT;
  if (magnitude >= DECIMAL_LIMIT) {
    ctx.up = false;
    ctx.flags |= SW_IE;
    return DECIMAL_INDEFINITE;
  }
  let bits = a.sign === 1 ? 1n << 79n : 0n;
  for (let digit = 0n; magnitude !== 0n; digit += 4n, magnitude /= 10n) bits |= (magnitude % 10n) << digit;
  return bits;
}

/** The ten bytes of FBLD. Nibbles above 9 are undefined by the manual and count as the numbers they are. */
export function fromDecimal(bits: bigint): Raw80 {
  let magnitude = 0n;
  for (let digit = 17; digit >= 0; digit--) magnitude = magnitude * 10n + ((bits >> BigInt(4 * digit)) & 15n);
  return pack(Number((bits >> 79n) & 1n), 0, magnitude);
}
