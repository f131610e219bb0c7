// The 80-bit format (Intel SDM vol. 1, "Floating-Point Data Types", "Unsupported Double Extended-Precision Encodings"):
// taking numbers apart and putting them together. A finite number is (-1)^sign * sig * 2^exp with a BigInt significand of any
// length, so that exact results can be formed first and rounded once (round.ts).
import { FPR_SIZE, S_FPR } from '../layout';
import type { Cpu } from '../cpu';

/** An 80-bit pattern: sign and biased exponent, significand with its explicit integer bit. */
export interface Raw80 {
  readonly se: number;
  readonly sig: bigint;
}

export type FloatClass = 'zero' | 'finite' | 'infinity' | 'nan' | 'unsupported';

export interface Float {
  readonly cls: FloatClass;
  readonly sign: 0 | 1;
  /** Of the significand's lowest bit. */
  readonly exp: number;
  /** Of a NaN: its 64 bits. */
  readonly sig: bigint;
  /** Denormal or pseudo-denormal: using it raises the denormal exception. */
  readonly denormal: boolean;
}

export const BIAS = 16383;
export const MAX_BIASED = 0x7fff;
/** Exponent of the lowest bit of a number with biased exponent 1. */
export const LOWEST_BIT = 1 - BIAS - 63;
export const INTEGER_BIT = 1n << 63n;
export const QUIET_BIT = 1n << 62n;
const MASK64 = (1n << 64n) - 1n;

export const DEFAULT_NAN: Raw80 = { se: 0xffff, sig: 0xc000000000000000n };
export const ONE: Raw80 = { se: BIAS, sig: INTEGER_BIT };
export const zero = (sign: number): Raw80 => ({ se: sign << 15, sig: 0n });
export const infinity = (sign: number): Raw80 => ({ se: (sign << 15) | MAX_BIASED, sig: INTEGER_BIT });

export function classify(raw: Raw80): FloatClass {
  const biased = raw.se & MAX_BIASED;
  if (biased === 0) return raw.sig === 0n ? 'zero' : 'finite';
  if ((raw.sig & INTEGER_BIT) === 0n) return 'unsupported';
  if (biased === MAX_BIASED) return raw.sig === INTEGER_BIT ? 'infinity' : 'nan';
  return 'finite';
}

export function unpack(raw: Raw80): Float {
  const biased = raw.se & MAX_BIASED;
  const cls = classify(raw);
  return {
    cls,
    sign: (raw.se >> 15) as 0 | 1,
    exp: Math.max(biased, 1) - BIAS - 63,
    sig: raw.sig,
    denormal: biased === 0 && cls === 'finite',
  };
}

export const isNan = (x: Float): boolean => x.cls === 'nan';
export const isSignaling = (x: Float): boolean => x.cls === 'nan' && (x.sig & QUIET_BIT) === 0n;
export const quiet = (x: Float): Raw80 => ({ se: (x.sign << 15) | MAX_BIASED, sig: x.sig | QUIET_BIT });

/** Number of bits up to the highest one. */
export function bitLength(value: bigint): number {
  let bits = 0;
  while (value > MASK64) {
    value >>= 64n;
    bits += 64;
  }
  const high = Number(value >> 32n);
  return bits + (high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(Number(value)));
}

/** Packs a finite number that the format can hold exactly. */
export function pack(sign: number, exp: number, sig: bigint): Raw80 {
  if (sig === 0n) return zero(sign);
  const shift = Math.min(64 - bitLength(sig), exp - LOWEST_BIT);
  const aligned = shift >= 0 ? sig << BigInt(shift) : sig >> BigInt(-shift);
  const biased = (aligned & INTEGER_BIT) === 0n ? 0 : exp - shift - LOWEST_BIT + 1;
  return { se: (sign << 15) | biased, sig: aligned };
}

/** The number unchanged, but for a NaN that becomes quiet. */
export function repack(x: Float): Raw80 {
  if (x.cls === 'nan') return quiet(x);
  return x.cls === 'infinity' ? infinity(x.sign) : pack(x.sign, x.exp, x.sig);
}

export const loadRegister = (cpu: Cpu, n: number): Raw80 => ({
  se: cpu.u16[(S_FPR + n * FPR_SIZE + 8) >> 1]!,
  sig: cpu.u64[(S_FPR + n * FPR_SIZE) >> 3]!,
});
export function storeRegister(cpu: Cpu, n: number, raw: Raw80): void {
  cpu.u64[(S_FPR + n * FPR_SIZE) >> 3] = raw.sig;
  cpu.u16[(S_FPR + n * FPR_SIZE + 8) >> 1] = raw.se;
}
