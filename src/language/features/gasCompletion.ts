// Completion in GNU as sources: directives after a period, instructions where a statement begins, registers and names elsewhere.
import { mnemonics } from '../../isa/encode';
import { REGISTER_NAMES } from '../../isa/registers';
import { pseudocodeOf } from '../../isa/pseudocode/pseudocode';
import { GAS_DIRECTIVES } from '../gasWords';
import { formsOf } from '../instructionText';
import { lineRange, type Position } from '../position';
import type { Project } from '../project/project';
import type { FileSyntax } from '../syntax/types';
import type { Completion, Proposal } from './proposal';

const WORD = /[%$]?[\w.]*$/;

export function gasCompletions(project: Project, path: string, syntax: FileSyntax, position: Position): Completion[] {
  const text = (syntax.texts[position.line] ?? '').slice(0, position.character);
  if (/^\s*#(?!include)|\s#|\/\/|^[^"]*"[^"]*$/.test(text)) return [];
  const typed = WORD.exec(text)![0];
  const before = text.slice(0, text.length - typed.length);
  const range = lineRange(position.line, position.character - typed.length, position.character);
  return propose(project, path, syntax, before, typed).map((proposal) => ({ ...proposal, range }));
}

function propose(project: Project, path: string, syntax: FileSyntax, before: string, typed: string): Proposal[] {
  const atHead = /^\s*(?:[\w.$]+:\s*)?(?:(?:rep\w*|lock)\s+)?$/.test(before);
  if (atHead)
    return [...(typed.startsWith('.') ? directives() : [...directives(), ...instructions()]), ...macros(project, path)];
  if (typed.startsWith('%')) return registers('%');
  const intel = syntax.texts.some((line) => /^\s*\.intel_syntax\b/.test(line));
  return [...(intel ? registers('') : []), ...names(project, path, typed.startsWith('$') ? '$' : '')];
}

const directives = (): Proposal[] =>
  Object.entries(GAS_DIRECTIVES).map(([name, documentation]) => ({
    label: `.${name}`,
    kind: 'directive',
    documentation,
    rank: 3,
  }));

const instructions = (): Proposal[] =>
  [...mnemonics()].map((label) => {
    const row = formsOf(label)[0];
    return {
      label,
      kind: 'instruction',
      rank: 2,
      documentation: `${row?.doc ?? ''}\n\n\`\`\`text\n${(row && pseudocodeOf(row)) ?? ''}\n\`\`\``,
    };
  });

const registers = (prefix: string): Proposal[] =>
  Object.values(REGISTER_NAMES)
    .flat()
    .map((name) => ({ label: prefix + name, kind: 'register', rank: 1 }));

const macros = (project: Project, path: string): Proposal[] => named(project, path, '', (kind) => kind === 'macro');

const names = (project: Project, path: string, prefix: string): Proposal[] =>
  named(project, path, prefix, (kind) => kind !== 'macro');

function named(project: Project, path: string, prefix: string, wanted: (kind: string) => boolean): Proposal[] {
  const found = new Map<string, Proposal>();
  for (const { definition } of project.names(path).all()) {
    const { kind, text, detail } = definition;
    if (!wanted(kind) || /^\d/.test(text)) continue;
    found.set(text, { label: prefix + text, kind, rank: 0, ...(detail ? { detail: detail.slice(0, 80) } : {}) });
  }
  return [...found.values()];
}
