// Lines that built-in macros stand for, written as source text and tokenized once. They may use %1, %$name and so on.
// Unlike the end of a source line, a final space counts: pieces of lines are put together.
import { SPACE, type Token } from '../token/token';
import { tokenize } from '../token/tokenizer';

const cache = new Map<string, readonly Token[]>();

export function template(text: string): readonly Token[] {
  let tokens = cache.get(text);
  if (!tokens) cache.set(text, (tokens = [...tokenize(text), ...(text.endsWith(' ') ? [SPACE] : [])]));
  return tokens;
}
