// One line: label, prefixes, and an instruction, pseudo-instruction or directive (NASM manual, "Layout of a NASM Source Line").
import type { Origin } from '../diagnostics';
import { Cursor } from '../expr/cursor';
import { ExpressionParser } from '../expr/parser';
import { unquoteText } from '../text/quote';
import { keyword, type Keyword } from '../token/keywords';
import { Token } from '../token/token';
import { assemblerTokens } from '../token/rescan';
import { DataParser } from './dataParser';
import { OperandParser, segmentPrefix } from './operandParser';
import type { Body, ParsedLine, Prefix } from './statement';

type MutableLine = ParsedLine & { prefixes: Prefix[] };
const NO_PREFIXES: readonly Prefix[] = [];

export type LineReporter = (
  severity: 'error' | 'warning',
  message: string,
  origin: Origin,
  token?: Token,
  code?: string,
) => void;

/** Undefined for a line with nothing to do. */
export function parseLine(raw: readonly Token[], origin: Origin, report: LineReporter): ParsedLine | undefined {
  const first = raw.find((token) => token.kind !== 'ws');
  if (!first) return undefined;
  if (first.is('[')) return directiveLine(raw, first, origin, report);
  const tokens = assemblerTokens(raw);
  const last = tokens.at(-1)!;
  const after = new Token('other', '', last.at, last.endColumn, last.endColumn + 1);
  const cursor = new Cursor(tokens, (message, token, severity) =>
    report(severity, message, origin, token ?? after, severity === 'warning' ? 'other' : undefined),
  );
  const line: MutableLine = { label: undefined, times: undefined, prefixes: [], body: EMPTY };
  const word = keywordOf(tokens[0]!);
  const isLabel =
    tokens[0]!.kind === 'id' &&
    (!word || word.type === 'function' || (word.type === 'instruction' && tokens[1]?.is(':') === true));
  const prefix =
    word?.type === 'prefix' || segmentPrefix(tokens[0]!) !== undefined || schemePrefix(cursor) !== undefined;
  if (!isLabel && word?.type !== 'instruction' && !prefix) {
    const hint = word?.type === 'register' ? `: \`${tokens[0]!.text}' is a register` : '';
    cursor.error(`label or instruction expected at start of line${hint}`);
    return { ...line, body: { kind: 'broken' } };
  }
  if (isLabel) {
    const token = cursor.next()!;
    line.label = { name: token.text.startsWith('$') ? token.text.slice(1) : token.text, token };
    const colon = cursor.take(':');
    if (cursor.atEnd && !colon) {
      const message = 'label alone on a line without a colon might be in error';
      report('warning', message, origin, token, 'label-orphan');
    }
    if (cursor.atEnd) return finished(line);
  }
  line.body = parseBody(cursor, line, origin, report) ?? { kind: 'broken' };
  return finished(line);
}

const EMPTY: Body = { kind: 'empty' };

/** Most lines have no prefix: they share the empty list. */
const finished = (line: MutableLine): ParsedLine =>
  line.prefixes.length > 0 ? line : { label: line.label, times: line.times, prefixes: NO_PREFIXES, body: line.body };

const keywordOf = (token: Token): Keyword | undefined => (token.kind === 'id' ? keyword(token.text) : undefined);

function parseBody(cursor: Cursor, line: MutableLine, origin: Origin, report: LineReporter): Body | undefined {
  if (!parsePrefixes(cursor, line, origin, report)) return undefined;
  const word = cursor.keyword();
  const token = cursor.token;
  const labelColon = line.label !== undefined && cursor.tokens[1]?.is(':') === true;
  if (word?.type !== 'instruction') {
    if (cursor.atEnd && line.prefixes.length > 0) return { kind: 'prefixes' };
    const name = line.label && !line.label.token.text.startsWith('.') ? line.label.name : undefined;
    const hint =
      name === undefined || !token || labelColon
        ? ''
        : name.toLowerCase() === 'org'
          ? ": `org' is for flat binaries; in an object the linker decides on addresses"
          : `: \`${name}' is not an instruction this assembler knows`;
    cursor.error(`parser: instruction expected${hint}`, hint ? line.label!.token : token);
    // It is no label then, and must not clash with the next line of that kind.
    if (hint && !labelColon) line.label = undefined;
    return undefined;
  }
  cursor.next();
  const { pseudo } = word;
  switch (pseudo?.kind) {
    case 'data': {
      const items = new DataParser(cursor).parseList(pseudo.unit);
      if (!items) return undefined;
      if (!cursor.atEnd) {
        cursor.error('comma expected after operand');
        return undefined;
      }
      if (items.length === 0) report('warning', 'no operand for data declaration', origin, token, 'db-empty');
      return { kind: 'data', unit: pseudo.unit, items, token: token!, memo: undefined };
    }
    case 'incbin':
      return parseIncbin(cursor, token!);
    default: {
      const farJump = word.name === 'jmp' || word.name === 'call';
      const operands = new OperandParser(cursor, farJump, line.prefixes).parseAll();
      if (!operands) return undefined;
      if (pseudo?.kind === 'equ') return { kind: 'equ', operands, token: token! };
      if (pseudo?.kind === 'reserve') return { kind: 'reserve', unit: pseudo.unit, operands, token: token! };
      return {
        kind: 'instruction',
        mnemonic: word.name,
        operands,
        token: token!,
        memo: undefined,
        jump: undefined,
        dependence: undefined,
        branch: undefined,
      };
    }
  }
}

