// Addresses in linear memory for accesses of several bytes at once, through the software TLB: the frame of an interrupt, a
// TSS field. Zero when the access is not for inline code (TLB miss, two pages, code or watched bytes): then the routine of
// the instruction does everything.
import * as L from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';

function inPage(
  c: Emit,
  linear: Expr,
  bytes: number,
  table: Expr,
  found: (entry: Expr, tag: Expr) => void,
  code: boolean,
): void {
  const entry = c.let(W.add(W.and(W.shrU(linear, W.i32(8)), W.i32((L.TLB_ENTRIES - 1) << 4)), table));
  const page = c.let(W.and(linear, W.i32(~0xfff)));
  const tag = c.let(W.load('i32.load', entry));
  const one = W.eq(W.and(W.add(linear, W.i32(bytes - 1)), W.i32(~0xfff)), page);
  c.if(W.and(one, W.eq(code ? W.and(tag, W.i32(~1)) : tag, page)), () => found(entry, tag));
}

/** Whether decoded code lies among the `bytes` (at most 24) at a host address in a page that has some. */
export function holdsCode(c: Emit, host: Expr, bytes: number): Expr {
  const index = W.and(W.shrU(W.sub(host, W.i32(L.RAM_BASE)), W.i32(10)), W.i32(~3));
  const map = c.let(W.load('i32.load', index, L.CODEMAP_BASE));
  const bits = W.load('i32.load', W.add(map, W.and(W.shrU(host, W.i32(3)), W.i32(0x1ff))));
  const marked = W.and(W.shrU(bits, W.and(host, W.i32(7))), W.i32((1 << bytes) - 1));
  return W.and(W.ne(map, W.i32(0)), W.ne(marked, W.i32(0)));
}

/** Host address of `bytes` (at most 24) at `linear` that may be read with the rights of `table`, or 0. */
export function readable(c: Emit, linear: Expr, bytes: number, table: Expr): Expr {
  const host = c.variable('i32');
  c.set(host, W.i32(0));
  inPage(c, linear, bytes, table, (entry) => c.set(host, W.add(linear, W.load('i32.load', entry, 8))), false);
  return host;
}

/** Likewise for writing; bytes that hold decoded code are not for inline code. */
export function writable(c: Emit, linear: Expr, bytes: number, table: Expr): Expr {
  const host = c.variable('i32');
  c.set(host, W.i32(0));
  const found = (entry: Expr, tag: Expr): void => {
    c.set(host, W.add(linear, W.load('i32.load', entry, 8)));
    c.if(W.and(tag, W.i32(1)), () => c.if(holdsCode(c, host, bytes), () => c.set(host, W.i32(0))));
  };
  inPage(c, linear, bytes, table, found, true);
  return host;
}
