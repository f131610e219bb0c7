// Constructors for 128-bit vector expressions (WebAssembly Core Specification 2.0, "Vector Instructions"), named as there.
import type { Expr, ValueType } from './ir';

const SCALAR: Readonly<Record<string, ValueType>> = { i8x16: 'i32', i16x8: 'i32', i32x4: 'i32', i64x2: 'i64' };

/** One operand: `i8x16.abs`, `f32x4.sqrt`; also splats. */
export const v1 = (op: string, a: Expr): Expr => ({ kind: 'unary', type: 'v128', op, a });
/** Two operands: `i8x16.add`; for shifts the second one is an i32 count. */
export const v2 = (op: string, a: Expr, b: Expr): Expr => ({ kind: 'binary', type: 'v128', op, a, b });
/** Tests with an i32 result: `i8x16.all_true`, `i8x16.bitmask`, `v128.any_true`. */
export const test = (op: string, a: Expr): Expr => ({ kind: 'unary', type: 'i32', op, a });

export const vAnd = (a: Expr, b: Expr): Expr => v2('v128.and', a, b);
export const vOr = (a: Expr, b: Expr): Expr => v2('v128.or', a, b);
export const vXor = (a: Expr, b: Expr): Expr => v2('v128.xor', a, b);
/** a AND NOT b. */
export const vAndNot = (a: Expr, b: Expr): Expr => v2('v128.andnot', a, b);
export const vNot = (a: Expr): Expr => v1('v128.not', a);
/** Bits of `a` where the mask is set, else of `b`. */
export const bitselect = (a: Expr, b: Expr, mask: Expr): Expr => ({ kind: 'bitselect', type: 'v128', a, b, mask });

/** A lane of `shape` (`i8x16` and `i16x8` zero-extended). */
export const extract = (shape: string, lane: number, a: Expr): Expr => ({
  kind: 'lane',
  type: SCALAR[shape]!,
  op: `${shape}.extract_lane${shape === 'i8x16' || shape === 'i16x8' ? '_u' : ''}`,
  lane,
  a,
});
export const replace = (shape: string, lane: number, a: Expr, value: Expr): Expr => ({
  kind: 'lane',
  type: 'v128',
  op: `${shape}.replace_lane`,
  lane,
  a,
  b: value,
});
export const splat = (shape: string, value: Expr): Expr => v1(`${shape}.splat`, value);

/** A constant of 16 bytes in memory order. */
export const vBytes = (value: readonly number[]): Expr => ({ kind: 'bytes', type: 'v128', value });
export const vZero = vBytes(new Array<number>(16).fill(0));
/** The same value in all lanes of `shape`. */
export function vConst(shape: string, value: number | bigint): Expr {
  const size = 16 / Number(shape.slice(shape.indexOf('x') + 1));
  const bits = BigInt.asUintN(size * 8, BigInt(value));
  return vBytes(Array.from({ length: 16 }, (_, i) => Number((bits >> BigInt((i % size) * 8)) & 0xffn)));
}

/** Bytes 0-15 are those of `a`, 16-31 those of `b`. */
export const shuffle = (a: Expr, b: Expr, lanes: readonly number[]): Expr => ({
  kind: 'shuffle',
  type: 'v128',
  lanes,
  a,
  b,
});
/** Shuffles elements of `size` bytes: indices below 16 / size are those of `a`. */
export const shuffleElements = (size: number, a: Expr, b: Expr, order: readonly number[]): Expr =>
  shuffle(
    a,
    b,
    order.flatMap((index) => Array.from({ length: size }, (_, i) => index * size + i)),
  );
