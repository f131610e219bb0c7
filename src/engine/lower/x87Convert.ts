// Conversions between the 80-bit format and single, double and integer operands, inline for normal numbers and zeros.
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import { BIAS, CW_PM, exponent, isNormal, isZero, sign, SW_C1, SW_PE, type Parts, type Stack } from './x87Stack';

const HIGHEST = W.i64(-(1n << 63n));

/** Reads a single or double and calls `then` unless it is denormal, infinite or no number: the routine reads it again then. */
export function realOperand(s: Stack, then: (x: Parts) => void): void {
  const wide = s.c.form.shapes[0] === 'm8';
  s.c.readPlain(wide ? 8 : 4, (bits) => ordinaryReal(s, bits, wide, then));
}

function ordinaryReal({ c }: Stack, bits: Expr, wide: boolean, then: (x: Parts) => void): void {
  const top = c.let(wide ? W.wrap(W.shrU(bits, W.i64(48))) : W.shrU(bits, W.i32(16)));
  const biased = c.let(wide ? W.and(W.shrU(top, W.i32(4)), W.i32(0x7ff)) : W.and(W.shrU(top, W.i32(7)), W.i32(0xff)));
  const all = wide ? 0x7ff : 0xff;
  const [se, sig] = [c.variable('i32'), c.variable('i64')];
  c.set(se, W.and(top, W.i32(0x8000)));
  c.if(
    W.ltU(W.sub(biased, W.i32(1)), W.i32(all - 1)),
    () => {
      c.set(se, W.or(se, W.add(biased, W.i32(BIAS - (all >> 1)))));
      c.set(sig, W.or(HIGHEST, wide ? W.shl(bits, W.i64(11)) : W.shl(W.zeroExtend(bits), W.i64(40))));
    },
    () => {
      c.if(W.ne(W.shl(bits, wide ? W.i64(1) : W.i32(1)), wide ? W.i64(0) : W.i32(0)), () => c.routine());
      c.set(sig, W.i64(0));
    },
  );
  then({ se, sig });
}

/** Reads an integer operand. */
export function integerOperand(c: Emit): Parts {
  const size = Number(c.form.shapes[0].slice(1));
  const read = c.let(c.read(0, size));
  const value = c.let(size === 8 ? read : W.signExtend64(size === 2 ? c.signExtend(read, 2) : read));
  const negative = c.let(W.ltS(value, W.i64(0)));
  const magnitude = c.let(W.select(negative, W.sub(W.i64(0), value), value));
  const zeros = c.let(W.unary('i64.clz', 'i64', magnitude));
  const se = W.or(W.shl(negative, W.i32(15)), W.sub(W.i32(BIAS + 63), W.wrap(zeros)));
  return {
    se: c.let(W.select(W.eqz(magnitude), W.i32(0), se)),
    sig: c.let(W.shl(magnitude, zeros)),
  };
}

const ALMOST_HALF = W.i64((1n << 63n) - 1n);
const SHIFT_PE = Math.log2(SW_PE);
const SHIFT_C1 = Math.log2(SW_C1);

/** Status bits that rounding sets; both are 0 or 1. */
export const roundingBits = (inexact: Expr, up: Expr): Expr =>
  W.or(W.shl(inexact, W.i32(SHIFT_PE)), W.shl(up, W.i32(SHIFT_C1)));

/** Whether rounding to nearest goes up: the bits that are cut off, at the top of `rest`, are more than half, or half and `odd` (0 or 1) is set. */
export const roundsUp = (odd: Expr, rest: Expr): Expr => W.ltU(W.add(rest, W.add(ALMOST_HALF, odd)), rest);

const maskedPrecision = (control: Expr): Expr => W.ne(W.and(control, W.i32(CW_PM)), W.i32(0));

