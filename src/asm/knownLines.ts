// Lines by their text: what reading and parsing one gave serves all lines of the same text, in all passes, and in later runs
// when the cache is handed on (an editor assembles the same few thousand lines after every key). Their tokens stand on OWN_LINE:
// lines whose tokens outlive them, in the body of a macro or of a definition, are not read here.
import type { Expansions } from './expansions';
import { type Reading } from './expansions';
import type { ParsedLine } from './parse/statement';
import { OWN_LINE, type Token, type TokenKind } from './token/token';
import { tokenize } from './token/tokenizer';

export class KnownLine implements Reading {
  parsed: ParsedLine | null | undefined = undefined;
  expansions: Expansions | undefined = undefined;
  /** The state of the names of macros in which no word was one. */
  plainIn = 0;

  constructor(
    readonly tokens: readonly Token[],
    /** Words that could be macros; undefined for a line that is the preprocessor's in any case. */
    readonly words: readonly string[] | undefined,
    /** Nothing in it deserves a warning, and no directive keeps its tokens. */
    readonly shared: boolean,
  ) {}
}

/** Kinds of tokens that the preprocessor replaces. */
const REPLACED: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(['param', 'local', 'ctx', 'ppid', 'env', 'indirect', 'paste'] as const),
  ...(['q', 'qq', 'sq', 'sqq', 'condcomma', 'arg', 'errstr'] as const),
]);

const CONDITIONAL = /^%(?:(?:el)?if|else$|endif$)/i;

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
  if (tokens[0]?.is('#')) clean = false;
  let plain = clean;
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'id') words.push(token.text);
    else if (REPLACED.has(token.kind)) plain = false;
  }
  const first = tokens[0]?.kind === 'ws' ? tokens[1] : tokens[0];
  if (first?.kind === 'ppid' && !CONDITIONAL.test(first.text)) clean = false;
  return new KnownLine(tokens.slice(), plain ? words.slice() : undefined, clean);
}
