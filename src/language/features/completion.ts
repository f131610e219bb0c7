// Completion: what can stand at a place, the most fitting first.
import { keyword } from '../../asm/token/keywords';
import { mnemonics, PREFIXES } from '../../isa/encode';
import { REGISTER_NAMES } from '../../isa/registers';
import type { RegClass } from '../../isa/types';
import { formsOf, formText } from '../instructionText';
import type { Position } from '../position';
import { lineRange } from '../position';
import type { DefinedName } from '../project/nameIndex';
import type { Project } from '../project/project';
import { scanFile } from '../syntax/scan';
import type { DefinitionKind } from '../syntax/types';
import type { Completion, CompletionKind, Proposal } from './proposal';
import { DIRECTIVES, MODIFIERS, PREFIX_DOCS, PREPROCESSOR, PSEUDO, SIZE_WORDS } from '../words';
import { lineAt } from './cursor';
import { gasCompletions } from './gasCompletion';
import { fitAt } from './operandFit';
import { includeCompletions } from './includeCompletion';

/** Whether a blank just typed begins an operand: after an instruction that has some, or a comma. Elsewhere a list is in the way. */
export function beginsOperand(project: Project, path: string, { line, character }: Position): boolean {
  const before = (project.syntax(path)?.texts[line] ?? '').slice(0, character);
  if (/,\s$/.test(before)) return true;
  const word = /([A-Za-z]\w*)\s$/.exec(before)?.[1];
  return (
    word !== undefined &&
    isHeadPosition(before.slice(0, -word.length - 1)) &&
    formsOf(word).some(({ ops }) => ops.length > 0)
  );
}

