// Signatures in GNU as sources: operands of an instruction in the order of the syntax in force, parameters of a macro.
import { gasInstruction, gasOperands, isIntelSyntax } from '../gasInstructions';
import { formsOf } from '../instructionText';
import type { Project } from '../project/project';
import type { FileSyntax, SyntaxLine } from '../syntax/types';

const PREFIX = /^(rep(n?[ez])?|lock|addr(16|32)|data(16|32)|[cdefgs]s)$/i;

/** The line with its instruction as the head, where prefixes stand before it. */
export function behindPrefixes(line: SyntaxLine): SyntaxLine {
  let at = line.tokens.indexOf(line.head!);
  while (PREFIX.test(line.tokens[at]!.text) && line.tokens[at + 1]?.kind === 'id') at++;
  return { ...line, head: line.tokens[at]! };
}

export interface Signed {
  parameters: readonly string[];
  documentation?: string;
}

export function gasSignatures(project: Project, path: string, syntax: FileSyntax, line: SyntaxLine): Signed[] {
  const name = line.head!.text;
  const macro = project
    .names(path)
    .own(name)
    .find(({ definition }) => definition.kind === 'macro');
  if (macro) {
    const parameters = (macro.definition.detail ?? '').split(/\s*,\s*|\s+/).filter((text) => text !== '');
    return parameters.length > 0 ? [{ parameters }] : [];
  }
  const instruction = line.kind === 'instruction' ? gasInstruction(name) : undefined;
  if (!instruction) return [];
  const intel = isIntelSyntax(syntax, line.line);
  const forms = new Map<string, Signed>();
  for (const row of formsOf(instruction.mnemonic)) {
    const parameters = gasOperands(row, instruction, intel);
    if (!parameters || parameters.length === 0) continue;
    forms.set(parameters.join(), { parameters, ...(row.doc ? { documentation: row.doc } : {}) });
  }
  return [...forms.values()];
}
