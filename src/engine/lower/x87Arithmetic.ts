// FADD, FSUB, FMUL, FDIV inline for normal numbers, rounded to nearest at 24, 53 or 64 bits (Intel SDM vol. 1, "Rounding",
// "Precision Control Field"). An exact result is held as 128 bits; a sticky lowest bit stands for what lies below.
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import { realOperand, roundingBits, roundsUp } from './x87Convert';
import type { Lowering } from './lowering';
import { BIAS, CW_PM, exponent, ifNormal, isNormal, isZero, sign, Stack, type Parts } from './x87Stack';

/** Sign bit, biased exponent of the highest bit, which is set in `high`. */
interface Exact {
  sign: Expr;
  exponent: Expr;
  high: Expr;
  low: Expr;
}

const HIGHEST = W.i64(-(1n << 63n));
const LOW_HALF = W.i64(0xffffffff);
const upper = (e: Expr): Expr => W.shrU(e, W.i64(32));
const lower = (e: Expr): Expr => W.and(e, LOW_HALF);

/** Calls `then` with the sum, or difference, unless it is zero or the exponents are far apart. */
function sum(c: Emit, a: Parts, b: Parts, signB: Expr, then: (exact: Exact) => void): void {
  const [expA, expB] = [c.let(exponent(a)), c.let(exponent(b))];
  const apart = c.let(W.sub(expA, expB));
  const less = c.let(W.select(apart, W.ltS(apart, W.i32(0)), W.ltU(a.sig, b.sig)));
  // the operands change places where bits of these are set
  const swap = c.let(W.sub(W.i32(0), less));
  const exchanged = c.let(W.and(W.xor(a.sig, b.sig), W.signExtend64(swap)));
  const large = c.let(W.xor(a.sig, exchanged));
  const small = c.let(W.xor(b.sig, exchanged));
  const distance = c.let(W.sub(W.xor(apart, swap), swap));
  const signA = c.let(sign(a));
  const opposite = c.let(W.xor(signA, signB));
  const result = {
    sign: c.let(W.xor(signA, W.and(opposite, less))),
    exponent: c.variable('i32'),
    high: c.variable('i64'),
    low: c.variable('i64'),
  };
  const larger = c.let(W.sub(expA, W.and(apart, swap)));
  c.if(W.ltU(distance, W.i32(64)), () => {
    const by = c.let(W.zeroExtend(distance));
    const moved = c.let(W.shrU(small, by));
    const below = c.let(W.shl(W.shl(small, W.i64(1)), W.sub(W.i64(63), by)));
    c.if(
      W.eqz(opposite),
      () => {
        const total = c.let(W.add(large, moved));
        const carried = c.let(W.ltU(total, large));
        const right = W.or(W.shrU(total, W.i64(1)), HIGHEST);
        const rightBelow = W.or(W.or(W.shrU(below, W.i64(1)), W.shl(total, W.i64(63))), W.and(below, W.i64(1)));
        c.set(result.high, W.select(carried, right, total));
        c.set(result.low, W.select(carried, rightBelow, below));
        c.set(result.exponent, W.add(larger, carried));
      },
      () => {
        const low = c.let(W.sub(W.i64(0), below));
        const total = c.let(W.sub(W.sub(large, moved), W.zeroExtend(W.ne(below, W.i64(0)))));
        const zeros = c.let(W.unary('i64.clz', 'i64', total));
        c.set(result.high, shiftedLeft(total, low, zeros));
        c.set(result.low, W.shl(low, zeros));
        c.set(result.exponent, W.sub(larger, W.wrap(zeros)));
        c.if(W.eqz(total), () => {
          const further = c.let(W.unary('i64.clz', 'i64', low));
          c.set(result.high, W.shl(low, further));
          c.set(result.low, W.i64(0));
          c.set(result.exponent, W.sub(W.sub(larger, W.i32(64)), W.wrap(further)));
        });
      },
    );
    c.if(W.ne(result.high, W.i64(0)), () => then(result));
  });
}

/** The upper half of 128 bits shifted left by less than 64. */
const shiftedLeft = (high: Expr, low: Expr, by: Expr): Expr =>
  W.or(W.shl(high, by), W.shrU(W.shrU(low, W.i64(1)), W.sub(W.i64(63), by)));

