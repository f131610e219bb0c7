// Colours by meaning: what a name is, which the grammar cannot know.
import type { Range } from '../position';
import type { NameIndex } from '../project/nameIndex';
import type { Project } from '../project/project';
import type { DefinitionKind, Name } from '../syntax/types';

export const TOKEN_TYPES = ['function', 'variable', 'enumMember', 'macro', 'struct', 'property', 'parameter'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];
export const TOKEN_MODIFIERS = ['declaration', 'readonly'] as const;

const TYPES: Readonly<Record<DefinitionKind, TokenType>> = {
  label: 'function',
  local: 'function',
  data: 'variable',
  equ: 'enumMember',
  struc: 'struct',
  field: 'property',
  extern: 'function',
  constant: 'macro',
  macro: 'macro',
  macroLocal: 'function',
};

export interface SemanticToken {
  range: Range;
  type: TokenType;
  declaration: boolean;
  readonly: boolean;
}

/** In the order of the text, none overlapping. */
export function semanticTokens(project: Project, path: string): SemanticToken[] {
  const syntax = project.syntax(path);
  if (!syntax) return [];
  const index = project.names(path);
  const tokens: SemanticToken[] = [];
  for (const definition of syntax.definitions) {
    const isCall = definition.perhapsCall === true && index.isMacro(definition.key);
    tokens.push(tokenOf(definition, isCall ? 'macro' : definition.kind, !isCall));
  }
  for (const use of syntax.uses) {
    const kind = kindOf(index, use);
    if (kind) tokens.push(tokenOf(use, kind, false));
  }
  tokens.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
  return tokens.filter((token, i) => {
    const before = tokens[i - 1]?.range;
    return !before || before.end.line !== token.range.start.line || before.end.character <= token.range.start.character;
  });
}

const kindOf = (index: NameIndex, use: Name): DefinitionKind | undefined => index.own(use.key)[0]?.definition.kind;

const tokenOf = ({ range }: Name, kind: DefinitionKind, declaration: boolean): SemanticToken => ({
  range,
  type: TYPES[kind],
  declaration,
  readonly: kind === 'equ',
});
