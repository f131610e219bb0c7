// A position in a line's significant tokens, shared by the parsers of expressions, operands and lines.
import { keyword, type Keyword } from '../token/keywords';
import type { Token } from '../token/token';

export class Cursor {
  index = 0;

  /** `tokens` without white space. `report` gets a message and the token it is about, undefined at the end of the line. */
  constructor(
    readonly tokens: readonly Token[],
    private readonly reporter: (message: string, token: Token | undefined, severity: 'error' | 'warning') => void,
  ) {}

  get token(): Token | undefined {
    return this.tokens[this.index];
  }

  get atEnd(): boolean {
    return this.index >= this.tokens.length;
  }

  next(): Token | undefined {
    return this.tokens[this.index++];
  }

  isOp(text: string): boolean {
    const token = this.tokens[this.index];
    return token !== undefined && token.kind === 'op' && token.text === text;
  }

  /** Skips the operator when it stands here. */
  take(text: string): boolean {
    if (!this.isOp(text)) return false;
    this.index++;
    return true;
  }

  keyword(offset = 0): Keyword | undefined {
    const token = this.tokens[this.index + offset];
    return token && token.kind === 'id' ? keyword(token.text) : undefined;
  }

  /** Reports at the current token, or right after the last one at the end of the line. */
  error(message: string, token: Token | undefined = this.token): void {
    this.reporter(message, token, 'error');
  }

  warn(message: string, token: Token | undefined = this.token): void {
    this.reporter(message, token, 'warning');
  }
}
