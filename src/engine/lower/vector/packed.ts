// Packed integer operations on 128-bit values (Intel SDM vol. 2). Each is `(c, a, b) => result` with a the first source (the
// destination of the legacy forms): forms with three operands and wider registers use the same functions lane by lane. MMX
// values are the low half; `mmx` tells the operations that look across lanes.
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import { vectorFunction } from '../../../cpu/simd/functions';
import type { Emit } from '../../emit';

export type Packed = (c: Emit, a: Expr, b: Expr, mmx?: boolean) => Expr;

const direct =
  (op: string): Packed =>
  (_c, a, b) =>
    V.v2(op, a, b);

const SHAPES: Readonly<Record<string, string>> = { b: 'i8x16', w: 'i16x8', d: 'i32x4', q: 'i64x2' };
const SIZES: Readonly<Record<string, number>> = { b: 1, w: 2, d: 4, q: 8 };

/** Operations that WebAssembly has: stem and operation for the element letters. */
const same = (stem: string, op: string, letters: string): Record<string, Packed> =>
  Object.fromEntries([...letters].map((letter) => [stem + letter, direct(`${SHAPES[letter]}.${op}`)]));

/** Interleaves halves: the low ones, or the high ones. */
const unpack =
  (size: number, high: boolean): Packed =>
  (_c, a, b, mmx = false) => {
    const lanes = 16 / size;
    const first = high ? (mmx ? 8 : 16) / size / 2 : 0;
    return V.shuffleElements(
      size,
      a,
      b,
      Array.from({ length: lanes }, (_, i) => ((i & 1 ? lanes : 0) + first + (i >> 1)) % (lanes * 2)),
    );
  };

/** Both MMX operands in one value. */
const joined = (a: Expr, b: Expr): Expr => V.shuffleElements(8, a, b, [0, 2]);
const pack =
  (op: string): Packed =>
  (c, a, b, mmx = false) => {
    if (!mmx) return V.v2(op, a, b);
    const both = c.let(joined(a, b));
    return V.v2(op, both, both);
  };

/** Even or odd elements of both operands, side by side. */
export function everyOther(size: number, a: Expr, b: Expr, odd: 0 | 1, mmx = false): Expr {
  const lanes = 16 / size;
  const half = (mmx ? 8 : 16) / size / 2;
  const order = Array.from({ length: lanes }, (_, i) =>
    i < half ? 2 * i + odd : i < 2 * half ? lanes + 2 * (i - half) + odd : 0,
  );
  return V.shuffleElements(size, a, b, order);
}
const horizontal =
  (size: number, op: string): Packed =>
  (_c, a, b, mmx) =>
    V.v2(op, everyOther(size, a, b, 0, mmx), everyOther(size, a, b, 1, mmx));

const highProducts =
  (sign: string): Packed =>
  (_c, a, b) =>
    V.shuffleElements(
      2,
      V.v2(`i32x4.extmul_low_i16x8_${sign}`, a, b),
      V.v2(`i32x4.extmul_high_i16x8_${sign}`, a, b),
      [1, 3, 5, 7, 9, 11, 13, 15],
    );

const evenDoublewords = (a: Expr): Expr => V.shuffleElements(4, a, a, [0, 2, 0, 2]);
const evenProducts =
  (sign: string): Packed =>
  (_c, a, b) =>
    V.v2(`i64x2.extmul_low_i32x4_${sign}`, evenDoublewords(a), evenDoublewords(b));

/** Count from the low quadword; beyond the element everything is shifted out. */
const shiftBy =
  (letter: string, op: 'shl' | 'shr_u' | 'shr_s') =>
  (c: Emit, a: Expr, count: Expr): Expr => {
    const bits = SIZES[letter] * 8;
    const n = c.let(count);
    const beyond = W.gtU(n, W.constant(n.type, bits - 1));
    if (op === 'shr_s') {
      const cut = W.select(beyond, W.i32(bits - 1), W.wrap(n));
      return V.v2(`${SHAPES[letter]}.shr_s`, a, cut);
    }
    return W.select(beyond, V.vZero, V.v2(`${SHAPES[letter]}.${op}`, a, W.wrap(n)));
  };

