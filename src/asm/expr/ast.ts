// Expressions as trees, so that a line is parsed once and evaluated in every pass.
import type { RegOperand } from '../../isa/types';
import type { Token } from '../token/token';
import type { StringFunction } from '../text/unicode';
import type { Value } from './value';

export type BinaryOperator =
  | '||'
  | '^^'
  | '&&'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '<=>'
  | '|'
  | '^'
  | '&'
  | '<<'
  | '>>'
  | '>>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '%%';

export interface SymbolNode {
  kind: 'symbol';
  name: string;
  token: Token;
}

export type Expr =
  | { kind: 'number'; value: Value; token: Token }
  /** A character constant: its value depends on `bits`. */
  | { kind: 'string'; bytes: string; token: Token }
  | { kind: 'float'; text: string; negative: boolean; name: string; token: Token }
  | { kind: 'stringFunction'; name: StringFunction; bytes: string; token: Token }
  | SymbolNode
  | { kind: 'here'; token: Token }
  | { kind: 'base'; token: Token }
  | { kind: 'register'; register: RegOperand; name: string; value: Value; token: Token }
  | { kind: 'negate' | 'not' | 'logicalNot' | 'segment'; operand: Expr; token: Token }
  | { kind: 'ilog2'; variant: string; operand: Expr; token: Token }
  | { kind: 'binary'; operator: BinaryOperator; left: Expr; right: Expr; token: Token }
  | { kind: 'conditional'; test: Expr; yes: Expr; no: Expr; token: Token }
  | { kind: 'wrt'; value: Expr; base: Expr; token: Token };

/** True when the value never changes: no symbol, `$`, `$$`, nor a constant whose meaning depends on `bits`. */
export function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
    case 'register':
      return true;
    case 'negate':
    case 'not':
    case 'logicalNot':
    case 'ilog2':
      return isConstant(expr.operand);
    case 'binary':
      return isConstant(expr.left) && isConstant(expr.right);
    case 'conditional':
      return isConstant(expr.test) && isConstant(expr.yes) && isConstant(expr.no);
    default:
      return false;
  }
}
