// AVX and AVX2: moves, broadcasts, insertions, permutations, blends by sign, shifts by their own counts, tests.
import { vectorFunction } from '../../../cpu/simd/functions';
import * as L from '../../../cpu/layout';
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Emit } from '../../emit';
import type { Lowering } from '../lowering';
import { DOUBLE, SINGLE } from '../vector/floating';
import { insertLane, insertSingle, STEERED } from '../vector/immediate';
import { setFlags, VECTOR_BODIES } from '../vector/index';
import { immediateOf, sources } from './operations';

const isMemory = (c: Emit, i: number): boolean => c.form.shapes[i][0] === 'm';
const wide = (c: Emit, i: number): boolean => c.form.shapes[i] === 'v32';
const swapped = (a: Expr): Expr => V.shuffleElements(8, a, a, [1, 0]);
const LOW_QUADWORD = V.vBytes(Array.from({ length: 16 }, (_, i) => (i < 8 ? 0xff : 0)));

const fromSources =
  (operation: (c: Emit, a: Expr, b: Expr) => Expr): Lowering =>
  (c) => {
    const [a, b] = sources(c);
    c.setLanes(
      0,
      a.map((value, lane) => c.let(operation(c, value, b[lane]))),
    );
  };

const move =
  (aligned: boolean): Lowering =>
  (c) =>
    c.setLanes(0, c.lanes(1, aligned), aligned);

const broadcast =
  (shape: string): Lowering =>
  (c) => {
    const [source] = c.lanes(1);
    const value = c.let(
      shape === 'i8x16' || shape === 'i16x8' || shape === 'i32x4' || shape === 'i64x2'
        ? V.splat(shape, V.extract(shape, 0, source))
        : source,
    );
    c.setLanes(0, wide(c, 0) ? [value, value] : [value]);
  };

const insertion =
  (shape: string): Lowering =>
  (c) => {
    const source = c.let(c.vector(2, false));
    const value = V.extract(shape === 'i64x2' ? 'i64x2' : 'i32x4', 0, source);
    c.setLanes(0, [insertLane(c.lanes(1)[0], value, shape, immediateOf(c))]);
  };

/** By the signs of the fourth operand. */
const blendBySigns =
  (shape: string, bits: number): Lowering =>
  (c) => {
    const [a, b] = [c.lanes(1), c.lanes(2)];
    const masks = c.lanes(3);
    c.setLanes(
      0,
      a.map((value, lane) => c.let(V.bitselect(b[lane], value, V.v2(`${shape}.shr_s`, masks[lane], W.i32(bits - 1))))),
    );
  };

/** ZF: AND is zero; CF: AND NOT is zero; only the bits of `mask` count. */
const test =
  (mask: Expr | undefined): Lowering =>
  (c) => {
    const b = c.lanes(1);
    const a = c.lanes(0);
    const none = (combine: (x: Expr, y: Expr) => Expr): Expr => {
      const all = a.map((value, lane) => combine(value, b[lane])).reduce((x, y) => V.vOr(x, y));
      return W.eqz(V.test('v128.any_true', mask ? V.vAnd(all, mask) : all));
    };
    const zero = c.let(none((x, y) => V.vAnd(x, y)));
    const carry = c.let(none((x, y) => V.vAndNot(y, x)));
    setFlags(c, { zero, carry, parity: W.i32(0), sign: W.i32(0), overflow: W.i32(0) });
  };

/** Each element by the count in the same place of the second source. */
const variableShift = (shape: 'i32x4' | 'i64x2', op: 'shl' | 'shr_u' | 'shr_s'): Lowering =>
  fromSources((c, a, b) => {
    const size = shape === 'i32x4' ? 32 : 64;
    const type = size === 32 ? 'i32' : 'i64';
    const constant = (n: number): Expr => W.constant(type, n);
    let result = a;
    for (let lane = 0; lane < 128 / size; lane++) {
      const count = c.let(V.extract(shape, lane, b));
      const value = c.let(V.extract(shape, lane, a));
      const beyond = W.gtU(count, constant(size - 1));
      const shifted =
        op === 'shr_s'
          ? W.shrS(value, W.select(beyond, constant(size - 1), count))
          : W.select(beyond, constant(0), W.binary(op, value, count));
      result = V.replace(shape, lane, result, c.let(shifted));
    }
    return result;
  });

