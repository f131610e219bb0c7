// Evaluates a parsed expression against the processor, guest memory and symbols. Arithmetic is unbounded; what is read is
// unsigned. A comparison is unsigned, unless one side is negative: then the other side counts as signed of its width.
// As an address, a plain number is linear; a label is where the program lies now; `seg:off` goes through the segment; with
// registers the processor's default segments hold (SS with BP or SP, CS with IP, else DS), and 16-bit ones wrap at 64 KB. Sums
// wrap at 4 GB outside long mode; in it, an address must be canonical.

import { memoryView } from '../code/reader';
import { isLong, linearOfValue, notCanonical, unsignedOf } from '../linear';
import { readRegister, registerPart, widthOf } from '../registers';
import { isParagraphMode, segmentIndex, segmentOf, selectorBase } from '../segments';
import { SegIndex } from '../target';
import { compute } from './arithmetic';
import type { BinaryOperator, ExpressionError, MemorySize, Node } from './ast';
import { findSymbol, namesUsed } from './names';
import { parseExpression } from './parser';
import { failed, readPlace, writePlace } from './places';
import type { Evaluation, EvaluationContext, Value } from './value';

const done = (value: Value): Evaluation => ({ ok: true, value });
const number = (value: bigint): Evaluation => done({ value, type: 'number' });

const LIMIT = 1n << 160n;

export function evaluate(text: string, context: EvaluationContext): Evaluation {
  const parsed = parseExpression(text);
  return parsed.ok ? evaluateNode(parsed.node, context) : parsed;
}

export function evaluateNode(node: Node, context: EvaluationContext): Evaluation {
  switch (node.kind) {
    case 'number':
      return number(node.value);
    case 'name':
      return evaluateName(node, node.name, context);
    case 'unary': {
      const operand = evaluateNode(node.operand, context);
      if (!operand.ok) return operand;
      const v = operand.value.value;
      if (node.op === '-') return number(-v);
      if (node.op === '!') return number(v === 0n ? 1n : 0n);
      if (node.op === '~') return number(operand.value.bits ? BigInt.asUintN(operand.value.bits, ~v) : ~v);
      return operand;
    }
    case 'binary':
      return evaluateBinary(node, context);
    case 'conditional': {
      const test = evaluateNode(node.test, context);
      return test.ok ? evaluateNode(test.value.value !== 0n ? node.then : node.otherwise, context) : test;
    }
    case 'far': {
      const address = addressOf(node, context);
      if (!address.ok) return address;
      const at = { value: unsignedOf(address.at), type: 'address' as const };
      return done(address.space === 'linear' ? { ...at, linear: address.at } : at);
    }
    case 'memory': {
      const address = addressOf(node.address, context);
      if (!address.ok) return address;
      const bytes = node.size ?? defaultSize(node.address, context);
      return readPlace(node, { kind: address.space, address: address.at, bytes }, context);
    }
    case 'assign':
      return assign(node, context);
  }
}

function evaluateName(node: Node, name: string, context: EvaluationContext): Evaluation {
  const lower = name.toLowerCase();
  const part = registerPart(lower);
  if (part) {
    const override = context.frame?.registers.get(part.whole);
    const bits = widthOf(context.target, part);
    const mask = (1n << BigInt(bits)) - 1n;
    const value = override === undefined ? readRegister(context.target, part) : (override >> BigInt(part.shift)) & mask;
    if (value === undefined) return failed(node, `this processor has no register ${lower}`);
    const flag = part.whole === 'eflags' && part.bits < 16;
    return done({ value, bits, place: { kind: 'register', name: lower }, type: flag ? 'flag' : 'register' });
  }
  if (lower === 'cpl') return number(BigInt(context.target.cpl));
  if (lower === 'icount') return number(BigInt(context.target.icount));
  if (lower === '$') {
    const at = linearPointer(context);
    return done({ value: unsignedOf(at), linear: at, type: 'address' });
  }
  const symbol = findSymbol(name, context);
  if (!symbol) return failed(node, unknownName(name, context));
  if (symbol.kind === 'constant') return done({ value: symbol.exact ?? BigInt(symbol.value), type: 'constant' });
  const linear = context.program!.linearOf(symbol, memoryView(context.target, context.program));
  return done({ value: unsignedOf(symbol.value), type: 'label', ...(linear === undefined ? {} : { linear }) });
}

function unknownName(name: string, { program }: EvaluationContext): string {
  const what = `\`${name}\` is not a register, a flag or a label`;
  return program?.symbols.all.length ? `${what} of ${program.name}` : `${what}; no symbols are loaded`;
}

/** `[label]` without a size reads the unit that was declared there; otherwise the size of the mode. */
function defaultSize(address: Node, context: EvaluationContext): MemorySize {
  const base = address.kind === 'binary' ? address.left : address;
  const unit = base.kind === 'name' && !registerPart(base.name) ? findSymbol(base.name, context)?.unit : undefined;
  if (unit === 1 || unit === 2 || unit === 4 || unit === 8) return unit;
  const cs = segmentOf(context, SegIndex.CS);
  return cs.long ? 8 : cs.big ? 4 : 2;
}

function evaluateBinary(node: Extract<Node, { kind: 'binary' }>, context: EvaluationContext): Evaluation {
  const left = evaluateNode(node.left, context);
  if (!left.ok) return left;
  if (node.op === '&&' && left.value.value === 0n) return number(0n);
  if (node.op === '||' && left.value.value !== 0n) return number(1n);
  const right = evaluateNode(node.right, context);
  if (!right.ok) return right;
  const value = compute(node.op, left.value, right.value);
  if (typeof value === 'string') return failed(node.right, value);
  if (value > LIMIT || value < -LIMIT) return failed(node, 'the result is too large');
  return number(value);
}

