// BMI1 and BMI2 (Intel SDM vol. 2): bit manipulation on general registers with three operands.
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import type { Emit } from '../../emit';
import type { Lowering } from '../lowering';

const vexInstruction =
  (body: Lowering): Lowering =>
  (c) => {
    c.vexAllowed();
    body(c);
  };

/** SF and ZF of the result, CF as given, OF clear. */
function setResult(c: Emit, result: Expr, carry: Expr, adjust = W.i32(0)): void {
  c.write(0, result);
  c.flagsWithAux(c.type === 'i32' ? W.signExtend64(result) : result, c.auxWord(carry, W.i32(0), adjust));
}
const one = (c: Emit): Expr => c.constant(1);
const byte = (c: Emit, value: Expr): Expr => W.and(value, c.constant(0xff));
/** All bits below bit `n`, which is at most the operand size. */
const below = (c: Emit, n: Expr): Expr =>
  W.select(W.wrap(W.shrU(n, c.constant(c.size === 8 ? 6 : 5))), c.constant(-1), W.sub(W.shl(one(c), n), one(c)));

const shift =
  (op: 'shl' | 'shr_u' | 'shr_s'): Lowering =>
  (c) => {
    const value = c.let(c.read(1));
    c.write(0, W.binary(op, value, W.and(c.read(2), c.constant(c.bits - 1))));
  };

/** Goes through the set bits of the mask from the lowest on; `step(bit of the mask, its number as a single bit)`. */
function eachMaskBit(c: Emit, mask: Expr, step: (bit: Expr, place: Expr) => void): void {
  const left = c.variable(c.type);
  const place = c.variable(c.type);
  c.set(left, mask);
  c.set(place, one(c));
  c.loop((leave) => {
    c.if(W.eqz(left), leave);
    const bit = c.let(W.and(left, W.sub(c.constant(0), left)));
    step(bit, place);
    c.set(left, W.xor(left, bit));
    c.set(place, W.shl(place, one(c)));
  });
}

function bits(c: Emit, deposit: boolean): void {
  const source = c.let(c.read(1));
  const mask = c.let(c.read(2));
  const result = c.variable(c.type);
  c.set(result, c.constant(0));
  eachMaskBit(c, mask, (bit, place) => {
    const [from, to] = deposit ? [place, bit] : [bit, place];
    c.if(W.ne(W.and(source, from), c.constant(0)), () => c.set(result, W.or(result, to)));
  });
  c.write(0, result);
}

/** High half of an unsigned product. */
function highProduct(c: Emit, a: Expr, b: Expr): Expr {
  if (c.size === 4) return W.wrap(W.shrU(W.mul(W.zeroExtend(a), W.zeroExtend(b)), W.i64(32)));
  const low = (e: Expr): Expr => W.and(e, W.i64(0xffffffffn));
  const high = (e: Expr): Expr => W.shrU(e, W.i64(32));
  const [a0, a1, b0, b1] = [low(a), high(a), low(b), high(b)].map((e) => c.let(e));
  const middle = c.let(W.add(W.mul(a1, b0), high(W.mul(a0, b0))));
  const other = c.let(W.add(W.mul(a0, b1), low(middle)));
  return W.add(W.add(W.mul(a1, b1), high(middle)), high(other));
}

const BODIES: Record<string, Lowering> = {
  andn: (c) => setResult(c, c.let(W.and(W.not(c.read(1)), c.let(c.read(2)))), W.i32(0)),
  bextr: (c) => {
    const value = c.let(c.read(1));
    const control = c.let(c.read(2));
    const start = c.let(byte(c, control));
    const length = c.let(byte(c, W.shrU(control, c.constant(8))));
    const outside = W.gtU(start, c.constant(c.bits - 1));
    const shifted = W.select(outside, c.constant(0), W.shrU(value, start));
    const long = W.gtU(length, c.constant(c.bits - 1));
    const mask = W.select(long, c.constant(-1), W.sub(W.shl(one(c), length), one(c)));
    setResult(c, c.let(W.and(shifted, mask)), W.i32(0), W.i32(1)); // AF, as AMD's processors have it
  },
  blsr: (c) => {
    const a = c.let(c.read(1));
    setResult(c, c.let(W.and(a, W.sub(a, one(c)))), W.eqz(a));
  },
  blsmsk: (c) => {
    const a = c.let(c.read(1));
    setResult(c, c.let(W.xor(a, W.sub(a, one(c)))), W.eqz(a));
  },
  blsi: (c) => {
    const a = c.let(c.read(1));
    setResult(c, c.let(W.and(a, W.sub(c.constant(0), a))), W.eqz(W.eqz(a)));
  },
  bzhi: (c) => {
    const a = c.let(c.read(1));
    const index = c.let(byte(c, c.read(2)));
    const beyond = c.let(W.gtU(index, c.constant(c.bits - 1)));
    const mask = below(c, c.let(W.select(beyond, c.constant(c.bits), index)));
    setResult(c, c.let(W.and(a, mask)), beyond);
  },
  mulx: (c) => {
    const a = c.let(c.reg(2, c.size));
    const b = c.let(c.read(2));
    const high = c.let(highProduct(c, a, b));
    c.write(1, W.mul(a, b));
    c.write(0, high);
  },
  pdep: (c) => bits(c, true),
  pext: (c) => bits(c, false),
  rorx: (c) => c.write(0, W.binary('rotr', c.read(1), W.and(c.immediate(), c.constant(c.bits - 1)))),
  sarx: shift('shr_s'),
  shlx: shift('shl'),
  shrx: shift('shr_u'),
};

export const BMI: Record<string, Lowering> = Object.fromEntries(
  Object.entries(BODIES).map(([name, body]) => [name, vexInstruction(body)]),
);