/** `{rex}`, `{vex2}`, `{vex3}`, `{evex}`. */
function schemePrefix(cursor: Cursor): string | undefined {
  if (!cursor.isOp('{') || !cursor.tokens[cursor.index + 2]?.is('}')) return undefined;
  const name = cursor.tokens[cursor.index + 1]!.text.toLowerCase();
  return /^(rex|vex[23]?|evex)$/.test(name) ? name : undefined;
}

function parsePrefixes(cursor: Cursor, line: MutableLine, origin: Origin, report: LineReporter): boolean {
  for (;;) {
    const token = cursor.token;
    const scheme = schemePrefix(cursor);
    const word = scheme ? undefined : cursor.keyword();
    const segment = token && segmentPrefix(token);
    if (!scheme && word?.type !== 'prefix' && segment === undefined) return true;
    if (word?.type === 'prefix' && word.slot === 'times') {
      cursor.next();
      const first = cursor.token;
      const count = new ExpressionParser(cursor).parse();
      if (!count) return false;
      line.times = { count, token: first ?? count.token };
      continue;
    }
    const prefix: Prefix = scheme
      ? { slot: 'vex', name: scheme, token: token! }
      : word?.type === 'prefix'
        ? { slot: word.slot, name: word.name, token: token! }
        : { slot: 'seg', name: segment!, token: token! };
    const previous = line.prefixes.find((other) => other.slot === prefix.slot);
    if (previous?.name === prefix.name) report('warning', 'instruction has redundant prefixes', origin, token, 'other');
    else if (previous) cursor.error('instruction has conflicting prefixes');
    if (previous) line.prefixes.splice(line.prefixes.indexOf(previous), 1);
    line.prefixes.push(prefix);
    cursor.index += scheme ? 3 : 1;
  }
}

function parseIncbin(cursor: Cursor, token: Token): Body | undefined {
  const name = cursor.token;
  if (name?.kind !== 'str') {
    cursor.error("`incbin' expects a file name");
    return undefined;
  }
  cursor.next();
  const expressions = new ExpressionParser(cursor);
  const numbers = [];
  while (cursor.take(',')) {
    const value = expressions.parse();
    if (!value) return undefined;
    numbers.push(value);
  }
  if (!cursor.atEnd) {
    cursor.error('comma expected after operand');
    return undefined;
  }
  if (numbers.length > 2) {
    cursor.error("`incbin': more than three parameters", numbers[2]!.token);
    return undefined;
  }
  return { kind: 'incbin', path: unquoteText(name.text), skip: numbers[0], length: numbers[1], token };
}

/** `[name value]`. */
function directiveLine(raw: readonly Token[], open: Token, origin: Origin, report: LineReporter): ParsedLine {
  const start = raw.indexOf(open);
  const close = raw.findIndex((token, index) => index > start && token.is(']'));
  const inner = raw.slice(start + 1, close < 0 ? raw.length : close);
  const at = inner.findIndex((token) => token.kind !== 'ws');
  const name = inner[at];
  const value = inner.slice(at + 1);
  const line: ParsedLine = { prefixes: [], body: { kind: 'broken' } };
  if (close < 0 || !name) {
    report('error', "invalid directive line: write [name value], with the closing `]'", origin, open);
    return line;
  }
  while (value[0]?.kind === 'ws') value.shift();
  return { ...line, body: { kind: 'directive', name: name.text.toLowerCase(), value, token: name } };
}
