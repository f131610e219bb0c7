// Floating-point constants in every IEEE format of the language (8 to 128 bits, x87 extended, bfloat16) and packed BCD,
// by big-integer arithmetic with the precision that nasm has. Deviation: a value of the power of two just above the largest
// number becomes an infinity with a warning, where nasm 2.16 writes a NaN without one. Syntax: NASM manual, "Floating-Point Constants", "Packed BCD Constants".
import { digitValue } from './chars';

export interface FloatFormat {
  bytes: number;
  /** Stored fraction bits, without an explicit integer bit. */
  fraction: number;
  exponent: number;
  /** The integer bit is stored (x87 extended). */
  explicit: boolean;
}

export const FLOAT_FORMATS = {
  float8: { bytes: 1, fraction: 3, exponent: 4, explicit: false },
  float16: { bytes: 2, fraction: 10, exponent: 5, explicit: false },
  bfloat16: { bytes: 2, fraction: 7, exponent: 8, explicit: false },
  float32: { bytes: 4, fraction: 23, exponent: 8, explicit: false },
  float64: { bytes: 8, fraction: 52, exponent: 11, explicit: false },
  float80: { bytes: 10, fraction: 63, exponent: 15, explicit: true },
  float128: { bytes: 16, fraction: 112, exponent: 15, explicit: false },
} as const satisfies Record<string, FloatFormat>;

/** Format of a data item of that many bytes, as for `dd 1.5`. */
export const formatOfSize = (bytes: number): FloatFormat | undefined =>
  Object.values<FloatFormat>(FLOAT_FORMATS).find((format) => format.bytes === bytes);

export type Rounding = 'near' | 'zero' | 'up' | 'down';
export interface FloatMode {
  rounding: Rounding;
  flushDenormals: boolean;
}

export interface FloatResult {
  bytes: Uint8Array;
  error?: string;
  /** Warning text and class. */
  warning?: { message: string; code: string };
}

/** Packs sign, biased exponent and significand (with its integer bit) into little-endian bytes. */
function pack(format: FloatFormat, negative: boolean, exponent: number, significand: bigint): Uint8Array {
  const fraction = format.explicit ? significand : significand & ((1n << BigInt(format.fraction)) - 1n);
  const width = BigInt(format.fraction + (format.explicit ? 1 : 0));
  let word = (BigInt(exponent) << width) | fraction;
  if (negative) word |= 1n << BigInt(format.bytes * 8 - 1);
  return little(word, format.bytes);
}

