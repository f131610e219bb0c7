// Fills the software TLB without leaving WebAssembly, in the ordinary case: plain RAM, paging off or 32-bit paging with the
// tables in plain RAM, too. Everything else, and every fault, is found by cpu/paging.ts.
import * as L from '../../cpu/layout';
import { PDE_4M_RESERVED, PTE_A, PTE_D, PTE_P, PTE_PS, PTE_U, PTE_W } from '../../cpu/pageAccess';
import * as W from '../../wasm/ir';
import type { Expr, Stmt } from '../../wasm/ir';
import { FunctionBuilder } from '../../wasm/module';
import { bit, give, PAGE, plain, state, unless, variables, when } from './fillBuilder';

const ZERO = W.i32(0);

/**
 * `fill(linear, write)` answers 1, or 0 when nothing was entered, or 2 with the words from F_PF on set when the access is a
 * page fault that may be delivered inline. Both tables get an entry when writing is allowed.
 */
export function tlbFill(): FunctionBuilder {
  const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
  const linear = W.local('i32', 0);
  const write = W.local('i32', 1);
  const [user, pde, pdeAt, leaf, rights, physical, mayWrite, at, slot, host] = variables(fn, 10);
  const entryOf = (table: Expr, shift: number): Stmt[] => [
    at.set(W.add(W.and(table, PAGE), W.and(W.shrU(linear, W.i32(shift)), W.i32(0xffc)))),
    unless(plain(at.e)),
  ];

  const protects = W.or(user.e, bit(state(L.S_CR0), L.CR0_WP));
  const keep = (offset: number, value: Expr): Stmt => ({
    kind: 'store',
    op: 'i32.store',
    address: ZERO,
    offset,
    value,
  });
  const fault = (present: number, pte: Expr, pteAt: Expr): Stmt[] => [
    unless(state(L.PF_ALLOWED)),
    keep(L.PF_LINEAR, linear),
    keep(L.PF_CODE, W.or(W.i32(present), W.or(W.shl(write, W.i32(1)), W.shl(user.e, W.i32(2))))),
    keep(L.PF_PDE, pde.e),
    keep(L.PF_PDE_AT, pdeAt.e),
    keep(L.PF_PTE, pte),
    keep(L.PF_PTE_AT, pteAt),
    keep(L.PF_CPL, state(L.S_CPL)),
    give(2),
  ];
  const need = W.or(W.select(user.e, W.i32(PTE_U), ZERO), W.select(W.and(write, protects), W.i32(PTE_W), ZERO));
  const hasCode = (address: Expr): Expr =>
    W.ne(W.load('i32.load', W.and(W.shrU(address, W.i32(10)), W.i32(~3)), L.CODEMAP_BASE), ZERO);
  /** Sets bits of a table entry that are clear; a table with decoded or watched bytes in its page is not for us. */
  const mark = (entry: { e: Expr; set(value: Expr): Stmt }, address: Expr, bits: Expr): Stmt =>
    when(W.ne(W.and(entry.e, bits), bits), [
      unless(W.eqz(hasCode(address))),
      entry.set(W.or(entry.e, bits)),
      { kind: 'store', op: 'i32.store', address, offset: L.RAM_BASE, value: entry.e },
    ]);
  const paged: Stmt[] = [
    unless(W.eqz(bit(state(L.S_CR4), L.CR4_PAE | L.CR4_SMAP))),
    ...entryOf(state(L.S_CR3), 20),
    pdeAt.set(at.e),
    pde.set(W.load('i32.load', at.e, L.RAM_BASE)),
    when(W.eqz(bit(pde.e, PTE_P)), fault(0, ZERO, ZERO)),
    when(
      W.and(bit(pde.e, PTE_PS), bit(state(L.S_CR4), L.CR4_PSE)),
      [
        unless(W.eqz(bit(pde.e, PDE_4M_RESERVED))),
        leaf.set(pde.e),
        physical.set(W.or(W.and(pde.e, W.i32(~0x3fffff)), W.and(linear, W.i32(0x3ff000)))),
      ],
      [...entryOf(pde.e, 10), leaf.set(W.load('i32.load', at.e, L.RAM_BASE)), physical.set(W.and(leaf.e, PAGE))],
    ),
    rights.set(W.and(pde.e, leaf.e)),
    when(W.eqz(bit(leaf.e, PTE_P)), fault(0, leaf.e, at.e)),
    when(W.ne(W.and(rights.e, need), need), [
      when(W.eq(at.e, pdeAt.e), fault(PTE_P, ZERO, ZERO)),
      ...fault(PTE_P, leaf.e, at.e),
    ]),
    mayWrite.set(W.or(bit(rights.e, PTE_W), W.eqz(protects))),
    unless(plain(physical.e)),
    // a large page's entry is marked as leaf
    when(W.ne(at.e, pdeAt.e), [mark(pde, pdeAt.e, W.i32(PTE_A))]),
    mark(leaf, at.e, W.or(W.i32(PTE_A), W.select(write, W.i32(PTE_D), ZERO))),
    mayWrite.set(W.and(mayWrite.e, bit(leaf.e, PTE_D))),
  ];
  const put = (table: Expr, tag: Expr): Stmt[] => [
    slot.set(W.add(W.and(W.shrU(linear, W.i32(8)), W.i32((L.TLB_ENTRIES - 1) << 4)), table)),
    { kind: 'store', op: 'i32.store', address: slot.e, offset: 0, value: tag },
    { kind: 'store', op: 'i32.store', address: slot.e, offset: 4, value: ZERO },
    { kind: 'store', op: 'i32.store', address: slot.e, offset: 8, value: host.e },
    { kind: 'store', op: 'i32.store', address: slot.e, offset: 12, value: physical.e },
  ];
  const page = W.and(linear, PAGE);
  fn.body = [
    unless(W.and(W.eq(state(L.S_A20MASK), W.i32(-1)), W.eqz(state(L.F_WATCHED)))),
    unless(W.ne(state(L.S_TLBR), W.i32(L.TLB_NONE))),
    user.set(W.eq(state(L.S_CPL), W.i32(3))),
    when(bit(state(L.S_CR0), L.CR0_PG), paged, [physical.set(page), mayWrite.set(W.i32(1))]),
    unless(plain(physical.e)),
    unless(W.or(W.eqz(write), mayWrite.e)),
    host.set(W.sub(W.add(physical.e, W.i32(L.RAM_BASE)), page)),
    ...put(state(L.S_TLBR), page),
    when(mayWrite.e, put(state(L.S_TLBW), W.or(page, hasCode(physical.e)))),
    give(1),
  ];
  return fn;
}
