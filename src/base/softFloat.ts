// Exact arithmetic on binary32 and binary64 numbers, with the flags and special cases of the x86 vector units (IEEE 754-2008;
// Intel SDM vol. 1, "SIMD Floating-Point Exceptions"): values are bit patterns in BigInts, so that nothing depends on the host's
// rounding. Tininess is detected after rounding. Slow, and meant to be: fast paths ask first whether they would say the same.

export interface Format {
  readonly bits: bigint;
  readonly fraction: number;
  readonly bias: number;
  /** All ones in the exponent's place, and infinity. */
  readonly infinity: bigint;
  readonly quiet: bigint;
  readonly sign: bigint;
}

const format = (bits: number, fraction: number): Format => {
  const exponentBits = bits - 1 - fraction;
  return {
    bits: BigInt(bits),
    fraction,
    bias: 2 ** (exponentBits - 1) - 1,
    infinity: ((1n << BigInt(exponentBits)) - 1n) << BigInt(fraction),
    quiet: 1n << BigInt(fraction - 1),
    sign: 1n << BigInt(bits - 1),
  };
};

export const BINARY16 = format(16, 10);
export const BINARY32 = format(32, 23);
export const BINARY64 = format(64, 52);

export const INVALID = 1,
  DENORMAL = 2,
  DIVIDE = 4,
  OVERFLOW = 8,
  UNDERFLOW = 0x10,
  INEXACT = 0x20;

export const NEAREST = 0,
  DOWN = 1,
  UP = 2,
  ZERO = 3;

/** How to compute, and what came up: `flags` collects. */
export interface FloatStatus {
  rounding: number;
  /** Denormal operands count as zeros. */
  daz: boolean;
  /** Tiny results become zeros (only while underflow is masked). */
  ftz: boolean;
  underflowMasked: boolean;
  overflowMasked: boolean;
  flags: number;
}

interface Finite {
  sign: boolean;
  /** value = mantissa * 2 ** exponent; 0 for zeros. */
  mantissa: bigint;
  exponent: number;
}

export const isNaN64 = (f: Format, a: bigint): boolean => (a & ~f.sign) > f.infinity;
const isSignaling = (f: Format, a: bigint): boolean => isNaN64(f, a) && (a & f.quiet) === 0n;
export const isInfinite = (f: Format, a: bigint): boolean => (a & ~f.sign) === f.infinity;
const isDenormal = (f: Format, a: bigint): boolean => {
  const magnitude = a & ~f.sign;
  return magnitude !== 0n && magnitude >> BigInt(f.fraction) === 0n;
};
const isZero = (f: Format, a: bigint): boolean => (a & ~f.sign) === 0n;
const negative = (f: Format, a: bigint): boolean => (a & f.sign) !== 0n;
const signed = (f: Format, sign: boolean, magnitude: bigint): bigint => (sign ? magnitude | f.sign : magnitude);
/** The NaN that the processor makes itself. */
export const defaultNaN = (f: Format): bigint => f.sign | f.infinity | f.quiet;

function invalid(s: FloatStatus, f: Format): bigint {
  s.flags |= INVALID;
  return defaultNaN(f);
}

/** The first operand that is a NaN, quieted; undefined when none is. */
export function propagate(s: FloatStatus, f: Format, ...operands: bigint[]): bigint | undefined {
  const first = operands.find((a) => isNaN64(f, a));
  if (first === undefined) return undefined;
  if (operands.some((a) => isSignaling(f, a))) s.flags |= INVALID;
  return first | f.quiet;
}

/** Denormals to zeros under DAZ, and the flag otherwise. */
function admit(s: FloatStatus, f: Format, a: bigint): bigint {
  if (!isDenormal(f, a)) return a;
  if (s.daz) return a & f.sign;
  s.flags |= DENORMAL;
  return a;
}
export const flush = (s: FloatStatus, f: Format, a: bigint): bigint => (s.daz && isDenormal(f, a) ? a & f.sign : a);

function unpack(f: Format, a: bigint): Finite {
  const magnitude = a & ~f.sign;
  const fraction = magnitude & ((1n << BigInt(f.fraction)) - 1n);
  const exponent = Number(magnitude >> BigInt(f.fraction));
  const hidden = exponent === 0 ? 0n : 1n << BigInt(f.fraction);
  return {
    sign: negative(f, a),
    mantissa: fraction | hidden,
    exponent: Math.max(exponent, 1) - f.bias - f.fraction,
  };
}