function little(word: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Number((word >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

const allOnes = (format: FloatFormat): number => 2 ** format.exponent - 1;
const integerBit = (format: FloatFormat): bigint => 1n << BigInt(format.fraction);

const infinity = (format: FloatFormat, negative: boolean): Uint8Array =>
  pack(format, negative, allOnes(format), integerBit(format));

/** `text` has no sign. On an error the bytes are a quiet NaN. */
export function floatConstant(text: string, negative: boolean, format: FloatFormat, mode: FloatMode): FloatResult {
  if (/p$/i.test(text)) return packedBcd(text.slice(0, -1), negative, format);
  if (/^0p/i.test(text)) return packedBcd(text.slice(2), negative, format);
  const quiet = (): Uint8Array =>
    pack(format, negative, allOnes(format), integerBit(format) | (integerBit(format) >> 1n));
  if (text.startsWith('_')) {
    if (/inf/i.test(text)) return { bytes: infinity(format, negative) };
    if (/snan/i.test(text)) return { bytes: pack(format, negative, allOnes(format), integerBit(format) | 1n) };
    return { bytes: quiet() };
  }
  const exact = parse(text);
  if (typeof exact === 'string') return { bytes: quiet(), error: exact };
  return round(exact.numerator, exact.denominator, negative, format, mode);
}

interface Rational {
  numerator: bigint;
  denominator: bigint;
}

const BINARY_RADIX: Readonly<Record<string, number>> = { x: 4, h: 4, o: 3, q: 3, b: 1, y: 1 };

function parse(text: string): Rational | string {
  if (text.startsWith('$')) return parseBinary(text.slice(1), 4);
  if (text[0] === '0' && text.length > 1) {
    const letter = text[1]!.toLowerCase();
    const bits = BINARY_RADIX[letter];
    if (bits !== undefined) return parseBinary(text.slice(2), bits);
    if (letter === 'd' || letter === 't') return parseDecimal(text.slice(2));
  }
  return parseDecimal(text);
}

function readExponent(text: string, most: number): number | string {
  const match = /^([+-]?)([0-9_]*)(.?)/s.exec(text)!;
  if (match[3]) return `invalid character in floating-point constant exponent: '${match[3]}'`;
  const value = Math.min(Number(match[2]!.replaceAll('_', '') || '0'), most);
  return match[1] === '-' ? -value : value;
}

/** nasm keeps this many digits and bits; halfway cases come out as they do there. */
const DIGITS = 52;
const MANTISSA = 192n;

function parseDecimal(text: string): Rational | string {
  const mark = text.search(/e/i);
  const significand = (mark < 0 ? text : text.slice(0, mark)).replaceAll('_', '');
  const bad = /[^0-9.]/.exec(significand);
  if (bad) return `invalid character in floating-point constant significand: '${bad[0]}'`;
  const [whole = '', fraction = '', ...more] = significand.split('.');
  if (more.length > 0) return 'too many periods in floating-point constant';
  const exponent = mark < 0 ? 0 : readExponent(text.slice(mark + 1), 5000);
  if (typeof exponent === 'string') return exponent;
  const all = whole + fraction;
  const leading = /^0*/.exec(all)![0].length;
  const digits = all.slice(leading, leading + DIGITS).replace(/0+$/, '');
  if (digits === '') return { numerator: 0n, denominator: 1n };
  return scaled(BigInt(digits), digits.length, exponent + whole.length - leading);
}

/** 0.digits times a power of ten, by multiplications of limited precision. */
function scaled(digits: bigint, count: number, tens: number): Rational {
  const unit = 10n ** BigInt(count);
  // The mantissa's first bit is set: zeros before it count as powers of two.
  const zeros = bitLength(unit) - bitLength(digits);
  const first = digits << BigInt(zeros) < unit ? zeros : zeros - 1;
  let twos = -first;
  let mantissa = (digits << (MANTISSA + BigInt(first))) / unit;
  if (bitLength(mantissa) > Number(MANTISSA)) {
    mantissa >>= 1n;
    twos++;
  } else if (bitLength(mantissa) < Number(MANTISSA)) {
    mantissa = (digits << (MANTISSA + BigInt(first) + 1n)) / unit;
    twos--;
  }
  twos += tens;
  const multiply = (a: bigint, b: bigint): [bigint, number] => {
    const product = a * b;
    return product >> (2n * MANTISSA - 1n) ? [product >> MANTISSA, 0] : [product >> (MANTISSA - 1n), -1];
  };
  // 5 or 1/5, with its own power of two.
  let factor = tens < 0 ? ((1n << MANTISSA) * 4n) / 5n + 1n : 5n << (MANTISSA - 3n);
  let shift = tens < 0 ? -2 : 3;
  for (let rest = Math.abs(tens); rest > 0; rest >>= 1) {
    if (rest & 1) {
      const [product, less] = multiply(mantissa, factor);
      mantissa = product;
      twos += shift + less;
    }
    const [square, less] = multiply(factor, factor);
    factor = square;
    shift = shift * 2 + less;
  }
  const power = BigInt(twos) - MANTISSA;
  return power >= 0n
    ? { numerator: mantissa << power, denominator: 1n }
    : { numerator: mantissa, denominator: 1n << -power };
}

function parseBinary(text: string, bits: number): Rational | string {
  let numerator = 0n;
  let power = 0;
  let point = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    const digit = digitValue(text.charCodeAt(i));
    if (character === '_') continue;
    if (character === '.') {
      if (point) return 'too many periods in floating-point constant';
      point = true;
    } else if (digit < 1 << bits) {
      numerator = (numerator << BigInt(bits)) | BigInt(digit);
      if (point) power -= bits;
    } else if (character === 'p' || character === 'P') {
      const exponent = readExponent(text.slice(i + 1), 20000);
      if (typeof exponent === 'string') return exponent;
      power += exponent;
      break;
    } else return `floating-point constant: \`${character}' is invalid character`;
  }
  return power >= 0
    ? { numerator: numerator << BigInt(power), denominator: 1n }
    : { numerator, denominator: 1n << BigInt(-power) };
}

const bitLength = (value: bigint): number => value.toString(2).length;

function round(
  numerator: bigint,
  denominator: bigint,
  negative: boolean,
  format: FloatFormat,
  mode: FloatMode,
): FloatResult {
  if (numerator === 0n) return { bytes: pack(format, negative, 0, 0n) };
  const bias = 2 ** (format.exponent - 1) - 1;
  let exponent = bitLength(numerator) - bitLength(denominator);
  const atLeast =
    exponent >= 0 ? numerator >= denominator << BigInt(exponent) : numerator << BigInt(-exponent) >= denominator;
  if (!atLeast) exponent--;
  if (exponent > bias) return overflow(format, negative);
  // The quantum of the significand: normal numbers follow the exponent, denormals stay at the smallest one.
  const least = 1 - bias;
  const denormal = exponent < least;
  const quantum = (denormal ? least : exponent) - format.fraction;
  const top = quantum < 0 ? numerator << BigInt(-quantum) : numerator;
  const bottom = quantum > 0 ? denominator << BigInt(quantum) : denominator;
  let significand = top / bottom;
  const rest = top % bottom;
  const up =
    mode.rounding === 'near'
      ? rest * 2n > bottom || (rest * 2n === bottom && (significand & 1n) === 1n)
      : rest > 0n && mode.rounding === (negative ? 'down' : 'up');
  if (up) significand++;
  if (denormal) {
    if (significand >= integerBit(format)) return { bytes: pack(format, negative, 1, significand) };
    if (significand === 0n || mode.flushDenormals) {
      const warning = { message: 'underflow in floating-point constant', code: 'float-underflow' };
      return { bytes: pack(format, negative, 0, 0n), warning };
    }
    const warning = { message: 'denormal floating-point constant', code: 'float-denorm' };
    return { bytes: pack(format, negative, 0, significand), warning };
  }
  if (significand >> BigInt(format.fraction + 1)) {
    significand >>= 1n;
    exponent++;
  }
  if (exponent > bias) return overflow(format, negative);
  return { bytes: pack(format, negative, exponent + bias, significand) };
}

const overflow = (format: FloatFormat, negative: boolean): FloatResult => ({
  bytes: infinity(format, negative),
  warning: { message: 'overflow in floating-point constant', code: 'float-overflow' },
});

function packedBcd(text: string, negative: boolean, format: FloatFormat): FloatResult {
  const bytes = new Uint8Array(format.bytes);
  if (format.bytes !== 10) return { bytes, error: 'packed BCD requires an 80-bit format' };
  const digits = text.replaceAll('_', '');
  const bad = /[^0-9]/.exec(digits);
  if (bad) return { bytes, error: `invalid character \`${bad[0]}' in packed BCD constant` };
  for (let i = 0; i < Math.min(18, digits.length); i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    bytes[i >> 1]! |= i & 1 ? digit << 4 : digit;
  }
  if (negative) bytes[9] = 0x80;
  if (digits.length <= 18) return { bytes };
  return { bytes, warning: { message: 'packed BCD truncated to 18 digits', code: 'other' } };
}
