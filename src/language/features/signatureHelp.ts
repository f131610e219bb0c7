// Signature help: operand forms of an instruction, parameters of a macro, and which one the cursor is in.
import type { Position } from '../position';
import type { Project } from '../project/project';
import { formsOf, formText, operandText } from '../instructionText';
import { lineAt, operandIndexAt } from './cursor';
import { behindPrefixes, gasSignatures } from './gasSignature';
import type { FileSyntax, SyntaxLine } from '../syntax/types';

export interface Signature {
  label: string;
  documentation?: string;
  /** Offsets of the parameters in the label. */
  parameters: readonly (readonly [from: number, to: number])[];
}

export interface SignatureHelp {
  signatures: readonly Signature[];
  active: number;
  parameter: number;
}

const PSEUDO_FORMS: Readonly<Record<string, readonly string[]>> = {
  incbin: ['"file"', 'offset', 'length'],
  equ: ['value'],
  align: ['boundary', 'filling'],
  org: ['address'],
};

const signature = (name: string, parameters: readonly string[], documentation?: string): Signature => {
  let at = name.length + 1;
  const places = parameters.map((text): readonly [number, number] => {
    const from = at;
    at += text.length + 2;
    return [from, from + text.length];
  });
  return { label: `${name} ${parameters.join(', ')}`, parameters: places, ...(documentation ? { documentation } : {}) };
};

export function signatureHelp(project: Project, path: string, position: Position): SignatureHelp | undefined {
  const syntax = project.syntax(path);
  const found = syntax && lineAt(syntax, position.line);
  if (!found?.head || found.line !== position.line) return undefined;
  const gas = syntax!.flavour === 'gas';
  const line = gas ? behindPrefixes(found) : found;
  if (isComment(syntax!, line, position)) return undefined;
  const parameter = operandIndexAt(line, position.character);
  if (parameter === undefined) return undefined;
  const signatures = gas
    ? gasSignatures(project, path, syntax!, line).map(({ parameters, documentation }) =>
        signature(line.head!.text, parameters, documentation),
      )
    : signaturesOf(project, path, line);
  if (signatures.length === 0) return undefined;
  const last = gas ? operandIndexAt(line, Infinity)! : line.operands.length - 1;
  const fits = signatures.findIndex(({ parameters }) => parameters.length > Math.max(parameter, last));
  return { signatures, active: Math.max(0, fits), parameter };
}

function isComment({ flavour, texts }: FileSyntax, { comment }: SyntaxLine, { line, character }: Position): boolean {
  if (flavour === 'gas') return /\s#|\/\/|\/\*/.test((texts[line] ?? '').slice(0, character));
  return comment >= 0 && character > comment;
}

function signaturesOf(project: Project, path: string, { head, kind }: SyntaxLine): Signature[] {
  const name = head!.text;
  const pseudo = PSEUDO_FORMS[name.toLowerCase()];
  if (pseudo) return [signature(name, pseudo)];
  if (kind === 'instruction') {
    const forms = new Map(formsOf(name).map((row) => [formText(row), row]));
    return [...forms.values()]
      .filter((row) => row.ops.length > 0)
      .map((row) => signature(row.mn, row.ops.map(operandText), row.doc));
  }
  return project
    .names(path)
    .own(name)
    .flatMap(({ definition: { kind: what, counts, detail, parameters } }) => {
      if (what === 'constant' && parameters) return [signature(name, parameters)];
      if (what !== 'macro' || !counts || counts.most === 0) return [];
      const defaults = (detail ?? '')
        .replace(/^\S+\s*/, '')
        .split(',')
        .map((text) => text.trim());
      const most = Number.isFinite(counts.most) ? counts.most : counts.least + 1;
      const texts = Array.from({ length: most }, (_, i) => {
        const given = i >= counts.least ? defaults[i - counts.least] : undefined;
        return `%${i + 1}${given ? ` = ${given}` : i >= counts.least ? '?' : ''}`;
      });
      if (!Number.isFinite(counts.most)) texts[texts.length - 1] += '...';
      return [signature(name, texts)];
    });
}
