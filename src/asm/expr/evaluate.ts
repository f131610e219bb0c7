// Evaluates expression trees to vectors (expr/value.ts), with NASM's rules on which operators take what.
import { FLOAT_FORMATS, floatConstant, type FloatMode } from '../text/floats';
import { transformString } from '../text/unicode';
import { FLOAT_FUNCTIONS } from '../token/keywords';
import type { Token } from '../token/token';
import type { BinaryOperator, Expr, SymbolNode } from './ast';
import {
  NO_SEGMENT,
  FAR_ABSOLUTE,
  UNKNOWN,
  add,
  isJustUnknown,
  isReallySimple,
  isRelocatable,
  isSimple,
  multiply,
  scalar,
  segmentOf,
  subtract,
  wrap,
  type Value,
} from './value';

/** Which register of an address was written first; see NASM manual, "Effective Addresses". */
export interface BaseHint {
  kind: 'none' | 'base' | 'notBase' | 'summed';
  register: string;
}

export interface SymbolValue {
  segment: number;
  offset: bigint;
  external: boolean;
  /** The two as a value, once made. */
  value: Value | undefined;
}

export interface Environment {
  readonly bits: 16 | 32 | 64;
  /** An undefined symbol is an error. */
  readonly critical: boolean;
  /** `$`: its segment and offset. */
  readonly hereSegment: number;
  readonly hereOffset: bigint;
  /** Section being assembled into, NO_SEGMENT in absolute space. */
  readonly currentSegment: number;
  readonly floatMode: FloatMode;
  lookup(name: string): SymbolValue | undefined;
  /** Segment number of the base that SEG gives for an address in a segment. */
  segmentBase(segment: number): number;
  /** Message for a symbol that is not defined when it must be. */
  undefinedMessage(name: string): string;
  error(message: string, token: Token): void;
  warn(code: string, message: string, token: Token): void;
}

/** Facts about one evaluation besides its value. */
export interface EvaluationNotes {
  /** A symbol was not defined yet. */
  forward: boolean;
  external: boolean;
  hint?: BaseHint;
}

const UNSIGNED = (value: bigint): bigint => BigInt.asUintN(64, value);
const bool = (value: boolean): Value => scalar(value ? 1n : 0n);

export function evaluate(expr: Expr, env: Environment, notes?: EvaluationNotes): Value | undefined {
  if (expr.kind !== 'wrt') return stripFar(visit(expr, env, notes));
  const value = stripFar(visit(expr.value, env, notes));
  const base = visit(expr.base, env, notes);
  if (!value || !base) return undefined;
  if (isJustUnknown(base)) return UNKNOWN;
  const segment = isRelocatable(base, env.currentSegment) ? segmentOf(base) : undefined;
  const plain = segment !== undefined && segment !== NO_SEGMENT && segment < FAR_ABSOLUTE && segment % 2 === 0;
  if (segment === undefined || (plain && env.critical)) {
    env.error('invalid right-hand operand to WRT', expr.token);
    return undefined;
  }
  const wrt = segment === NO_SEGMENT ? FAR_ABSOLUTE | Number(UNSIGNED(base.number) & 0xffffn) : segment;
  return { ...value, wrt };
}

function stripFar(value: Value | undefined): Value | undefined {
  if (!value?.segs) return value;
  for (const { segment } of value.segs) if (segment >= FAR_ABSOLUTE) return multiply(value, 1n);
  return value;
}

function visit(expr: Expr, env: Environment, notes: EvaluationNotes | undefined): Value | undefined {
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'string':
      return characterConstant(expr.bytes, env, expr.token);
    case 'register': {
      const hint = notes?.hint;
      if (hint?.kind === 'none') {
        hint.kind = 'base';
        hint.register = expr.name;
      }
      return expr.value;
    }
    case 'here':
      return located(env.hereSegment, env.hereOffset);
    case 'base':
      return located(env.hereSegment, 0n);
    case 'symbol':
      return symbol(expr, env, notes);
    case 'negate': {
      const value = visit(expr.operand, env, notes);
      return value && multiply(value, -1n);
    }
    case 'not':
    case 'logicalNot':
    case 'ilog2':
      return unary(expr, env, notes);
    case 'segment':
      return segmentPart(expr.operand, env, notes, expr.token);
    case 'binary':
      return binary(expr, env, notes);
    case 'conditional': {
      const test = visit(expr.test, env, notes);
      const yes = test && visit(expr.yes, env, notes);
      const no = yes && visit(expr.no, env, notes);
      if (!no) return undefined;
      if (isSimple(test)) return test.number !== 0n ? yes : no;
      if (isJustUnknown(test)) return UNKNOWN;
      env.error("the left-hand side of `?' must be a scalar value", expr.token);
      return test;
    }
    case 'float':
      return floatBits(expr, env);
    case 'stringFunction': {
      const text = transformString(expr.bytes, expr.name);
      if (text !== undefined) return characterConstant(text, env, expr.token);
      env.error(`invalid input string to ${expr.name}`, expr.token);
      return undefined;
    }
    case 'wrt':
      return evaluate(expr, env, notes);
  }
}

