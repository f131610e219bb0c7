// What the two functions that fill the software TLB are written with: variables, early ends, and where plain RAM is.
import * as L from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr, Stmt } from '../../wasm/ir';
import type { FunctionBuilder } from '../../wasm/module';

const ZERO = W.i32(0);
const LOW_END = 0xa0000;
const HIGH_FIRST = 0x100000;

/** Bits of an address or entry above the offset in a page. */
export const PAGE = W.i32(~0xfff);

export const state = (offset: number): Expr => W.load('i32.load', ZERO, offset);
export const bit = (value: Expr, mask: number): Expr => W.ne(W.and(value, W.i32(mask)), ZERO);

/** `count` fresh i32 variables. */
export const variables = (fn: FunctionBuilder, count: number): { e: Expr; set(value: Expr): Stmt }[] =>
  Array.from({ length: count }, () => {
    const index = fn.newLocal('i32');
    return { e: W.local('i32', index), set: (value) => ({ kind: 'set', index, value }) };
  });

export const give = (value: number): Stmt => ({ kind: 'return', value: W.i32(value) });
export const when = (condition: Expr, then: Stmt[], otherwise: Stmt[] = []): Stmt => ({
  kind: 'if',
  condition,
  then,
  else: otherwise,
});
/** Nothing is entered unless `condition` holds. */
export const unless = (condition: Expr): Stmt => when(W.eqz(condition), [give(0)]);

/** Whether a physical address lies in RAM that nobody but the processor reads and writes. */
export const plain = (address: Expr): Expr =>
  W.or(W.ltU(address, W.i32(LOW_END)), W.and(W.geU(address, W.i32(HIGH_FIRST)), W.ltU(address, state(L.F_RAM_END))));