/** Elements of 4 or 8 bytes of a vector that was put into V_A. */
const element = (size: 4 | 8, index: Expr): Expr =>
  W.load(size === 4 ? 'i32.load' : 'i64.load', W.shl(index, W.i32(size === 4 ? 2 : 3)), L.V_A);
function putIntoMemory(c: Emit, lanes: readonly Expr[]): void {
  lanes.forEach((value, half) =>
    c.emit({ kind: 'store', op: 'v128.store', address: W.i32(0), offset: L.V_A + half * 16, value }),
  );
}
function gatherElements(c: Emit, size: 4 | 8, index: (i: number) => Expr): void {
  const shape = size === 4 ? 'i32x4' : 'i64x2';
  const count = 16 / size;
  const lanes = [0, 1].map((half) => {
    let value = V.vZero;
    for (let i = 0; i < count; i++) value = V.replace(shape, i, value, c.let(element(size, index(half * count + i))));
    return c.let(value);
  });
  c.setLanes(0, lanes);
}

const maskedIndex = (b: Expr): Expr =>
  V.v2('i32x4.add', V.v2('i32x4.mul', V.vAnd(b, V.vConst('i32x4', 3)), V.vConst('i32x4', 0x04040404)), V.vConst('i32x4', 0x03020100)); // prettier-ignore

/** One of four halves, or zero, by four bits of the immediate. */
function half(c: Emit, halves: readonly Expr[], control: Expr): Expr {
  const bit = (n: number): Expr => W.and(control, W.i32(1 << n));
  const low = W.select(bit(0), halves[1], halves[0]);
  const high = W.select(bit(0), halves[3], halves[2]);
  return c.let(W.select(bit(3), V.vZero, W.select(bit(1), high, low)));
}

/** Those whose result is no vector register, or the whole lower half of one: as SSE has them. */
const legacy = (name: string): Lowering => VECTOR_BODIES[name];

/** The mask of a string comparison goes to XMM0. */
const stringMask =
  (name: string): Lowering =>
  (c) => {
    legacy(name)(c);
    c.emit({ kind: 'store', op: 'v128.store', address: W.i32(0), offset: L.S_XMM + 16, value: V.vZero });
  };

const bitmask =
  (shape: string, bits: number): Lowering =>
  (c) => {
    const [low, high] = c.lanes(1).map((lane) => V.test(`${shape}.bitmask`, lane));
    const mask = high ? W.or(low, W.shl(high, W.i32(bits))) : low;
    c.write(0, c.form.shapes[0] === 'r8' ? W.zeroExtend(mask) : mask);
  };

