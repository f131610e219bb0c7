// Integer arithmetic and logic: Intel SDM vol. 2, ADD through XOR, INC, DEC, NEG, NOT, CMPXCHG, XADD, MUL, DIV and the
// decimal adjustments. Flags that the manuals leave undefined are as the processors of the vectors have them (AMD Zen 3).
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { divideWide, divideWideSigned, mulHighSigned, mulHighUnsigned } from './wide';

type Binary = (a: Expr, b: Expr) => Expr;

const logic =
  (op: Binary): Lowering =>
  (c) => {
    const r = c.let(op(c.modify(0), c.read(1)));
    c.write(0, r);
    c.flags('logic', r);
  };

const carryIn = (c: Emit): Expr => W.convert(c.type, c.carry());

function incDec(c: Emit, kind: 'add' | 'sub'): void {
  const a = c.let(c.modify(0));
  const one = c.constant(1);
  const r = c.let(c.mask(kind === 'add' ? W.add(a, one) : W.sub(a, one)));
  if (!c.flagsLive) return c.write(0, r);
  const cf = c.let(c.carry());
  c.write(0, r);
  const edge = c.constant(1n << BigInt(c.bits - 1));
  const of = W.eq(kind === 'add' ? r : a, c.size === 4 ? W.i32(0x80000000 | 0) : edge);
  const af = W.wrap(W.eq(W.and(kind === 'add' ? r : a, c.constant(15)), c.constant(0)));
  c.flagsWithAux(c.let(c.signExtend(r)), c.let(c.auxWord(cf, of, af)));
}

/** Accumulator pair as the multiply and divide instructions use it: AX, DX:AX, EDX:EAX. */
function setPair(c: Emit, low: Expr, high: Expr): void {
  if (c.size === 1) return c.setReg(0, 2, W.or(low, W.shl(high, W.i32(8))));
  c.setReg(0, c.size, low);
  c.setReg(2, c.size, high);
}

function multiply(c: Emit, signed: boolean): void {
  const b = c.let(c.read(0));
  const a = c.let(c.reg(0, c.size));
  if (c.size === 8) {
    const product = c.let(W.mul(a, b));
    const upper = signed ? mulHighSigned(c, a, b) : mulHighUnsigned(c, a, b);
    setPair(c, product, upper);
    const full = signed ? W.shrS(product, W.i64(63)) : W.i64(0);
    return c.setOverflowed(W.ne(upper, full));
  }
  const wide = (e: Expr): Expr => (signed ? W.signExtend64(c.signExtend(e)) : W.zeroExtend(e));
  const product = c.let(W.mul(wide(a), wide(b)));
  const low = c.let(c.mask(W.wrap(product)));
  const high = c.let(c.mask(W.wrap(W.shrU(product, W.i64(c.bits)))));
  setPair(c, low, high);
  const fits = signed ? W.eq(W.signExtend64(c.signExtend(low)), product) : W.eqz(high);
  c.setOverflowed(W.eqz(fits));
}

function divide(c: Emit, signed: boolean): void {
  const d = c.let(c.read(0));
  c.if(W.eqz(d), () => c.raise(0));
  if (c.size === 8) {
    if (signed) divideWideSigned(c, d);
    else divideWide(c, d);
    return c.setAfterDivision();
  }
  const wide = (e: Expr): Expr => (signed ? W.signExtend64(c.signExtend(e)) : W.zeroExtend(e));
  let n: Expr;
  if (c.size === 4) n = W.or(W.zeroExtend(c.reg(0, 4)), W.shl(W.zeroExtend(c.reg(2, 4)), W.i64(32)));
  else {
    const pair = c.size === 1 ? c.reg(0, 2) : W.or(c.reg(0, 2), W.shl(c.reg(2, 2), W.i32(16)));
    n = signed ? W.signExtend64(c.signExtend(pair, c.size * 2)) : W.zeroExtend(pair);
  }
  const dividend = c.let(n);
  const divisor = c.let(wide(d));
  if (signed && c.size === 4) {
    const minimum = W.eq(dividend, W.i64(-(1n << 63n)));
    c.if(W.and(W.eq(divisor, W.i64(-1)), minimum), () => c.raise(0));
  }
  const q = c.let(W.binary(signed ? 'div_s' : 'div_u', dividend, divisor));
  const low = c.let(c.mask(W.wrap(q)));
  c.if(W.ne(wide(low), q), () => c.raise(0));
  const remainder = c.let(c.mask(W.wrap(W.binary(signed ? 'rem_s' : 'rem_u', dividend, divisor))));
  setPair(c, low, remainder);
  c.setAfterDivision();
}

