// AVX and AVX2 instructions that do in each 128-bit lane what their SSE relatives do (lower/vector): operands are separate,
// memory need not be aligned, what lies above the result is cleared.
import { vectorFunction } from '../../../cpu/simd/functions';
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Emit } from '../../emit';
import type { Lowering } from '../lowering';
import { CONVERSIONS, QUADWORD_CONVERSIONS } from '../vector/convert';
import { compare, DOUBLE, FLOATING, type Precision, round, SINGLE } from '../vector/floating';
import { shiftBytes, STEERED } from '../vector/immediate';
import { everyOther, PACKED, SHIFTS } from '../vector/packed';

export const immediateOf = (c: Emit): Expr => c.let(W.and(W.wrap(c.immediate()), W.i32(0xff)));
/** First and second source of forms with two or three operands, not counting an immediate. */
export function sources(c: Emit): [a: Expr[], b: Expr[]] {
  const count = c.form.shapes.filter((shape) => shape !== 'i').length;
  const b = c.lanes(count > 2 ? 2 : 1);
  return [count > 2 ? c.lanes(1) : b, b];
}

type InLane = (c: Emit, a: Expr, b: Expr, lane: number) => Expr;
const lanewise =
  (operation: InLane): Lowering =>
  (c) => {
    const [a, b] = sources(c);
    c.setLanes(
      0,
      a.map((value, lane) => c.let(operation(c, value, b[lane], lane))),
    );
  };

const named = (names: Iterable<string>, make: (name: string) => Lowering): Record<string, Lowering> =>
  Object.fromEntries([...names].map((name) => [`v${name}`, make(name)]));

/** Extensions read half, a quarter or an eighth of the lane that they fill. */
const EXTENDED: Readonly<Record<string, number>> = { bw: 8, bd: 4, bq: 2, wd: 8, wq: 4, dq: 8 };
const extension =
  (name: string): Lowering =>
  (c) => {
    const [source] = c.lanes(1);
    const bytes = EXTENDED[name.slice(-2)];
    const rest = Array.from({ length: 16 }, (_, i) => (bytes + i) & 15);
    const parts = c.form.shapes[0] === 'v32' ? [source, V.shuffle(source, source, rest)] : [source];
    c.setLanes(
      0,
      parts.map((part) => c.let(PACKED[name](c, part, part))),
    );
  };

/** MMX-only operations have no VEX form; the table of the instruction set decides what is reachable. */
const packed = named(Object.keys(PACKED), (name) =>
  /^pmov[sz]x/.test(name) ? extension(name) : lanewise((c, a, b) => PACKED[name](c, a, b)),
);

const shifts = named(Object.keys(SHIFTS), (name) => (c) => {
  const count = c.form.shapes[2] === 'i' ? immediateOf(c) : c.let(V.extract('i64x2', 0, c.lanes(2)[0]));
  c.setLanes(
    0,
    c.lanes(1).map((a) => c.let(SHIFTS[name](c, a, count))),
  );
});

/** Bits of the immediate that belong to the low lane alone. */
const IMMEDIATE_BITS: Readonly<Record<string, number>> = { shufpd: 2, blendps: 4, blendpd: 2, mpsadbw: 3 };
const steered = named(Object.keys(STEERED), (name) => (c) => {
  const immediate = immediateOf(c);
  const bits = IMMEDIATE_BITS[name] ?? 0;
  lanewise((_c, a, b, lane) => STEERED[name](c, a, b, c.let(W.shrU(immediate, W.i32(lane * bits)))))(c);
});

const KINDS: readonly (readonly [string, Precision, boolean])[] = [
  ['ps', SINGLE, false],
  ['pd', DOUBLE, false],
  ['ss', SINGLE, true],
  ['sd', DOUBLE, true],
];