function located(segment: number, offset: bigint): Value {
  return segment === NO_SEGMENT ? scalar(offset) : { number: offset, segs: [{ segment, factor: 1n }] };
}

function symbol(node: SymbolNode, env: Environment, notes: EvaluationNotes | undefined): Value | undefined {
  const found = env.lookup(node.name);
  if (found) {
    if (found.external && notes) notes.external = true;
    return (found.value ??= located(found.segment, found.offset));
  }
  if (env.critical) {
    env.error(env.undefinedMessage(node.name), node.token);
    return undefined;
  }
  if (notes) notes.forward = true;
  return UNKNOWN;
}

/** A string as a number: first character lowest; 4 bytes in 16 and 32-bit code, 8 in 64-bit code. */
export function characterConstant(bytes: string, env: Pick<Environment, 'bits' | 'warn'>, token: Token): Value {
  const width = env.bits === 64 ? 8 : 4;
  let value = 0n;
  for (let i = Math.min(bytes.length, width) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes.charCodeAt(i));
  if (bytes.length > width && /[^\0]/.test(bytes.slice(width))) env.warn('other', 'character constant too long', token);
  return scalar(value);
}

function floatBits(expr: Extract<Expr, { kind: 'float' }>, env: Environment): Value | undefined {
  const { format, from } = FLOAT_FUNCTIONS[expr.name]!;
  const result = floatConstant(expr.text, expr.negative, FLOAT_FORMATS[format], env.floatMode);
  if (result.error) env.error(result.error, expr.token);
  if (result.warning) env.warn(result.warning.code, result.warning.message, expr.token);
  let value = 0n;
  for (const byte of result.bytes.slice(from, from + 8).reverse()) value = (value << 8n) | BigInt(byte);
  return scalar(value);
}

function unary(
  expr:
    | Extract<Expr, { kind: 'not' | 'logicalNot' | 'ilog2' }>
    | Extract<Expr, { kind: 'negate' | 'not' | 'logicalNot' | 'segment' }>,
  env: Environment,
  notes: EvaluationNotes | undefined,
): Value | undefined {
  const value = visit(expr.operand, env, notes);
  if (!value || isJustUnknown(value)) return value && UNKNOWN;
  if (!isSimple(value)) {
    const subject = expr.kind === 'ilog2' ? 'function' : `\`${expr.kind === 'not' ? '~' : '!'}' operator`;
    env.error(`${subject} may only be applied to scalar values`, expr.token);
    return undefined;
  }
  if (expr.kind === 'not') return scalar(~value.number);
  if (expr.kind !== 'ilog2') return bool(value.number === 0n);
  const n = UNSIGNED(value.number);
  const power = n !== 0n && (n & (n - 1n)) === 0n;
  if (!power && expr.variant === 'e') env.error('ilog2 argument is not a power of two', expr.token);
  if (!power && expr.variant === 'w') env.warn('other', 'ilog2 argument is not a power of two', expr.token);
  const floor = (v: bigint): bigint => BigInt(v === 0n ? 0 : v.toString(2).length - 1);
  return scalar(expr.variant === 'c' ? (n < 2n ? 0n : floor(n - 1n) + 1n) : floor(n));
}

function segmentPart(
  operand: Expr,
  env: Environment,
  notes: EvaluationNotes | undefined,
  token: Token,
): Value | undefined {
  const value = visit(operand, env, notes);
  if (!value) return undefined;
  if (value.unknown) return UNKNOWN;
  const segment = isRelocatable(value, env.currentSegment) ? segmentOf(value) : NO_SEGMENT;
  if (segment === NO_SEGMENT) {
    env.error('cannot apply SEG to a non-relocatable value', token);
    return undefined;
  }
  if (segment >= FAR_ABSOLUTE) return scalar(BigInt(segment - FAR_ABSOLUTE));
  if (segment % 2 === 1) {
    env.error('SEG applied to something which is already a segment base', token);
    return undefined;
  }
  const base = env.segmentBase(segment);
  return base >= FAR_ABSOLUTE
    ? scalar(BigInt(base - FAR_ABSOLUTE))
    : { number: 0n, segs: [{ segment: base, factor: 1n }] };
}