const bitLength = (a: bigint): number => {
  const text = a.toString(16);
  return (text.length - 1) * 4 + 32 - Math.clz32(parseInt(text[0], 16));
};

/** `mantissa` shifted right, rounded; `sticky` stands for bits that are already gone. */
function shiftRound(
  rounding: number,
  sign: boolean,
  mantissa: bigint,
  shift: number,
  sticky: boolean,
): { value: bigint; inexact: boolean } {
  if (shift <= 0) {
    const value = mantissa << BigInt(-shift);
    if (!sticky) return { value, inexact: false };
    const away = (rounding === UP && !sign) || (rounding === DOWN && sign);
    return { value: away ? value + 1n : value, inexact: true };
  }
  const kept = mantissa >> BigInt(shift);
  const rest = mantissa - (kept << BigInt(shift));
  const inexact = rest !== 0n || sticky;
  const half = 1n << BigInt(shift - 1);
  let up = false;
  if (rounding === NEAREST) up = rest > half || (rest === half && (sticky || (kept & 1n) !== 0n));
  else if (rounding === UP) up = inexact && !sign;
  else if (rounding === DOWN) up = inexact && sign;
  return { value: up ? kept + 1n : kept, inexact };
}

/** Rounds mantissa * 2 ** exponent (not zero) to the format. */
export function pack(
  s: FloatStatus,
  f: Format,
  sign: boolean,
  mantissa: bigint,
  exponent: number,
  sticky = false,
): bigint {
  const top = bitLength(mantissa) - 1 + exponent;
  const lowest = 1 - f.bias;
  const quantum = Math.max(top, lowest) - f.fraction;
  const rounded = shiftRound(s.rounding, sign, mantissa, quantum - exponent, sticky);
  const { value } = rounded;
  let { inexact } = rounded;
  if (top < lowest && isTiny(s, f, sign, mantissa, exponent, sticky, top)) {
    if (s.ftz && s.underflowMasked) {
      s.flags |= UNDERFLOW | INEXACT;
      return signed(f, sign, 0n);
    }
    if (inexact || !s.underflowMasked) s.flags |= UNDERFLOW;
    // unmasked, the result would keep all its bits, with another exponent
    if (!s.underflowMasked) ({ inexact } = shiftRound(s.rounding, sign, mantissa, top - f.fraction - exponent, sticky));
  }
  if (inexact) s.flags |= INEXACT;
  const biased = quantum + f.fraction + f.bias;
  // a carry out of the fraction runs into the exponent as it should
  const magnitude = (BigInt(biased - 1) << BigInt(f.fraction)) + value;
  if (magnitude < f.infinity) return signed(f, sign, magnitude);
  // unmasked, the result would be the rounded one with another exponent: precision is lost only if rounding has lost it
  s.flags |= s.overflowMasked ? OVERFLOW | INEXACT : OVERFLOW;
  const toInfinity = s.rounding === NEAREST || (s.rounding === UP && !sign) || (s.rounding === DOWN && sign);
  return signed(f, sign, toInfinity ? f.infinity : f.infinity - 1n);
}

/** Whether the result would be below the normal numbers with an unbounded exponent, too. */
function isTiny(
  s: FloatStatus,
  f: Format,
  sign: boolean,
  mantissa: bigint,
  exponent: number,
  sticky: boolean,
  top: number,
): boolean {
  if (top < -f.bias) return true;
  const { value } = shiftRound(s.rounding, sign, mantissa, top - f.fraction - exponent, sticky);
  return value < 1n << BigInt(f.fraction + 1);
}

/** A sum of exact terms; an exact zero takes its sign from the rounding mode unless both terms have it. */
function addFinite(s: FloatStatus, f: Format, x: Finite, y: Finite): bigint {
  const exponent = Math.min(x.exponent, y.exponent);
  const scale = (v: Finite): bigint => {
    const m = v.mantissa << BigInt(v.exponent - exponent);
    return v.sign ? -m : m;
  };
  const sum = scale(x) + scale(y);
  if (sum !== 0n) return pack(s, f, sum < 0n, sum < 0n ? -sum : sum, exponent);
  const sign = x.mantissa === 0n && x.sign === y.sign ? x.sign : s.rounding === DOWN;
  return signed(f, sign, 0n);
}

