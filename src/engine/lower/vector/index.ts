// MMX and SSE instructions in their legacy forms: the destination is the first source too, upper halves of YMM registers stay.
// What they compute is in packed.ts, immediate.ts, floating.ts and convert.ts; here are operands, moves and flags.
import { vectorFunction } from '../../../cpu/simd/functions';
import * as L from '../../../cpu/layout';
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Emit } from '../../emit';
import type { Lowering } from '../lowering';
import { CONVERSIONS, QUADWORD_CONVERSIONS } from './convert';
import { compare, DOUBLE, FLOATING, holds, magnitudeOf, plain, type Precision, round, SINGLE } from './floating';
import { extractLane, insertLane, insertSingle, shiftBytes, STEERED } from './immediate';
import { everyOther, PACKED, SHIFTS } from './packed';

const isMmx = (c: Emit): boolean => c.form.shapes[0] === 'v8';
const isMemory = (c: Emit, i: number): boolean => c.form.shapes[i][0] === 'm';
const immediate = (c: Emit): Expr => c.let(W.and(W.wrap(c.immediate()), W.i32(0xff)));

/** Checks first, MMX's effect on the x87 last. */
const vectorInstruction =
  (body: Lowering): Lowering =>
  (c) => {
    c.vectorUsable();
    body(c);
    if (c.form.shapes.includes('v8')) c.enterMmx();
  };

/** These take unaligned operands, as silicon does (AMD Zen 3; the Intel SDM asks for alignment). */
const isSha = (c: Emit): boolean => c.form.sem.startsWith('sha');
const both = (c: Emit): [Expr, Expr] => {
  const b = c.let(c.vector(1, !isSha(c)));
  return [c.let(c.vector(0)), b];
};

const packed: Record<string, Lowering> = Object.fromEntries(
  Object.entries(PACKED).map(([name, operation]) => [
    name,
    (c: Emit) => {
      const [a, b] = both(c);
      c.setVector(0, operation(c, a, b, isMmx(c)));
    },
  ]),
);
const shifts: Record<string, Lowering> = Object.fromEntries(
  Object.entries(SHIFTS).map(([name, shift]) => [
    name,
    (c: Emit) => {
      const count = c.form.shapes[1] === 'i' ? immediate(c) : c.let(V.extract('i64x2', 0, c.vector(1)));
      c.setVector(0, shift(c, c.let(c.vector(0)), count));
    },
  ]),
);
const steered: Record<string, Lowering> = Object.fromEntries(
  Object.entries(STEERED).map(([name, operation]) => [
    name,
    (c: Emit) => {
      const [a, b] = both(c);
      c.setVector(0, operation(c, a, b, immediate(c), isMmx(c)));
    },
  ]),
);

const KINDS: readonly (readonly [string, Precision, boolean])[] = [
  ['ps', SINGLE, false],
  ['pd', DOUBLE, false],
  ['ss', SINGLE, true],
  ['sd', DOUBLE, true],
];

function floatingOf(suffix: string, p: Precision, scalar: boolean): Record<string, Lowering> {
  const list: Record<string, Lowering> = {};
  for (const [name, operation] of Object.entries(FLOATING)) {
    list[name + suffix] = (c) => {
      const [a, b] = both(c);
      c.setVector(0, operation(c, a, b, p, scalar));
    };
  }
  list[suffix === 'sd' ? 'cmpsd_x' : `cmp${suffix}`] = (c) => {
    const [a, b] = both(c);
    c.setVector(0, compare(c, a, b, p, scalar, W.and(immediate(c), W.i32(7))));
  };
  list[`round${suffix}`] = (c) => {
    const [a, b] = both(c);
    c.setVector(0, round(c, a, b, p, scalar, immediate(c)));
  };
  if (scalar) {
    list[`comi${suffix}`] = (c) => {
      compareToFlags(c, p, `comi${p.size}`);
    };
    list[`ucomi${suffix}`] = (c) => {
      compareToFlags(c, p, `ucomi${p.size}`);
    };
    return list;
  }
  for (const name of ['add', 'sub'] as const) {
    list[`h${name}${suffix}`] = (c) => {
      const [a, b] = both(c);
      const size = Number(p.size) / 8;
      const even = c.let(everyOther(size, a, b, 0));
      const odd = c.let(everyOther(size, a, b, 1));
      c.setVector(0, FLOATING[name](c, even, odd, p, false));
    };
  }
  return list;
}

