// Irrational constants to 400 bits behind the point, from series of our own when they are first needed, and the constants
// that FLD1 ... FLDZ push (Intel SDM vol. 2, "FLD1/FLDL2T/FLDL2E/FLDPI/FLDLG2/FLDLN2/FLDZ").

/** Bits behind the point of the constants here. */
export const CONSTANT_BITS = 400;
const GUARD = 32n;
const ONE = 1n << (BigInt(CONSTANT_BITS) + GUARD);

/** Sum of z^(2n+1)/(2n+1) for z = 1/n, with alternating signs for the arctangent. */
function inverseSeries(n: bigint, alternating: boolean): bigint {
  let power = ONE / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power /= n * n;
    const term = power / k;
    sum += alternating && (k & 2n) !== 0n ? -term : term;
  }
  return sum;
}

const lazily = (make: () => bigint): (() => bigint) => {
  let value: bigint | undefined;
  return () => (value ??= make());
};

// Machin's formula; ln 2 = 2 artanh(1/3); ln 10 = 3 ln 2 + 2 artanh(1/9)
export const pi = lazily(() => (16n * inverseSeries(5n, true) - 4n * inverseSeries(239n, true)) >> GUARD);
export const ln2 = lazily(() => (2n * inverseSeries(3n, false)) >> GUARD);
const ln10 = lazily(() => 3n * ln2() + ((2n * inverseSeries(9n, false)) >> GUARD));
export const log2e = lazily(() => (1n << BigInt(2 * CONSTANT_BITS)) / ln2());

interface Magnitude {
  readonly exp: number;
  readonly sig: bigint;
}

/** An irrational number: the lowest bit stands for all that follow. */
const irrational = (value: () => bigint): (() => Magnitude) => {
  return () => ({ exp: -CONSTANT_BITS, sig: value() | 1n });
};

export const CONSTANTS: Readonly<Record<string, () => Magnitude>> = {
  fld1: () => ({ exp: 0, sig: 1n }),
  fldz: () => ({ exp: 0, sig: 0n }),
  fldpi: irrational(pi),
  fldln2: irrational(ln2),
  fldl2e: irrational(log2e),
  fldl2t: irrational(lazily(() => (ln10() << BigInt(CONSTANT_BITS)) / ln2())),
  fldlg2: irrational(lazily(() => (ln2() << BigInt(CONSTANT_BITS)) / ln10())),
};
