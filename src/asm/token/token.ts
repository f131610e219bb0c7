// Tokens of the preprocessor. They are immutable and freely shared; each knows where in the sources its text stands.

export type TokenKind =
  | 'id'
  | 'num'
  | 'float'
  | 'str'
  /** A string without its closing quote. */
  | 'errstr'
  | 'ws'
  /** Operator or punctuation, one or more characters. */
  | 'op'
  /** `$` and `$$`. */
  | 'here'
  | 'base'
  /** The operator `?`. */
  | 'qmark'
  /** `%1`, `%0`, `%00`, `%+1`, `%-1`, `%{1:3}`: parameter of a multi-line macro. */
  | 'param'
  /** `%%name`: label local to a multi-line macro. */
  | 'local'
  /** `%$name`: context-local name. */
  | 'ctx'
  /** `%name`: directive, function or nothing of the kind. */
  | 'ppid'
  /** `%!NAME`. */
  | 'env'
  /** `%[...]`; the text is what stands between the brackets. */
  | 'indirect'
  /** `%+`. */
  | 'paste'
  /** `%?`, `%??`, `%*?`, `%*??`. */
  | 'q'
  | 'qq'
  | 'sq'
  | 'sqq'
  /** `%,`. */
  | 'condcomma'
  /** A parameter inside the body of a single-line macro; `arg` is its index. */
  | 'arg'
  | 'other';

/** A physical source line. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  /** The line on which the logical line begins, when backslashes joined several. */
  readonly head?: SourceLine | undefined;
}

/** A line of a file, which is the origin of what is written on it. */
export class FileLine implements SourceLine {
  constructor(
    readonly file: string,
    readonly line: number,
  ) {}

  get head(): undefined {
    return undefined;
  }

  get at(): this {
    return this;
  }

  get stack(): readonly never[] {
    return NO_MACROS;
  }

  get call(): undefined {
    return undefined;
  }
}

const NO_MACROS: readonly never[] = [];

/** Stands for the line of the statement at hand, in tokens that all lines of the same text share. */
export const OWN_LINE: SourceLine = { file: '', line: 0 };

export class Token {
  constructor(
    readonly kind: TokenKind,
    readonly text: string,
    /** Absent for text that no source holds (a computed number). */
    readonly at: SourceLine | undefined,
    /** 1-based column of the first character and of the one after the last. */
    readonly column: number,
    readonly endColumn: number,
    readonly arg = -1,
  ) {}

  /** The same token, said to stand where `place` stands. */
  movedTo(place: Token | undefined): Token {
    return place && this.kind !== 'ws'
      ? new Token(this.kind, this.text, place.at, place.column, place.endColumn, this.arg)
      : this;
  }

  is(text: string): boolean {
    return this.kind === 'op' && this.text === text;
  }
}

export const madeToken = (kind: TokenKind, text: string, place?: Token): Token =>
  new Token(kind, text, place?.at, place?.column ?? 0, place?.endColumn ?? 0);

export const numberToken = (value: bigint | number, place?: Token): Token => madeToken('num', value.toString(), place);
export const opToken = (text: string, place?: Token): Token => madeToken('op', text, place);
/** White space is one token for all: nobody asks where it stands. */
export const SPACE: Token = madeToken('ws', ' ');

export const skipSpace = (tokens: readonly Token[], from: number): number => {
  let i = from;
  while (i < tokens.length && tokens[i]!.kind === 'ws') i++;
  return i;
};

export const trimStart = (tokens: readonly Token[]): readonly Token[] => {
  const start = skipSpace(tokens, 0);
  return start === 0 ? tokens : tokens.slice(start);
};

/** Without any white space. */
export const withoutSpace = (tokens: readonly Token[]): Token[] => tokens.filter((token) => token.kind !== 'ws');

/** Text of tokens as written; the brackets of `%[...]` are put back. */
export const textOf = (tokens: readonly Token[]): string =>
  tokens.map((token) => (token.kind === 'indirect' ? `%[${token.text}]` : token.text)).join('');

/** Whether the token is written on that line, not carried there by a macro. */
export const standsOn = (token: Token, line: SourceLine): boolean =>
  token.at === OWN_LINE || (token.at?.line === line.line && token.at.file === line.file);
