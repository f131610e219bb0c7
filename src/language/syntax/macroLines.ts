// The preprocessor's directives that define single-line macros.
import type { Token } from '../../asm/token/token';
import type { Definition } from './types';

const DEFINING = /^i?(x?define|assign|defstr|deftok|defalias|strlen|strcat|substr|pathsearch|depend)$/;

/** Name and facts of `%define name(a, b) body`; `rest` are the tokens after the directive. */
export function macroDefinition(
  directive: string,
  rest: readonly Token[],
  text: string,
): { token: Token; more: Partial<Definition> } | undefined {
  const token = rest[0];
  if (!DEFINING.test(directive) || directive === 'depend' || (token?.kind !== 'id' && token?.kind !== 'ctx'))
    return undefined;
  const insensitive = directive.startsWith('i');
  let from = token.endColumn;
  let parameters: string[] | undefined;
  // Only a parenthesis right after the name opens parameters.
  if (rest[1]?.is('(') && rest[1].column === token.endColumn) {
    const close = rest.findIndex((t) => t.is(')'));
    const inside = rest.slice(2, close < 0 ? undefined : close);
    parameters = inside.filter((t) => t.kind === 'id').map((t) => t.text);
    from = close < 0 ? text.length : rest[close]!.endColumn;
  }
  const last = rest.at(-1)!;
  const detail = last.at?.line === token.at?.line ? text.slice(from - 1, last.endColumn - 1).trim() : '';
  return { token, more: { insensitive, detail, ...(parameters ? { parameters } : {}) } };
}