const sumOfDifferences: Packed = (c, a, b) => {
  const difference = V.vOr(V.v2('i8x16.sub_sat_u', a, b), V.v2('i8x16.sub_sat_u', b, a));
  const quads = c.let(V.v1('i32x4.extadd_pairwise_i16x8_u', V.v1('i16x8.extadd_pairwise_i8x16_u', difference)));
  const low = V.vAnd(quads, V.vConst('i64x2', 0xffffffffn));
  return V.v2('i64x2.add', low, V.v2('i64x2.shr_u', quads, W.i32(32)));
};

const withSign =
  (letter: string): Packed =>
  (c, a, b) => {
    const shape = SHAPES[letter];
    const minus = c.let(V.v2(`${shape}.shr_s`, b, W.i32(SIZES[letter] * 8 - 1)));
    const signed = V.v2(`${shape}.sub`, V.vXor(a, minus), minus);
    return V.vAndNot(signed, V.v2(`${shape}.eq`, b, V.vZero));
  };

const multiplyAddBytes: Packed = (_c, a, b) => {
  const even = V.v2(
    'i16x8.mul',
    V.vAnd(a, V.vConst('i16x8', 0xff)),
    V.v2('i16x8.shr_s', V.v2('i16x8.shl', b, W.i32(8)), W.i32(8)),
  );
  const odd = V.v2('i16x8.mul', V.v2('i16x8.shr_u', a, W.i32(8)), V.v2('i16x8.shr_s', b, W.i32(8)));
  return V.v2('i16x8.add_sat_s', even, odd);
};

/** WebAssembly saturates -32768 * -32768, the processor wraps. */
const roundedProducts: Packed = (_c, a, b) => {
  const lowest = V.vConst('i16x8', 0x8000);
  const both = V.vAnd(V.v2('i16x8.eq', a, lowest), V.v2('i16x8.eq', b, lowest));
  return V.vXor(V.v2('i16x8.q15mulr_sat_s', a, b), both);
};

const shuffleBytes: Packed = (_c, a, b, mmx = false) =>
  V.v2('i8x16.swizzle', a, V.vAnd(b, V.vConst('i8x16', mmx ? 0x87 : 0x8f)));

const slow = (name: string): Packed => {
  const fn = vectorFunction(name);
  return (c, a, b) => c.vectorCall(fn, W.i32(0), [a, b]);
};

const EXTENDED: Readonly<Record<string, readonly string[]>> = {
  bw: ['i16x8.extend_low_i8x16'],
  bd: ['i16x8.extend_low_i8x16', 'i32x4.extend_low_i16x8'],
  bq: ['i16x8.extend_low_i8x16', 'i32x4.extend_low_i16x8', 'i64x2.extend_low_i32x4'],
  wd: ['i32x4.extend_low_i16x8'],
  wq: ['i32x4.extend_low_i16x8', 'i64x2.extend_low_i32x4'],
  dq: ['i64x2.extend_low_i32x4'],
};
const extension =
  (steps: readonly string[], sign: string): Packed =>
  (_c, _a, b) =>
    steps.reduce((value, step) => V.v1(`${step}_${sign}`, value), b);

