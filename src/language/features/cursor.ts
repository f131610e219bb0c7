// What stands at a place in a file: line, token, and which operand the cursor is in.
import type { Token } from '../../asm/token/token';
import type { Position } from '../position';
import type { FileSyntax, SyntaxLine } from '../syntax/types';

export interface Cursor {
  line: SyntaxLine;
  /** The token that covers the place or ends there. */
  token?: Token;
}

/** Index of the logical line that covers a physical one, or -1. */
export function lineIndexAt(syntax: FileSyntax, line: number): number {
  let low = 0;
  let high = syntax.lines.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (syntax.lines[mid]!.line <= line) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

export const lineAt = (syntax: FileSyntax, line: number): SyntaxLine | undefined =>
  syntax.lines[lineIndexAt(syntax, line)];

export function cursorAt(syntax: FileSyntax, { line, character }: Position): Cursor | undefined {
  const at = lineAt(syntax, line);
  if (!at) return undefined;
  const here = at.tokens.filter(
    (token) => token.at?.line === line + 1 && token.column - 1 <= character && character <= token.endColumn - 1,
  );
  const inside = here.find((token) => character < token.endColumn - 1 && token.kind !== 'op');
  const token = inside ?? here.find((candidate) => candidate.kind !== 'op') ?? here[0];
  return { line: at, ...(token ? { token } : {}) };
}

/** 0-based index of the operand that a column is in; undefined before the operands begin. */
export function operandIndexAt(line: SyntaxLine, character: number): number | undefined {
  if (!line.head || character < line.head.endColumn) return undefined;
  let depth = 0;
  let index = 0;
  for (const token of line.tokens) {
    if (token.column <= line.head.column || token.column - 1 >= character) continue;
    if (token.is('[') || token.is('(') || token.is('{')) depth++;
    else if (token.is(']') || token.is(')') || token.is('}')) depth--;
    else if (token.is(',') && depth <= 0) index++;
  }
  return index;
}

const COMMENT = /^\s*;+ ?(.*)$/;
const GAS_COMMENT = /^\s*(?:#+|\/\/+|\/\*+)\s?(.*?)(?:\*+\/)?\s*$/;

/** Comment lines right above a line, or the comment on the line itself. */
export function commentAbove(syntax: FileSyntax, line: number): string {
  const own = lineAt(syntax, line);
  const above: string[] = [];
  for (let at = line - 1; at >= 0; at--) {
    const text = (syntax.flavour === 'gas' ? GAS_COMMENT : COMMENT).exec(syntax.texts[at]!)?.[1];
    if (text === undefined) break;
    above.unshift(text);
  }
  const plain = above.filter((text) => !/^[\s\-=*#~_;]*$/.test(text));
  if (plain.length > 0) return plain.join('\n');
  if (!own || own.comment < 0 || own.line !== line) return '';
  return syntax.texts[line]!.slice(own.comment).replace(/^;+\s*/, '');
}
