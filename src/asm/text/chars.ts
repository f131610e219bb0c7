// Character classes of the NASM language. Every character outside ASCII may stand in an identifier.

const DIGIT = 1;
const HEX = 2;
const ALPHA = 4;
const ID = 8;
const ID_START = 16;
const SPACE = 32;
const QUOTE = 64;
const UNDERSCORE = 128;

const classes = new Uint8Array(128);
const mark = (characters: string, flags: number): void => {
  for (const character of characters) classes[character.charCodeAt(0)]! |= flags;
};
mark('0123456789', DIGIT | HEX | ID);
mark('abcdefABCDEF', HEX);
mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', ALPHA | ID | ID_START);
mark('_.@?', ID | ID_START);
mark('_', UNDERSCORE);
mark('$#~', ID);
mark(' \t\v\f\r', SPACE);
mark('\'"`', QUOTE);

const has = (code: number, flags: number): boolean => code < 128 && (classes[code]! & flags) !== 0;

// All take a UTF-16 unit; NaN (charCodeAt past the end) is in no class.
export const isDigit = (code: number): boolean => has(code, DIGIT);
export const isHexDigit = (code: number): boolean => has(code, HEX);
export const isAlpha = (code: number): boolean => has(code, ALPHA);
export const isIdStart = (code: number): boolean => code >= 128 || has(code, ID_START);
export const isIdChar = (code: number): boolean => code >= 128 || has(code, ID);
export const isSpace = (code: number): boolean => has(code, SPACE);
export const isQuote = (code: number): boolean => has(code, QUOTE);
/** Starts a number: a digit, or `$` of a hexadecimal number. */
export const isNumberStart = (code: number): boolean => code === 36 || has(code, DIGIT);
/** Continues a number: letters, digits and underscores. */
export const isNumberChar = (code: number): boolean => has(code, DIGIT | ALPHA | UNDERSCORE);

/** Value of a digit in bases up to 36; 99 for anything else. */
export function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 122 ? lower - 87 : 99;
}
