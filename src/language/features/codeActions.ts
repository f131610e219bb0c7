// Code actions: mends what the assembler complains of, and rewrites at the cursor.
import { parseNumber } from '../../asm/text/numbers';
import type { Token } from '../../asm/token/token';
import type { Range, TextEdit } from '../position';
import { lineRange } from '../position';
import type { Project } from '../project/project';
import { rangeOf } from '../syntax/scan';
import type { FileSyntax, SyntaxLine } from '../syntax/types';
import { hex } from '../text';
import { cursorAt } from './cursor';
import { problemsOf, type Problem } from './diagnostics';
import { expandedCall } from './expandMacro';

export interface CodeAction {
  title: string;
  kind: 'quickfix' | 'refactor.rewrite' | 'refactor.extract' | 'refactor.inline';
  edits: TextEdit[];
  /** The problem that it mends. */
  problem?: Problem;
  preferred?: boolean;
}

export function codeActions(project: Project, path: string, range: Range): CodeAction[] {
  const syntax = project.syntax(path);
  if (syntax?.flavour !== 'nasm') return [];
  const problems = (problemsOf(project, [path]).get(path) ?? []).filter(
    (problem) => problem.range.start.line >= range.start.line && problem.range.start.line <= range.end.line,
  );
  const fixes = problems.flatMap((problem) => fixesFor(syntax, problem));
  const cursor = cursorAt(syntax, range.start);
  if (!cursor) return fixes;
  const { line, token } = cursor;
  return [
    ...fixes,
    ...(token?.kind === 'num' ? numberActions(syntax, line, token) : []),
    ...jumpActions(line),
    ...expandActions(project, path, syntax, line),
  ];
}

const insertion = (line: number, character: number, text: string): TextEdit => ({
  range: lineRange(line, character, character),
  text,
});

function fixesFor(syntax: FileSyntax, problem: Problem): CodeAction[] {
  const { message } = problem;
  const line = syntax.lines.find((candidate) => candidate.line === problem.range.start.line);
  const fix = (title: string, edits: TextEdit[], preferred = false): CodeAction => ({
    title,
    kind: 'quickfix',
    edits,
    problem,
    ...(preferred ? { preferred } : {}),
  });
  if (!line) return [];
  if (/operation size not specified/.test(message)) {
    const operand = line.operands.find(([first]) => first?.is('['))?.[0];
    if (!operand) return [];
    const at = rangeOf(operand).start;
    return ['byte', 'word', 'dword', 'qword'].map((size) =>
      fix(`Make it a ${size}`, [insertion(at.line, at.character, `${size} `)]),
    );
  }
  if (/short jump is out of range/.test(message)) {
    const word = line.tokens.find((token) => token.text.toLowerCase() === 'short');
    return word ? [fix('Make the jump near', [{ range: rangeOf(word), text: 'near' }], true)] : [];
  }
  const mode = /instruction not supported in (16|32|64)-bit mode/.exec(message)?.[1];
  if (mode !== undefined) {
    const hasBits = syntax.lines.some(({ head }) => /^(bits|use(16|32|64))$/i.test(head?.text ?? ''));
    return ['16', '32', '64']
      .filter((bits) => bits !== mode)
      .reverse()
      .map((bits) => {
        const at = hasBits ? line.line : firstCodeLine(syntax);
        return fix(`Add "bits ${bits}"${hasBits ? ' above' : ''}`, [insertion(at, 0, `bits ${bits}\n`)]);
      });
  }
  return [];
}

/** After the comment at the top of the file. */
function firstCodeLine({ lines }: FileSyntax): number {
  return lines.find(({ tokens }) => tokens.length > 0)?.line ?? 0;
}

const BASES: readonly [name: string, digits: (value: bigint) => string][] = [
  ['hexadecimal', (value) => hex(value)],
  ['decimal', (value) => value.toString()],
  ['binary', (value) => `0b${value.toString(2)}`],
];

function numberActions(syntax: FileSyntax, line: SyntaxLine, token: Token): CodeAction[] {
  const parsed = parseNumber(token.text);
  if (!parsed || parsed.overflow) return [];
  const value = BigInt.asUintN(64, parsed.value);
  const range = rangeOf(token);
  const conversions = BASES.map(([name, digits]): CodeAction => {
    const text = digits(value);
    return { title: `Convert to ${name}: ${text}`, kind: 'refactor.rewrite', edits: [{ range, text }] };
  }).filter(({ edits }) => edits[0]!.text.toLowerCase() !== token.text.toLowerCase());
  const extracts = line.kind === 'instruction' || line.kind === 'data' ? [extractEqu(syntax, line, token)] : [];
  return [...conversions, ...extracts];
}

/** Names the number, above the label that is not local; all that reads the same on the line stays as it is. */
function extractEqu(syntax: FileSyntax, line: SyntaxLine, token: Token): CodeAction {
  const taken = new Set(syntax.definitions.map(({ key }) => key));
  let name = `VALUE_${token.text.replace(/[^\w]/g, '').toUpperCase()}`;
  for (let i = 2; taken.has(name); i++) name = `${name.replace(/_\d+$/, '')}_${i}`;
  const at = line.scope
    ? (syntax.definitions.find(({ key, kind }) => key === line.scope && kind !== 'macro')?.range.start.line ??
      line.line)
    : line.line;
  return {
    title: `Extract to equ ${name}`,
    kind: 'refactor.extract',
    edits: [
      insertion(Math.min(at, line.line), 0, `${name} equ ${token.text}\n`),
      { range: rangeOf(token), text: name },
    ],
  };
}

function jumpActions({ head, operands, kind }: SyntaxLine): CodeAction[] {
  const mnemonic = head?.text.toLowerCase() ?? '';
  if (kind !== 'instruction' || !/^j[a-z]+$/.test(mnemonic) || operands.length !== 1) return [];
  const first = operands[0]![0];
  if (!first || first.is('[') || /^j(r|e)?cxz$/.test(mnemonic)) return [];
  const hint = /^(short|near)$/i.test(first.text) ? first : undefined;
  const others = (['short', 'near'] as const).filter((word) => word !== hint?.text.toLowerCase());
  const rewrite = (title: string, edits: TextEdit[]): CodeAction => ({ title, kind: 'refactor.rewrite', edits });
  const { start } = rangeOf(first);
  const set = others.map((word) =>
    rewrite(`Make the jump ${word}`, [
      hint ? { range: rangeOf(hint), text: word } : insertion(start.line, start.character, `${word} `),
    ]),
  );
  const next = operands[0]![1];
  if (!hint || !next) return set;
  const range = { start, end: rangeOf(next).start };
  return [...set, rewrite('Let the assembler choose the size of the jump', [{ range, text: '' }])];
}

function expandActions(project: Project, path: string, syntax: FileSyntax, line: SyntaxLine): CodeAction[] {
  const expanded = expandedCall(project, path, line);
  if (!expanded) return [];
  const old = syntax.texts[line.line] ?? '';
  const range = lineRange(line.line, 0, old.length);
  return [
    { title: `Expand macro ${expanded.name} once`, kind: 'refactor.inline', edits: [{ range, text: expanded.text }] },
  ];
}