const scalarLike = (value: Value): boolean => isSimple(value) || isJustUnknown(value);

function binary(
  expr: Extract<Expr, { kind: 'binary' }>,
  env: Environment,
  notes: EvaluationNotes | undefined,
): Value | undefined {
  const left = visit(expr.left, env, notes);
  const right = left && visit(expr.right, env, notes);
  if (!left || !right) return undefined;
  const { operator } = expr;
  if (operator === '+' || operator === '-') {
    const hint = notes?.hint;
    return operator === '+' ? add(left, right, hint) : subtract(left, right, hint);
  }
  if (operator === '*') return product(left, right, env, notes, expr.token);
  const comparison = COMPARE[operator];
  if (comparison) return compare(left, right, operator, comparison, env, expr.token);
  if (!scalarLike(left) || !scalarLike(right)) {
    const name = NON_SCALAR[operator] ?? `\`${operator}' operator`;
    env.error(`${name} may only be applied to scalar values`, expr.token);
    return undefined;
  }
  const divides = operator in DIVIDE;
  if (divides && !isJustUnknown(right) && right.number === 0n) {
    env.error('division by zero', expr.token);
    return undefined;
  }
  if (isJustUnknown(left) || isJustUnknown(right)) return UNKNOWN;
  return scalar((ARITHMETIC[operator] ?? DIVIDE[operator])!(left.number, right.number));
}

const NON_SCALAR: Readonly<Partial<Record<BinaryOperator, string>>> = {
  '<<': 'shift operator',
  '>>': 'shift operator',
  '>>>': 'shift operator',
  '/': 'division operator',
  '//': 'division operator',
  '%': 'division operator',
  '%%': 'division operator',
};

type Operation = (a: bigint, b: bigint) => bigint;
const flag = (value: boolean): bigint => (value ? 1n : 0n);
/** Shift counts count modulo 64, as they do on the processor nasm runs on. */
const count = (value: bigint): bigint => value & 63n;

const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, Operation>>> = {
  '||': (a, b) => flag(a !== 0n || b !== 0n),
  '^^': (a, b) => flag((a === 0n) !== (b === 0n)),
  '&&': (a, b) => flag(a !== 0n && b !== 0n),
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&': (a, b) => a & b,
  '<<': (a, b) => wrap(a << count(b)),
  '>>': (a, b) => wrap(UNSIGNED(a) >> count(b)),
  '>>>': (a, b) => a >> count(b),
};
const DIVIDE: Readonly<Partial<Record<BinaryOperator, Operation>>> = {
  '/': (a, b) => wrap(UNSIGNED(a) / UNSIGNED(b)),
  '%': (a, b) => wrap(UNSIGNED(a) % UNSIGNED(b)),
  '//': (a, b) => wrap(a / b),
  '%%': (a, b) => wrap(a % b),
};
const COMPARE: Readonly<Partial<Record<BinaryOperator, (difference: bigint) => bigint>>> = {
  '=': (d) => flag(d === 0n),
  '<>': (d) => flag(d !== 0n),
  '<': (d) => flag(d < 0n),
  '<=': (d) => flag(d <= 0n),
  '>': (d) => flag(d > 0n),
  '>=': (d) => flag(d >= 0n),
  '<=>': (d) => (d < 0n ? -1n : flag(d > 0n)),
};

function compare(
  left: Value,
  right: Value,
  operator: BinaryOperator,
  result: (difference: bigint) => bigint,
  env: Environment,
  token: Token,
): Value {
  const difference = subtract(left, right);
  if (difference.unknown) return UNKNOWN;
  if (isReallySimple(difference)) {
    const value = result(difference.number);
    // Quirk of nasm 2.16: `<=>` says "less" with the value it also uses for "unknown".
    return value === -1n ? UNKNOWN : scalar(value);
  }
  if (operator === '=' || operator === '<>') return bool(operator === '<>');
  env.error(`\`${operator}': operands differ by a non-scalar`, token);
  return scalar(0n);
}

function product(
  left: Value,
  right: Value,
  env: Environment,
  notes: EvaluationNotes | undefined,
  token: Token,
): Value | undefined {
  const vector = isSimple(left) ? right : isSimple(right) ? left : undefined;
  if (!vector) {
    if (isJustUnknown(left) && isJustUnknown(right)) return UNKNOWN;
    env.error('unable to multiply two non-scalar objects', token);
    return undefined;
  }
  const hint = notes?.hint;
  if (hint?.kind === 'base' && vector.regs?.some((term) => term.name === hint.register)) hint.kind = 'notBase';
  return multiply(vector, vector === right ? left.number : right.number);
}
