// Quoted strings: '...' and "..." are taken as they are, `...` knows C escapes (NASM manual, "Character Strings").
// Values are byte strings (text/bytes.ts).
import { isHexDigit, digitValue } from './chars';
import { toByteString, fromByteString, utf8 } from './bytes';

/** Index of the closing quote of the string that starts at `start`, or text.length when it is not closed. */
export function closingQuote(text: string, start: number): number {
  const quote = text[start]!;
  for (let i = start + 1; i < text.length; i++) {
    const character = text[i];
    if (character === quote) return i;
    if (quote === '`' && character === '\\') i++;
  }
  return text.length;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The bytes a quoted token stands for; text without quotes stands for itself. `cLike`: "..." has escapes, as in C. */
export function unquote(token: string, cLike = false): string {
  const quote = token[0];
  if (quote !== "'" && quote !== '"' && quote !== '`') return toByteString(token);
  const end = closingQuote(token, 0);
  const inner = token.slice(1, end);
  return quote === '`' || (cLike && quote === '"') ? unescape(inner) : toByteString(inner);
}

function unescape(text: string): string {
  if (!text.includes('\\')) return toByteString(text);
  let out = '';
  let plain = 0;
  let i = 0;
  while (i < text.length) {
    if (text[i] !== '\\') {
      i++;
      continue;
    }
    out += toByteString(text.slice(plain, i));
    const letter = text[i + 1];
    i += 2;
    if (letter === undefined) out += '\\';
    else if (letter >= '0' && letter <= '7') {
      const from = i - 1;
      while (i < from + 3 && text[i]! >= '0' && text[i]! <= '7') i++;
      out += String.fromCharCode(parseInt(text.slice(from, i), 8) & 0xff);
    } else if (letter === 'x' || letter === 'X' || letter === 'u' || letter === 'U') {
      const most = letter === 'u' ? 4 : letter === 'U' ? 8 : 2;
      let value = 0;
      const from = i;
      while (i < from + most && isHexDigit(text.charCodeAt(i))) value = value * 16 + digitValue(text.charCodeAt(i++));
      if (i === from) out += letter;
      else out += most === 2 ? String.fromCharCode(value) : utf8(value);
    } else {
      const code = ESCAPES[letter];
      out += code === undefined ? toByteString(letter) : String.fromCharCode(code);
    }
    plain = i;
  }
  return out + toByteString(text.slice(plain));
}

const LETTERS: Readonly<Record<number, string>> = {
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  27: 'e',
  92: '\\',
  96: '`',
};

/** Writes a byte string as a quoted token, in the first of '..', "..", `..` that can hold it. */
export function quote(value: string): string {
  const plain = /^[ -~]*$/.test(value);
  if (plain && !value.includes("'")) return `'${value}'`;
  if (plain && !value.includes('"')) return `"${value}"`;
  let out = '`';
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const letter = LETTERS[code];
    if (letter !== undefined) out += `\\${letter}`;
    else if (code >= 32 && code < 127) out += value[i];
    else {
      const next = value.charCodeAt(i + 1);
      const full = next >= 48 && next <= 55;
      out += `\\${full ? code.toString(8).padStart(3, '0') : code.toString(8)}`;
    }
  }
  return `${out}\``;
}

/** Byte string of a token as source text, for messages and file names. */
export const unquoteText = (token: string): string => fromByteString(unquote(token));
