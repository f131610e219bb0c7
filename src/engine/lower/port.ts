// IN and OUT where IOPL allows them (Intel SDM vol. 1, "Input/Output"): one-byte accesses that the device left to the processor
// (devices/portLatch.ts) inline, others by a call. The I/O permission bitmap, v8086 mode and I/O breakpoints are for the routine.
import { CR4_DE, PORT_LATCH, PORT_LATCH_VALUES, S_CR4, VM } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { privilegedByIopl } from './flagAccess';

/** True when nobody has to be asked whether the port may be used. */
const free = (c: Emit): Expr =>
  W.and(
    W.and(privilegedByIopl(c), W.eqz(W.and(c.systemFlags(), W.i32(VM)))),
    W.eqz(W.and(c.state(S_CR4), W.i32(CR4_DE))),
  );

const port = (c: Emit, i: number): Expr =>
  c.form.shapes[i] === 'i' ? W.and(W.wrap(c.immediate()), W.i32(0xff)) : c.read(i, 2);

/** Bytes of register operand `i`; the form's size is that of the first operand. */
const width = (c: Emit, i: number): number => Number(c.form.shapes[i].slice(1));

/** Whether the device left the access to us: bit 0 for reads, bit 1 for writes. */
const left = (at: Expr, bit: number): Expr => W.and(W.load('i32.load8_u', at, PORT_LATCH), W.i32(bit));

export const PORT: Record<string, Lowering> = {
  in: (c) => {
    c.if(W.eqz(free(c)), () => c.routine());
    const at = c.let(port(c, 1));
    const bytes = width(c, 0);
    if (bytes === 1) {
      c.if(left(at, 1), () => {
        c.write(0, W.load('i32.load8_u', at, PORT_LATCH_VALUES));
        c.next();
      });
    }
    c.write(0, c.portIn(at, bytes));
    c.leaveIfDue();
  },
  out: (c) => {
    c.if(W.eqz(free(c)), () => c.routine());
    const at = c.let(port(c, 0));
    const bytes = width(c, 1);
    const value = c.let(c.read(1));
    if (bytes === 1) {
      c.if(left(at, 2), () => {
        c.emit({ kind: 'store', op: 'i32.store8', address: at, offset: PORT_LATCH_VALUES, value });
        c.next();
      });
    }
    c.portOut(at, bytes, value);
    c.leaveIfDue();
  },
};