export const PACKED: Readonly<Record<string, Packed>> = {
  ...same('padd', 'add', 'bwdq'),
  ...same('psub', 'sub', 'bwdq'),
  ...same('padds', 'add_sat_s', 'bw'),
  ...same('paddus', 'add_sat_u', 'bw'),
  ...same('psubs', 'sub_sat_s', 'bw'),
  ...same('psubus', 'sub_sat_u', 'bw'),
  ...same('pcmpeq', 'eq', 'bwdq'),
  ...same('pcmpgt', 'gt_s', 'bwdq'),
  ...same('pavg', 'avgr_u', 'bw'),
  ...same('pmins', 'min_s', 'bwd'),
  ...same('pminu', 'min_u', 'bwd'),
  ...same('pmaxs', 'max_s', 'bwd'),
  ...same('pmaxu', 'max_u', 'bwd'),
  ...same('pmull', 'mul', 'wd'),
  pand: direct('v128.and'),
  por: direct('v128.or'),
  pxor: direct('v128.xor'),
  pandn: (_c, a, b) => V.vAndNot(b, a),
  punpcklbw: unpack(1, false),
  punpcklwd: unpack(2, false),
  punpckldq: unpack(4, false),
  punpcklqdq: unpack(8, false),
  punpckhbw: unpack(1, true),
  punpckhwd: unpack(2, true),
  punpckhdq: unpack(4, true),
  punpckhqdq: unpack(8, true),
  unpcklps: unpack(4, false),
  unpcklpd: unpack(8, false),
  unpckhps: unpack(4, true),
  unpckhpd: unpack(8, true),
  packsswb: pack('i8x16.narrow_i16x8_s'),
  packuswb: pack('i8x16.narrow_i16x8_u'),
  packssdw: pack('i16x8.narrow_i32x4_s'),
  packusdw: pack('i16x8.narrow_i32x4_u'),
  pmulhw: highProducts('s'),
  pmulhuw: highProducts('u'),
  pmuludq: evenProducts('u'),
  pmuldq: evenProducts('s'),
  pmaddwd: direct('i32x4.dot_i16x8_s'),
  psadbw: sumOfDifferences,
  phaddw: horizontal(2, 'i16x8.add'),
  phaddd: horizontal(4, 'i32x4.add'),
  phaddsw: horizontal(2, 'i16x8.add_sat_s'),
  phsubw: horizontal(2, 'i16x8.sub'),
  phsubd: horizontal(4, 'i32x4.sub'),
  phsubsw: horizontal(2, 'i16x8.sub_sat_s'),
  pmaddubsw: multiplyAddBytes,
  pmulhrsw: roundedProducts,
  psignb: withSign('b'),
  psignw: withSign('w'),
  psignd: withSign('d'),
  pabsb: (_c, _a, b) => V.v1('i8x16.abs', b),
  pabsw: (_c, _a, b) => V.v1('i16x8.abs', b),
  pabsd: (_c, _a, b) => V.v1('i32x4.abs', b),
  pshufb: shuffleBytes,
  phminposuw: slow('phminposuw'),
  ...Object.fromEntries(
    Object.entries(EXTENDED).flatMap(([suffix, steps]) => [
      [`pmovsx${suffix}`, extension(steps, 's')],
      [`pmovzx${suffix}`, extension(steps, 'u')],
    ]),
  ),
  movsldup: (_c, _a, b) => V.shuffleElements(4, b, b, [0, 0, 2, 2]),
  movshdup: (_c, _a, b) => V.shuffleElements(4, b, b, [1, 1, 3, 3]),
  movddup: (_c, _a, b) => V.shuffleElements(8, b, b, [0, 0]),
  movhlps: (_c, a, b) => V.shuffleElements(8, a, b, [3, 1]),
  movlhps: (_c, a, b) => V.shuffleElements(8, a, b, [0, 2]),
  aesenc: slow('aesenc'),
  aesenclast: slow('aesenclast'),
  aesdec: slow('aesdec'),
  aesdeclast: slow('aesdeclast'),
  aesimc: slow('aesimc'),
  sha1nexte: slow('sha1nexte'),
  sha1msg1: slow('sha1msg1'),
  sha1msg2: slow('sha1msg2'),
  sha256msg1: slow('sha256msg1'),
  sha256msg2: slow('sha256msg2'),
};

export type PackedShift = (c: Emit, a: Expr, count: Expr) => Expr;

/** The count is an i32 (immediate) or an i64 (low quadword of the second operand). */
export const SHIFTS: Readonly<Record<string, PackedShift>> = {
  psllw: shiftBy('w', 'shl'),
  pslld: shiftBy('d', 'shl'),
  psllq: shiftBy('q', 'shl'),
  psrlw: shiftBy('w', 'shr_u'),
  psrld: shiftBy('d', 'shr_u'),
  psrlq: shiftBy('q', 'shr_u'),
  psraw: shiftBy('w', 'shr_s'),
  psrad: shiftBy('d', 'shr_s'),
};
