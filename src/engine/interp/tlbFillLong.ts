// Fills the software TLB of 64-bit code without leaving WebAssembly: plain RAM, four levels with the accessed (and dirty) bits
// set already, pages of 4 KB and 2 MB. Everything else, and every fault, is found by cpu/widePaging.ts.
import * as L from '../../cpu/layout';
import { PTE_A, PTE_D, PTE_P, PTE_PS, PTE_U, PTE_W } from '../../cpu/pageAccess';
import * as W from '../../wasm/ir';
import type { Expr, Stmt } from '../../wasm/ir';
import { FunctionBuilder } from '../../wasm/module';
import { bit, give, PAGE, plain, state, unless, variables, when } from './fillBuilder';

const ZERO = W.i32(0);
const LARGE_RESERVED = 0x1fe000;

/** `fill(linear: i64, write) -> 1`, or 0 when nothing was entered. Both tables get an entry when writing is allowed. */
export function tlbFillLong(): FunctionBuilder {
  const fn = new FunctionBuilder(['i64', 'i32'], ['i32']);
  const linear = W.local('i64', 0);
  const write = W.local('i32', 1);
  const [user, table, entry, rights, physical, mayWrite, at, slot, host, high] = variables(fn, 10);
  /** Reads the entry of a level whose index begins at bit `shift` of the address. */
  const step = (shift: number): Stmt[] => [
    at.set(W.add(table.e, W.and(W.wrap(W.shrU(linear, W.i64(shift - 3))), W.i32(0xff8)))),
    unless(plain(at.e)),
    entry.set(W.load('i32.load', at.e, L.RAM_BASE)),
    high.set(W.or(high.e, W.load('i32.load', at.e, L.RAM_BASE + 4))),
    rights.set(W.and(rights.e, entry.e)),
    table.set(W.and(entry.e, PAGE)),
  ];
  const isLarge = bit(entry.e, PTE_PS);
  const low = W.wrap(linear);
  const need = W.or(W.i32(PTE_P | PTE_A), W.select(user.e, W.i32(PTE_U), ZERO));
  const protects = W.or(user.e, bit(state(L.S_CR0), L.CR0_WP));
  const walk: Stmt[] = [
    unless(bit(state(L.S_EFER), L.EFER_LMA)),
    table.set(W.and(state(L.S_CR3), PAGE)),
    unless(W.eqz(state(L.S_CR3 + 4))),
    rights.set(W.i32(-1)),
    high.set(ZERO),
    ...step(39),
    ...step(30),
    unless(W.eqz(isLarge)),
    unless(bit(rights.e, PTE_P)),
    ...step(21),
    when(
      isLarge,
      [
        unless(W.eqz(bit(entry.e, LARGE_RESERVED))),
        physical.set(W.or(W.and(entry.e, W.i32(~0x1fffff)), W.and(low, W.i32(0x1ff000)))),
      ],
      [unless(bit(rights.e, PTE_P)), ...step(12), physical.set(table.e)],
    ),
    unless(W.eq(W.and(rights.e, need), need)),
    // bit 63 is execute-disable; anything else in the upper half is for the full walk
    unless(W.eqz(W.and(high.e, W.i32(0x7fffffff)))),
    unless(W.or(W.eqz(high.e), bit(state(L.S_EFER), L.EFER_NXE))),
    unless(W.or(user.e, W.eqz(W.and(bit(state(L.S_CR4), L.CR4_SMAP), bit(rights.e, PTE_U))))),
    mayWrite.set(W.and(bit(entry.e, PTE_D), W.or(bit(rights.e, PTE_W), W.eqz(protects)))),
  ];
  const page = W.and(linear, W.i64(~0xfff));
  const put = (base: Expr, tag: Expr): Stmt[] => [
    slot.set(W.add(W.and(W.wrap(W.shrU(linear, W.i64(8))), W.i32((L.TLB_ENTRIES - 1) << 4)), base)),
    { kind: 'store', op: 'i64.store', address: slot.e, offset: 0, value: tag },
    { kind: 'store', op: 'i32.store', address: slot.e, offset: 8, value: host.e },
    { kind: 'store', op: 'i32.store', address: slot.e, offset: 12, value: physical.e },
  ];
  const hasCode = W.ne(W.load('i32.load', W.shrU(physical.e, W.i32(10)), L.CODEMAP_BASE), ZERO);
  fn.body = [
    unless(W.and(W.eq(state(L.S_A20MASK), W.i32(-1)), W.eqz(state(L.F_WATCHED)))),
    unless(W.ne(state(L.S_TLBR), W.i32(L.TLB_NONE))),
    user.set(W.eq(state(L.S_CPL), W.i32(3))),
    ...walk,
    unless(plain(physical.e)),
    unless(W.or(W.eqz(write), mayWrite.e)),
    host.set(W.sub(W.add(physical.e, W.i32(L.RAM_BASE)), W.wrap(page))),
    ...put(state(L.S_TLBR), page),
    when(mayWrite.e, put(state(L.S_TLBW), W.or(page, W.zeroExtend(hasCode)))),
    give(1),
  ];
  return fn;
}
