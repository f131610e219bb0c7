// Recursive-descent parser of expressions (NASM manual, "Expressions"). Undefined = an error was reported.
import { EXPRESSION_DEPTH, EXPRESSION_TERMS } from '../limits';
import { parseNumber } from '../text/numbers';
import { unquote } from '../text/quote';
import type { StringFunction } from '../text/unicode';
import type { Token } from '../token/token';
import type { BinaryOperator, Expr } from './ast';
import type { Cursor } from './cursor';
import { registerValue, scalar } from './value';

/** Binary operators from the loosest level to the tightest, each with its canonical spelling. */
const LEVELS: readonly Readonly<Record<string, BinaryOperator>>[] = [
  { '||': '||' },
  { '^^': '^^' },
  { '&&': '&&' },
  { '=': '=', '==': '=', '<>': '<>', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=', '<=>': '<=>' },
  { '|': '|' },
  { '^': '^' },
  { '&': '&' },
  { '<<': '<<', '<<<': '<<', '>>': '>>', '>>>': '>>>' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/', '//': '//', '%': '%', '%%': '%%' },
];
/** Level of the first character: lets a term without operators return at once. */
const OPERATOR_LEVEL = new Map<string, number>(
  LEVELS.flatMap((level, index) => Object.keys(level).map((text) => [text, index] as const)),
);

export class ExpressionParser {
  private terms = 0;
  private depth = 0;

  constructor(private readonly cursor: Cursor) {}

  /** A whole expression, with `wrt`. */
  parse(): Expr | undefined {
    this.terms = 0;
    const value = this.conditional();
    if (!value) return undefined;
    const word = this.cursor.keyword();
    if (word?.type !== 'operator' || word.name !== 'wrt') return value;
    const token = this.cursor.next()!;
    const base = this.unary();
    return base && { kind: 'wrt', value, base, token };
  }

  private conditional(): Expr | undefined {
    if (++this.depth > EXPRESSION_DEPTH) {
      this.depth--;
      return this.fail('expression too deeply nested: split it with equ or %assign');
    }
    const result = this.conditionalTail(this.binary(0));
    this.depth--;
    return result;
  }

  private conditionalTail(test: Expr | undefined): Expr | undefined {
    const token = this.cursor.token;
    if (!test || token?.kind !== 'qmark') return test;
    this.cursor.next();
    const yes = this.conditional();
    if (!yes) return undefined;
    if (!this.cursor.take(':')) return this.fail("`?' without matching `:'");
    const no = this.conditional();
    return no && { kind: 'conditional', test, yes, no, token };
  }

  /** Precedence climbing from `least` (0 = loosest). */
  private binary(least: number): Expr | undefined {
    let left = this.unary();
    if (!left) return undefined;
    for (;;) {
      const token = this.cursor.token;
      if (token?.kind !== 'op') return left;
      const level = OPERATOR_LEVEL.get(token.text);
      if (level === undefined || level < least) return left;
      this.cursor.next();
      const right = this.binary(level + 1);
      if (!right) return undefined;
      left = { kind: 'binary', operator: LEVELS[level]![token.text]!, left, right, token };
    }
  }

  private unary(): Expr | undefined {
    if (++this.terms > EXPRESSION_TERMS) return this.fail('expression too long');
    if (++this.depth > EXPRESSION_DEPTH) {
      this.depth--;
      return this.fail('expression too deeply nested: split it with equ or %assign');
    }
    const result = this.unaryTerm();
    this.depth--;
    return result;
  }

  private unaryTerm(): Expr | undefined {
    const { cursor } = this;
    const token = cursor.token;
    if (!token) return this.fail('expression syntax error');
    if (token.kind === 'op') {
      if (token.text === '(') return this.parenthesised();
      const kind = UNARY[token.text];
      if (kind === undefined) return this.fail('expression syntax error');
      cursor.next();
      const operand = this.unary();
      if (!operand || kind === 'plus') return operand;
      return { kind, operand, token };
    }
    switch (token.kind) {
      case 'num': {
        const parsed = parseNumber(token.text);
        if (!parsed) return this.fail(`expression syntax error: \`${token.text}' is not a number`);
        cursor.next();
        return { kind: 'number', value: scalar(parsed.value), token };
      }
      case 'str':
        cursor.next();
        return { kind: 'string', bytes: unquote(token.text), token };
      case 'here':
      case 'base':
        cursor.next();
        return { kind: token.kind, token };
      case 'id':
        return this.word(token);
      default:
        return this.fail('expression syntax error');
    }
  }

  private parenthesised(): Expr | undefined {
    this.cursor.next();
    const inner = this.conditional();
    if (!inner) return undefined;
    return this.cursor.take(')') ? inner : this.fail("expecting `)'");
  }

  private word(token: Token): Expr | undefined {
    const { cursor } = this;
    if (token.text.startsWith('$')) {
      cursor.next();
      return { kind: 'symbol', name: token.text.slice(1), token };
    }
    const word = cursor.keyword();
    if (!word || word.type === 'instruction') {
      cursor.next();
      return { kind: 'symbol', name: token.text, token };
    }
    if (word.type === 'register') {
      cursor.next();
      return { kind: 'register', register: word.register, name: word.name, value: registerValue(word.name), token };
    }
    if (word.type === 'operator' && word.name === 'seg') {
      cursor.next();
      const operand = this.unary();
      return operand && { kind: 'segment', operand, token };
    }
    if (word.type === 'function') return this.function(token, word.name, word.family);
    return this.fail('expression syntax error');
  }

  private function(token: Token, name: string, family: 'float' | 'floatize' | 'string' | 'ilog2'): Expr | undefined {
    const { cursor } = this;
    if (family === 'float') return this.fail('expression syntax error');
    cursor.next();
    if (family === 'ilog2') {
      const operand = this.unary();
      return operand && { kind: 'ilog2', variant: name.slice(8, 9), operand, token };
    }
    const open = cursor.take('(');
    if (family === 'string') {
      const text = cursor.token;
      if (text?.kind !== 'str') return this.fail(`expecting string as argument to ${name}`);
      cursor.next();
      if (open && !cursor.take(')')) return this.fail("expecting `)'");
      return { kind: 'stringFunction', name: name.slice(3, -3) as StringFunction, bytes: unquote(text.text), token };
    }
    if (!open) return this.fail("expecting `('");
    const negative = cursor.take('-');
    if (!negative) cursor.take('+');
    const word = cursor.keyword();
    const number = cursor.token;
    if (!number || (number.kind !== 'float' && !(word?.type === 'function' && word.family === 'float'))) {
      return this.fail('expecting floating-point number');
    }
    cursor.next();
    if (!cursor.take(')')) return this.fail("expecting `)'");
    return { kind: 'float', text: number.text, negative, name, token };
  }

  private fail(message: string): undefined {
    this.cursor.error(message);
    return undefined;
  }
}

const UNARY: Readonly<Record<string, 'negate' | 'not' | 'logicalNot' | 'plus' | undefined>> = {
  '-': 'negate',
  '+': 'plus',
  '~': 'not',
  '!': 'logicalNot',
};
