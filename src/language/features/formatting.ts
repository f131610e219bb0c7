// Formatting: instructions in one column, a blank after commas, no blanks at line ends. Comments stay in their column as
// far as the code leaves room, and lines that are in place already are not touched.
import type { Token } from '../../asm/token/token';
import type { Range, TextEdit } from '../position';
import { lineRange } from '../position';
import type { FormatSettings } from '../project/settings';
import type { FileSyntax, SyntaxLine } from '../syntax/types';

export interface FormatOptions {
  tabSize: number;
  insertSpaces: boolean;
}

export function format(
  syntax: FileSyntax,
  settings: FormatSettings,
  options: FormatOptions,
  range?: Range,
): TextEdit[] {
  if (syntax.flavour !== 'nasm') return [];
  const column = settings.instructionColumn || commonColumn(syntax, options.tabSize);
  const edits: TextEdit[] = [];
  const joined = joinedLines(syntax);
  for (const line of syntax.lines) {
    const { line: at } = line;
    if (joined.has(at) || (range && (at < range.start.line || at > range.end.line))) continue;
    const old = syntax.texts[at] ?? '';
    const text = formatLine(line, old, { ...settings, instructionColumn: column }, options);
    if (text !== old) edits.push({ range: lineRange(at, 0, old.length), text });
  }
  return edits;
}

/** Lines that a backslash joins keep their form. */
function joinedLines({ texts }: FileSyntax): Set<number> {
  const joined = new Set<number>();
  texts.forEach((text, line) => {
    if (text.endsWith('\\')) joined.add(line).add(line + 1);
  });
  return joined;
}

const width = (text: string, tabSize: number): number => {
  let column = 0;
  for (const character of text) column += character === '\t' ? tabSize - (column % tabSize) : 1;
  return column;
};

/** Column that most instructions without a label in front begin in. */
function commonColumn({ lines, texts }: FileSyntax, tabSize: number): number {
  const counts = new Map<number, number>();
  for (const { head, label, kind, line, prefixes, inMacro } of lines) {
    if (!head || label || inMacro !== undefined || (kind !== 'instruction' && kind !== 'data')) continue;
    const first = prefixes[0] ?? head;
    const column = width(texts[line]!.slice(0, first.column - 1), tabSize);
    if (column > 0) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  const best = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return best?.[0] ?? Math.max(4, tabSize);
}

function formatLine(line: SyntaxLine, old: string, settings: FormatSettings, options: FormatOptions): string {
  const trimmed = old.trimEnd();
  const { tokens, kind, comment } = line;
  if (tokens.length === 0 || kind === 'preprocessor' || line.inMacro !== undefined) return trimmed;
  const last = tokens.at(-1)!;
  const code = formatCode(line, old.slice(0, last.endColumn - 1), settings, options);
  if (comment < 0) return code.trimEnd();
  const { tabSize } = options;
  const was = width(old.slice(0, comment), tabSize);
  const wanted = settings.commentColumn || was;
  const reached = width(code, tabSize);
  return `${code}${' '.repeat(Math.max(reached === 0 ? 0 : 1, wanted - reached))}${trimmed.slice(comment)}`;
}

/** The part before the comment. */
function formatCode(line: SyntaxLine, old: string, settings: FormatSettings, options: FormatOptions): string {
  const { tabSize } = options;
  const { label, head, prefixes, kind, tokens } = line;
  const first = prefixes[0] ?? head;
  if (!first || kind === 'directive' || kind === 'call' || tokens[0]!.is('[')) return spaced(line, old, 0);
  const target = settings.instructionColumn;
  let front = old.slice(0, first.column - 1);
  if (label && !label.text.startsWith('.')) {
    const colon = tokens[1]?.is(':') ? tokens[1] : undefined;
    const name = old.slice(label.column - 1, (colon ?? label).endColumn - 1);
    const isNamed = kind === 'data';
    // Names of data keep the column that their table has.
    front = isNamed
      ? name + old.slice((colon ?? label).endColumn - 1, first.column - 1)
      : name + pad(width(name, tabSize), target);
  } else if (!label) front = width(front, tabSize) === 0 ? front : indent(front, target, options);
  return front + spaced(line, old.slice(first.column - 1), first.column - 1, settings, width(front, tabSize));
}

const pad = (reached: number, target: number): string => ' '.repeat(Math.max(1, target - reached));

function indent(front: string, target: number, { tabSize, insertSpaces }: FormatOptions): string {
  if (front.trim() !== '' || width(front, tabSize) === target) return front;
  return insertSpaces ? ' '.repeat(target) : '\t'.repeat(Math.floor(target / tabSize)) + ' '.repeat(target % tabSize);
}

/** A blank after every comma, none before; operands from their column on. `text` begins at offset `from` of the line. */
function spaced(line: SyntaxLine, text: string, from: number, settings?: FormatSettings, front = 0): string {
  let out = '';
  let at = 0;
  const tokens = line.tokens.filter((token) => token.column - 1 >= from);
  tokens.forEach((token: Token, i) => {
    const start = token.column - 1 - from;
    let gap = text.slice(at, start);
    const before = tokens[i - 1];
    if (token.is(',')) gap = '';
    else if (before?.is(',') && gap === '') gap = ' ';
    else if (before && before === line.head && settings && settings.operandColumn > 0) {
      gap = ' '.repeat(Math.max(1, settings.operandColumn - front - out.length));
    }
    out += gap + text.slice(start, token.endColumn - 1 - from);
    at = token.endColumn - 1 - from;
  });
  return out;
}
