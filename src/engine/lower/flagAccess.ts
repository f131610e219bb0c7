// EFLAGS as a whole: CLI, STI, PUSHF, POPF in their ordinary cases (Intel SDM vol. 2). v8086 mode, VME, PVI, single-stepping
// and interrupts that become due are for the routines.
import { AC, ARITH_FLAGS, DF, EVENT_INTR, EVENT_NMI, F_EVENTS, F_SHADOW, ID, IF, IOPL, NT, RF, S_CPL, TF, VM } from '../../cpu/layout'; // prettier-ignore
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { push, release, top } from './move';

/** CPL <= IOPL; in real mode CPL is 0. */
export const privilegedByIopl = (c: Emit): Expr =>
  W.leS(c.state(S_CPL), W.and(W.shrU(c.systemFlags(), W.i32(12)), W.i32(3)));

export const quietEvents = (c: Emit, bits: number): Expr => W.eqz(W.and(c.state(F_EVENTS), W.i32(bits)));
export const flagsClear = (flags: Expr, bits: number): Expr => W.eqz(W.and(flags, W.i32(bits)));

/** EFLAGS as PUSHF and interrupts store it. */
export function flagImage(c: Emit): Expr {
  const bit = (cc: number, at: number): Expr => W.shl(c.condition(cc), W.i32(at));
  const arithmetic = [bit(10, 2), W.shl(c.adjust(), W.i32(4)), bit(4, 6), bit(8, 7), bit(0, 11)];
  const all = arithmetic.reduce((sum, e) => W.or(sum, e), c.carry());
  return W.or(W.or(W.and(c.systemFlags(), W.i32(~ARITH_FLAGS)), W.i32(2)), all);
}

/** Takes the arithmetic flags from an image, in the form that cpu/flags.ts gives them; committed with the next jump. */
export function arithmeticFrom(c: Emit, image: Expr): void {
  const bit = (at: number): Expr => W.and(W.shrU(image, W.i32(at)), W.i32(1));
  const zero = c.let(bit(6));
  const flips = W.or(bit(7), W.shl(W.xor(zero, bit(2)), W.i32(8)));
  c.flagsWithAux(W.eqz(zero), c.let(W.or(c.auxWord(bit(0), bit(11), bit(4)), flips)));
}

/** Bits outside the arithmetic ones that a load of EFLAGS changes at this CPL and IOPL; TF stays clear. */
export function changeable(c: Emit): Expr {
  const interrupt = W.select(privilegedByIopl(c), W.i32(IF), W.i32(0));
  return W.or(W.or(W.i32(DF | NT), interrupt), W.select(W.eqz(c.state(S_CPL)), W.i32(IOPL), W.i32(0)));
}

function popf(c: Emit): void {
  const image = c.let(W.wrap(top(c)));
  const now = c.let(c.systemFlags());
  // with a 16-bit operand the upper half stays
  const upper = c.size === 2 ? W.i32(0) : W.and(W.xor(image, now), W.i32(AC | ID));
  const plain = W.and(flagsClear(now, VM | TF | RF), flagsClear(image, TF));
  c.if(W.eqz(W.and(W.and(plain, W.eqz(upper)), quietEvents(c, EVENT_INTR | EVENT_NMI))), () => c.routine());
  const mask = c.let(changeable(c));
  release(c, c.size);
  c.setSystemFlags(W.or(W.and(now, W.not(mask)), W.and(image, mask)));
  arithmeticFrom(c, image);
}

export const FLAG_ACCESS: Record<string, Lowering> = {
  cli: (c) => {
    c.if(W.eqz(privilegedByIopl(c)), () => c.routine());
    c.setSystemFlags(W.and(c.systemFlags(), W.i32(~IF)));
  },
  sti: (c) => {
    c.if(W.eqz(W.and(privilegedByIopl(c), quietEvents(c, EVENT_INTR | EVENT_NMI))), () => c.routine());
    const now = c.let(c.systemFlags());
    c.if(flagsClear(now, IF), () => {
      c.setSystemFlags(W.or(now, W.i32(IF)));
      c.setState(F_SHADOW, c.instructionsLeft());
    });
  },
  pushf: (c) => {
    c.if(W.eqz(flagsClear(c.systemFlags(), VM)), () => c.routine());
    push(c, c.let(W.convert(c.type, c.mask(W.and(flagImage(c), W.i32(~(VM | RF)))))));
  },
  popf,
};
