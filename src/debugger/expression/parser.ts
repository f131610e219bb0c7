// Recursive-descent parser of debugger expressions: C's operators and precedence, `seg:off` addresses, and memory
// operands in NASM's manner (`word [ds:si+2]`). Returns a tree or a located error.

import type { AssignOperator, BinaryOperator, ExpressionError, MemorySize, Node, UnaryOperator } from './ast';
import { tokenize, type Token } from './lexer';

const SIZES: Readonly<Record<string, MemorySize>> = { byte: 1, word: 2, dword: 4, qword: 8 };
const ASSIGN = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']);
const UNARY = new Set(['-', '+', '~', '!']);
/** Binary operators by rising precedence. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const MAX_DEPTH = 200;

export type ParseResult = { ok: true; node: Node } | { ok: false; error: ExpressionError };

export function parseExpression(text: string): ParseResult {
  const tokens = tokenize(text);
  if (!Array.isArray(tokens)) return { ok: false, error: tokens };
  const parser = new Parser(tokens);
  const node = parser.whole();
  return parser.error ? { ok: false, error: parser.error } : { ok: true, node: node! };
}

/** Every method returns undefined once an error is set. */
class Parser {
  error: ExpressionError | undefined;
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Node | undefined {
    if (this.peek().kind === 'end') return this.fail('the expression is empty', this.peek());
    const node = this.assignment();
    const rest = this.peek();
    return node && rest.kind !== 'end' ? this.fail(`expected an operator before ${this.describe(rest)}`, rest) : node;
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  private fail(message: string, where: { start: number; end: number }): undefined {
    this.error ??= { message, start: where.start, end: where.end };
    return undefined;
  }

  private describe(token: Token): string {
    if (token.kind === 'end') return 'the end';
    return `\`${token.kind === 'number' ? `0x${token.value.toString(16)}` : token.kind === 'name' ? token.name : token.text}\``;
  }

  private assignment(): Node | undefined {
    if (++this.depth > MAX_DEPTH) return this.fail('the expression is nested too deeply', this.peek());
    const target = this.conditional();
    const op = this.peek();
    let result = target;
    if (target && op.kind === 'symbol' && ASSIGN.has(op.text)) {
      this.at++;
      const value = this.assignment();
      result = value && {
        kind: 'assign',
        op: op.text as AssignOperator,
        target,
        value,
        start: target.start,
        end: value.end,
      };
    }
    this.depth--;
    return result;
  }

  private conditional(): Node | undefined {
    const test = this.far();
    if (!test || !this.isSymbol('?')) return test;
    this.at++;
    const then = this.binary(0);
    if (!then) return undefined;
    if (!this.isSymbol(':')) return this.fail('expected `:` of the conditional `a ? b : c`', this.peek());
    this.at++;
    const otherwise = this.conditional();
    return otherwise && { kind: 'conditional', test, then, otherwise, start: test.start, end: otherwise.end };
  }

  private far(): Node | undefined {
    const segment = this.binary(0);
    if (!segment || !this.isSymbol(':')) return segment;
    this.at++;
    const offset = this.binary(0);
    return offset && { kind: 'far', segment, offset, start: segment.start, end: offset.end };
  }

  private binary(level: number): Node | undefined {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const op = this.peek();
      if (!left || op.kind !== 'symbol' || !operators.includes(op.text)) return left;
      this.at++;
      const right = this.binary(level + 1);
      left = right && { kind: 'binary', op: op.text as BinaryOperator, left, right, start: left.start, end: right.end };
    }
  }

  private unary(): Node | undefined {
    const token = this.peek();
    if (token.kind === 'symbol' && UNARY.has(token.text)) {
      if (++this.depth > MAX_DEPTH) return this.fail('the expression is nested too deeply', token);
      this.at++;
      const operand = this.unary();
      this.depth--;
      return (
        operand && { kind: 'unary', op: token.text as UnaryOperator, operand, start: token.start, end: operand.end }
      );
    }
    return this.primary();
  }

  private primary(): Node | undefined {
    const token = this.peek();
    if (token.kind === 'number') {
      this.at++;
      return { kind: 'number', value: token.value, start: token.start, end: token.end };
    }
    if (token.kind === 'name') {
      const size = SIZES[token.name.toLowerCase()];
      this.at++;
      if (size === undefined) return { kind: 'name', name: token.name, start: token.start, end: token.end };
      if (!this.isSymbol('[')) return this.fail(`expected \`[address]\` after \`${token.name}\``, this.peek());
      const memory = this.memory(size);
      return memory && { ...memory, start: token.start };
    }
    if (this.isSymbol('[')) return this.memory(undefined);
    if (this.isSymbol('(')) {
      this.at++;
      const inner = this.assignment();
      if (!inner) return undefined;
      if (!this.isSymbol(')')) return this.fail('expected `)`', this.peek());
      const end = this.peek().end;
      this.at++;
      return { ...inner, start: token.start, end };
    }
    return this.fail(`expected a number, register, label or memory operand, not ${this.describe(token)}`, token);
  }

  private memory(size: MemorySize | undefined): Node | undefined {
    const open = this.peek();
    this.at++;
    const address = this.assignment();
    if (!address) return undefined;
    if (!this.isSymbol(']')) return this.fail('expected `]`', this.peek());
    const end = this.peek().end;
    this.at++;
    return { kind: 'memory', size, address, start: open.start, end };
  }
}
