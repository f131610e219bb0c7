// Pieces that several directives parse alike: macro names made of parts, parameter counts, the rest of the line.
import { parseNumber } from '../../text/numbers';
import { skipSpace, type Token } from '../../token/token';
import type { PreprocessorState } from '../state';

const PARTS = new Set(['id', 'ppid', 'ctx', 'num']);

/**
 * The first word of `tokens`. A name written in parts (`foo%$bar`) is expanded and joined; a single one is left alone,
 * so that it can be defined again.
 */
export function expandName(
  state: PreprocessorState,
  tokens: readonly Token[],
): { head: Token | undefined; rest: readonly Token[] } {
  const start = skipSpace(tokens, 0);
  let end = start + 1;
  while (end < tokens.length && PARTS.has(tokens[end]!.kind)) end++;
  if (end <= start + 1) return { head: tokens[start], rest: tokens.slice(start + 1) };
  const joined = state.expand(tokens.slice(start, end));
  const at = skipSpace(joined, 0);
  return { head: joined[at], rest: [...joined.slice(at + 1), ...tokens.slice(end)] };
}

/** The macro name a directive defines; reports when there is none. */
export function macroName(
  state: PreprocessorState,
  tokens: readonly Token[],
  directive: Token,
): { name: Token; rest: readonly Token[] } | undefined {
  const { head, rest } = expandName(state, tokens);
  if (head && (head.kind === 'id' || head.kind === 'ctx')) return { name: head, rest };
  state.error(`\`${directive.text}' expects a macro identifier`, head ?? directive);
  return undefined;
}

export interface CountSpec {
  least: number;
  most: number;
  greedy: boolean;
  tokens: readonly Token[];
  /** Index of the first token after the specification. */
  next: number;
}

/** `1`, `1-3`, `0-*`, `2+`: how many parameters a macro takes. `optional`: nothing means any number. */
export function readCount(
  state: PreprocessorState,
  tokens: readonly Token[],
  directive: Token,
  optional = false,
): CountSpec {
  const spec: CountSpec = { least: 0, most: optional ? Infinity : 0, greedy: false, tokens, next: 0 };
  let i = skipSpace(tokens, 0);
  const count = (token: Token): number => {
    const value = parseNumber(token.text)?.value;
    if (value !== undefined && value >= 0n && value <= 0x7fffffffn) return Number(value);
    state.error(`unable to parse parameter count \`${token.text}'`, token);
    return 0;
  };
  const first = tokens[i];
  if (first?.kind === 'num') {
    spec.least = spec.most = count(first);
    i++;
  } else if (first || !optional) {
    state.error(`\`${directive.text}' expects a parameter count${optional ? ' or nothing' : ''}`, first ?? directive);
    if (first) i++;
  }
  if (tokens[i]?.is('-')) {
    const limit = tokens[++i];
    if (limit?.is('*')) spec.most = Infinity;
    else if (limit?.kind === 'num') spec.most = count(limit);
    else state.error(`\`${directive.text}' expects a parameter count after \`-'`, limit ?? directive);
    if (spec.least > spec.most) {
      state.error('minimum parameter count exceeds maximum', limit);
      spec.most = spec.least;
    }
    i++;
  }
  if (tokens[i]?.is('+')) {
    spec.greedy = true;
    i++;
  }
  spec.next = i;
  return spec;
}

export function warnTrailing(state: PreprocessorState, tokens: readonly Token[], from: number, after: string): void {
  const extra = tokens[skipSpace(tokens, from)];
  if (extra) state.warn('pp-trailing', `trailing garbage after \`${after}' ignored`, extra);
}