export const MOVES: Readonly<Record<string, Lowering>> = {
  vmova: move(true),
  vmovu: move(false),
  vmovss_m: move(false),
  vmovsd_m: move(false),
  vmovss: fromSources((_c, a, b) => V.bitselect(b, a, SINGLE.scalar)),
  vmovsd: fromSources((_c, a, b) => V.bitselect(b, a, DOUBLE.scalar)),
  vmovlow: fromSources((_c, a, b) => V.shuffleElements(8, a, b, [2, 1])),
  vmovhigh: fromSources((_c, a, b) => V.shuffleElements(8, a, b, [0, 2])),
  vmovlow_store: move(false),
  vmovhigh_store: (c) => c.setLanes(0, [swapped(c.lanes(1)[0])]),
  vmovd: move(false),
  vmovq: move(false),
  vmovq_x: (c) => c.setLanes(0, [V.vAnd(c.lanes(1)[0], LOW_QUADWORD)]),
  vmovmskps: bitmask('i32x4', 4),
  vmovmskpd: bitmask('i64x2', 2),
  vpmovmskb: bitmask('i8x16', 16),
  ...Object.fromEntries(
    ['cvtss2si', 'cvtsd2si', 'cvttss2si', 'cvttsd2si', 'comiss', 'comisd', 'ucomiss', 'ucomisd', 'extractps'].map(
      (name) => [`v${name}`, legacy(name)],
    ),
  ),
  ...Object.fromEntries(['pextrb', 'pextrw', 'pextrd', 'pextrq'].map((name) => [`v${name}`, legacy(name)])),
  ...Object.fromEntries(['pcmpestri', 'pcmpestri64', 'pcmpistri'].map((name) => [`v${name}`, legacy(name)])),
  ...Object.fromEntries(['pcmpestrm', 'pcmpestrm64', 'pcmpistrm'].map((name) => [`v${name}`, stringMask(name)])),
  vpinsrb: insertion('i8x16'),
  vpinsrw: insertion('i16x8'),
  vpinsrd: insertion('i32x4'),
  vpinsrq: insertion('i64x2'),
  vinsertps: (c) => {
    const [a, b] = [c.lanes(1)[0], c.lanes(2)[0]];
    c.setLanes(0, [insertSingle(c, a, b, immediateOf(c), isMemory(c, 2))]);
  },
  vbroadcast8: broadcast('i8x16'),
  vbroadcast16: broadcast('i16x8'),
  vbroadcast32: broadcast('i32x4'),
  vbroadcast64: broadcast('i64x2'),
  vbroadcast128: broadcast(''),
  vblendvps: blendBySigns('i32x4', 32),
  vblendvpd: blendBySigns('i64x2', 64),
  vpblendvb: blendBySigns('i8x16', 8),
  vptest: test(undefined),
  vtestps: test(V.vConst('i32x4', 0x80000000)),
  vtestpd: test(V.vConst('i64x2', 1n << 63n)),
  vpermilps: fromSources((_c, a, b) => V.v2('i8x16.swizzle', a, maskedIndex(b))),
  vpermilpd: fromSources((_c, a, b) => {
    const high = V.v2('i64x2.shr_s', V.v2('i64x2.shl', b, W.i32(62)), W.i32(63));
    return V.bitselect(V.shuffleElements(8, a, a, [1, 1]), V.shuffleElements(8, a, a, [0, 0]), high);
  }),
  vpermilps_i: (c) => {
    const immediate = immediateOf(c);
    fromSources((_c, a, b) => STEERED['pshufd'](c, a, b, immediate))(c);
  },
  vpermilpd_i: (c) => {
    const immediate = immediateOf(c);
    c.setLanes(
      0,
      c.lanes(1).map((a, lane) => c.let(STEERED['shufpd'](c, a, a, c.let(W.shrU(immediate, W.i32(2 * lane)))))),
    );
  },
  vperm2x128: (c) => {
    const [a, b] = sources(c);
    const immediate = immediateOf(c);
    const halves = [...a, ...b];
    c.setLanes(0, [half(c, halves, immediate), half(c, halves, c.let(W.shrU(immediate, W.i32(4))))]);
  },
  vinsertx128: (c) => {
    const a = c.lanes(1);
    const [b] = c.lanes(2);
    const high = c.let(W.and(immediateOf(c), W.i32(1)));
    c.setLanes(0, [c.let(W.select(high, a[0], b)), c.let(W.select(high, b, a[1]))]);
  },
  vextractx128: (c) => {
    const [low, high] = c.lanes(1);
    c.setLanes(0, [c.let(W.select(W.and(immediateOf(c), W.i32(1)), high, low))]);
  },
  vperm4x64: (c) => {
    putIntoMemory(c, c.lanes(1));
    const immediate = immediateOf(c);
    gatherElements(c, 8, (i) => W.and(W.shrU(immediate, W.i32(2 * i)), W.i32(3)));
  },
  vperm8x32: (c) => {
    const indices = c.lanes(1);
    putIntoMemory(c, c.lanes(2));
    gatherElements(c, 4, (i) => W.and(V.extract('i32x4', i & 3, indices[i >> 2]), W.i32(7)));
  },
  vpsllvd: variableShift('i32x4', 'shl'),
  vpsllvq: variableShift('i64x2', 'shl'),
  vpsrlvd: variableShift('i32x4', 'shr_u'),
  vpsrlvq: variableShift('i64x2', 'shr_u'),
  vpsravd: variableShift('i32x4', 'shr_s'),
  vzeroupper: (c) => void c.let(c.vectorCall(vectorFunction('zeroUpper'), W.i32(16), [])),
  vzeroall: (c) => void c.let(c.vectorCall(vectorFunction('zeroUpper'), W.i32(0), [])),
  vldmxcsr: (c) => {
    const value = c.let(c.load('operand', 4, c.address(0)));
    c.if(W.shrU(value, W.i32(16)), () => c.raise(L.GP));
    c.setState(L.S_MXCSR, value);
  },
  vstmxcsr: (c) => c.store('operand', 4, c.address(0), c.state(L.S_MXCSR)),
};
