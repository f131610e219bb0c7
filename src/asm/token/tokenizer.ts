// Splits a logical line into tokens (NASM manual, "Layout of a NASM Source Line", "Constants", and the forms of `%`).
// The preprocessor's rules and the assembler's differ in one point: a number ends at a period that no digit follows
// ("1.nolist") for the preprocessor, but takes it ("1.") for the assembler; `assembler` chooses.
import { isDigit, isHexDigit, isIdChar, isIdStart, isNumberChar, isNumberStart, isQuote, isSpace } from '../text/chars';
import { closingQuote } from '../text/quote';
import type { TextTable } from '../text/textTable';
import { SPACE, Token, type SourceLine, type TokenKind } from './token';
import type { Word } from './word';

export interface TokenProblem {
  message: string;
  code?: string;
  column: number;
  endColumn: number;
}

export interface TokenizeOptions {
  at?: SourceLine;
  /** Column of the first character, default 1. */
  column?: number;
  /** Offsets at which further physical lines begin, and those lines. */
  joins?: readonly number[];
  assembler?: boolean;
  /** Has the text of words, each once. */
  vocabulary?: TextTable<Word>;
  onProblem?(problem: TokenProblem): void;
}

const OPERATORS = new Set(['>>', '>>>', '>=', '<<', '<<<', '<=', '<=>', '<>', '!=', '//', '==', '&&', '||', '^^']);

const code = (character: string): number => character.charCodeAt(0);
const PERCENT = code('%');
const DOLLAR = code('$');
const SEMICOLON = code(';');
const QUESTION = code('?');
const PERIOD = code('.');
const PLUS = code('+');
const MINUS = code('-');
const SMALL_E = code('e');
const SMALL_H = code('h');
const SMALL_P = code('p');
const SMALL_X = code('x');

export function tokenize(text: string, options: TokenizeOptions = {}): Token[] {
  const tokens = TokenList.take();
  const { vocabulary } = options;
  const place = locator(options);
  let i = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    const start = i;
    if (isSpace(c)) {
      do i++;
      while (isSpace(text.charCodeAt(i)));
      if (i >= text.length || text.charCodeAt(i) === SEMICOLON) break;
      tokens.add(SPACE);
      continue;
    }
    if (c === SEMICOLON) break;
    if (c === PERCENT && !options.assembler) {
      i = percent(text, i, tokens, place, options);
      continue;
    }
    let kind: TokenKind;
    if (c === QUESTION && !isIdChar(text.charCodeAt(i + 1))) {
      kind = 'qmark';
      i++;
    } else if (isIdStart(c) || (c === DOLLAR && isIdStart(text.charCodeAt(i + 1)))) {
      kind = 'id';
      do i++;
      while (isIdChar(text.charCodeAt(i)));
    } else if (isQuote(c)) {
      i = closingQuote(text, i);
      kind = i < text.length ? 'str' : 'errstr';
      if (i < text.length) i++;
      else
        problem(
          options,
          place('errstr', '', start, i),
          `unterminated string (missing \`${text[start]}')`,
          'pp-open-string',
        );
    } else if (c === DOLLAR && text.charCodeAt(i + 1) === DOLLAR) {
      kind = 'base';
      i += 2;
    } else if (isNumberStart(c)) {
      const scan = scanNumber(text, i, options.assembler === true);
      i = scan.end;
      kind = c === DOLLAR && i === start + 1 ? 'here' : scan.float ? 'float' : 'num';
    } else {
      kind = 'op';
      i = operatorEnd(text, i);
    }
    const piece = kind === 'id' && vocabulary ? vocabulary.at(text, start, i).text : text.slice(start, i);
    tokens.add(place(kind, piece, start, i));
  }
  return tokens.finish();
}

/** Tokens being collected, in an array that has grown already: the one that is given out is as long as it has to be. */
class TokenList {
  private static spare: TokenList | undefined;
  private readonly tokens: Token[] = [];
  private count = 0;

  static take(): TokenList {
    const list = TokenList.spare ?? new TokenList();
    TokenList.spare = undefined;
    return list;
  }

  add(token: Token): void {
    this.tokens[this.count++] = token;
  }

  finish(): Token[] {
    const tokens = this.tokens.slice(0, this.count);
    this.count = 0;
    TokenList.spare = this;
    return tokens;
  }
}

type Place = (kind: TokenKind, text: string, start: number, end: number) => Token;

function locator(options: TokenizeOptions): Place {
  const { at, joins, column = 1 } = options;
  if (!joins || !at) return (kind, text, start, end) => new Token(kind, text, at, start + column, end + column);
  const lines = joins.map((_, index): SourceLine => ({ file: at.file, line: at.line + index + 1, head: at }));
  return (kind, text, start, end) => {
    let index = joins.length - 1;
    while (index >= 0 && start < joins[index]!) index--;
    const from = index < 0 ? 0 : joins[index]!;
    return new Token(kind, text, index < 0 ? at : lines[index], start - from + 1, end - from + 1);
  };
}

function problem(options: TokenizeOptions, where: Token, message: string, warning?: string): void {
  options.onProblem?.({ message, code: warning, column: where.column, endColumn: where.endColumn });
}