/** The bits of `x` as a single or double, with the status bits; not called for what needs more care. */
export function toRealInline(s: Stack, x: Parts, wide: boolean, then: (bits: Expr, extra: Expr) => void): void {
  const { c } = s;
  const [cut, fraction, bias] = wide ? [11, 52, 1023] : [40, 23, 127];
  const narrow = (e: Expr): Expr => (wide ? e : W.wrap(e));
  const negative = c.let(W.shl(W.zeroExtend(sign(x)), W.i64(wide ? 63 : 31)));
  c.if(isZero(x), () => then(narrow(negative), W.i32(0)));
  const biased = c.let(W.sub(exponent(x), W.i32(BIAS - bias)));
  const inRange = W.ltU(W.sub(biased, W.i32(1)), W.i32(2 * bias - 1));
  const whenNormal = (body: () => void): void => c.if(W.ltS(x.sig, W.i64(0)), () => c.if(inRange, body));
  whenNormal(() => {
    const control = c.let(s.control);
    const kept = c.let(W.shrU(x.sig, W.i64(cut)));
    const rest = c.let(W.shl(x.sig, W.i64(64 - cut)));
    const inexact = c.let(W.ne(rest, W.i64(0)));
    const nearest = W.eqz(W.and(control, W.i32(0xc00)));
    c.if(W.or(W.eqz(inexact), W.and(nearest, maskedPrecision(control))), () => {
      const up = c.let(roundsUp(W.and(kept, W.i64(1)), rest));
      // the integer bit adds one to the exponent
      const magnitude = W.add(W.shl(W.zeroExtend(W.sub(biased, W.i32(1))), W.i64(fraction)), kept);
      const bits = W.or(W.add(magnitude, W.zeroExtend(up)), negative);
      then(c.let(narrow(bits)), c.let(roundingBits(inexact, up)));
    });
  });
}

/** `x` as an integer of `bytes`, rounded to nearest or (`chop`, or as the control word says) toward zero. */
export function toIntegerInline(
  s: Stack,
  x: Parts,
  bytes: number,
  chop: boolean,
  then: (value: Expr, extra: Expr) => void,
): void {
  const { c } = s;
  const narrow = (e: Expr): Expr => (bytes === 8 ? e : c.mask(W.wrap(e), bytes));
  c.if(isZero(x), () => then(narrow(W.i64(0)), W.i32(0)));
  // bits behind the point
  const behind = c.let(W.sub(W.i32(BIAS + 63), exponent(x)));
  c.if(W.and(isNormal(x), W.binary('gt_s', behind, W.i32(0))), () => {
    const control = c.let(s.control);
    const rounding = c.let(chop ? W.i32(3) : W.and(W.shrU(control, W.i32(10)), W.i32(3)));
    const kept = c.variable('i64');
    const rest = c.variable('i64');
    c.set(kept, W.i64(0));
    c.set(rest, W.i64(1));
    c.if(W.eq(behind, W.i32(64)), () => c.set(rest, x.sig));
    c.if(W.ltU(behind, W.i32(64)), () => {
      const by = c.let(W.zeroExtend(behind));
      c.set(kept, W.shrU(x.sig, by));
      c.set(rest, W.shl(x.sig, W.sub(W.i64(64), by)));
    });
    const inexact = c.let(W.ne(rest, W.i64(0)));
    const up = c.let(W.and(W.eqz(rounding), roundsUp(W.and(kept, W.i64(1)), rest)));
    const magnitude = c.let(W.add(kept, W.zeroExtend(up)));
    const known = W.or(W.eqz(rounding), W.eq(rounding, W.i32(3)));
    const quiet = W.or(W.eqz(inexact), maskedPrecision(control));
    const fits = W.ltU(magnitude, W.i64(1n << BigInt(8 * bytes - 1)));
    c.if(W.and(W.and(known, quiet), fits), () => {
      const value = W.select(sign(x), W.sub(W.i64(0), magnitude), magnitude);
      then(c.let(narrow(value)), c.let(roundingBits(inexact, up)));
    });
  });
}
