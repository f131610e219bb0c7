// Hover of names: labels with address and size, constants with their value, macros with their definition and expansion.
import type { AsmSymbol } from '../../asm/types';
import type { DefinedName } from '../project/nameIndex';
import type { Project } from '../project/project';
import type { Definition, Name, SyntaxLine } from '../syntax/types';
import { hex, hexBytes, plural } from '../text';
import { commentAbove } from './cursor';

const MOST_LINES = 20;

const fence = (lines: readonly string[]): string => {
  const shown =
    lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `; … ${lines.length - MOST_LINES} more lines`] : lines;
  return `\`\`\`ringside-asm\n${shown.join('\n')}\n\`\`\``;
};

export function symbolHover(project: Project, path: string, name: Name, line: SyntaxLine): string | undefined {
  const [first] = project.names(path).definitions(name.key);
  const symbol = project.analysis(first?.path ?? path)?.symbol(name.key) ?? project.analysis(path)?.symbol(name.key);
  if (!first) return symbol && symbolText(project, symbol, undefined, path);
  const { definition } = first;
  const comment = commentAbove(project.syntax(first.path)!, definition.range.start.line);
  const text =
    definition.kind === 'macro'
      ? macroText(project, path, first, line)
      : definition.kind === 'constant'
        ? constantText(project, path, definition, name, line)
        : symbolText(project, symbol, definition, first.path);
  const where =
    first.path === path ? '' : `\n\n*${project.nameOf(first.path)}*, line ${definition.range.start.line + 1}`;
  return text + (comment ? `\n\n${comment.replaceAll('\n', '  \n')}` : '') + where;
}

function symbolText(
  project: Project,
  symbol: AsmSymbol | undefined,
  definition: Definition | undefined,
  path: string,
): string {
  if (!symbol && project.flavour(path) === 'gas' && definition)
    return `**${definition.text}** ${definition.kind === 'equ' ? `= \`${definition.detail}\`` : `(${definition.kind})`}`;
  if (!symbol)
    return `**${definition?.key}** (${definition?.kind === 'extern' ? 'of another module' : 'not assembled'})`;
  const { value, kind, section, size, content, unit, count, structure } = symbol;
  const title = `**${symbol.name}**`;
  switch (kind) {
    case 'equ':
      return `${title} equ ${value} = \`${hex(value)}\``;
    case 'extern':
      return `${title}, defined in another module`;
    case 'common':
      return `${title}, a common variable`;
    case 'absolute':
      return structure
        ? `${title}, offset ${value} = \`${hex(value)}\` in structure ${structure}`
        : `${title} at \`${hex(value)}\`, an absolute address`;
    default: {
      const of = content === 'code' || content === undefined ? 'code' : `${count} × ${plural(unit ?? 1, 'byte')}`;
      const what = `${title} at \`${hex(value)}\`, ${of}, ${plural(size ?? 0, 'byte')} up to the next label, section ${section}`;
      return content === 'data' ? `${what}${dataText(project, symbol, path)}` : what;
    }
  }
}

function dataText(project: Project, symbol: AsmSymbol, path: string): string {
  const analysis = project.analysis(path);
  const entry = analysis?.result.map.at(Number(symbol.value));
  return analysis && entry?.kind === 'data' ? `\n\n\`${hexBytes(analysis.bytesOf(entry), 16)}\`` : '';
}

function constantText(project: Project, path: string, definition: Definition, name: Name, line: SyntaxLine): string {
  const parameters = definition.parameters ? `(${definition.parameters.join(', ')})` : '';
  const text = fence([`%define ${definition.text}${parameters} ${definition.detail ?? ''}`.trimEnd()]);
  const isUse = name.range.start.line !== definition.range.start.line;
  const expanded = isUse ? expansionOf(project, path, line.line) : [];
  return expanded.length > 0 ? `${text}\n\nThis line becomes\n\n${fence(expanded)}` : text;
}

function macroText(project: Project, path: string, { path: home, definition }: DefinedName, line: SyntaxLine): string {
  const { texts } = project.syntax(home)!;
  const body = texts.slice(definition.range.start.line, definition.lastLine + 1);
  const isCall = line.kind !== 'preprocessor';
  const expanded = isCall ? expansionOf(project, path, line.line) : [];
  const definitionText = fence(body);
  return expanded.length > 0 ? `Expands to\n\n${fence(expanded)}\n\nDefined as\n\n${definitionText}` : definitionText;
}

/** What the preprocessor made of a line (0-based). */
export function expansionOf(project: Project, path: string, line: number): string[] {
  const analysis = project.analysis(path);
  return (analysis?.expandedAt(path, line) ?? []).map((text) => (/^\S+:/.test(text) ? text : `  ${text}`));
}