function operatorEnd(text: string, start: number): number {
  let end = start + 1;
  while (end < start + 3 && OPERATORS.has(text.slice(start, end + 1))) end++;
  if (end === start + 1 && text.slice(start, start + 2) === '%%') end++;
  return end;
}

/** Extent of a number that starts with a digit or `$`. */
function scanNumber(text: string, start: number, assembler: boolean): { end: number; float: boolean } {
  let i = start;
  let hex = false;
  let float = false;
  let sawE = false;
  if (text.charCodeAt(i) === DOLLAR) {
    i++;
    hex = true;
  }
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isDigit(c)) continue;
    const letter = c | 0x20;
    if (letter === SMALL_H || letter === SMALL_X) hex = true;
    else if (letter === SMALL_P || (letter === SMALL_E && !hex)) {
      const next = text.charCodeAt(i + 1);
      const sign = next === PLUS || next === MINUS;
      if (letter === SMALL_E) sawE = true;
      if (letter === SMALL_P || sign) float = true;
      if (sign) i++;
    } else if (isNumberChar(c)) continue;
    else if (c === PERIOD && assembler) float = true;
    else if (c === PERIOD) {
      let next = i + 1;
      while (text[next] === '_') next++;
      const after = text.charCodeAt(next);
      const exponent = after | 0x20;
      const fraction = isDigit(after) || (hex ? isHexDigit(after) : exponent === SMALL_E) || exponent === SMALL_P;
      if (!fraction) break;
      i = next - 1;
      float = true;
    } else break;
  }
  return { end: i, float: float || (sawE && !hex) };
}

/** Everything that starts with a percent sign; returns the offset after it. */
function percent(text: string, start: number, tokens: TokenList, place: Place, options: TokenizeOptions): number {
  let i = start + 1;
  const c = text.charCodeAt(i);
  const character = text[i];
  const next = text.charCodeAt(i + 1);
  let inner: string | undefined;
  const idRun = (): void => {
    while (isIdChar(text.charCodeAt(i))) i++;
  };
  if (character === '+' && !isDigit(next)) i++;
  else if (isDigit(c) || ((character === '+' || character === '-') && isDigit(next))) {
    do i++;
    while (isDigit(text.charCodeAt(i)));
  } else if (character === '{' || character === '[') {
    const end = closingBracket(text, i);
    inner = text.slice(i + 1, end);
    i = Math.min(end + 1, text.length);
    if (end >= text.length) {
      const close = character === '{' ? '}' : ']';
      const message = `unterminated %${character}...${close} construct (missing \`${close}')`;
      problem(
        options,
        place('other', '', start, i),
        message,
        character === '{' ? 'pp-open-braces' : 'pp-open-brackets',
      );
    }
    if (character === '[') {
      if (inner !== '') tokens.add(place('indirect', inner, start, i));
      return i;
    }
    if (inner === '') {
      const message = 'empty %{} construct expands to the % operator';
      problem(options, place('other', '', start, i), message, 'pp-empty-braces');
    }
  } else if (character === '?') i += text[i + 1] === '?' ? 2 : 1;
  else if (character === '*' && text[i + 1] === '?') i += text[i + 2] === '?' ? 3 : 2;
  else if (character === '!') {
    i++;
    if (isIdChar(text.charCodeAt(i))) idRun();
    else if (isQuote(text.charCodeAt(i))) {
      i = Math.min(closingQuote(text, i) + 1, text.length);
    }
  } else if (character === ',') i++;
  else if (isIdChar(c) || ((character === '%' || character === '$') && isIdChar(next))) {
    i++;
    idRun();
  } else if (character === '%') i++;
  const whole = inner === undefined ? text.slice(start, i) : `%${inner}`;
  tokens.add(place(classify(whole), whole, start, i));
  return i;
}

/** Offset of the bracket that closes the one at `open`, or text.length. */
function closingBracket(text: string, open: number): number {
  const opener = text[open];
  const closer = opener === '{' ? '}' : ']';
  let level = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === opener) level++;
    else if (text[i] === closer && --level === 0) return i;
    else if (isQuote(text.charCodeAt(i))) i = closingQuote(text, i);
  }
  return text.length;
}

function classify(text: string): TokenKind {
  if (text.length < 2) return 'op';
  const c = text[1]!;
  switch (c) {
    case '+':
      return text.length === 2 ? 'paste' : 'param';
    case '-':
    case ':':
      return 'param';
    case '?':
      return text.length === 2 ? 'q' : text === '%??' ? 'qq' : 'ppid';
    case '*':
      return text === '%*?' ? 'sq' : text === '%*??' ? 'sqq' : 'other';
    case '!':
      return text.length === 2 ? 'other' : 'env';
    case '%':
      return text.length === 2 ? 'op' : 'local';
    case '$':
      return text.length === 2 ? 'other' : 'ctx';
    case ',':
      return text.length === 2 ? 'condcomma' : 'ppid';
    default:
      if (isDigit(text.charCodeAt(1))) return 'param';
      return isIdChar(text.charCodeAt(1)) || text.length > 2 ? 'ppid' : 'other';
  }
}