function multiplyInto(c: Emit, x: Expr, y: Expr): void {
  const [a, b] = [c.let(x), c.let(y)];
  if (c.size === 8) {
    const product = c.let(W.mul(a, b));
    const upper = mulHighSigned(c, a, b);
    c.write(0, product);
    const carry = W.ne(upper, W.shrS(product, W.i64(63)));
    return c.setOverflowed(carry);
  }
  const wide = (e: Expr): Expr => W.signExtend64(c.signExtend(e));
  const product = c.let(W.mul(wide(a), wide(b)));
  const low = c.let(c.mask(W.wrap(product)));
  c.write(0, low);
  const fits = W.eq(wide(low), product);
  c.setOverflowed(W.eqz(fits));
}

/** DAA and DAS: SDM vol. 2, the pseudocode's order of tests matters when both digits adjust. */
function decimalAdjust(c: Emit, subtract: boolean): void {
  const al = c.let(c.reg(0, 1));
  const cf = c.let(c.carry());
  const af = c.let(c.adjust());
  const step = (e: Expr, by: number): Expr => (subtract ? W.sub(e, W.i32(by)) : W.add(e, W.i32(by)));
  const lowAdjust = c.let(W.or(W.gtU(W.and(al, W.i32(15)), W.i32(9)), af));
  const highAdjust = c.let(W.or(W.gtU(al, W.i32(0x99)), cf));
  const afterLow = c.let(W.select(lowAdjust, step(al, 6), al));
  const r = c.let(W.and(W.select(highAdjust, step(afterLow, 0x60), afterLow), W.i32(0xff)));
  c.setReg(0, 1, r);
  // DAS: a borrow out of the first adjustment also sets CF.
  const borrow = subtract ? W.and(lowAdjust, W.ltU(al, W.i32(6))) : W.i32(0);
  const carry = c.let(W.or(highAdjust, borrow));
  const flipped = W.and(W.xor(al, r), subtract ? al : r);
  const overflow = W.and(W.shrU(flipped, W.i32(7)), W.i32(1));
  c.flagsWithAux(c.let(c.signExtend(r, 1)), c.let(c.auxWord(carry, overflow, lowAdjust)));
}

/** AAA and AAS. */
function asciiAdjust(c: Emit, subtract: boolean): void {
  const ax = c.let(c.reg(0, 2));
  const adjust = c.let(W.or(W.gtU(W.and(ax, W.i32(15)), W.i32(9)), c.adjust()));
  const moved = subtract ? W.sub(W.sub(ax, W.i32(6)), W.i32(0x100)) : W.add(ax, W.i32(0x106));
  const sum = c.let(W.select(adjust, moved, ax));
  c.setReg(0, 2, W.and(sum, W.i32(0xff0f)));
  const flipped = W.and(W.xor(ax, sum), subtract ? ax : sum);
  const overflow = W.and(W.shrU(flipped, W.i32(15)), W.i32(1));
  c.flagsWithAux(c.let(c.signExtend(sum, 2)), c.let(c.auxWord(adjust, overflow, adjust)));
}

