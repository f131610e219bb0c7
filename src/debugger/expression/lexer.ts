// Splits a debugger expression into tokens. Numbers are written as in NASM (0x1f, 1fh, 0b101, 101b, 0o17, 'A', 1_000);
// names may begin with a dot (local labels).

import type { ExpressionError } from './ast';

export type Token = { start: number; end: number } & (
  | { kind: 'number'; value: bigint }
  | { kind: 'name'; name: string }
  | { kind: 'symbol'; text: string }
  | { kind: 'end' }
);

const SYMBOLS = [
  '<<=',
  '>>=',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
].concat(['^='], [...'+-*/%&|^~!<>=()[]:?']);

const WORD = /[0-9A-Za-z_.$#@~?]/;
const NAME_START = /[A-Za-z_.$@]/;

const NUMBERS: readonly [RegExp, number][] = [
  [/^0[xh]([0-9a-f]+)$/, 16],
  [/^\$([0-9][0-9a-f]*)$/, 16],
  [/^((?!0x$)[0-9][0-9a-f]*)[hx]$/, 16],
  [/^0[by]([01]+)$/, 2],
  [/^([01]+)[by]$/, 2],
  [/^0[oq]([0-7]+)$/, 8],
  [/^([0-7]+)[oq]$/, 8],
  [/^0[dt]([0-9]+)$/, 10],
  [/^([0-9]+)[dt]?$/, 10],
];
const PREFIX: Readonly<Record<number, string>> = { 16: '0x', 2: '0b', 8: '0o', 10: '' };

/** Value of a number as NASM writes them, or undefined. */
export function parseNumber(text: string): bigint | undefined {
  const plain = text.replaceAll('_', '').toLowerCase();
  for (const [pattern, radix] of NUMBERS) {
    const digits = pattern.exec(plain)?.[1];
    if (digits !== undefined) return BigInt(PREFIX[radix] + digits);
  }
  return undefined;
}

export function tokenize(text: string): Token[] | ExpressionError {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text[at]!;
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    const start = at;
    if (c === "'" || c === '"') {
      const close = text.indexOf(c, at + 1);
      if (close < 0) return { message: 'the quoted characters have no closing quote', start, end: text.length };
      const bytes = new TextEncoder().encode(text.slice(at + 1, close));
      if (bytes.length === 0 || bytes.length > 8)
        return { message: 'between quotes there must be 1 to 8 characters', start, end: close + 1 };
      tokens.push({
        kind: 'number',
        value: bytes.reduceRight((v, b) => (v << 8n) | BigInt(b), 0n),
        start,
        end: close + 1,
      });
      at = close + 1;
      continue;
    }
    if (/[0-9]/.test(c) || (c === '$' && /[0-9]/.test(text[at + 1] ?? ''))) {
      at++;
      while (at < text.length && /[0-9A-Za-z_]/.test(text[at]!)) at++;
      const value = parseNumber(text.slice(start, at));
      if (value === undefined) return { message: `\`${text.slice(start, at)}\` is not a number`, start, end: at };
      tokens.push({ kind: 'number', value, start, end: at });
      continue;
    }
    if (NAME_START.test(c)) {
      while (at < text.length && WORD.test(text[at]!) && !(text[at] === '?' && at > start)) at++;
      tokens.push({ kind: 'name', name: text.slice(start, at), start, end: at });
      continue;
    }
    const symbol = SYMBOLS.find((s) => text.startsWith(s, at));
    if (symbol === undefined) return { message: `\`${c}\` has no meaning in an expression`, start, end: at + 1 };
    at += symbol.length;
    tokens.push({ kind: 'symbol', text: symbol, start, end: at });
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}
