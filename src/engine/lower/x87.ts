// The x87 instructions that programs execute most, inline in their ordinary cases (x87Stack.ts says which those are).
import { TOP_SHIFT } from '../../cpu/fpu/state';
import * as L from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { X87_ARITHMETIC } from './x87Arithmetic';
import { integerOperand, realOperand, toIntegerInline, toRealInline } from './x87Convert';
import { BIAS, exponent, ifNormal, isNormal, isZero, sign, Stack, SW_C0, SW_C3, type Parts } from './x87Stack';

const inMemory = (c: Emit): boolean => c.form.shapes[0]?.[0] === 'm';
/** Numbers of ten bytes are for the routines. */
const isTenBytes = (c: Emit): boolean => c.form.shapes[0] === 'm10';

function load(c: Emit): void {
  if (isTenBytes(c)) return c.routine();
  Stack.enter(c, (s) => {
    if (inMemory(c)) return realOperand(s, (x) => c.if(s.hasRoom, () => s.push(x)));
    const from = s.physical(s.operand(0));
    c.if(W.and(s.isFull(from), s.hasRoom), () => s.push(s.read(from)));
  });
}

function store(pops: number): Lowering {
  return (c) => {
    if (isTenBytes(c)) return c.routine();
    Stack.enter(c, (s) => {
      const from = s.physical(0);
      c.if(s.isFull(from), () => {
        const x = s.read(from);
        if (!inMemory(c)) {
          const to = s.physical(s.operand(0));
          s.write(to, x);
          return s.finish(pops, W.i32(0), to);
        }
        const wide = c.form.shapes[0] === 'm8';
        toRealInline(s, x, wide, (bits, extra) => {
          c.write(0, bits, wide ? 8 : 4);
          s.finish(pops, extra);
        });
      });
    });
  };
}

function storeInteger(pops: number, chop: boolean): Lowering {
  return (c) => {
    Stack.enter(c, (s) => {
      const from = s.physical(0);
      const bytes = Number(c.form.shapes[0].slice(1));
      c.if(s.isFull(from), () =>
        toIntegerInline(s, s.read(from), bytes, chop, (value, extra) => {
          c.write(0, value, bytes);
          s.finish(pops, extra);
        }),
      );
    });
  };
}

/** Condition codes of a comparison of normal numbers and zeros. */
function compared(c: Emit, a: Parts, b: Parts): Expr {
  const apart = c.let(W.sub(exponent(a), exponent(b)));
  const smaller = W.select(apart, W.ltS(apart, W.i32(0)), W.ltU(a.sig, b.sig));
  const same = W.eqz(W.or(W.zeroExtend(W.xor(a.se, b.se)), W.xor(a.sig, b.sig)));
  const [signA, signB] = [c.let(sign(a)), c.let(sign(b))];
  // of two negative numbers the one of more magnitude is less; of unlike signs the negative one
  const less = W.select(W.eq(signA, signB), W.xor(smaller, signA), signA);
  const equal = c.let(W.or(same, W.eqz(W.or(a.sig, b.sig))));
  return c.let(W.select(equal, W.i32(SW_C3), W.mul(less, W.i32(SW_C0))));
}

const isOrdinary = (x: Parts): Expr => W.or(isNormal(x), isZero(x));

function comparison(pops: number): Lowering {
  return (c) => {
    Stack.enter(c, (s) => {
      const first = s.physical(0);
      const finish = (b: Parts): void => {
        const a = s.read(first);
        const finished = (): void => s.finishComparison(pops, compared(c, a, b));
        ifNormal(c, a, b, finished);
        c.if(W.and(isOrdinary(a), isOrdinary(b)), finished);
      };
      if (inMemory(c)) return realOperand(s, (b) => c.if(s.isFull(first), () => finish(b)));
      const second = s.physical(c.form.shapes.length === 0 ? 1 : s.operand(0));
      c.if(W.and(s.isFull(first), s.isFull(second)), () => finish(s.read(second)));
    });
  };
}

const constant =
  (se: number, sig: bigint): Lowering =>
  (c) => {
    Stack.enter(c, (s) => c.if(s.hasRoom, () => s.push({ se: W.i32(se), sig: W.i64(sig) })));
  };

const changeSign =
  (change: (se: Expr) => Expr): Lowering =>
  (c) => {
    Stack.enter(c, (s) => {
      const n = s.physical(0);
      c.if(s.isFull(n), () => {
        const { se, sig } = s.read(n);
        s.write(n, { se: change(se), sig });
        s.finish(0);
      });
    });
  };

export const X87: Record<string, Lowering> = {
  ...X87_ARITHMETIC,
  fld: load,
  fild: (c) => Stack.enter(c, (s) => c.if(s.hasRoom, () => s.push(integerOperand(c)))),
  fst: store(0),
  fstp: store(1),
  fist: storeInteger(0, false),
  fistp: storeInteger(1, false),
  fisttp: storeInteger(1, true),
  fxch: (c) => {
    Stack.enter(c, (s) => {
      const [a, b] = [s.physical(0), s.physical(s.operand(0))];
      c.if(W.and(s.isFull(a), s.isFull(b)), () => {
        const [x, y] = [s.read(a), s.read(b)];
        s.write(a, y);
        s.write(b, x);
        s.finish(0);
      });
    });
  },
  fcom: comparison(0),
  fcomp: comparison(1),
  fcompp: comparison(2),
  fucom: comparison(0),
  fucomp: comparison(1),
  fucompp: comparison(2),
  fld1: constant(BIAS, 1n << 63n),
  fldz: constant(0, 0n),
  fchs: changeSign((se) => W.xor(se, W.i32(0x8000))),
  fabs: changeSign((se) => W.and(se, W.i32(0x7fff))),
  fnstsw: (c) => {
    if (!inMemory(c)) {
      const blocked = W.and(c.state(L.S_CR0), W.i32(L.CR0_EM | L.CR0_TS));
      c.if(W.eqz(blocked), () => {
        c.setReg(0, 2, W.or(c.state(L.S_FSW), W.shl(c.state(L.S_FTOP), W.i32(TOP_SHIFT))));
        c.next();
      });
    }
    c.routine();
  },
};
