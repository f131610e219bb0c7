// IN and OUT where IOPL allows them (Intel SDM vol. 1, "Input/Output"); the I/O permission bitmap, v8086 mode and I/O
// breakpoints are for the routine.
import { CR4_DE, S_CR4, VM } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { privilegedByIopl } from './flagAccess';

/** True when nobody has to be asked whether the port may be used. */
const free = (c: Emit): W.Expr =>
  W.and(
    W.and(privilegedByIopl(c), W.eqz(W.and(c.systemFlags(), W.i32(VM)))),
    W.eqz(W.and(c.state(S_CR4), W.i32(CR4_DE))),
  );

const port = (c: Emit, i: number): W.Expr =>
  c.form.shapes[i] === 'i' ? W.and(W.wrap(c.immediate()), W.i32(0xff)) : c.read(i, 2);

/** Bytes of register operand `i`; the form's size is that of the first operand. */
const width = (c: Emit, i: number): number => Number(c.form.shapes[i].slice(1));

export const PORT: Record<string, Lowering> = {
  in: (c) => {
    c.if(W.eqz(free(c)), () => c.routine());
    c.write(0, c.portIn(port(c, 1), width(c, 0)));
    c.leaveIfDue();
  },
  out: (c) => {
    c.if(W.eqz(free(c)), () => c.routine());
    c.portOut(port(c, 0), width(c, 1), c.read(1));
    c.leaveIfDue();
  },
};
