// A small deterministic generator of random numbers, and the values that tests of processors like.

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.word();
  }

  /** 32 bits (xorshift). */
  word(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return Math.imul(this.state, 0x9e3779b1) >>> 0;
  }
  below(n: number): number {
    return Math.floor((this.word() / 0x100000000) * n);
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.word() & 0xff);
  }
  bits(count: number): bigint {
    const wide = (BigInt(this.word()) << 32n) | BigInt(this.word());
    return BigInt.asUintN(count, wide);
  }

  /** An integer of `bits` bits: small, near a power of two, a pattern, or anything. */
  integer(bits: number): bigint {
    const cut = (value: bigint): bigint => BigInt.asUintN(bits, value);
    switch (this.below(6)) {
      case 0:
        return cut(BigInt(this.below(18) - 2));
      case 1:
        return cut((1n << BigInt(this.below(bits + 1))) + BigInt(this.below(3) - 1));
      case 2:
        return cut(-(1n << BigInt(this.below(bits))) + BigInt(this.below(3) - 1));
      case 3:
        return cut(this.bits(64) >> BigInt(this.below(64)));
      default:
        return this.bits(bits);
    }
  }

  /** A binary floating-point number in the format: zeros, denormals, powers, infinities, NaNs, neighbours, anything. */
  float(exponentBits: number, fractionBits: number): bigint {
    const bias = (1n << BigInt(exponentBits - 1)) - 1n;
    const top = 2n * bias + 1n;
    const around = (center: bigint, spread: number): bigint => {
      const e = center + BigInt(this.below(2 * spread + 1) - spread);
      return e < 0n ? 0n : e > top ? top : e;
    };
    const exponent = [
      () => 0n,
      () => top,
      () => around(bias, 2),
      () => around(bias, 2),
      () => around(bias, 40),
      () => around(bias, 40),
      () => around(0n, fractionBits + 3),
      () => around(top - 1n, 3),
      () => this.bits(exponentBits),
    ][this.below(9)]();
    const all = (1n << BigInt(fractionBits)) - 1n;
    const fraction = [
      () => 0n,
      () => all - BigInt(this.below(2)),
      () => BigInt(1 + this.below(2)),
      () => 1n << BigInt(fractionBits - 1 - this.below(3)),
      () => this.bits(fractionBits) & (all << BigInt(this.below(fractionBits))),
      () => this.bits(fractionBits),
      () => this.bits(fractionBits),
    ][this.below(7)]();
    const sign = this.below(2) === 0 ? 0n : 1n;
    return (sign << BigInt(exponentBits + fractionBits)) | (exponent << BigInt(fractionBits)) | (fraction & all);
  }

  /** An extended real number in memory order. */
  extended(): Uint8Array {
    const value = this.float(15, 63);
    const sign = value >> 78n;
    const exponent = (value >> 63n) & 0x7fffn;
    let integer = exponent === 0n ? 0n : 1n;
    if (this.chance(6)) integer ^= 1n; // pseudo-denormals and what is not supported
    return toBytes((sign << 79n) | (exponent << 64n) | (integer << 63n) | (value & 0x7fffffffffffffffn), 10);
  }

  /** `count` bytes with a structure that vector instructions like. */
  vector(count: number): Uint8Array {
    const lanes = (size: number, value: () => bigint): Uint8Array => {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += size) bytes.set(toBytes(value(), size).subarray(0, count - at), at);
      return bytes;
    };
    switch (this.below(8)) {
      case 0:
        return this.bytes(count);
      case 1:
        return lanes(1, () => this.integer(8));
      case 2:
        return lanes(2, () => this.integer(16));
      case 3:
        return lanes(4, () => this.integer(32));
      case 4:
        return lanes(8, () => this.integer(64));
      case 5:
      case 6:
        return lanes(4, () => this.float(8, 23));
      default:
        return lanes(8, () => this.float(11, 52));
    }
  }
}

export function toBytes(value: bigint, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
