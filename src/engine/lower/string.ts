// String instructions and their repeat prefixes: Intel SDM vol. 2, MOVS, CMPS, SCAS, LODS, STOS, REP. Every iteration commits
// before the next one starts, so that a fault in the middle leaves a restartable state. A repeated instruction runs in chunks:
// where the count is a multiple of their size it ends and starts again, which bounds the time between two looks. A chunk is
// charged as an instruction, wherever it was interrupted.
import { DF } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import { isLong } from '../form';
import type { Lowering } from './lowering';

const SI = 6;
const DI = 7;

function advance(c: Emit, register: number, step: Expr): void {
  const width = c.form.address;
  const at = c.reg(register, width);
  c.setReg(register, width, c.mask(W.add(at, W.convert(at.type, width === 8 ? W.signExtend64(step) : step)), width));
}

/** One iteration; `flags` tells the comparing ones whether to keep theirs pending. */
type Iteration = (c: Emit, step: Expr) => void;

const pointer = (c: Emit, register: number): Expr => {
  const at = c.reg(register, c.form.address);
  return c.let(isLong(c.form.memory) ? W.zeroExtend(at) : at);
};

const ITERATIONS: Record<string, Iteration> = {
  movs: (c, step) => {
    const value = c.load('source', c.size, pointer(c, SI));
    c.store('es', c.size, pointer(c, DI), value);
    advance(c, SI, step);
    advance(c, DI, step);
  },
  stos: (c, step) => {
    c.store('es', c.size, pointer(c, DI), c.reg(0, c.size));
    advance(c, DI, step);
  },
  lods: (c, step) => {
    const value = c.load('source', c.size, pointer(c, SI));
    c.setReg(0, c.size, value);
    advance(c, SI, step);
  },
  cmps: (c, step) => {
    // when both would fault, hardware reports the destination
    const b = c.load('es', c.size, pointer(c, DI));
    const a = c.load('source', c.size, pointer(c, SI));
    advance(c, SI, step);
    advance(c, DI, step);
    c.flags('sub', a, b, c.let(c.mask(W.sub(a, b))));
  },
  scas: (c, step) => {
    const b = c.load('es', c.size, pointer(c, DI));
    const a = c.let(c.reg(0, c.size));
    advance(c, DI, step);
    c.flags('sub', a, b, c.let(c.mask(W.sub(a, b))));
  },
};

function lowering(sem: string): Lowering {
  const iterate = ITERATIONS[sem];
  const compares = sem === 'cmps' || sem === 'scas';
  return (c) => {
    const backwards = W.and(c.systemFlags(), W.i32(DF));
    const step = c.let(W.select(backwards, W.i32(-c.size), W.i32(c.size)));
    if (c.form.rep === 0) return iterate(c, step);
    const width = c.form.address;
    const budget = c.variable('i32');
    c.set(budget, c.chunk(c.reg(1, width)));
    c.loop((leave) => {
      c.if(W.eqz(c.reg(1, width)), leave);
      c.if(W.eqz(budget), () => c.repeatLater(c.reg(1, width)));
      iterate(c, step);
      const left = c.reg(1, width);
      c.setReg(1, width, c.mask(W.sub(left, W.constant(left.type, 1)), width));
      if (compares) {
        const equal = c.let(c.condition(4));
        c.if(c.form.rep === 0xf3 ? W.eqz(equal) : equal, leave);
      }
      c.set(budget, W.sub(budget, W.i32(1)));
    });
  };
}

export const STRING: Record<string, Lowering> = Object.fromEntries(
  Object.keys(ITERATIONS).map((sem) => [sem, lowering(sem)]),
);