function product(c: Emit, a: Parts, b: Parts): Exact {
  const [aLow, aHigh] = [c.let(lower(a.sig)), c.let(upper(a.sig))];
  const [bLow, bHigh] = [c.let(lower(b.sig)), c.let(upper(b.sig))];
  const p0 = c.let(W.mul(aLow, bLow));
  const p1 = c.let(W.mul(aLow, bHigh));
  const p2 = c.let(W.mul(aHigh, bLow));
  const middle = c.let(W.add(upper(p0), W.add(lower(p1), lower(p2))));
  const high = c.let(W.add(W.add(W.mul(aHigh, bHigh), upper(middle)), W.add(upper(p1), upper(p2))));
  const low = c.let(W.or(W.shl(middle, W.i64(32)), lower(p0)));
  const exp = W.sub(W.add(exponent(a), exponent(b)), W.i32(BIAS - 1));
  const lead = c.let(W.xor(W.shrU(high, W.i64(63)), W.i64(1)));
  return {
    sign: c.let(W.xor(sign(a), sign(b))),
    exponent: c.let(W.sub(exp, W.wrap(lead))),
    high: c.let(shiftedLeft(high, low, lead)),
    low: c.let(W.shl(low, lead)),
  };
}

/** One digit (32 bits) of a long division: (rest, next digit) / divisor; answers quotient and the new rest. */
function digit(c: Emit, rest: Expr, next: Expr, divisor: Expr): { quotient: Expr; rest: Expr } {
  const [first, second] = [upper(divisor), lower(divisor)];
  const quotient = c.variable('i64');
  const left = c.variable('i64');
  c.set(quotient, W.binary('div_u', rest, first));
  c.set(left, W.sub(rest, W.mul(quotient, first)));
  // the estimate is at most two too large
  for (let i = 0; i < 2; i++) {
    const over = W.or(
      W.ne(upper(quotient), W.i64(0)),
      W.gtU(W.mul(quotient, second), W.or(W.shl(left, W.i64(32)), next)),
    );
    c.if(W.and(W.eqz(upper(left)), over), () => {
      c.set(quotient, W.sub(quotient, W.i64(1)));
      c.set(left, W.add(left, first));
    });
  }
  const value = W.or(W.shl(rest, W.i64(32)), next);
  return { quotient, rest: c.let(W.sub(value, W.mul(quotient, divisor))) };
}

function quotient(c: Emit, a: Parts, b: Parts): Exact {
  const fits = c.let(W.geU(a.sig, b.sig));
  const start = c.let(W.select(fits, W.shrU(a.sig, W.i64(1)), a.sig));
  const next = c.let(W.select(fits, W.shl(W.and(a.sig, W.i64(1)), W.i64(31)), W.i64(0)));
  const first = digit(c, start, next, b.sig);
  const second = digit(c, first.rest, W.i64(0), b.sig);
  const other = W.sub(b.sig, second.rest);
  const low = W.select(
    W.eqz(second.rest),
    W.i64(0),
    W.select(W.eq(second.rest, other), HIGHEST, W.select(W.gtU(second.rest, other), W.or(HIGHEST, W.i64(1)), W.i64(1))),
  );
  const exp = W.add(W.sub(exponent(a), exponent(b)), W.sub(W.i32(BIAS - 1), W.sub(W.i32(0), fits)));
  return {
    sign: c.let(W.xor(sign(a), sign(b))),
    exponent: c.let(exp),
    high: c.let(W.add(W.shl(first.quotient, W.i64(32)), second.quotient)),
    low: c.let(low),
  };
}

/** Rounds to 64 bits or, by the PC field, to 24 (0) or 53 (2), and calls `then` with the result and the status bits it sets, unless an exception other than PE is near. */
function rounded(s: Stack, exact: Exact, then: (result: Parts, extra: Expr) => void): void {
  const { c } = s;
  const control = c.let(s.control);
  const kept = c.variable('i64');
  const rest = c.variable('i64');
  // bits of the significand that are cut off
  const below = c.variable('i64');
  const odd = c.variable('i64');
  c.if(
    W.and(control, W.i32(0x100)),
    () => {
      c.set(kept, exact.high);
      c.set(rest, exact.low);
      c.set(below, W.i64(0));
      c.set(odd, W.and(exact.high, W.i64(1)));
    },
    () => {
      c.set(below, W.select(W.and(control, W.i32(0x200)), W.i64(11), W.i64(40)));
      c.set(rest, W.or(W.shl(exact.high, W.sub(W.i64(64), below)), W.zeroExtend(W.ne(exact.low, W.i64(0)))));
      const units = c.let(W.shrU(exact.high, below));
      c.set(kept, W.shl(units, below));
      c.set(odd, W.and(units, W.i64(1)));
    },
  );
  // round to nearest only, PE masked or exact, in the range of normal numbers
  c.if(W.eqz(W.and(control, W.i32(0xc00))), () => {
    c.if(W.or(W.eqz(rest), W.and(control, W.i32(CW_PM))), () => {
      const up = c.let(roundsUp(odd, rest));
      const total = c.let(W.add(kept, W.shl(W.zeroExtend(up), below)));
      const carried = c.let(W.eqz(total));
      const exp = c.let(W.add(exact.exponent, carried));
      c.if(W.binary('gt_s', exact.exponent, W.i32(0)), () => {
        c.if(W.ltS(exp, W.i32(0x7fff)), () => {
          const extra = roundingBits(W.ne(rest, W.i64(0)), up);
          const se = W.or(W.shl(exact.sign, W.i32(15)), exp);
          then({ se: c.let(se), sig: c.let(W.or(total, W.shl(W.zeroExtend(carried), W.i64(63)))) }, c.let(extra));
        });
      });
    });
  });
}