/** ZF, PF and CF as bits 0, 1 and 2 of a word; OF, SF and AF are cleared. */
function setZeroParityCarry(c: Emit, word: Expr): void {
  const bits = c.let(word);
  const zero = W.and(bits, W.i32(1));
  const parity = W.and(W.shrU(bits, W.i32(1)), W.i32(1));
  const carry = W.shrU(bits, W.i32(2));
  setFlags(c, { zero, parity, carry, sign: W.i32(0), overflow: W.i32(0) });
}
export interface FlagValues {
  zero: Expr;
  parity: Expr;
  carry: Expr;
  sign: Expr;
  overflow: Expr;
}
/** In the canonical form (flagEmit.ts): a result of 0 or 256 with SF and PF flipped as needed. */
export function setFlags(c: Emit, f: FlagValues): void {
  const result = W.shl(W.eqz(f.zero), W.i32(8));
  const carry = c.let(f.carry);
  const carries = W.or(W.shl(carry, W.i32(31)), W.shl(W.xor(carry, f.overflow), W.i32(30)));
  const flips = W.or(f.sign, W.shl(W.eqz(f.parity), W.i32(8)));
  c.flagsWithAux(c.let(result), c.let(W.or(carries, flips)));
}

function compareToFlags(c: Emit, p: Precision, name: string): void {
  const [a, b] = both(c);
  const fit = V.vAnd(plain(p, magnitudeOf(c, p, a)), plain(p, magnitudeOf(c, p, b)));
  const word = c.variable('i32');
  const lane = (op: string): Expr => W.and(W.wrap(V.extract(p.int, 0, V.v2(`${p.float}.${op}`, a, b))), W.i32(1));
  c.if(
    holds(p, fit, true),
    () => c.set(word, W.or(lane('eq'), W.shl(lane('lt'), W.i32(2)))),
    () => {
      c.vectorCall(vectorFunction(name), W.i32(0), [a, b]);
      c.set(word, c.state(L.V_OUT));
    },
  );
  setZeroParityCarry(c, word);
}

const conversions: Record<string, Lowering> = Object.fromEntries(
  Object.entries(CONVERSIONS).map(([name, { convert, lanes, scalar }]) => [
    name,
    (c: Emit) => {
      const source = c.let(c.vector(1));
      const a = scalar ? c.let(c.vector(0)) : source;
      if (c.form.shapes.includes('v8')) c.enterMmx(); // before #XM, as silicon does
      const wide = c.form.shapes[name.endsWith('2si') ? 0 : 1].slice(1) === '8' && name in QUADWORD_CONVERSIONS;
      const fromQuadword = wide && (name.endsWith('2si') ? c.form.shapes[0] === 'r8' : true);
      c.setVector(0, (fromQuadword ? QUADWORD_CONVERSIONS[name] : convert)(c, a, source, lanes, scalar));
    },
  ]),
);

const approximation =
  (name: string, lanes: number): Lowering =>
  (c) => {
    const [a, b] = both(c);
    c.setVector(0, c.vectorCall(vectorFunction(name), W.i32(lanes), [a, b]));
  };

const LOW_QUADWORD = V.vBytes(Array.from({ length: 16 }, (_, i) => (i < 8 ? 0xff : 0)));

/** A move of a scalar: merges into a register, clears the rest when it comes from memory. */
const scalarMove =
  (p: Precision): Lowering =>
  (c) => {
    if (isMemory(c, 0) || isMemory(c, 1)) return c.setVector(0, c.vector(1));
    const [a, b] = both(c);
    c.setVector(0, V.bitselect(b, a, p.scalar));
  };

const moves: Record<string, Lowering> = {
  movaps: (c) => c.setVector(0, c.vector(1)),
  movups: (c) => c.setVector(0, c.vector(1, false), false),
  movss: scalarMove(SINGLE),
  movsd_x: scalarMove(DOUBLE),
  movd: (c) => {
    const value = c.vector(1);
    const shrinks = c.form.shapes[0] === 'v16' && c.form.shapes[1] === 'v16';
    c.setVector(0, shrinks ? V.vAnd(value, LOW_QUADWORD) : value);
  },
  movlow: (c) => {
    if (isMemory(c, 0)) return c.setVector(0, c.vector(1));
    const [a, b] = both(c);
    c.setVector(0, V.shuffleElements(8, a, b, [2, 1]));
  },
  movhigh: (c) => {
    if (isMemory(c, 0)) {
      const value = c.let(c.vector(1));
      return c.setVector(0, V.shuffleElements(8, value, value, [1, 0]));
    }
    const [a, b] = both(c);
    c.setVector(0, V.shuffleElements(8, a, b, [0, 2]));
  },
  movmskps: (c) => setInteger(c, V.test('i32x4.bitmask', c.vector(1))),
  movmskpd: (c) => setInteger(c, V.test('i64x2.bitmask', c.vector(1))),
  pmovmskb: (c) => setInteger(c, V.test('i8x16.bitmask', c.vector(1))),
  emms: (c) => {
    c.enterMmx();
    c.setState(L.S_FTAG, W.i32(0));
  },
};

/** An i32 into general register operand 0, zero-extended. */
const setInteger = (c: Emit, value: Expr): void => c.write(0, c.form.shapes[0] === 'r8' ? W.zeroExtend(value) : value);

const insertion =
  (shape: string): Lowering =>
  (c) => {
    const source = c.let(c.vector(1));
    const integer = V.extract(shape === 'i64x2' ? 'i64x2' : 'i32x4', 0, source);
    c.setVector(0, insertLane(c.let(c.vector(0)), integer, shape, laneNumber(c, shape)));
  };
