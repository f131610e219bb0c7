// Token pasting: explicit (`%+`) and implicit, of tokens that expansion left side by side
// (NASM manual, "Concatenating Single Line Macro Tokens", "Concatenating Macro Parameters").
import { Token } from '../token/token';
import { tokenize } from '../token/tokenizer';

type PasteClass = 'id' | 'ctx' | 'env' | 'ppid' | 'number' | 'operator';

/** A token of a class in `heads` swallows the tokens of the classes in `tails` that follow it directly. */
export interface PasteRule {
  heads: readonly PasteClass[];
  tails: readonly PasteClass[];
}

const LETTERS: readonly PasteClass[] = ['id', 'ctx', 'env', 'ppid'];
export const SINGLE_MACRO_RULES: readonly PasteRule[] = [{ heads: LETTERS, tails: [...LETTERS, 'number'] }];
export const PARAMETER_RULES: readonly PasteRule[] = [
  { heads: ['id'], tails: ['id', 'number', 'operator'] },
  { heads: ['number'], tails: ['number'] },
];

function classOf(token: Token): PasteClass | undefined {
  switch (token.kind) {
    case 'id':
    case 'qmark':
      return 'id';
    case 'ctx':
    case 'env':
    case 'ppid':
      return token.kind;
    case 'num':
    case 'float':
      return 'number';
    case 'here':
    case 'base':
    case 'other':
    case 'op':
      return 'operator';
    default:
      return undefined;
  }
}

/** Tokens of the joined text; they stand where the joined tokens stood. */
function join(parts: readonly Token[]): Token[] {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  const end = last.at === first.at ? Math.max(last.endColumn, first.endColumn) : first.endColumn;
  const text = parts.map((part) => part.text).join('');
  return tokenize(text).map((token) => new Token(token.kind, token.text, first.at, first.column, end));
}

export interface Pasted {
  tokens: Token[];
  pasted: boolean;
}

/** Whether any two neighbours become one, or `%+` is to be obeyed. */
function isApart(tokens: readonly Token[], rules: readonly PasteRule[], explicit: boolean): boolean {
  for (let i = 0; i < tokens.length; i++) {
    const { kind } = tokens[i]!;
    if (kind === 'paste' && explicit) return false;
    if (i === 0 || (kind === 'ws') !== (tokens[i - 1]!.kind === 'ws')) continue;
    if (kind === 'ws' || mayJoin(tokens[i - 1]!, tokens[i]!, rules)) return false;
  }
  return true;
}

function mayJoin(left: Token, right: Token, rules: readonly PasteRule[]): boolean {
  const head = classOf(left);
  const tail = classOf(right);
  if (!head || !tail) return false;
  for (const { heads, tails } of rules) if (heads.includes(head) && tails.includes(tail)) return true;
  return false;
}

export function pasteTokens(input: Token[], rules: readonly PasteRule[], explicit: boolean): Pasted {
  if (isApart(input, rules, explicit)) return { tokens: input, pasted: false };
  const out: Token[] = [];
  /** Still to be looked at, last first. */
  const rest = [...input].reverse();
  let pasted = false;
  while (rest.length > 0) {
    const token = rest.pop()!;
    if (token.kind === 'ws') {
      if (out.at(-1)?.kind !== 'ws') out.push(token);
    } else if (token.kind === 'paste' && explicit) {
      pasted = true;
      pasteAround(out, rest);
    } else {
      const kind = classOf(token);
      const rule = kind && rules.find((candidate) => candidate.heads.includes(kind));
      const run = [token];
      while (rule && rest.length > 0) {
        const next = classOf(rest.at(-1)!);
        if (!next || !rule.tails.includes(next)) break;
        run.push(rest.pop()!);
      }
      if (run.length === 1) out.push(token);
      else {
        pasted = true;
        out.push(...join(run));
      }
    }
  }
  return { tokens: out, pasted };
}

/** Joins the last token of `out` with the next of `rest`; the result goes back to `rest` to be looked at again. */
function pasteAround(out: Token[], rest: Token[]): void {
  while (out.at(-1)?.kind === 'ws') out.pop();
  while (rest.length > 0 && (rest.at(-1)!.kind === 'ws' || rest.at(-1)!.kind === 'paste')) rest.pop();
  if (rest.length === 0 || out.length === 0) return;
  const left = out.pop()!;
  const right = rest.pop()!;
  rest.push(...join([left, right]).reverse());
}
