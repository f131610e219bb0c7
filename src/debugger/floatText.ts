// 80-bit numbers as text, exactly enough to come back, and from text as the assembler writes constants (Intel SDM vol. 1,
// "Floating-Point Data Types", "Unsupported Double Extended-Precision Encodings").

import { FLOAT_FORMATS, floatConstant } from '../asm/text/floats';

/** Significant digits to try: that many may, and so many always do tell any two 80-bit numbers apart. */
const FEWEST_DIGITS = 17;
const MOST_DIGITS = 21;
const BIAS = 16383;

/** `-1.5`, `3.14159265358979323851`, `1.2e-4000`, `NaN`, `unsupported`; `raw` is the 80-bit pattern. */
export function extendedText(raw: bigint): string {
  const sign = raw >> 79n === 0n ? '' : '-';
  const biased = Number((raw >> 64n) & 0x7fffn);
  const significand = raw & 0xffffffffffffffffn;
  const integer = significand >> 63n === 1n;
  if (biased !== 0 && !integer) return 'unsupported encoding';
  if (biased === 0x7fff) {
    if (significand === 1n << 63n) return `${sign}infinity`;
    return (significand >> 62n) & 1n ? `${sign}NaN` : `${sign}NaN (signaling)`;
  }
  if (significand === 0n) return `${sign}0`;
  const exponent = Math.max(biased, 1) - BIAS - 63;
  const magnitude = raw & ((1n << 79n) - 1n);
  let text = '';
  for (let digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
    text = decimal(significand, exponent, digits);
    if (parseExtended(text) === magnitude) break;
  }
  return sign + text;
}

/** significand * 2^exponent with so many digits, without zeros at the end. */
function decimal(significand: bigint, exponent: number, count: number): string {
  // digits before the point, an estimate that is put right below
  let scale = Math.floor((significand.toString(2).length + exponent) * Math.log10(2));
  let digits = scaled(significand, exponent, count - scale);
  if (digits.length > count) digits = scaled(significand, exponent, count - ++scale);
  else if (digits.length < count) digits = scaled(significand, exponent, count - --scale);
  const trimmed = digits.replace(/0+$/, '');
  if (scale > MOST_DIGITS || scale < -5) {
    const fraction = trimmed.slice(1);
    return `${trimmed[0]}${fraction === '' ? '' : `.${fraction}`}e${scale - 1}`;
  }
  if (scale <= 0) return `0.${'0'.repeat(-scale)}${trimmed}`;
  const whole = digits.padEnd(scale, '0').slice(0, scale);
  return trimmed.length > scale ? `${whole}.${trimmed.slice(scale)}` : whole;
}

/** significand * 2^exponent * 10^power, rounded to an integer. */
function scaled(significand: bigint, exponent: number, power: number): string {
  let numerator = significand * (power > 0 ? 10n ** BigInt(power) : 1n);
  let denominator = power < 0 ? 10n ** BigInt(-power) : 1n;
  if (exponent > 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  return ((2n * numerator + denominator) / (2n * denominator)).toString();
}

const SPECIAL: Readonly<Record<string, bigint>> = {
  inf: 0x7fff8000000000000000n,
  infinity: 0x7fff8000000000000000n,
  nan: 0x7fffc000000000000000n,
};
const NUMBER = /^(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d+)?$/;

/** The 80-bit pattern of a decimal number, `inf` or `nan`; undefined when the text is none of these; a sentence when it is wrong. */
export function parseExtended(text: string): bigint | string | undefined {
  const match = /^([+-]?)\s*(.+)$/.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const negative = match[1] === '-';
  const special = SPECIAL[match[2]!];
  if (special !== undefined) return negative ? special | (1n << 79n) : special;
  if (!NUMBER.test(match[2]!)) return undefined;
  const number = /[.e]/.test(match[2]!) ? match[2]! : `${match[2]!}.0`;
  const { bytes, error } = floatConstant(number, negative, FLOAT_FORMATS.float80, {
    rounding: 'near',
    flushDenormals: false,
  });
  return error ?? bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
