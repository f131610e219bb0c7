// Shifts and rotates: Intel SDM vol. 2, SAL/SAR/SHL/SHR, RCL/RCR/ROL/ROR, SHLD, SHRD. The count is masked to 5 bits (6 with
// 64-bit operands); a masked count of zero changes neither the destination nor the flags (memory is still written back).
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';

type Shifter = (c: Emit, a: Expr, n: Expr) => { result: Expr; flags: (r: Expr) => void };

/** The masked count of operand 1, as a value of the operation's type. */
const countOf = (c: Emit, operand: number): Expr => {
  const raw = c.form.shapes[operand] === 'i' ? W.wrap(c.immediate()) : c.read(operand, 1);
  return c.let(W.and(raw, W.i32(c.size === 8 ? 63 : 31)));
};

/** Runs `shifter` unless the count is zero; the operand is read and written in either case. */
function shiftBy(c: Emit, operand: number, shifter: Shifter): void {
  const n = countOf(c, operand);
  const a = c.let(c.modify(0));
  const { result, flags } = shifter(c, a, c.let(W.convert(c.type, n)));
  const r = c.let(W.select(n, result, a));
  c.write(0, r);
  if (!c.flagsLive) return;
  c.if(n, () => {
    flags(r);
    c.commitFlags();
  });
}

/** AF after a shift, which the manuals leave undefined: the processors of the vectors set it. */
const ADJUST = W.i32(1);
const bit0 = (e: Expr): Expr => W.and(W.wrap(e), W.i32(1));

const secondBit = (c: Emit, e: Expr): Expr => bit0(W.shrU(e, c.constant(c.bits - 2)));

const SHL: Shifter = (c, a, n) => ({
  result: c.mask(W.shl(a, n)),
  flags: (r) => {
    // sizes below 32 keep the bit shifted out above the operand; 32 and 64 fetch it from the source
    const out =
      c.size <= 2 ? bit0(W.shrU(W.shl(a, n), c.constant(c.bits))) : bit0(W.shrU(a, W.sub(c.constant(c.bits), n)));
    const cf = c.let(out);
    c.flagsWithAux(c.signExtend(r), c.auxWord(cf, W.xor(cf, c.topBit(r)), ADJUST));
  },
});
const SHR: Shifter = (c, a, n) => ({
  result: W.shrU(a, n),
  flags: (r) =>
    c.flagsWithAux(c.signExtend(r), c.auxWord(bit0(W.shrU(a, W.sub(n, c.constant(1)))), secondBit(c, r), ADJUST)),
});
const SAR: Shifter = (c, a, n) => {
  const wide = c.let(c.signExtend(a));
  return {
    result: c.mask(W.shrS(wide, n)),
    flags: (r) =>
      c.flagsWithAux(c.signExtend(r), c.auxWord(bit0(W.shrS(wide, W.sub(n, c.constant(1)))), W.i32(0), ADJUST)),
  };
};

const ROL: Shifter = (c, a, n) => {
  const inRange = W.and(n, c.constant(c.bits - 1));
  const result =
    c.size >= 4
      ? W.binary('rotl', a, n)
      : c.mask(W.or(W.shl(a, inRange), W.shrU(a, W.sub(c.constant(c.bits), inRange))));
  return {
    result,
    flags: (r) => {
      const cf = c.let(bit0(r));
      c.setCarryOverflow(cf, W.xor(cf, c.topBit(r)));
    },
  };
};
const ROR: Shifter = (c, a, n) => {
  const inRange = W.and(n, c.constant(c.bits - 1));
  const result =
    c.size >= 4
      ? W.binary('rotr', a, n)
      : c.mask(W.or(W.shrU(a, inRange), W.shl(a, W.sub(c.constant(c.bits), inRange))));
  return {
    result,
    flags: (r) => {
      const cf = c.let(c.topBit(r));
      c.setCarryOverflow(cf, W.xor(cf, secondBit(c, r)));
    },
  };
};

