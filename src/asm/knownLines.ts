// Lines by their text: what reading and parsing one gave serves all lines of the same text, in all passes, and in later runs
// when the cache is handed on (an editor assembles the same few thousand lines after every key). Their tokens stand on OWN_LINE:
// lines whose tokens outlive them, in the body of a macro or of a definition, are not read here.
import type { Expansion, Expansions, Reading } from './expansions';
import type { ParsedLine } from './parse/statement';
import { TextTable } from './text/textTable';
import { OWN_LINE, type Token, type TokenKind } from './token/token';
import { tokenize } from './token/tokenizer';
import { Word } from './token/word';

export class KnownLine implements Reading {
  parsed: ParsedLine | null | undefined = undefined;
  expansions: Expansions | undefined = undefined;
  /** The state of the names of macros in which no word was one. */
  plainIn = 0;
  /** What its macros made of it, or whether its condition held, and under which definitions. */
  expansion: Expansion | undefined = undefined;
  condition: boolean | undefined = undefined;
  steadyIn = 0;
  /** Words that could be macros; undefined for a line that is the preprocessor's in any case. */
  words: readonly Word[] | undefined = undefined;
  /** Nothing in it deserves a warning, and no directive keeps its tokens. */
  shared = false;
  empty = false;
  private read: readonly Token[] | undefined = undefined;

  constructor(
    readonly text: string,
    private readonly vocabulary: TextTable<Word>,
  ) {}

  /** Read from the text when first asked for. */
  get tokens(): readonly Token[] {
    return this.read ?? this.readText();
  }

  /** Reads the line unless that has been done. */
  know(): this {
    if (!this.wasRead) this.readText();
    return this;
  }
  private wasRead = false;

  keep(parsed: ParsedLine | null): void {
    this.parsed = parsed;
    // Most lines are never asked for their tokens again.
    this.read = undefined;
  }

  private readText(): readonly Token[] {
    let clean = true;
    const tokens = tokenize(this.text, {
      at: OWN_LINE,
      vocabulary: this.vocabulary,
      onProblem: () => (clean = false),
    });
    if (tokens[0]?.is('#')) clean = false;
    if (!this.wasRead) this.judge(tokens, clean);
    this.wasRead = true;
    return (this.read = tokens);
  }

  private judge(tokens: readonly Token[], clean: boolean): void {
    this.empty = tokens.length === 0;
    let plain = clean;
    let count = 0;
    for (const token of tokens) {
      if (token.kind === 'id') count++;
      else if (REPLACED.has(token.kind)) plain = false;
    }
    const first = tokens[0]?.kind === 'ws' ? tokens[1] : tokens[0];
    this.shared = clean && !(first?.kind === 'ppid' && !CONDITIONAL.test(first.text));
    if (!plain) return;
    const words = new Array<Word>(count);
    let at = 0;
    for (const { kind, text } of tokens) if (kind === 'id') words[at++] = this.vocabulary.at(text, 0, text.length);
    this.words = words;
  }
}

/** Kinds of tokens that the preprocessor replaces. */
const REPLACED: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(['param', 'local', 'ctx', 'ppid', 'env', 'indirect', 'paste'] as const),
  ...(['q', 'qq', 'sq', 'sqq', 'condcomma', 'arg', 'errstr'] as const),
]);

const CONDITIONAL = /^%(?:(?:el)?if|else$|endif$)/i;

const MOST_LINES = 100_000;
const MOST_WORDS = 100_000;

export class KnownLines {
  private readonly words = new TextTable((text) => new Word(text));
  private readonly lines = new TextTable((text) => new KnownLine(text, this.words));

  /** The line that stands in `source` from `start` to `end`. */
  at(source: string, start: number, end: number): KnownLine {
    if (this.lines.size >= MOST_LINES) this.lines.clear();
    if (this.words.size >= MOST_WORDS) this.words.clear();
    return this.lines.at(source, start, end);
  }
}
