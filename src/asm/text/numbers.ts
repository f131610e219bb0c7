// Integer constants (NASM manual, "Numeric Constants"): radix by prefix (0x, 0b, $...) or suffix (h, b, o, q, d, t, y).
import { digitValue } from './chars';

const RADIX: Readonly<Record<string, number>> = {
  b: 2,
  B: 2,
  y: 2,
  Y: 2,
  o: 8,
  O: 8,
  q: 8,
  Q: 8,
  h: 16,
  H: 16,
  x: 16,
  X: 16,
  d: 10,
  D: 10,
  t: 10,
  T: 10,
};

export interface ParsedNumber {
  /** Wrapped to a signed 64-bit value. */
  value: bigint;
  /** The digits did not fit in 64 bits. */
  overflow: boolean;
}

/** Undefined when the text is no number ("12z", "0b102"). A leading minus is accepted: %assign writes one. */
export function parseNumber(text: string): ParsedNumber | undefined {
  let start = 0;
  let end = text.length;
  const negative = text[0] === '-';
  if (negative) start = 1;
  const length = end - start;
  if (length === 0) return undefined;
  let prefix = 0;
  let prefixLength = 0;
  if (length > 2 && text[start] === '0' && RADIX[text[start + 1]!] !== undefined) {
    prefix = RADIX[text[start + 1]!]!;
    prefixLength = 2;
  } else if (length > 1 && text[start] === '$') {
    prefix = 16;
    prefixLength = 1;
  }
  const suffix = length > 1 ? (RADIX[text[end - 1]!] ?? 0) : 0;
  let radix = 10;
  // A letter can be both ("0bh", "0d"): the larger radix wins; with equal ones neither is a radix letter.
  if (prefix > suffix) {
    radix = prefix;
    start += prefixLength;
  } else if (suffix > prefix) {
    radix = suffix;
    end--;
  }
  let small = 0;
  let i = start;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 95) continue;
    const digit = digitValue(code);
    if (digit >= radix) return undefined;
    small = small * radix + digit;
    if (small > 0xffffffffffff) break;
  }
  if (i >= end) return { value: negative ? -BigInt(small) : BigInt(small), overflow: false };
  return parseLong(text, start, end, radix, negative);
}

function parseLong(
  text: string,
  start: number,
  end: number,
  radix: number,
  negative: boolean,
): ParsedNumber | undefined {
  let value = 0n;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 95) continue;
    const digit = digitValue(code);
    if (digit >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  const overflow = value > 0xffffffffffffffffn;
  return { value: BigInt.asIntN(64, negative ? -value : value), overflow };
}