/** RCL and RCR rotate the operand together with CF: `bits + 1` wide, in an i64 below 64-bit operands. */
const throughCarry =
  (left: boolean): Shifter =>
  (c, a, n) => {
    if (c.size === 8) return throughCarry64(c, a, n, left);
    const width = W.i64(c.bits + 1);
    const carry = c.let(c.carry());
    const wide = c.let(W.or(W.zeroExtend(a), W.shl(W.zeroExtend(carry), W.i64(c.bits))));
    const turn = c.let(W.binary('rem_u', W.zeroExtend(n), width));
    const back = W.sub(width, turn);
    const turned = c.let(
      left ? W.or(W.shl(wide, turn), W.shrU(wide, back)) : W.or(W.shrU(wide, turn), W.shl(wide, back)),
    );
    return {
      result: c.mask(W.wrap(turned)),
      flags: (r) => {
        const cf = c.let(bit0(W.shrU(turned, W.i64(c.bits))));
        const second = left ? cf : secondBit(c, r);
        c.setCarryOverflow(cf, W.xor(c.topBit(r), second));
      },
    };
  };

function throughCarry64(c: Emit, a: Expr, n: Expr, left: boolean): { result: Expr; flags: (r: Expr) => void } {
  const carry = c.let(W.zeroExtend(c.carry()));
  const rest = W.sub(W.i64(64), n); // n is 1..63 where the result is used
  const one = W.i64(1);
  const result = c.let(
    left
      ? W.or(W.or(W.shl(a, n), W.shl(carry, W.sub(n, one))), W.shrU(W.shrU(a, one), rest))
      : W.or(W.or(W.shrU(a, n), W.shl(carry, rest)), W.shl(W.shl(a, one), rest)),
  );
  const out = left ? W.shrU(a, rest) : W.shrU(a, W.sub(n, one));
  return {
    result,
    flags: (r) => {
      const cf = c.let(bit0(out));
      const second = left ? cf : secondBit(c, r);
      c.setCarryOverflow(cf, W.xor(c.topBit(r), second));
    },
  };
}

/** SHLD and SHRD. With 16-bit operands and counts over 16 the result is undefined; this follows the 48-bit wheel of AMD. */
function doubleShift(c: Emit, left: boolean): void {
  const n = countOf(c, 2);
  const a = c.let(c.modify(0));
  const b = c.let(c.read(1));
  const count = c.let(W.zeroExtend(n));
  let result: Expr;
  let out: Expr;
  if (c.size === 8) {
    const rest = W.sub(W.i64(64), count);
    result = left ? W.or(W.shl(a, count), W.shrU(b, rest)) : W.or(W.shrU(a, count), W.shl(b, rest));
    out = left ? W.shrU(a, rest) : W.shrU(a, W.sub(count, W.i64(1)));
  } else {
    const bits = W.i64(c.bits);
    const wideA = W.zeroExtend(a);
    const wideB = W.zeroExtend(b);
    // left: a:b (and, for 16 bits, a again) with the top kept; right: b:a with the bottom kept
    if (left) {
      const wheel =
        c.size === 2
          ? W.or(W.shl(wideA, W.i64(32)), W.or(W.shl(wideB, W.i64(16)), wideA))
          : W.or(W.shl(wideA, bits), wideB);
      const all = c.let(wheel);
      const total = c.size === 2 ? 48 : 64;
      result = c.mask(W.wrap(W.shrU(W.shl(all, count), W.i64(total - c.bits))));
      out = W.shrU(all, W.sub(W.i64(total), count));
    } else {
      const wheel =
        c.size === 2
          ? W.or(W.shl(wideA, W.i64(32)), W.or(W.shl(wideB, W.i64(16)), wideA))
          : W.or(W.shl(wideB, bits), wideA);
      const all = c.let(wheel);
      result = c.mask(W.wrap(W.shrU(all, count)));
      out = W.shrU(all, W.sub(count, W.i64(1)));
    }
  }
  const cf = c.let(bit0(out));
  const r = c.let(W.select(n, result, a));
  c.write(0, r);
  if (!c.flagsLive) return;
  c.if(n, () => {
    // OF is defined for a count of 1 only; like the rest it follows the last single shift
    const before = left ? cf : secondBit(c, r);
    c.flagsWithAux(c.signExtend(r), c.auxWord(cf, W.xor(before, c.topBit(r)), ADJUST));
    c.commitFlags();
  });
}

const lowering =
  (s: Shifter): Lowering =>
  (c) =>
    shiftBy(c, 1, s);

export const SHIFT: Record<string, Lowering> = {
  shl: lowering(SHL),
  shr: lowering(SHR),
  sar: lowering(SAR),
  rol: lowering(ROL),
  ror: lowering(ROR),
  rcl: lowering(throughCarry(true)),
  rcr: lowering(throughCarry(false)),
  shld: (c) => doubleShift(c, true),
  shrd: (c) => doubleShift(c, false),
};