interface Operation {
  /** Of two normal numbers; calls `then` with the exact result. */
  normal(s: Stack, a: Parts, b: Parts, then: (exact: Exact) => void): void;
  /** With a zero among the operands: calls `zero` with a zero as result, or `then`. */
  withZero(s: Stack, a: Parts, b: Parts, zero: (sign: Expr) => void, then: (exact: Exact) => void): void;
}

const eitherSign = (a: Parts, b: Parts): Expr => W.xor(sign(a), sign(b));

const adding = (signOf: (b: Parts) => Expr): Operation => ({
  normal: ({ c }, a, b, then) => sum(c, a, b, c.let(signOf(b)), then),
  withZero: ({ c }, a, b, zero, then) => {
    const aIsZero = c.let(isZero(a));
    const signB = c.let(signOf(b));
    c.if(W.and(aIsZero, isZero(b)), () => zero(W.and(sign(a), signB)));
    then({
      sign: c.let(W.select(aIsZero, signB, sign(a))),
      exponent: c.let(W.select(aIsZero, exponent(b), exponent(a))),
      high: c.let(W.select(aIsZero, b.sig, a.sig)),
      low: W.i64(0),
    });
  },
});
const ADD = adding(sign);
const SUBTRACT = adding((b) => W.xor(sign(b), W.i32(1)));
const MULTIPLY: Operation = {
  normal: ({ c }, a, b, then) => then(product(c, a, b)),
  withZero: (_, a, b, zero) => zero(eitherSign(a, b)),
};
const DIVIDE: Operation = {
  normal: ({ c }, a, b, then) => then(quotient(c, a, b)),
  withZero: ({ c }, a, b, zero) => c.if(W.eqz(isZero(b)), () => zero(eitherSign(a, b))),
};
const reversed = (operation: Operation): Operation => ({
  normal: (s, a, b, then) => operation.normal(s, b, a, then),
  withZero: (s, a, b, zero, then) => operation.withZero(s, b, a, zero, then),
});

function arithmetic(operation: Operation, pops: number): Lowering {
  return (c) => {
    Stack.enter(c, (s) => {
      if (c.form.shapes[0][0] === 'm') {
        const destination = s.physical(0);
        realOperand(s, (source) => {
          c.if(s.isFull(destination), () => combine(s, operation, destination, s.read(destination), source, pops));
        });
        return;
      }
      const destination = s.physical(s.operand(0));
      const from = s.physical(s.operand(1));
      c.if(W.and(s.isFull(destination), s.isFull(from)), () =>
        combine(s, operation, destination, s.read(destination), s.read(from), pops),
      );
    });
  };
}

function combine(s: Stack, operation: Operation, n: Expr, a: Parts, b: Parts, pops: number): void {
  const { c } = s;
  const exact = (result: Exact): void =>
    rounded(s, result, (parts, extra) => {
      s.write(n, parts);
      s.finish(pops, extra);
    });
  const zero = (sign: Expr): void => {
    c.if(W.eqz(W.and(s.control, W.i32(0xc00))), () => {
      s.write(n, { se: W.shl(sign, W.i32(15)), sig: W.i64(0) });
      s.finish(pops);
    });
  };
  ifNormal(c, a, b, () => operation.normal(s, a, b, exact));
  const [zeroA, zeroB] = [c.let(isZero(a)), c.let(isZero(b))];
  const ordinary = W.and(W.or(zeroA, isNormal(a)), W.or(zeroB, isNormal(b)));
  c.if(W.and(W.or(zeroA, zeroB), ordinary), () => operation.withZero(s, a, b, zero, exact));
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  add: ADD,
  sub: SUBTRACT,
  subr: reversed(SUBTRACT),
  mul: MULTIPLY,
  div: DIVIDE,
  divr: reversed(DIVIDE),
};

export const X87_ARITHMETIC: Record<string, Lowering> = Object.fromEntries(
  Object.entries(OPERATIONS).flatMap(([name, operation]) => [
    [`f${name}`, arithmetic(operation, 0)],
    [`f${name}p`, arithmetic(operation, 1)],
  ]),
);
