// Replaces the call of a multi-line macro by its body, one level deep: parameters and %%labels are put in, calls of other
// macros stay. A body that computes with its parameters (%rotate and the like) is left alone: only the assembler can.
import type { Token } from '../../asm/token/token';
import type { Project } from '../project/project';
import type { Definition, FileSyntax, SyntaxLine } from '../syntax/types';

export interface ExpandedCall {
  name: string;
  text: string;
}

const COMPUTES = /%(rotate|rep|exitmacro|macro|push|pop)\b|%\{|%[+-]\d|%\[|%\?|%00/i;

export function expandedCall(project: Project, path: string, line: SyntaxLine): ExpandedCall | undefined {
  const call = line.kind === 'label' ? line.label : line.head;
  if (!call || line.inMacro !== undefined || (line.kind !== 'call' && line.kind !== 'label')) return undefined;
  const found = project
    .names(path)
    .own(call.text)
    .find(({ definition: { kind, counts } }) => {
      const given = line.operands.length;
      return kind === 'macro' && counts !== undefined && given >= counts.least && given <= counts.most;
    });
  const home = found && project.syntax(found.path);
  const syntax = project.syntax(path);
  if (!found || !home || !syntax) return undefined;
  const { definition } = found;
  const body = home.texts.slice(definition.range.start.line + 1, definition.lastLine);
  if (body.some((text) => COMPUTES.test(text.replace(/;.*/, '')))) return undefined;
  const parameters = parametersOf(syntax, line, definition);
  if (!parameters) return undefined;
  const unique = uniqueSuffix(syntax);
  const lines = body.map((text) =>
    text
      .replace(/%%([\w.$#@~?]+)/g, (_, name: string) => `..@${name}_${unique}`)
      .replace(/%(\d+)/g, (_, number: string) =>
        number === '0' ? String(parameters.length) : (parameters[Number(number) - 1] ?? ''),
      ),
  );
  const label = line.kind === 'call' && line.label ? [`${line.label.text}:`] : [];
  return { name: call.text, text: [...label, ...lines].join('\n') };
}

/** Parameters as written, then defaults; undefined when the macro gathers the rest in one. */
function parametersOf(syntax: FileSyntax, line: SyntaxLine, definition: Definition): string[] | undefined {
  const { counts, detail = '' } = definition;
  if (!counts || !Number.isFinite(counts.most) || /^\S*\+/.test(detail)) return undefined;
  const written = line.operands.map((operand) => textOf(syntax, operand));
  const defaults = detail
    .replace(/^\S+\s*/, '')
    .split(',')
    .map((text) => text.trim());
  for (let i = written.length; i < counts.most; i++) {
    const value = defaults[i - counts.least];
    if (value === undefined || value === '') break;
    written.push(value);
  }
  return written;
}

function textOf(syntax: FileSyntax, operand: readonly Token[]): string {
  const first = operand[0];
  const last = operand.at(-1);
  if (!first?.at || !last) return '';
  const text = (syntax.texts[first.at.line - 1] ?? '').slice(first.column - 1, last.endColumn - 1);
  return text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
}

/** A number that no `..@name_N` of the file ends with yet. */
function uniqueSuffix({ text }: FileSyntax): number {
  let suffix = 1;
  while (text.includes(`_${suffix}`) && suffix < 10_000) suffix++;
  return suffix;
}
