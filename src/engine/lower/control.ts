// Near control transfers and flag instructions: Intel SDM vol. 2, JMP, Jcc, CALL, RET (near), LOOP, JCXZ, LAHF, SAHF, CMC...
// The CS limit is checked before anything is committed; far transfers and interrupts are routines of cpu/.
import { DF } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { push, release, top } from './move';

function loop(c: Emit, also: Expr | undefined): void {
  const width = c.form.address;
  const before = c.reg(1, width);
  const count = c.let(c.mask(W.sub(before, W.constant(before.type, 1)), width));
  const left = W.eqz(W.eqz(count));
  const again = c.let(also ? W.and(left, also) : left);
  c.checkBranch(again);
  c.setReg(1, width, count);
  c.jumpIf(again);
}

function lahf(c: Emit): void {
  const flag = (cc: number, bit: number): Expr => W.shl(c.condition(cc), W.i32(bit));
  const high = W.or(W.or(flag(8, 7), flag(4, 6)), W.or(flag(10, 2), W.or(c.carry(), W.i32(2))));
  c.setReg(0, 1, W.or(high, W.shl(c.adjust(), W.i32(4))), true);
}

/** SAHF: the flip bits of the aux word express any mixture of SF, ZF and PF. */
function sahf(c: Emit): void {
  const ah = c.let(c.reg(0, 1, true));
  const bit = (n: number): Expr => W.and(W.shrU(ah, W.i32(n)), W.i32(1));
  const overflow = c.let(c.condition(0));
  const zf = c.let(bit(6));
  const word = c.auxWord(bit(0), overflow, bit(4));
  // result 0 or 0x100: positive, even low byte; then SF flips by bit 0 and PF by one odd bit of the flip byte
  const flips = W.or(bit(7), W.shl(W.eqz(bit(2)), W.i32(8)));
  c.flagsWithAux(W.shl(W.eqz(zf), W.i32(8)), c.let(W.or(word, flips)));
}

export const CONTROL: Record<string, Lowering> = {
  jmp: (c) => {
    c.checkBranch(W.i32(1));
    c.jump();
  },
  jcc: (c) => {
    const taken = c.let(c.condition(c.form.cc));
    c.checkBranch(taken);
    c.jumpIf(taken);
  },
  call: (c) => {
    c.checkBranch(W.i32(1));
    push(c, c.nextIp());
    c.jump();
  },
  call_ind: (c) => {
    const target = c.let(c.read(0));
    c.checkTarget(target);
    push(c, c.nextIp());
    c.jumpTo(target);
  },
  jmp_ind: (c) => {
    const target = c.let(c.read(0));
    c.checkTarget(target);
    c.jumpTo(target);
  },
  ret: (c) => {
    const target = c.let(top(c));
    c.checkTarget(target);
    if (c.form.shapes.length > 0) release(c, W.add(W.wrap(c.immediate()), W.i32(c.size)));
    else release(c, c.size);
    c.jumpTo(target);
  },
  loop: (c) => loop(c, undefined),
  loope: (c) => loop(c, c.let(c.condition(4))),
  loopne: (c) => loop(c, c.let(c.condition(5))),
  jcxz: (c) => {
    const taken = c.let(W.eqz(c.reg(1, c.form.address)));
    c.checkBranch(taken);
    c.jumpIf(taken);
  },
  lahf,
  sahf,
  clc: (c) => c.setCarry(W.i32(0)),
  stc: (c) => c.setCarry(W.i32(1)),
  cmc: (c) => c.setCarry(c.let(W.eqz(c.carry()))),
  cld: (c) => c.setSystemFlags(W.and(c.systemFlags(), W.i32(~DF))),
  std: (c) => c.setSystemFlags(W.or(c.systemFlags(), W.i32(DF))),
  salc: (c) => c.setReg(0, 1, W.and(W.sub(W.i32(0), c.carry()), W.i32(0xff))),
};
