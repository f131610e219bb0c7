// Kinds of names and proposals in the protocol's numbers.
import { CompletionItemKind, SymbolKind } from 'vscode-languageserver';
import type { CompletionKind } from '../language/features/proposal';
import type { DefinitionKind } from '../language/syntax/types';

export const SYMBOL_KINDS: Readonly<Record<DefinitionKind, SymbolKind>> = {
  label: SymbolKind.Function,
  local: SymbolKind.Function,
  macroLocal: SymbolKind.Function,
  data: SymbolKind.Variable,
  equ: SymbolKind.Constant,
  struc: SymbolKind.Struct,
  field: SymbolKind.Field,
  extern: SymbolKind.Interface,
  constant: SymbolKind.Constant,
  macro: SymbolKind.Module,
};

export const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  instruction: CompletionItemKind.Method,
  directive: CompletionItemKind.Keyword,
  register: CompletionItemKind.Variable,
  keyword: CompletionItemKind.Keyword,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  label: CompletionItemKind.Function,
  local: CompletionItemKind.Function,
  macroLocal: CompletionItemKind.Function,
  data: CompletionItemKind.Field,
  equ: CompletionItemKind.Constant,
  struc: CompletionItemKind.Struct,
  field: CompletionItemKind.Property,
  extern: CompletionItemKind.Interface,
  constant: CompletionItemKind.Constant,
  macro: CompletionItemKind.Snippet,
};