export const ALU: Record<string, Lowering> = {
  add: (c) => {
    const a = c.let(c.modify(0));
    const b = c.let(c.read(1));
    const r = c.let(c.mask(W.add(a, b)));
    c.write(0, r);
    c.flags('add', a, b, r);
  },
  adc: (c) => {
    const a = c.let(c.modify(0));
    const b = c.let(c.read(1));
    const r = c.let(c.mask(W.add(W.add(a, b), carryIn(c))));
    c.write(0, r);
    c.flags('add', a, b, r);
  },
  sub: (c) => {
    const a = c.let(c.modify(0));
    const b = c.let(c.read(1));
    const r = c.let(c.mask(W.sub(a, b)));
    c.write(0, r);
    c.flags('sub', a, b, r);
  },
  sbb: (c) => {
    const a = c.let(c.modify(0));
    const b = c.let(c.read(1));
    const r = c.let(c.mask(W.sub(W.sub(a, b), carryIn(c))));
    c.write(0, r);
    c.flags('sub', a, b, r);
  },
  cmp: (c) => {
    const a = c.let(c.read(0));
    const b = c.let(c.read(1));
    c.flags('sub', a, b, c.let(c.mask(W.sub(a, b))));
  },
  and: logic(W.and),
  or: logic(W.or),
  xor: logic(W.xor),
  test: (c) => c.flags('logic', c.let(W.and(c.read(0), c.read(1)))),
  not: (c) => c.write(0, c.mask(W.not(c.modify(0)))),
  neg: (c) => {
    const b = c.let(c.modify(0));
    const r = c.let(c.mask(W.sub(c.constant(0), b)));
    c.write(0, r);
    c.flags('sub', c.constant(0), b, r);
  },
  inc: (c) => incDec(c, 'add'),
  dec: (c) => incDec(c, 'sub'),
  mul: (c) => multiply(c, false),
  imul: (c) => multiply(c, true),
  imul2: (c) => multiplyInto(c, c.read(0), c.read(1)),
  imul3: (c) => multiplyInto(c, c.read(1), c.read(2)),
  div: (c) => divide(c, false),
  idiv: (c) => divide(c, true),
  cmpxchg: (c) => {
    const destination = c.let(c.modify(0));
    const source = c.let(c.read(1));
    const accumulator = c.let(c.reg(0, c.size));
    const r = c.let(c.mask(W.sub(accumulator, destination)));
    const equal = c.let(W.eq(accumulator, destination));
    const differs = (): void => c.setReg(0, c.size, destination);
    if (c.form.shapes[0][0] === 'r') {
      // the upper half of a 32-bit register stays when nothing is exchanged
      c.if(equal, () => c.write(0, source), differs);
    } else {
      c.write(0, W.select(equal, source, destination)); // memory is written in either case
      c.if(W.eqz(equal), differs);
    }
    c.flags('sub', accumulator, destination, r);
  },
  xadd: (c) => {
    const a = c.let(c.modify(0));
    const b = c.let(c.read(1));
    const r = c.let(c.mask(W.add(a, b)));
    // memory first (it may fault), the sum last when both operands are the same register
    if (c.form.shapes[0][0] === 'm') c.write(0, r);
    c.write(1, a);
    if (c.form.shapes[0][0] === 'r') c.write(0, r);
    c.flags('add', a, b, r);
  },
  daa: (c) => decimalAdjust(c, false),
  das: (c) => decimalAdjust(c, true),
  aaa: (c) => asciiAdjust(c, false),
  aas: (c) => asciiAdjust(c, true),
  aam: (c) => {
    const base = c.let(W.and(c.immediate(), W.i32(0xff)));
    c.if(W.eqz(base), () => c.raise(0));
    const al = c.let(c.reg(0, 1));
    const low = c.let(W.binary('rem_u', al, base));
    c.setReg(0, 2, W.or(W.shl(W.binary('div_u', al, base), W.i32(8)), low));
    c.flagsWithAux(c.let(c.signExtend(low, 1)), W.i32(0));
  },
  aad: (c) => {
    const al = c.let(c.reg(0, 1));
    const high = c.let(W.and(W.mul(c.reg(0, 1, true), c.immediate()), W.i32(0xff)));
    const sum = c.let(W.add(al, high));
    const r = c.let(W.and(sum, W.i32(0xff)));
    c.setReg(0, 2, r);
    const bit = (e: Expr, n: number): Expr => W.and(W.shrU(e, W.i32(n)), W.i32(1));
    const overflow = bit(W.and(W.xor(al, sum), W.xor(high, sum)), 7);
    const adjust = bit(W.xor(W.xor(al, high), sum), 4);
    c.flagsWithAux(c.let(c.signExtend(r, 1)), c.let(c.auxWord(bit(sum, 8), overflow, adjust)));
  },
};
