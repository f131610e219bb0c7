// 128-bit arithmetic for 64-bit operands: the high half of a product, and division of a pair, in terms of i64.
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';

const LOW = W.i64(0xffffffff);
const low32 = (e: Expr): Expr => W.and(e, LOW);
const high32 = (e: Expr): Expr => W.shrU(e, W.i64(32));
const sign = (e: Expr): Expr => W.shrS(e, W.i64(63));

/** High 64 bits of the unsigned product, by 32-bit digits. */
export function mulHighUnsigned(c: Emit, a: Expr, b: Expr): Expr {
  const [a0, a1, b0, b1] = [low32(a), high32(a), low32(b), high32(b)].map((e) => c.let(e));
  const low = c.let(W.mul(a0, b0));
  const first = c.let(W.add(W.mul(a1, b0), high32(low)));
  const second = c.let(W.add(W.mul(a0, b1), low32(first)));
  return c.let(W.add(W.add(W.mul(a1, b1), high32(first)), high32(second)));
}

export function mulHighSigned(c: Emit, a: Expr, b: Expr): Expr {
  const unsigned = mulHighUnsigned(c, a, b);
  return c.let(W.sub(W.sub(unsigned, W.and(sign(a), b)), W.and(sign(b), a)));
}

/** Divides high:low by `d` (high below d, all unsigned), bit by bit unless the high half is zero. */
function divideUnsigned(c: Emit, high: Expr, low: Expr, d: Expr): { quotient: Expr; remainder: Expr } {
  const quotient = c.variable('i64');
  const remainder = c.variable('i64');
  c.if(
    W.eqz(high),
    () => {
      c.set(quotient, W.binary('div_u', low, d));
      c.set(remainder, W.binary('rem_u', low, d));
    },
    () => {
      const count = c.variable('i32');
      c.set(count, W.i32(64));
      c.set(quotient, low);
      c.set(remainder, high);
      c.loop((leave) => {
        c.if(W.eqz(count), leave);
        c.set(count, W.sub(count, W.i32(1)));
        const carry = c.let(W.ltS(remainder, W.i64(0)));
        c.set(remainder, W.or(W.shl(remainder, W.i64(1)), W.shrU(quotient, W.i64(63))));
        c.set(quotient, W.shl(quotient, W.i64(1)));
        c.if(W.or(carry, W.geU(remainder, d)), () => {
          c.set(remainder, W.sub(remainder, d));
          c.set(quotient, W.or(quotient, W.i64(1)));
        });
      });
    },
  );
  return { quotient, remainder };
}

/** DIV r/m64: RDX:RAX by `d`, which is not zero; raises #DE when the quotient does not fit. */
export function divideWide(c: Emit, d: Expr): void {
  const high = c.let(c.reg(2, 8));
  c.if(W.geU(high, d), () => c.raise(0));
  const { quotient, remainder } = divideUnsigned(c, high, c.let(c.reg(0, 8)), d);
  c.setReg(0, 8, quotient);
  c.setReg(2, 8, remainder);
}

/** IDIV r/m64: by magnitudes; the remainder has the sign of the dividend. */
export function divideWideSigned(c: Emit, d: Expr): void {
  const low = c.let(c.reg(0, 8));
  const high = c.let(c.reg(2, 8));
  const negative = c.let(sign(high));
  const flip = c.let(W.xor(negative, sign(d)));
  const magnitude = c.let(W.sub(W.xor(d, sign(d)), sign(d)));
  const absLow = c.let(W.sub(W.xor(low, negative), negative));
  // minus one of the low half borrows from the high half unless the low half was zero
  const borrow = W.and(W.zeroExtend(W.eqz(low)), W.shrU(negative, W.i64(63)));
  const absHigh = c.let(W.add(W.xor(high, negative), borrow));
  c.if(W.geU(absHigh, magnitude), () => c.raise(0));
  const { quotient, remainder } = divideUnsigned(c, absHigh, absLow, magnitude);
  const signedQuotient = c.let(W.sub(W.xor(quotient, flip), flip));
  // the magnitude may be 2^63 only when the result is negative
  const wrong = W.ne(sign(signedQuotient), W.select(W.eqz(quotient), W.i64(0), flip));
  c.if(wrong, () => c.raise(0));
  c.setReg(0, 8, signedQuotient);
  c.setReg(2, 8, W.sub(W.xor(remainder, negative), negative));
}