export function add(s: FloatStatus, f: Format, a: bigint, b: bigint): bigint {
  const nan = propagate(s, f, a, b);
  if (nan !== undefined) return nan;
  if (isInfinite(f, a) && isInfinite(f, b) && a !== b) return invalid(s, f);
  a = admit(s, f, a);
  b = admit(s, f, b);
  if (isInfinite(f, a)) return a;
  if (isInfinite(f, b)) return b;
  return addFinite(s, f, unpack(f, a), unpack(f, b));
}

export function subtract(s: FloatStatus, f: Format, a: bigint, b: bigint): bigint {
  return propagate(s, f, a, b) ?? add(s, f, a, b ^ f.sign);
}

export function multiply(s: FloatStatus, f: Format, a: bigint, b: bigint): bigint {
  const nan = propagate(s, f, a, b);
  if (nan !== undefined) return nan;
  const sign = negative(f, a) !== negative(f, b);
  const [x0, y0] = [flush(s, f, a), flush(s, f, b)];
  if ((isInfinite(f, x0) && isZero(f, y0)) || (isZero(f, x0) && isInfinite(f, y0))) return invalid(s, f);
  a = admit(s, f, a);
  b = admit(s, f, b);
  if (isInfinite(f, a) || isInfinite(f, b)) return signed(f, sign, f.infinity);
  if (isZero(f, a) || isZero(f, b)) return signed(f, sign, 0n);
  const x = unpack(f, a);
  const y = unpack(f, b);
  return pack(s, f, sign, x.mantissa * y.mantissa, x.exponent + y.exponent);
}

export function divide(s: FloatStatus, f: Format, a: bigint, b: bigint): bigint {
  const nan = propagate(s, f, a, b);
  if (nan !== undefined) return nan;
  const sign = negative(f, a) !== negative(f, b);
  const [x0, y0] = [flush(s, f, a), flush(s, f, b)];
  if ((isInfinite(f, x0) && isInfinite(f, y0)) || (isZero(f, x0) && isZero(f, y0))) return invalid(s, f);
  if (isZero(f, y0) && !isInfinite(f, x0)) {
    s.flags |= DIVIDE;
    return signed(f, sign, f.infinity);
  }
  a = admit(s, f, a);
  b = admit(s, f, b);
  if (isInfinite(f, a)) return signed(f, sign, f.infinity);
  if (isInfinite(f, b) || isZero(f, a)) return signed(f, sign, 0n);
  const x = unpack(f, a);
  const y = unpack(f, b);
  const extra = f.fraction * 2 + 4; // denormal dividends have few bits
  const n = x.mantissa << BigInt(extra);
  const q = n / y.mantissa;
  return pack(s, f, sign, q, x.exponent - y.exponent - extra, q * y.mantissa !== n);
}

