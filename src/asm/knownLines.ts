// Lines by their text: what reading and parsing one gave serves all lines of the same text, in all passes, and in later runs
// when the cache is handed on (an editor assembles the same few thousand lines after every key). Only lines that leave
// nothing to the preprocessor are here, provided that none of their words is a macro; their tokens stand on OWN_LINE.
import type { ParsedLine } from './parse/statement';
import { OWN_LINE, type Token, type TokenKind } from './token/token';
import { tokenize } from './token/tokenizer';

export interface KnownLine {
  tokens: readonly Token[];
  /** Words that could be macros; undefined for a line that is the preprocessor's in any case. */
  words: readonly string[] | undefined;
  /** Null for a line with nothing to do; undefined when not parsed, or with complaints to be repeated. */
  parsed: ParsedLine | null | undefined;
}

/** Kinds of tokens that the preprocessor replaces. */
const REPLACED: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(['param', 'local', 'ctx', 'ppid', 'env', 'indirect', 'paste'] as const),
  ...(['q', 'qq', 'sq', 'sqq', 'condcomma', 'arg', 'errstr'] as const),
]);

const MOST_LINES = 100_000;

export class KnownLines {
  private readonly lines = new Map<string, KnownLine>();

  of(text: string): KnownLine {
    let line = this.lines.get(text);
    if (line) return line;
    if (this.lines.size >= MOST_LINES) this.lines.clear();
    this.lines.set(text, (line = read(text)));
    return line;
  }
}

function read(text: string): KnownLine {
  let clean = true;
  const tokens = tokenize(text, { at: OWN_LINE, onProblem: () => (clean = false) });
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'id') words.push(token.text);
    else if (REPLACED.has(token.kind)) clean = false;
  }
  if (tokens[0]?.is('#')) clean = false;
  return { tokens, words: clean ? words : undefined, parsed: undefined };
}
