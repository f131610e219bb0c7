// Data movement, sign and zero extension, conditional moves, byte swaps and stack operations that need no privilege checks:
// Intel SDM vol. 2. Segment-register forms live in cpu/, because their checks are the instruction.
import { F_PAUSES } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import { isLong } from '../form';
import type { Lowering } from './lowering';

/** Width of the stack pointer in bytes. */
const stackWidth = (c: Emit): number => (c.form.stack === 'S' ? 2 : c.form.stack === 'Q' ? 8 : 4);

/** The stack pointer moved by `by` bytes, within its width. */
function movedStack(c: Emit, by: Expr | number, from = c.reg(4, stackWidth(c))): Expr {
  const distance = typeof by === 'number' ? W.constant(from.type, by) : W.convert(from.type, by);
  return c.mask(W.add(from, distance), stackWidth(c));
}

export function push(c: Emit, value: Expr): void {
  const top = c.let(movedStack(c, -c.size));
  c.store('stack', c.size, top, value);
  c.setReg(4, stackWidth(c), top);
}

/** Reads the top of the stack without popping. */
export const top = (c: Emit, size = c.size): Expr => c.load('stack', size, c.let(c.reg(4, stackWidth(c))));

export function release(c: Emit, bytes: Expr | number): void {
  c.setReg(4, stackWidth(c), movedStack(c, bytes));
}

/** Whether operand 0 is memory: POP computes its address after the increment of the stack pointer. */
function popToMemory(c: Emit): void {
  const value = c.let(top(c));
  const before = c.let(c.reg(4, stackWidth(c)));
  release(c, c.size);
  const after = c.let(c.reg(4, stackWidth(c)));
  // a fault in the store must find the old stack pointer: the address is taken with the new one, then it is put back
  const at = c.address(0);
  c.setReg(4, stackWidth(c), before);
  c.store('operand', c.size, at, value);
  c.setReg(4, stackWidth(c), after);
}

const swap32 = (a: Expr): Expr =>
  W.or(
    W.and(W.binary('rotl', a, W.i32(8)), W.i32(0x00ff00ff)),
    W.and(W.binary('rotr', a, W.i32(8)), W.i32(0xff00ff00 | 0)),
  );

/** The value with its bytes in the opposite order. */
function swapped(c: Emit, value: Expr): Expr {
  const a = c.let(value);
  if (c.size === 2) return W.or(W.and(W.shl(a, W.i32(8)), W.i32(0xff00)), W.shrU(a, W.i32(8)));
  if (c.size === 4) return swap32(a);
  const low = W.zeroExtend(swap32(c.let(W.wrap(a))));
  const high = W.zeroExtend(swap32(c.let(W.wrap(W.shrU(a, W.i64(32))))));
  return W.or(W.shl(low, W.i64(32)), high);
}

function byteSwap(c: Emit): void {
  if (c.size === 2) return c.write(0, W.i32(0)); // undefined by the manuals; hardware clears it
  c.write(0, swapped(c, c.read(0)));
}

export const MOVE: Record<string, Lowering> = {
  nop: () => undefined,
  // too many of them and another processor may have its turn
  pause: (c) => {
    const left = c.let(W.sub(c.state(F_PAUSES), W.i32(1)));
    c.setState(F_PAUSES, left);
    c.if(W.eqz(left), () => c.routine());
  },
  mov: (c) => c.write(0, c.read(1)),
  movzx: (c) => c.write(0, W.convert(c.type, c.read(1))),
  movsx: (c) => {
    const size = Number(c.form.shapes[1].slice(1));
    const value = c.signExtend(c.read(1), size);
    c.write(0, c.size === 8 ? W.signExtend64(value) : c.mask(value));
  },
  // four bytes are read even for a 16-bit destination
  movsxd: (c) => c.write(0, c.size === 8 ? W.signExtend64(c.read(1, 4)) : c.mask(c.read(1, 4))),
  lea: (c) => c.write(0, c.mask(W.convert(c.type, c.address(1)))),
  xchg: (c) => {
    // memory is probed, and written, before the register
    const [first, second] = c.form.shapes[1][0] === 'm' ? [1, 0] : [0, 1];
    const a = c.let(c.modify(first));
    const b = c.let(c.read(second));
    c.write(first, b);
    c.write(second, a);
  },
  cmovcc: (c) => {
    const source = c.let(c.read(1));
    c.write(0, W.select(c.condition(c.form.cc), source, c.let(c.read(0))));
  },
  setcc: (c) => c.write(0, c.condition(c.form.cc)),
  bswap: byteSwap,
  movbe: (c) => c.write(0, swapped(c, c.read(1))),
  cbw: (c) => {
    if (c.size === 2) c.setReg(0, 2, c.mask(c.signExtend(c.reg(0, 1), 1)));
    else if (c.size === 4) c.setReg(0, 4, c.signExtend(c.reg(0, 2), 2));
    else c.setReg(0, 8, W.signExtend64(c.reg(0, 4)));
  },
  cwd: (c) => c.setReg(2, c.size, c.mask(W.shrS(c.signExtend(c.reg(0, c.size)), c.constant(c.size === 8 ? 63 : 31)))),
  xlat: (c) => {
    const table = c.reg(3, c.form.address);
    const at = c.mask(W.add(table, W.convert(table.type, c.reg(0, 1))), c.form.address);
    c.setReg(0, 1, c.load('source', 1, isLong(c.form.memory) ? W.zeroExtend(at) : at));
  },
  push: (c) => push(c, c.let(c.read(0))),
  pop: (c) => {
    if (c.form.shapes[0][0] === 'm') return popToMemory(c);
    const value = c.let(top(c));
    release(c, c.size);
    c.write(0, value);
  },
  leave: (c) => {
    const frame = c.let(c.reg(5, stackWidth(c)));
    const value = c.let(c.load('stack', c.size, frame));
    c.setReg(4, stackWidth(c), movedStack(c, c.size, frame));
    c.setReg(5, c.size, value);
  },
};