function floating(suffix: string, p: Precision, scalar: boolean): Record<string, Lowering> {
  const horizontal = (name: 'add' | 'sub'): Lowering =>
    lanewise((c, a, b) => {
      const size = Number(p.size) / 8;
      const even = c.let(everyOther(size, a, b, 0));
      return FLOATING[name](c, even, c.let(everyOther(size, a, b, 1)), p, false);
    });
  return {
    ...Object.fromEntries(
      Object.entries(FLOATING).map(([name, operation]) => [
        `v${name}${suffix}`,
        lanewise((c, a, b) => operation(c, a, b, p, scalar)),
      ]),
    ),
    [`vcmp${suffix}`]: lanewise((c, a, b) => compare(c, a, b, p, scalar, W.and(immediateOf(c), W.i32(31)))),
    [`vround${suffix}`]: lanewise((c, a, b) => round(c, a, b, p, scalar, immediateOf(c))),
    ...(scalar ? {} : { [`vhadd${suffix}`]: horizontal('add'), [`vhsub${suffix}`]: horizontal('sub') }),
  };
}

const approximation =
  (name: string, lanes: number): Lowering =>
  (c) =>
    lanewise((_c, a, b) => c.vectorCall(vectorFunction(name), W.i32(lanes), [a, b]))(c);

const swapped = (a: Expr): Expr => V.shuffleElements(8, a, a, [1, 0]);

/** To twice the width: the low half of one source lane fills the first lane, its high half the second. */
const widening = (name: string): Lowering => {
  const { convert } = CONVERSIONS[name];
  return (c) => {
    const [source] = c.lanes(1);
    const parts = c.form.shapes[0] === 'v32' ? [source, c.let(swapped(source))] : [source];
    c.setLanes(
      0,
      parts.map((part) => c.let(convert(c, part, part, 2, false))),
    );
  };
};
/** To half the width: the results of two lanes share one. */
const narrowing = (name: string): Lowering => {
  const { convert } = CONVERSIONS[name];
  return (c) => {
    const parts = c.lanes(1).map((part) => c.let(convert(c, part, part, 2, false)));
    c.setLanes(0, [parts.length === 1 ? parts[0] : V.shuffleElements(8, parts[0], parts[1], [0, 2])]);
  };
};
const sameWidth = (name: string): Lowering => {
  const { convert } = CONVERSIONS[name];
  return lanewise((c, a, b) => convert(c, a, b, 4, false));
};
const scalarConversion = (name: string): Lowering => {
  const { convert } = CONVERSIONS[name];
  return (c) => {
    const wide = /^[rm]8$/.test(c.form.shapes[2]) && name in QUADWORD_CONVERSIONS;
    const b = c.let(c.vector(2, false));
    const [a] = c.lanes(1);
    c.setLanes(0, [c.let((wide ? QUADWORD_CONVERSIONS[name] : convert)(c, a, b, 1, true))]);
  };
};

export const OPERATIONS: Readonly<Record<string, Lowering>> = {
  ...packed,
  ...shifts,
  ...steered,
  ...(Object.assign({}, ...KINDS.map((kind) => floating(...kind))) as Record<string, Lowering>),
  vpblendd: (c) => {
    const immediate = immediateOf(c);
    lanewise((_c, a, b, lane) => STEERED['blendps'](c, a, b, c.let(W.shrU(immediate, W.i32(lane * 4)))))(c);
  },
  vpsrldq: (c) => {
    const immediate = immediateOf(c);
    lanewise((_c, a) => shiftBytes(c, a, immediate, false))(c);
  },
  vpslldq: (c) => {
    const immediate = immediateOf(c);
    lanewise((_c, a) => shiftBytes(c, a, immediate, true))(c);
  },
  vrcpps: approximation('rcp32', 15),
  vrcpss: approximation('rcp32', 1),
  vrsqrtps: approximation('rsqrt32', 15),
  vrsqrtss: approximation('rsqrt32', 1),
  ...named(['cvtdq2pd', 'cvtps2pd'], widening),
  ...named(['cvtpd2ps', 'cvtpd2dq', 'cvttpd2dq'], narrowing),
  ...named(['cvtdq2ps', 'cvtps2dq', 'cvttps2dq'], sameWidth),
  ...named(['cvtss2sd', 'cvtsd2ss', 'cvtsi2ss', 'cvtsi2sd'], scalarConversion),
};
