// A record of the transition log written inline; the layout is that of cpu/transitions.ts.
import * as L from '../../cpu/layout';
import { CHUNK_RECORDS, type T_EXCEPTION, type T_IRET, type T_SOFTWARE_INT } from '../../cpu/transitions';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';

const CS = L.S_SEG + L.SEG_SIZE;
const SS = L.S_SEG + 2 * L.SEG_SIZE;
const ABSENT = W.i32(0xffff);

/** Room for a record that nobody has to hear of at once; a full chunk is put away by the routine. */
export const mayRecord = (c: Emit): Expr =>
  W.and(
    W.eqz(W.and(c.state(L.F_EVENTS), W.i32(L.EVENT_WATCHED))),
    W.ne(W.and(c.state(L.F_LOG_COUNT), W.i32(CHUNK_RECORDS - 1)), W.i32(0)),
  );

export interface Recorded {
  kind: typeof T_EXCEPTION | typeof T_SOFTWARE_INT | typeof T_IRET;
  /** Mode number of modes.ts. */
  mode: number;
  vector?: Expr;
  gate?: Expr;
  tss?: Expr;
  errorCode?: Expr;
}

/**
 * Begins a record with the state of this moment; the function it answers completes it with the state then, and with the
 * new instruction pointer.
 */
export function beginRecord(c: Emit, { kind, mode, vector, gate, tss, errorCode }: Recorded): (ip: Expr) => void {
  const count = c.let(c.state(L.F_LOG_COUNT));
  const at = c.let(W.add(W.shl(W.and(count, W.i32(CHUNK_RECORDS - 1)), W.i32(6)), W.i32(L.TRANSITION_LOG)));
  const put = (op: 'i32.store' | 'i64.store', offset: number, value: Expr): void =>
    c.emit({ kind: 'store', op, address: at, offset, value });
  // neighbours share a store: a record costs as many as it has words
  const pair = (low: Expr, high: Expr): Expr => W.or(low, W.shl(high, W.i32(16)));
  const level = (): Expr => W.or(W.i32(mode << 4), c.state(L.S_CPL));
  const selectors = (): readonly Expr[] => [c.state(CS + L.SEG_SELECTOR), c.state(SS + L.SEG_SELECTOR)];
  const sliceEnd = W.load('i64.load', W.i32(0), L.F_SLICE_END);
  put('i64.store', 0, W.sub(sliceEnd, W.zeroExtend(c.instructionsLeft())));
  put('i64.store', 8, W.zeroExtend(c.ownIp()));
  put('i64.store', 24, W.zeroExtend(c.reg(4, 4)));
  put('i32.store', 40, errorCode ?? W.i32(0));
  put('i32.store', 56, pair(gate ?? ABSENT, tss ?? ABSENT));
  put('i32.store', 60, W.i32((vector ? 1 : 0) | (errorCode ? 2 : 0)));
  const head = vector ? W.or(W.i32(kind), W.shl(vector, W.i32(8))) : W.i32(kind);
  const before = c.let(pair(head, level()));
  const [cs, ss] = selectors().map((selector) => c.let(selector)) as [Expr, Expr];
  return (ip) => {
    const [newCs, newSs] = selectors() as [Expr, Expr];
    put('i64.store', 16, W.zeroExtend(ip));
    put('i64.store', 32, W.zeroExtend(c.reg(4, 4)));
    put('i32.store', 44, W.or(before, W.shl(level(), W.i32(24))));
    put('i32.store', 48, pair(cs, newCs));
    put('i32.store', 52, pair(ss, newSs));
    c.setState(L.F_LOG_COUNT, W.add(count, W.i32(1)));
  };
}
