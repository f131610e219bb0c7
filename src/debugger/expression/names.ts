// Labels that an expression names, and which names it uses.

import type { SymbolRecord } from '../../symbols/symbolTable';
import { registerPart } from '../registers';
import type { Node } from './ast';
import type { EvaluationContext } from './value';

export function findSymbol(name: string, context: EvaluationContext): SymbolRecord | undefined {
  return context.program?.symbols.find(name, name.startsWith('.') ? context.scope : undefined);
}

export interface NamesUsed {
  /** Lower case. */
  registers: string[];
  /** The label, when there is exactly one. */
  symbol: string | undefined;
}

/** Registers in the expression, and its label when there is exactly one. */
export function namesUsed(node: Node, context: EvaluationContext): NamesUsed {
  const registers: string[] = [];
  const symbols: string[] = [];
  const visit = (n: Node): void => {
    switch (n.kind) {
      case 'name':
        if (registerPart(n.name)) registers.push(n.name.toLowerCase());
        else if (findSymbol(n.name, context)?.kind !== 'constant') symbols.push(n.name);
        break;
      case 'unary':
        visit(n.operand);
        break;
      case 'binary':
        visit(n.left);
        visit(n.right);
        break;
      default:
        break;
    }
  };
  visit(node);
  return { registers, symbol: symbols.length === 1 ? symbols[0] : undefined };
}
