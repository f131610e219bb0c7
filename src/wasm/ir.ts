// A small typed tree for WebAssembly code: expressions have a value type, statements have none.
// The constructors fold constants and drop neutral operations, so that semantics can be written without special cases.

export type ValueType = 'i32' | 'i64' | 'v128';

export type Expr =
  | { kind: 'const'; type: ValueType; value: number | bigint }
  | { kind: 'local'; type: ValueType; index: number; temporary: boolean }
  | { kind: 'unary'; type: ValueType; op: string; a: Expr }
  | { kind: 'binary'; type: ValueType; op: string; a: Expr; b: Expr }
  | { kind: 'load'; type: ValueType; op: string; address: Expr; offset: number }
  | { kind: 'call'; type: ValueType; fn: number; args: Expr[] }
  | { kind: 'callIndirect'; type: ValueType; signature: number; args: Expr[]; index: Expr }
  | { kind: 'bytes'; type: 'v128'; value: readonly number[] }
  | { kind: 'lane'; type: ValueType; op: string; lane: number; a: Expr; b?: Expr }
  | { kind: 'shuffle'; type: 'v128'; lanes: readonly number[]; a: Expr; b: Expr }
  | { kind: 'bitselect'; type: 'v128'; a: Expr; b: Expr; mask: Expr }
  | { kind: 'select'; type: ValueType; condition: Expr; a: Expr; b: Expr };

export class Label {
  constructor(readonly name: string) {}
}

export type Stmt =
  | { kind: 'set'; index: number; value: Expr }
  | { kind: 'store'; op: string; address: Expr; offset: number; value: Expr }
  | { kind: 'if'; condition: Expr; then: Stmt[]; else: Stmt[] }
  | { kind: 'block'; label: Label; body: Stmt[] }
  | { kind: 'loop'; label: Label; body: Stmt[] }
  | { kind: 'br'; label: Label }
  | { kind: 'brIf'; label: Label; condition: Expr }
  | { kind: 'brTable'; labels: Label[]; fallback: Label; index: Expr }
  | { kind: 'return'; value?: Expr }
  | { kind: 'drop'; value: Expr }
  | { kind: 'unreachable' };

export const i32 = (value: number): Expr => ({ kind: 'const', type: 'i32', value: value | 0 });
export const i64 = (value: number | bigint): Expr => ({
  kind: 'const',
  type: 'i64',
  value: BigInt.asIntN(64, BigInt(value)),
});
export const constant = (type: ValueType, value: number | bigint): Expr =>
  type === 'i32' ? i32(Number(BigInt.asIntN(32, BigInt(value)))) : i64(value);
export const local = (type: ValueType, index: number, temporary = false): Expr => ({
  kind: 'local',
  type,
  index,
  temporary,
});

const isZero = (e: Expr): boolean => e.kind === 'const' && (e.value === 0 || e.value === 0n);

const FOLD32: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr_u: (a, b) => a >>> b,
  shr_s: (a, b) => a >> b,
  mul: (a, b) => Math.imul(a, b),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
};
const FOLD64: Record<string, (a: bigint, b: bigint) => bigint> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};
const NEUTRAL_RIGHT = new Set(['add', 'sub', 'or', 'xor', 'shl', 'shr_u', 'shr_s']);
const COMPARISONS = new Set(['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u']);

export function binary(op: string, a: Expr, b: Expr): Expr {
  if (a.type !== b.type) throw new Error(`operands of ${op} differ in type: ${a.type} and ${b.type}`);
  if (a.kind === 'const' && b.kind === 'const') {
    const f32 = a.type === 'i32' ? FOLD32[op] : undefined;
    if (f32) return i32(f32(a.value as number, b.value as number));
    const f64 = a.type === 'i64' ? FOLD64[op] : undefined;
    if (f64) return i64(f64(a.value as bigint, b.value as bigint));
  }
  if (isZero(b) && NEUTRAL_RIGHT.has(op)) return a;
  if (isZero(b) && op === 'and') return b;
  if (isZero(a) && (op === 'add' || op === 'or' || op === 'xor')) return b;
  if (isZero(a) && op === 'and') return a;
  return { kind: 'binary', type: COMPARISONS.has(op) ? 'i32' : a.type, op: `${a.type}.${op}`, a, b };
}

