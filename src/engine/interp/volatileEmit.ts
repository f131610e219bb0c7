// The handler of volatile instructions: compares the bytes in memory with those that its versions were decoded from, refreshes
// the fields that are read from the code, and goes on at the version's record. Layout: ../volatileLayout.ts.
import { test, vAnd, vXor } from '../../wasm/simd';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import * as R from '../record';
import * as V from '../volatileLayout';
import type { RecordEmit } from './recordEmit';

const P = W.local('i32', 0);
const bytes = (at: Expr, offset: number): Expr => W.load('v128.load', at, offset);
const word = (at: Expr, offset: number): Expr => W.load('i32.load', at, offset);
const anySet = (e: Expr): Expr => test('v128.any_true', e);

function refresh(c: RecordEmit, host: Expr, version: Expr, live: number, more: () => void): void {
  const what = c.let(word(version, live));
  c.if(what, () => {
    const encoded = W.load('i64.load', W.add(host, W.and(what, W.i32(0xff))));
    const shift = c.let(W.zeroExtend(W.and(W.shrU(what, W.i32(8)), W.i32(0xff))));
    const value = W.and(W.wrap(W.shrS(W.shl(encoded, shift), shift)), word(version, live + V.LIVE_MASK));
    c.emit({ kind: 'store', op: 'i32.store', address: W.add(version, W.shrU(what, W.i32(16))), offset: 0, value });
    more();
  });
}

/** Address, less SITE_HINTS, of the hint for the bytes at `host`, which are read one by one: just written, that costs least. */
function hintSlot(c: RecordEmit, host: Expr): Expr {
  const byte = (offset: number): Expr => c.let(W.load('i32.load8_u', host, offset));
  const hint = V.hintOf(byte(0), byte(1), { shift3: (v) => W.shrU(v, W.i32(3)), xor: W.xor, add: W.add });
  return c.let(W.add(P, W.shl(W.and(hint, W.i32(V.HINTS - 1)), W.i32(2))));
}

/** Leaves the loop when no version fits, or when the code has been quiet for long. */
export function executeVolatile(c: RecordEmit): void {
  const host = c.let(word(P, V.SITE_HOST));
  const code = c.let(bytes(host, 0));
  const slot = hintSlot(c, host);
  const version = c.variable('i32');
  const put = (op: string, offset: number, value: Expr): void =>
    c.emit({ kind: 'store', op, address: P, offset, value });
  const differs = (): Expr => anySet(vAnd(vXor(code, bytes(version, V.VERSION_CODE)), bytes(version, V.VERSION_MASK)));
  c.set(version, word(slot, V.SITE_HINTS));
  c.if(differs(), () => {
    const first = c.variable('i32');
    c.set(first, version);
    c.loop((found) => {
      c.set(version, word(version, V.VERSION_NEXT));
      c.if(W.eqz(differs()), found);
      c.if(W.eq(version, first), () => c.leave(P, R.X_RESOLVE));
    });
    c.emit({ kind: 'store', op: 'i32.store', address: slot, offset: V.SITE_HINTS, value: version });
  });
  const changed = anySet(vXor(code, bytes(P, V.SITE_LAST)));
  c.if(
    W.or(changed, W.ne(version, word(P, V.SITE_VERSION))),
    () => {
      put('v128.store', V.SITE_LAST, code);
      put('i32.store', V.SITE_VERSION, version);
      put('i32.store', V.SITE_COUNT, W.i32(0));
      const [first, second] = V.VERSION_LIVE;
      refresh(c, host, version, first, () => refresh(c, host, version, second, () => undefined));
    },
    () => {
      const count = c.let(W.add(word(P, V.SITE_COUNT), W.i32(1)));
      put('i32.store', V.SITE_COUNT, count);
      c.if(W.gtU(count, W.i32(V.QUIET_EXECUTIONS)), () => c.leave(P, R.X_RESOLVE));
    },
  );
  c.goto(W.add(version, W.i32(V.VERSION_RECORD)));
}
