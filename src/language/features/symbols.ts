// The outline of a file and the names of the workspace.
import type { Location, Range } from '../position';
import type { Project } from '../project/project';
import type { Definition, DefinitionKind, FileSyntax } from '../syntax/types';

export interface OutlineItem {
  name: string;
  kind: DefinitionKind;
  detail: string;
  /** With all below it. */
  range: Range;
  selection: Range;
  children: OutlineItem[];
}

const OUTLINED: ReadonlySet<DefinitionKind> = new Set([
  'label',
  'local',
  'data',
  'equ',
  'struc',
  'field',
  'extern',
  'constant',
  'macro',
]);

export function outline(project: Project, path: string): OutlineItem[] {
  const syntax = project.syntax(path);
  if (!syntax) return [];
  const index = project.names(path);
  const seen = new Set<string>();
  const top: OutlineItem[] = [];
  let owner: OutlineItem | undefined;
  let macro: OutlineItem | undefined;
  for (const definition of syntax.definitions) {
    const { kind, key } = definition;
    if (!OUTLINED.has(kind) || (definition.perhapsCall && index.isMacro(key))) continue;
    // A name defined again and again (%assign) is listed once.
    if (kind === 'constant' && seen.has(key)) continue;
    seen.add(key);
    const item = itemOf(syntax, definition);
    const { line } = item.range.start;
    if (macro && line <= macro.range.end.line) macro.children.push(item);
    else if ((kind === 'local' || kind === 'field' || definition.text.startsWith('.')) && owner)
      owner.children.push(item);
    else {
      top.push(item);
      if (kind === 'label' || kind === 'data' || kind === 'struc') owner = item;
      if (kind === 'macro') macro = item;
    }
  }
  extend(top, syntax);
  return top;
}

function itemOf(syntax: FileSyntax, definition: Definition): OutlineItem {
  const { text, kind, range, lastLine, parameters } = definition;
  const end = syntax.texts[lastLine]?.length ?? 0;
  const detail = parameters ? `(${parameters.join(', ')})` : (definition.detail ?? '');
  return {
    name: text,
    kind,
    detail: detail.length > 60 ? `${detail.slice(0, 59)}…` : detail,
    range: { start: range.start, end: { line: lastLine, character: Math.max(end, range.end.character) } },
    selection: range,
    children: [],
  };
}

/** A label reaches up to the next item of the outline. */
function extend(items: readonly OutlineItem[], { texts }: FileSyntax): void {
  items.forEach((item, i) => {
    if (item.kind !== 'label' && item.kind !== 'data') return;
    const next = items[i + 1]?.range.start.line ?? texts.length;
    const line = Math.max(item.range.start.line, next - 1);
    item.range.end = { line, character: texts[line]?.length ?? 0 };
  });
}

export interface FoundSymbol extends Location {
  name: string;
  kind: DefinitionKind;
  container: string;
}

const MOST_SYMBOLS = 500;

/** Names that have the letters of `query` in that order. */
export function workspaceSymbols(project: Project, query: string): FoundSymbol[] {
  const letters = [...query.toLowerCase()].map((letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(letters.join('.*'));
  const found: FoundSymbol[] = [];
  for (const syntax of project.syntaxes()) {
    for (const { key, kind, range, perhapsCall } of syntax.definitions) {
      if (!OUTLINED.has(kind) || perhapsCall || !pattern.test(key.toLowerCase())) continue;
      found.push({ name: key, kind, path: syntax.path, range, container: project.nameOf(syntax.path) });
      if (found.length >= MOST_SYMBOLS) return found;
    }
  }
  return found;
}