/** MMX registers have half as many lanes. */
const laneNumber = (c: Emit, shape: string): Expr =>
  isMmx(c) && shape === 'i16x8' ? W.and(immediate(c), W.i32(3)) : immediate(c);
const extraction =
  (shape: string, lanes: number): Lowering =>
  (c) => {
    const source = c.let(c.vector(1));
    const usable = c.form.shapes[1] === 'v8' ? lanes / 2 : lanes;
    const value = extractLane(source, shape, immediate(c), usable);
    if (isMemory(c, 0) || shape === 'i64x2') return c.write(0, value);
    setInteger(c, value);
  };

/** Blends by the signs in XMM0, which is the implicit third operand. */
const blendBySigns =
  (shape: string, bits: number): Lowering =>
  (c) => {
    const [a, b] = both(c);
    const mask = V.v2(`${shape}.shr_s`, W.load('v128.load', W.i32(0), L.S_XMM), W.i32(bits - 1));
    // WebAssembly's arithmetic shift fills the lane with its sign
    c.setVector(0, V.bitselect(b, a, mask));
  };

/** Argument bits: 8 explicit lengths, 9 in 64-bit registers. */
const strings =
  (how: number, mask: boolean): Lowering =>
  (c) => {
    const b = c.let(c.vector(1, false));
    const a = c.let(c.vector(0));
    const result = c.let(c.vectorCall(vectorFunction('compareStrings'), W.or(immediate(c), W.i32(how)), [a, b]));
    const word = c.let(c.state(L.V_OUT + 4));
    if (mask) c.emit({ kind: 'store', op: 'v128.store', address: W.i32(0), offset: L.S_XMM, value: result });
    else c.setReg(1, 4, c.state(L.V_OUT));
    const bit = (n: number): Expr => W.and(W.shrU(word, W.i32(n)), W.i32(1));
    setFlags(c, { carry: bit(0), zero: bit(1), sign: bit(2), overflow: bit(3), parity: W.i32(0) });
  };

const others: Record<string, Lowering> = {
  ldmxcsr: (c) => void c.vectorCall(vectorFunction('loadMxcsr'), c.read(0), []),
  stmxcsr: (c) => c.write(0, c.state(L.S_MXCSR)),
  psrldq: (c) => c.setVector(0, shiftBytes(c, c.let(c.vector(0)), immediate(c), false)),
  pslldq: (c) => c.setVector(0, shiftBytes(c, c.let(c.vector(0)), immediate(c), true)),
  rcpps: approximation('rcp32', 15),
  rcpss: approximation('rcp32', 1),
  rsqrtps: approximation('rsqrt32', 15),
  rsqrtss: approximation('rsqrt32', 1),
  insertps: (c) => {
    const [a, b] = both(c);
    c.setVector(0, insertSingle(c, a, b, immediate(c), isMemory(c, 1)));
  },
  pinsrb: insertion('i8x16'),
  pinsrw: insertion('i16x8'),
  pinsrd: insertion('i32x4'),
  pinsrq: insertion('i64x2'),
  pextrb: extraction('i8x16', 16),
  pextrw: extraction('i16x8', 8),
  pextrd: extraction('i32x4', 4),
  pextrq: extraction('i64x2', 2),
  extractps: extraction('i32x4', 4),
  pblendvb: blendBySigns('i8x16', 8),
  blendvps: blendBySigns('i32x4', 32),
  blendvpd: blendBySigns('i64x2', 64),
  ptest: (c) => {
    const [a, b] = both(c);
    const none = (e: Expr): Expr => W.eqz(V.test('v128.any_true', e));
    const zero = c.let(none(V.vAnd(a, b)));
    const carry = c.let(none(V.vAndNot(b, a)));
    setFlags(c, { zero, carry, parity: W.i32(0), sign: W.i32(0), overflow: W.i32(0) });
  },
  sha256rnds2: (c) => {
    const [a, b] = both(c);
    const words = W.load('v128.load', W.i32(0), L.S_XMM);
    c.setVector(0, c.vectorCall(vectorFunction('sha256rnds2'), W.i32(0), [a, b, words]));
  },
  pcmpestri: strings(0x100, false),
  pcmpestrm: strings(0x100, true),
  pcmpestri64: strings(0x300, false),
  pcmpestrm64: strings(0x300, true),
  pcmpistri: strings(0, false),
  pcmpistrm: strings(0, true),
};

/** Without the checks before and MMX's effect after. */
export const VECTOR_BODIES: Readonly<Record<string, Lowering>> = {
  ...packed,
  ...shifts,
  ...steered,
  ...(Object.assign({}, ...KINDS.map((kind) => floatingOf(...kind))) as Record<string, Lowering>),
  ...conversions,
  ...moves,
  ...others,
};

export const VECTOR: Readonly<Record<string, Lowering>> = Object.fromEntries(
  Object.entries(VECTOR_BODIES).map(([name, body]) => [name, vectorInstruction(body)]),
);