function integerRoot(n: bigint): bigint {
  let r = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (r + n / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

export function squareRoot(s: FloatStatus, f: Format, a: bigint): bigint {
  const nan = propagate(s, f, a);
  if (nan !== undefined) return nan;
  const flushed = flush(s, f, a);
  if (isZero(f, flushed)) return flushed;
  if (negative(f, a)) return invalid(s, f);
  if (isInfinite(f, a)) return a;
  const x = unpack(f, admit(s, f, a));
  let extra = f.fraction * 2 + 6; // denormals have few bits
  if (((x.exponent - extra) & 1) !== 0) extra++;
  const n = x.mantissa << BigInt(extra);
  const r = integerRoot(n);
  return pack(s, f, false, r, (x.exponent - extra) / 2, r * r !== n);
}

/** a * b + c with one rounding; `negateProduct` and `negateSum` for the FNM and FMS forms. */
export function fusedMultiplyAdd(
  s: FloatStatus,
  f: Format,
  a: bigint,
  b: bigint,
  c: bigint,
  negateProduct = false,
  subtractC = false,
): bigint {
  const [x0, y0] = [flush(s, f, a), flush(s, f, b)];
  const impossible = (isInfinite(f, x0) && isZero(f, y0)) || (isZero(f, x0) && isInfinite(f, y0));
  const nan = propagate(s, f, a, b, c);
  if (nan !== undefined) return nan;
  if (impossible) return invalid(s, f);
  const sign = (negative(f, a) !== negative(f, b)) !== negateProduct;
  const addend = subtractC ? c ^ f.sign : c;
  const infiniteProduct = isInfinite(f, a) || isInfinite(f, b);
  if (infiniteProduct && isInfinite(f, addend) && negative(f, addend) !== sign) return invalid(s, f);
  a = admit(s, f, a);
  b = admit(s, f, b);
  const z = admit(s, f, addend);
  if (infiniteProduct) return signed(f, sign, f.infinity);
  if (isInfinite(f, z)) return z;
  const x = unpack(f, a);
  const y = unpack(f, b);
  return addFinite(s, f, { sign, mantissa: x.mantissa * y.mantissa, exponent: x.exponent + y.exponent }, unpack(f, z));
}

export type Ordering = 'less' | 'equal' | 'greater' | 'unordered';

/** `signaling`: quiet NaNs are invalid, too. */
export function compare(s: FloatStatus, f: Format, a: bigint, b: bigint, signaling: boolean): Ordering {
  if (isNaN64(f, a) || isNaN64(f, b)) {
    if (signaling || isSignaling(f, a) || isSignaling(f, b)) s.flags |= INVALID;
    return 'unordered';
  }
  const order = (value: bigint): bigint => (negative(f, value) ? -(value & ~f.sign) : value);
  const x = order(admit(s, f, a));
  const y = order(admit(s, f, b));
  return x < y ? 'less' : x > y ? 'greater' : 'equal';
}

/** MIN and MAX of SSE: the second operand where one is a NaN or both are zero. */
export function extremum(s: FloatStatus, f: Format, a: bigint, b: bigint, wanted: 'less' | 'greater'): bigint {
  const result = compare(s, f, a, b, true);
  return result === wanted ? flush(s, f, a) : isNaN64(f, b) ? b : flush(s, f, b);
}

/** To the other format. */
export function convert(s: FloatStatus, from: Format, to: Format, a: bigint): bigint {
  const nan = propagate(s, from, a);
  if (nan !== undefined) {
    const payload = nan & ((1n << BigInt(from.fraction)) - 1n);
    const shift = BigInt(to.fraction - from.fraction);
    return signed(to, negative(from, nan), to.infinity | (shift >= 0n ? payload << shift : payload >> -shift));
  }
  const sign = negative(from, a);
  if (isInfinite(from, a)) return signed(to, sign, to.infinity);
  const x = unpack(from, admit(s, from, a));
  return x.mantissa === 0n ? signed(to, sign, 0n) : pack(s, to, sign, x.mantissa, x.exponent);
}

/** From a signed integer. */
export function fromInteger(s: FloatStatus, f: Format, value: bigint): bigint {
  return value === 0n ? 0n : pack(s, f, value < 0n, value < 0n ? -value : value, 0);
}

/** To a signed integer of `bits`; the lowest one ("integer indefinite") where it does not fit. */
export function toInteger(s: FloatStatus, f: Format, a: bigint, bits: number, rounding = s.rounding): bigint {
  const lowest = -(1n << BigInt(bits - 1));
  if ((a & f.infinity) === f.infinity) {
    s.flags |= INVALID;
    return lowest;
  }
  const x = unpack(f, flush(s, f, a));
  const { value, inexact } = x.mantissa === 0n ? NOTHING : shiftRound(rounding, x.sign, x.mantissa, -x.exponent, false);
  const result = x.sign ? -value : value;
  if (result < lowest || result >= -lowest) {
    s.flags |= INVALID;
    return lowest;
  }
  if (inexact) s.flags |= INEXACT;
  return result;
}
const NOTHING = { value: 0n, inexact: false };

/** To an integer in the same format; `exact`: inexactness is not reported. */
export function roundToIntegral(s: FloatStatus, f: Format, a: bigint, rounding: number, quiet: boolean): bigint {
  const nan = propagate(s, f, a);
  if (nan !== undefined) return nan;
  const flushed = flush(s, f, a);
  if (isInfinite(f, a) || isZero(f, flushed)) return flushed;
  const x = unpack(f, flushed);
  if (x.exponent >= 0) return a;
  const { value, inexact } = shiftRound(rounding, x.sign, x.mantissa, -x.exponent, false);
  if (inexact && !quiet) s.flags |= INEXACT;
  return value === 0n ? signed(f, x.sign, 0n) : pack({ ...s, flags: 0 }, f, x.sign, value, 0);
}
