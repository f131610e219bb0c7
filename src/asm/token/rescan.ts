// From the preprocessor's tokens to the assembler's: white space goes, and text that expansion left side by side is read
// again as one (nasm writes the line out and scans it anew).
import { Token } from './token';
import { tokenize } from './tokenizer';

const WORDS = new Set(['id', 'num', 'float', 'here', 'base', 'qmark']);
/** Kinds that mean nothing to the assembler: their text does (`5 %x` is a modulo). */
const TEXT_ONLY = new Set([
  'ppid',
  'local',
  'param',
  'other',
  'q',
  'qq',
  'sq',
  'sqq',
  'condcomma',
  'paste',
  'arg',
  'indirect',
]);
const JOINING = new Set(['>>', '>>>', '>=', '<<', '<<<', '<=', '<=>', '<>', '!=', '//', '==', '&&', '||', '^^', '%%']);

const isWord = (token: Token): boolean => WORDS.has(token.kind) || TEXT_ONLY.has(token.kind);

function joins(a: Token, b: Token): boolean {
  if (isWord(a) && isWord(b)) return true;
  return a.kind === 'op' && b.kind === 'op' && JOINING.has(a.text + b.text);
}

/** The significant tokens of a line. */
export function assemblerTokens(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === 'ws') continue;
    const next = tokens[i + 1];
    const glued = next !== undefined && next.kind !== 'ws' && joins(token, next);
    if (!glued && !TEXT_ONLY.has(token.kind)) {
      out.push(token);
      continue;
    }
    // From here to the next white space everything is read again: what was glued may take in more ("1", "e", "+", "5").
    let text = token.text;
    let last = token;
    while (glued && i + 1 < tokens.length && tokens[i + 1]!.kind !== 'ws') {
      last = tokens[++i]!;
      text += last.text;
    }
    const end = last.at === token.at ? Math.max(last.endColumn, token.endColumn) : token.endColumn;
    for (const piece of tokenize(text, { assembler: true })) {
      if (piece.kind !== 'ws') out.push(new Token(piece.kind, piece.text, token.at, token.column, end));
    }
  }
  return out;
}
