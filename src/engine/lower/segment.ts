// Segment registers as operands (and control registers as sources, and INVLPG), in the cases that need no descriptor from
// memory: paragraphs in real mode, and descriptors that were checked before and have not changed since (engine/transferMemo.ts). All others are for the routines.
import * as L from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';
import { push, release, top } from './move';

const FS_CACHE = L.S_SEG + 4 * L.SEG_SIZE;
const ATTR_UNUSABLE = 0x10000;
/** Usable, DPL 0, code or data, present: a load of a paragraph leaves such attributes alone. */
const PARAGRAPH_MASK = ATTR_UNUSABLE | 0xf0;
const PARAGRAPH = 0x90;

const word = (address: Expr, offset: number): Expr => W.load('i32.load', address, offset);
const put = (c: Emit, address: Expr, offset: number, value: Expr): void =>
  c.emit({ kind: 'store', op: value.type === 'i64' ? 'i64.store' : 'i32.store', address, offset, value });

/** Copies attributes, base and limits from one cache (or remembered one) to another. */
export function copyCache(c: Emit, to: Expr, from: Expr, at = 0): void {
  put(c, to, L.SEG_ATTR, word(from, at + L.SEG_ATTR));
  for (const field of [L.SEG_BASE, L.SEG_LIMIT]) put(c, to, field, W.load('i64.load', from, at + field));
  put(c, to, L.SEG_FAST_WRITE, word(from, at + L.SEG_FAST_WRITE));
}

/** Loads ES, DS, FS or GS inline and goes on with `commit`; does nothing when it cannot. */
function loadInline(c: Emit, selector: Expr, commit: () => void): void {
  const cache = c.let(c.stateOperand());
  const paragraph = W.and(
    W.and(W.ne(c.state(L.F_REAL), W.i32(0)), W.eqz(c.state(L.F_FLAT_DATA))),
    W.and(
      W.eq(W.and(word(cache, L.SEG_ATTR), W.i32(PARAGRAPH_MASK)), W.i32(PARAGRAPH)),
      W.ne(word(cache, L.SEG_LIMIT), W.i32(-1)),
    ),
  );
  c.if(paragraph, () => {
    put(c, cache, L.SEG_SELECTOR, selector);
    put(c, cache, L.SEG_BASE, W.shl(selector, W.i32(4)));
    commit();
  });
  const slot = W.or(W.and(W.shrU(selector, W.i32(3)), W.i32(31)), W.shl(W.and(selector, W.i32(1)), W.i32(5)));
  const memo = c.let(W.add(W.shl(slot, W.i32(5)), W.i32(L.SEGMENT_MEMO)));
  // FS and GS do not take part in what makes a context flat
  const fits = W.or(W.geU(cache, W.i32(FS_CACHE)), W.eq(word(memo, 28), c.state(L.F_FLAT_DATA)));
  c.if(W.and(W.eq(word(memo, 0), W.or(selector, c.state(L.F_KEY))), fits), () => {
    put(c, cache, L.SEG_SELECTOR, selector);
    copyCache(c, cache, memo);
    commit();
  });
}

/** Empties the TLB's entries for a page on which no decoded code and no remembered descriptor depends, and goes on. */
function dropPage(c: Emit, linear: Expr): void {
  const page = c.let(W.shrU(linear, W.i32(12)));
  const filter = W.load('i32.load8_u', W.and(page, W.i32(L.PAGE_FILTER_BYTES - 1)), L.PAGE_FILTER);
  c.if(W.eqz(W.or(W.or(filter, c.state(L.S_CPL)), c.state(L.F_WATCHED))), () => {
    const slot = c.let(W.shl(W.and(page, W.i32(L.TLB_ENTRIES - 1)), W.i32(4)));
    for (const table of [L.TLB_SUPER_READ, L.TLB_SUPER_WRITE, L.TLB_USER_READ, L.TLB_USER_WRITE]) {
      const tag = W.load('i32.load', slot, table);
      c.if(W.eq(W.shrU(tag, W.i32(12)), page), () => {
        c.emit({ kind: 'store', op: 'i64.store', address: slot, offset: table, value: W.constant('i64', -1n) });
      });
    }
    c.next();
  });
}

export const SEGMENT: Record<string, Lowering> = {
  mov_from_sreg: (c) => {
    const selector = c.let(word(c.stateOperand(), L.SEG_SELECTOR));
    const memory = c.form.shapes[0][0] === 'm';
    c.write(0, memory ? selector : W.convert(c.type, selector), memory ? 2 : undefined);
  },
  mov_to_sreg: (c) => {
    loadInline(c, c.let(c.read(1, 2)), () => c.next());
    c.routine();
  },
  mov_from_cr: (c) => {
    c.if(c.state(L.S_CPL), () => c.routine());
    c.write(0, W.load(W.LOAD[c.size], c.stateOperand()));
  },
  invlpg: (c) => {
    if (c.form.memory[0] === 'F') dropPage(c, c.address(0));
    c.routine();
  },
  push_sreg: (c) => push(c, c.let(word(c.stateOperand(), L.SEG_SELECTOR))),
  pop_sreg: (c) => {
    const selector = c.let(c.mask(top(c, 2), 2));
    loadInline(c, selector, () => {
      release(c, c.size);
      c.next();
    });
    c.routine();
  },
};
