// Definition, references, highlights and rename of names, across includes and macros.
import { keyword } from '../../asm/token/keywords';
import type { Location, Position, Range, TextEdit } from '../position';
import { lineRange } from '../position';
import type { NamePlace } from '../project/nameIndex';
import type { Project } from '../project/project';
import type { Name } from '../syntax/types';

/** Where the name at a place is defined; for `%include` and `incbin`, the file. */
export function definitionsAt(project: Project, path: string, position: Position): Location[] {
  const file = fileAt(project, path, position);
  if (file) return [{ path: file, range: lineRange(0, 0, 0) }];
  const name = project.nameAt(path, position.line, position.character);
  if (!name) return [];
  const found = project.names(path).definitions(name.key);
  if (found.length > 0) return found.map(({ path: home, definition }) => ({ path: home, range: definition.range }));
  // Made by a macro: the assembler knows where.
  const symbol = project.analysis(path)?.symbol(name.key);
  if (!symbol) return [];
  const column = Math.max(0, symbol.column - 1);
  return [{ path: symbol.file, range: lineRange(symbol.line - 1, column, column) }];
}

function fileAt(project: Project, path: string, { line, character }: Position): string | undefined {
  const reference = project
    .syntax(path)
    ?.references.find(
      ({ range: { start, end } }) => start.line === line && start.character <= character && character <= end.character,
    );
  return reference && project.resolve(reference.path, path);
}

export function referencesAt(
  project: Project,
  path: string,
  { line, character }: Position,
  declarations: boolean,
): NamePlace[] {
  const name = project.nameAt(path, line, character);
  if (!name) return [];
  return project
    .names(path)
    .places(name.key)
    .filter((place) => declarations || !place.defines);
}

export interface Highlight {
  range: Range;
  writes: boolean;
}

export const highlightsAt = (project: Project, path: string, position: Position): Highlight[] =>
  referencesAt(project, path, position, true)
    .filter((place) => place.path === path)
    .map(({ range, defines }) => ({ range, writes: defines }));

/** The part of a name that a rename replaces: for `main.loop`, what the last scope is called. */
const renamed = (name: Name): Range => {
  const { line, character } = name.range.end;
  const cut = name.text.lastIndexOf('.');
  const isScoped = cut > 0 && !name.text.startsWith('..') && name.key === name.text;
  return isScoped ? lineRange(line, character - (name.text.length - cut), character) : name.range;
};

export type RenameTarget = { ok: true; range: Range; text: string } | { ok: false; message: string };

/** Whether the name at a place can be renamed, and what it is called. */
export function renameTarget(project: Project, path: string, { line, character }: Position): RenameTarget {
  const name = project.nameAt(path, line, character);
  if (!name) return { ok: false, message: 'There is no name here that could be renamed.' };
  const definitions = project.names(path).definitions(name.key);
  if (definitions.length === 0) {
    const made = project.analysis(path)?.symbol(name.key);
    const message = made
      ? `${name.text} is put together by a macro: rename it in the macro's call.`
      : `${name.text} is not defined in this program.`;
    return { ok: false, message };
  }
  const range = renamed(name);
  return { ok: true, range, text: name.text.slice(name.text.length - (range.end.character - range.start.character)) };
}

const VALID = /^[A-Za-z_.?@%$][\w.$#@~?%]*$/;

export type Renaming = { ok: true; edits: Map<string, TextEdit[]> } | { ok: false; message: string };

export function rename(project: Project, path: string, position: Position, to: string): Renaming {
  const target = renameTarget(project, path, position);
  if (!target.ok) return target;
  const refuse = (message: string): Renaming => ({ ok: false, message });
  if (!VALID.test(to))
    return refuse(`${to} is no name: letters, digits and _ . ? @ $ # ~, not beginning with a digit.`);
  if (keyword(to)) return refuse(`${to} is a reserved word.`);
  const isLocal = target.text.startsWith('.') && !target.text.startsWith('..');
  if (isLocal !== (to.startsWith('.') && !to.startsWith('..')))
    return refuse(
      isLocal
        ? `${target.text} is local: its new name must begin with a period.`
        : 'The new name would be local: it must not begin with a period.',
    );
  const sigil = /^%[%$]*/.exec(target.text)?.[0] ?? '';
  if (sigil !== (/^%[%$]*/.exec(to)?.[0] ?? ''))
    return refuse(`The new name must begin with ${sigil || 'a letter'}, too.`);
  const { key } = project.nameAt(path, position.line, position.character)!;
  const index = project.names(path);
  const newKey = key.slice(0, key.length - target.text.length) + to;
  if (newKey !== key && index.definitions(newKey).length > 0) return refuse(`${to} is defined already.`);

  const edits = new Map<string, TextEdit[]>();
  const add = (file: string, range: Range, text: string): void => {
    const list = edits.get(file) ?? [];
    if (
      !list.some(
        (edit) => edit.range.start.line === range.start.line && edit.range.start.character === range.start.character,
      )
    )
      list.push({ range, text });
    edits.set(file, list);
  };
  for (const { path: file, name } of index.places(key)) {
    const range = renamed(name);
    const escaped = rangeLength(name.range) === name.text.length + 1;
    add(file, range, escaped ? `$${to}` : to);
  }
  // `main.loop` written in full, when main is renamed.
  if (!isLocal && sigil === '') {
    for (const file of index.files) {
      for (const use of [...file.uses, ...file.definitions]) {
        if (!use.text.startsWith(`${key}.`) || use.text !== use.key) continue;
        const { line, character } = use.range.start;
        add(file.path, lineRange(line, character, character + key.length), to);
      }
    }
  }
  return { ok: true, edits };
}

const rangeLength = ({ start, end }: Range): number => end.character - start.character;