export const add = (a: Expr, b: Expr): Expr => binary('add', a, b);
export const sub = (a: Expr, b: Expr): Expr => binary('sub', a, b);
export const mul = (a: Expr, b: Expr): Expr => binary('mul', a, b);
export const and = (a: Expr, b: Expr): Expr => binary('and', a, b);
export const or = (a: Expr, b: Expr): Expr => binary('or', a, b);
export const xor = (a: Expr, b: Expr): Expr => binary('xor', a, b);
export const shl = (a: Expr, b: Expr): Expr => binary('shl', a, b);
export const shrU = (a: Expr, b: Expr): Expr => binary('shr_u', a, b);
export const shrS = (a: Expr, b: Expr): Expr => binary('shr_s', a, b);
export const eq = (a: Expr, b: Expr): Expr => binary('eq', a, b);
export const ne = (a: Expr, b: Expr): Expr => binary('ne', a, b);
export const ltU = (a: Expr, b: Expr): Expr => binary('lt_u', a, b);
export const leU = (a: Expr, b: Expr): Expr => binary('le_u', a, b);
export const gtU = (a: Expr, b: Expr): Expr => binary('gt_u', a, b);
export const geU = (a: Expr, b: Expr): Expr => binary('ge_u', a, b);
export const ltS = (a: Expr, b: Expr): Expr => binary('lt_s', a, b);
export const leS = (a: Expr, b: Expr): Expr => binary('le_s', a, b);

export const unary = (op: string, type: ValueType, a: Expr): Expr => ({ kind: 'unary', type, op, a });
export const eqz = (a: Expr): Expr => (a.kind === 'const' ? i32(isZero(a) ? 1 : 0) : unary(`${a.type}.eqz`, 'i32', a));
export const not = (a: Expr): Expr => xor(a, constant(a.type, -1));

/** Low 32 bits. */
export function wrap(a: Expr): Expr {
  if (a.type === 'i32') return a;
  if (a.kind === 'const') return i32(Number(BigInt.asIntN(32, a.value as bigint)));
  if (a.kind === 'unary' && (a.op === 'i64.extend_i32_u' || a.op === 'i64.extend_i32_s')) return a.a;
  return unary('i32.wrap_i64', 'i32', a);
}
/** Zero-extended to 64 bits. */
export const zeroExtend = (a: Expr): Expr =>
  a.type === 'i64' ? a : a.kind === 'const' ? i64((a.value as number) >>> 0) : unary('i64.extend_i32_u', 'i64', a);
/** Sign-extended from 32 to 64 bits. */
export const signExtend64 = (a: Expr): Expr =>
  a.type === 'i64' ? a : a.kind === 'const' ? i64(a.value as number) : unary('i64.extend_i32_s', 'i64', a);
/** Converts to `type` without sign. */
export const convert = (type: ValueType, a: Expr): Expr => (type === 'i32' ? wrap(a) : zeroExtend(a));

export const select = (condition: Expr, a: Expr, b: Expr): Expr =>
  condition.kind === 'const' ? (isZero(condition) ? b : a) : { kind: 'select', type: a.type, condition, a, b };
export const load = (op: string, address: Expr, offset = 0): Expr => ({
  kind: 'load',
  type: op.startsWith('v128') ? 'v128' : op.startsWith('i64') ? 'i64' : 'i32',
  op,
  address,
  offset,
});
export const call = (type: ValueType, fn: number, args: Expr[]): Expr => ({ kind: 'call', type, fn, args });

/** Zero-extending load and plain store by size in bytes; 8 is i64. */
export const LOAD: Record<number, string> = { 1: 'i32.load8_u', 2: 'i32.load16_u', 4: 'i32.load', 8: 'i64.load' };
export const STORE: Record<number, string> = { 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store', 8: 'i64.store' };