const WORD = /(?:%{0,2}\$*)?[A-Za-z_.?@$][\w.$#@~?]*$|%+$/;

export function completions(project: Project, path: string, position: Position): Completion[] {
  const syntax = project.syntax(path);
  if (syntax?.flavour === 'gas') return gasCompletions(project, path, syntax, position);
  if (syntax?.flavour !== 'nasm') return [];
  const text = (syntax.texts[position.line] ?? '').slice(0, position.character);
  const files = includeCompletions(project, path, text);
  if (files) {
    const range = lineRange(position.line, position.character - files.typed.length, position.character);
    return files.proposals.map((proposal) => ({ ...proposal, range }));
  }
  if (inCommentOrString(text)) return [];
  const typed = WORD.exec(text)?.[0] ?? '';
  const range = lineRange(position.line, position.character - typed.length, position.character);
  const before = text.slice(0, text.length - typed.length);
  return propose(project, path, position, before, typed).map((proposal) => ({ ...proposal, range }));
}

function inCommentOrString(text: string): boolean {
  let quote = '';
  for (const character of text) {
    if (quote) quote = character === quote ? '' : quote;
    else if (character === ';') return true;
    else if (/['"`]/.test(character)) quote = character;
  }
  return quote !== '';
}

function propose(project: Project, path: string, position: Position, before: string, typed: string): Proposal[] {
  if (typed.startsWith('%') && before.trim() === '') return preprocessorWords();
  const { lines } = scanFile(path, `${before}${typed || 'x'}`, 'nasm');
  const line = lines[0];
  const scope = lineAt(project.syntax(path)!, position.line)?.scope ?? '';
  const names = nameProposals(project, path, scope, typed);
  if (line?.kind === 'preprocessor') {
    const directive = line.head!.text.toLowerCase();
    return /^%(el)?if|assign|^%rep$|^%while/.test(directive)
      ? names
      : names.filter(({ kind }) => kind === 'constant' || kind === 'macro');
  }
  const atHead = line === undefined || isHeadPosition(before);
  if (atHead) return [...statementWords(), ...names.filter(({ kind }) => kind === 'macro' || kind === 'constant')];
  return [...operandWords(before), ...names];
}

/** Nothing but a label, prefixes and blanks stand before. */
function isHeadPosition(before: string): boolean {
  const rest = before.replace(/^\s*\[?\s*/, '').replace(/^[\w.$#@~?%]+\s*:\s*/, '');
  if (rest === '') return true;
  const words = rest.trim().split(/\s+/);
  if (!/\s$/.test(rest)) return false;
  if (words[0]?.toLowerCase() === 'times') return /^times\s+\S+\s+$/i.test(rest);
  if (words.every((word) => keyword(word)?.type === 'prefix')) return true;
  return (
    words.length === 1 &&
    /^[A-Za-z_.?@][\w.$#@~?]*$/.test(words[0]!) &&
    !keyword(words[0]!) &&
    !(words[0]!.toLowerCase() in DIRECTIVES)
  );
}

let statements: Proposal[] | undefined;

function statementWords(): Proposal[] {
  if (statements) return statements;
  const instructions = [...mnemonics()].map((label): Proposal => {
    const forms = formsOf(label);
    const texts = [...new Set(forms.map(formText))];
    const documentation = `${forms[0]?.doc ?? ''}\n\n\`\`\`ringside-asm\n${texts.join('\n')}\n\`\`\``;
    return { label, kind: 'instruction', detail: texts[0]!.slice(label.length).trim(), documentation, rank: 2 };
  });
  const documented = (words: Readonly<Record<string, string>>, kind: CompletionKind, rank: number): Proposal[] =>
    Object.entries(words).map(([label, documentation]) => ({ label, kind, documentation, rank }));
  return (statements = [
    ...instructions,
    ...documented(PSEUDO, 'directive', 2),
    ...documented(DIRECTIVES, 'directive', 3),
    ...PREFIXES.map((label): Proposal => ({
      label,
      kind: 'keyword',
      documentation: PREFIX_DOCS[label] ?? '',
      rank: 4,
    })),
  ]);
}

const preprocessorWords = (): Proposal[] =>
  Object.entries(PREPROCESSOR).map(([name, documentation]) => ({
    label: `%${name}`,
    kind: 'directive',
    documentation,
    rank: 1,
  }));

/** Registers that fit, size words and modifiers. */
function operandWords(before: string): Proposal[] {
  const fit = fitAt(before);
  const registers = (Object.keys(REGISTER_NAMES) as RegClass[]).flatMap((cls) =>
    REGISTER_NAMES[cls].flatMap((label, num): Proposal[] => {
      const rank = fit.register(cls, num, label);
      return rank === undefined ? [] : [{ label, kind: 'register', rank }];
    }),
  );
  const words = (list: Readonly<Record<string, string>>, rank: number): Proposal[] =>
    Object.entries(list).map(([label, documentation]) => ({ label, kind: 'keyword', documentation, rank }));
  const { far, near, short, ...others } = MODIFIERS;
  return [
    ...registers,
    ...(fit.sizes ? words(SIZE_WORDS, 4) : []),
    ...(fit.jump ? words({ far: far!, near: near!, short: short! }, 3) : []),
    ...(fit.anything ? words(others, 5) : []),
  ];
}

const LABELS: ReadonlySet<DefinitionKind> = new Set(['label', 'local', 'data', 'extern', 'macroLocal']);

function nameProposals(project: Project, path: string, scope: string, typed: string): Proposal[] {
  const seen = new Set<string>();
  const proposals: Proposal[] = [];
  for (const entry of project.names(path).all()) {
    const { kind, key, text } = entry.definition;
    const isLocal = text.startsWith('.') && !text.startsWith('..');
    const near = isLocal && key === `${scope}${text}`;
    if (kind === 'macroLocal' && !typed.startsWith('%')) continue;
    const label = near ? text : key.startsWith('%macro ') ? text : key;
    if (seen.has(label)) continue;
    seen.add(label);
    if (isLocal && !near && !key.startsWith(typed.split('.')[0]!)) continue;
    proposals.push({ label, kind, rank: near ? 0 : LABELS.has(kind) ? 1 : 2, ...detailOf(project, entry) });
  }
  return proposals;
}

function detailOf(project: Project, { path, definition }: DefinedName): { detail?: string } {
  const { kind, parameters, detail } = definition;
  if (kind === 'macro') return { detail: `macro ${detail ?? ''}`.trim() };
  if (kind === 'constant')
    return { detail: `${parameters ? `(${parameters.join(', ')}) ` : ''}${detail ?? ''}`.slice(0, 80) };
  if (kind === 'equ' || kind === 'data') return { detail: (detail ?? '').slice(0, 80) };
  return { detail: `${kind}, ${project.nameOf(path)}` };
}