function assign(node: Extract<Node, { kind: 'assign' }>, context: EvaluationContext): Evaluation {
  if (context.readOnly) {
    const hint = node.op === '=' ? '; to compare, write `==`' : '';
    return failed(node, `an assignment is not allowed here${hint}`);
  }
  const target = evaluateNode(node.target, context);
  if (!target.ok) return target;
  const { place } = target.value;
  if (!place) return failed(node.target, 'only registers, flags and memory operands can be assigned to');
  const right = evaluateNode(node.value, context);
  if (!right.ok) return right;
  let value = right.value.value;
  if (node.op !== '=') {
    const result = compute(node.op.slice(0, -1) as BinaryOperator, target.value, right.value);
    if (typeof result === 'string') return failed(node.value, result);
    value = target.value.bits ? BigInt.asUintN(target.value.bits, result) : result;
  }
  const problem = writePlace(place, value, context);
  return problem ? failed(node, problem) : evaluateNode(node.target, context);
}

/** Where an expression points. */
export type Address = { ok: true; space: 'linear' | 'physical'; at: number } | { ok: false; error: ExpressionError };

/** Physical addresses have at most 52 bits. */
const PHYSICAL_END = 1n << 52n;

export function addressOf(node: Node, context: EvaluationContext): Address {
  if (node.kind === 'far') return farAddress(node.segment, node.offset, context);
  if (node.kind === 'memory') return valueAddress(node, context);
  const uses = namesUsed(node, context);
  if (uses.registers.length === 0 && uses.symbol !== undefined) return labelAddress(node, uses.symbol, context);
  if (uses.registers.length === 0) return valueAddress(node, context);
  const value = evaluateNode(node, context);
  if (!value.ok) return value;
  const segment = uses.registers.some((name) => /^[er]?ip$/.test(name))
    ? SegIndex.CS
    : uses.registers.some((name) => /^[er]?[sb]pl?$/.test(name))
      ? SegIndex.SS
      : SegIndex.DS;
  return within(node, segmentOf(context, segment).base, wrapped(value.value.value, uses.registers), context);
}

/** Linear address of the present or the frame's instruction. */
export function linearPointer(context: EvaluationContext): number {
  const ip = context.frame?.registers.get('rip') ?? context.target.getRegister('rip') ?? 0n;
  const cs = segmentOf(context, SegIndex.CS);
  return cs.long ? Number(BigInt.asIntN(64, ip)) : (cs.base + Number(ip & 0xffffffffn)) >>> 0;
}

/** A value as a linear address; those beyond 4 GB may be named in every mode, for the time when the guest gets there. */
function linear(node: Node, value: bigint, { target }: EvaluationContext): Address {
  const at = linearOfValue(value < 0n && !isLong(target) ? BigInt.asUintN(32, value) : value);
  return at === undefined ? failed(node, notCanonical(value)) : { ok: true, space: 'linear', at };
}

/** An offset from the base of a segment. */
function within(node: Node, base: number, offset: bigint, context: EvaluationContext): Address {
  const sum = BigInt(base) + BigInt.asIntN(64, offset);
  return linear(node, isLong(context.target) ? BigInt.asIntN(64, sum) : BigInt.asUintN(32, sum), context);
}

function valueAddress(node: Node, context: EvaluationContext): Address {
  const value = evaluateNode(node, context);
  return value.ok ? linear(node, value.value.value, context) : value;
}

function farAddress(segment: Node, offset: Node, context: EvaluationContext): Address {
  const off = evaluateNode(offset, context);
  if (!off.ok) return off;
  const name = segment.kind === 'name' ? segment.name.toLowerCase() : undefined;
  if (name === 'lin') return linear(offset, off.value.value, context);
  if (name === 'phys') return physical(offset, off.value.value);
  const at = wrapped(off.value.value, namesUsed(offset, context).registers);
  const register = name === undefined ? undefined : segmentIndex(name);
  if (register !== undefined) return within(offset, segmentOf(context, register).base, at, context);
  const selector = evaluateNode(segment, context);
  if (!selector.ok) return selector;
  const base = selectorBase(context.target, Number(selector.value.value & 0xffffffffn));
  if (typeof base === 'string') return failed(segment, base);
  if (isParagraphMode(context.target) && off.value.value > 0xffffn)
    return failed(offset, `an offset has 16 bits in ${context.target.mode === 'real' ? 'real' : 'v8086'} mode`);
  return within(offset, base, at, context);
}

function physical(node: Node, value: bigint): Address {
  const at = value < 0n ? BigInt.asUintN(32, value) : value;
  return at < PHYSICAL_END
    ? { ok: true, space: 'physical', at: Number(at) }
    : failed(node, `0x${at.toString(16)} is no physical address: these have at most 52 bits`);
}

/** A label plus or minus constants: the label's place in the guest, moved by the same amount. */
function labelAddress(node: Node, name: string, context: EvaluationContext): Address {
  const symbol = findSymbol(name, context);
  const place = symbol && context.program?.linearOf(symbol, memoryView(context.target, context.program));
  const value = evaluateNode(node, context);
  if (!value.ok) return value;
  if (symbol === undefined || place === undefined) return linear(node, value.value.value, context);
  return linear(node, BigInt(place) + value.value.value - unsignedOf(symbol.value), context);
}

function wrapped(offset: bigint, registers: readonly string[]): bigint {
  const narrow = registers.length > 0 && registers.every((name) => (registerPart(name)?.bits ?? 32) <= 16);
  return narrow ? offset & 0xffffn : offset;
}
