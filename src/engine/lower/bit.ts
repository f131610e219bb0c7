// Bit tests and scans: Intel SDM vol. 2, BT, BTC, BTR, BTS, BSF, BSR, and CMPXCHG8B. A register bit offset with a memory
// operand addresses a bit string: the operand moves by (offset >> log2 bits) elements.
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import * as V from '../../wasm/simd';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';

function bitTest(c: Emit, change: ((a: Expr, mask: Expr) => Expr) | undefined): void {
  const source = c.form.shapes[1];
  const position = c.let(source === 'i' ? c.immediate() : c.read(1));
  if (source[0] === 'r' && c.form.shapes[0][0] === 'm') {
    const wide = c.size === 8 ? position : c.signExtend(position);
    const elementShift = c.size === 2 ? 4 : c.size === 4 ? 5 : 6;
    const { type } = wide;
    c.displace(W.shl(W.shrS(wide, W.constant(type, elementShift)), W.constant(type, elementShift - 3)));
  }
  const index = c.let(W.and(position, c.constant(c.bits - 1)));
  const a = c.let(change ? c.modify(0) : c.read(0));
  const bit = c.let(W.and(W.wrap(W.shrU(a, index)), W.i32(1)));
  if (change) c.write(0, change(a, W.shl(c.constant(1), index)));
  c.setCarry(bit);
}

function scan(c: Emit, op: 'ctz' | 'clz'): void {
  const a = c.let(c.read(1));
  const zero = c.let(W.eqz(a));
  const count = W.unary(`${c.type}.${op}`, c.type, a);
  // the destination keeps its value for a zero source, as hardware does
  c.if(W.eqz(zero), () => c.write(0, op === 'ctz' ? count : W.sub(c.constant(c.size === 8 ? 63 : 31), count)));
  c.setZero(zero);
}

/** Memory is written in any case, so that a read-only page always faults. */
function compareExchange16(c: Emit): void {
  const old = c.let(c.vector(0));
  const low = c.let(V.extract('i64x2', 0, old));
  const high = c.let(V.extract('i64x2', 1, old));
  const equal = c.let(W.and(W.eq(low, c.reg(0, 8)), W.eq(high, c.reg(2, 8))));
  const pair = V.replace('i64x2', 1, V.splat('i64x2', c.reg(3, 8)), c.reg(1, 8));
  c.setVector(0, W.select(equal, pair, old));
  c.if(W.eqz(equal), () => {
    c.setReg(0, 8, low);
    c.setReg(2, 8, high);
  });
  c.setZero(equal);
}

export const BIT: Record<string, Lowering> = {
  cmpxchg16b: compareExchange16,
  bt: (c) => bitTest(c, undefined),
  bts: (c) => bitTest(c, (a, m) => W.or(a, m)),
  btr: (c) => bitTest(c, (a, m) => W.and(a, W.not(m))),
  btc: (c) => bitTest(c, (a, m) => W.xor(a, m)),
  bsf: (c) => scan(c, 'ctz'),
  bsr: (c) => scan(c, 'clz'),
  cmpxchg8b: (c) => {
    const old = c.let(c.modify(0));
    const pair = (high: number, low: number): Expr =>
      W.or(W.zeroExtend(c.reg(low, 4)), W.shl(W.zeroExtend(c.reg(high, 4)), W.i64(32)));
    const equal = c.let(W.eq(old, c.let(pair(2, 0))));
    c.write(0, W.select(equal, c.let(pair(1, 3)), old));
    c.if(W.eqz(equal), () => {
      c.setReg(0, 4, W.wrap(old));
      c.setReg(2, 4, W.wrap(W.shrU(old, W.i64(32))));
    });
    c.setZero(equal);
  },
};
