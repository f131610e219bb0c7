// The second look of an access that missed the TLB inline, without leaving WebAssembly: the entry is filled if that is simple
// (tlbFill.ts), and stores to pages with decoded code are done when they do not touch it: pages with code carry tag bit 0,
// and a bitmap (codeMap.ts) says which bytes hold it. Everything else goes to TypeScript.
import * as L from '../../cpu/layout';
import type { ModuleBuilder } from '../../wasm/module';
import { FunctionBuilder } from '../../wasm/module';
import * as W from '../../wasm/ir';
import type { Expr, Stmt, ValueType } from '../../wasm/ir';
import { tlbFill } from './tlbFill';
import { tlbFillLong } from './tlbFillLong';

/** Pages that every engine memory has at least: what the modules declare. */
export const MINIMUM_PAGES = (L.RAM_BASE + 0x100000) >> 16;

const ZERO = W.i32(0);
const FS_CACHE = L.S_SEG + 4 * L.SEG_SIZE;
const NOT_FAULTED: Stmt = { kind: 'store', op: 'i32.store', address: ZERO, offset: L.S_FAULTED, value: ZERO };
const give = (value: Expr): Stmt => ({ kind: 'return', value });

const KINDS = ['load', 'store', 'modify'] as const;
type Kind = (typeof KINDS)[number];
const paramsOf = (kind: Kind, ...offset: ValueType[]): ValueType[] => [
  'i32',
  'i32',
  'i32',
  ...offset,
  ...(kind === 'store' ? (['i32'] as const) : []),
];

/** The wider twin of `e` in 64-bit code. */
const typed = (long: boolean, value: number): Expr => W.constant(long ? 'i64' : 'i32', value);

/** (linear, TLB entry, size) -> host address when no decoded code is there, otherwise 0. */
function besideCodeFunction(): FunctionBuilder {
  const fn = new FunctionBuilder(['i32', 'i32', 'i32'], ['i32']);
  const [linear, entry, size] = [0, 1, 2].map((i) => W.local('i32', i));
  const [host, map] = [fn.newLocal('i32'), fn.newLocal('i32')];
  const [h, m] = [W.local('i32', host), W.local('i32', map)];
  // 16 bits of the map from the first byte's bit on cover the access; RAM_BASE is page-aligned
  const bits = W.load('i32.load16_u', W.add(m, W.and(W.shrU(h, W.i32(3)), W.i32(0x1ff))));
  const marked = W.and(W.shrU(bits, W.and(h, W.i32(7))), W.sub(W.shl(W.i32(1), size), W.i32(1)));
  const index = W.and(W.shrU(W.sub(h, W.i32(L.RAM_BASE)), W.i32(10)), W.i32(~3));
  fn.body = [
    { kind: 'set', index: host, value: W.add(linear, W.load('i32.load', entry, 8)) },
    { kind: 'set', index: map, value: W.load('i32.load', index, L.CODEMAP_BASE) },
    { kind: 'if', condition: m, then: [{ kind: 'if', condition: marked, then: [give(ZERO)], else: [] }], else: [] },
    give(h),
  ];
  return fn;
}

/** (P, B, size | segment << 8, offset[, value]) as in recordEmit.ts; `slow` calls the TypeScript of the same signature. */
function secondLook(
  kind: Kind,
  long: boolean,
  fn: FunctionBuilder,
  { fill, beside }: { fill: number; beside: number },
  slow: (args: Expr[]) => Expr,
): Stmt[] {
  const arg = W.local('i32', 2);
  const address = long ? 'i64' : 'i32';
  const offset = W.local(address, 3);
  const write = kind !== 'load';
  const temp = (type: 'i32' | 'i64' = 'i32'): { e: Expr; set(v: Expr): Stmt } => {
    const index = fn.newLocal(type);
    return { e: W.local(type, index), set: (value) => ({ kind: 'set', index, value }) };
  };
  const [segment, entry, host, known] = Array.from({ length: 4 }, () => temp());
  const [last, linear, page] = Array.from({ length: 3 }, () => temp(address));
  const size = W.and(arg, W.i32(0xff));
  const span = W.sub(size, W.i32(1));
  const tag = W.load(`${address}.load`, entry.e);
  const when = (condition: Expr, then: Stmt[]): Stmt => ({ kind: 'if', condition, then, else: [] });

  const sized = (bytes: number): Stmt => {
    const store = (address: Expr, at: number, value: Expr): Stmt => ({
      kind: 'store',
      op: W.STORE[bytes],
      address,
      offset: at,
      value,
    });
    const scratch = W.load('i64.load', ZERO, L.S_SCRATCH);
    const body = write
      ? [store(host.e, 0, bytes === 8 ? scratch : W.local('i32', 4)), give(ZERO)]
      : bytes === 8
        ? [store(ZERO, L.S_SCRATCH, W.load(W.LOAD[8], host.e)), give(ZERO)]
        : [give(W.load(W.LOAD[bytes], host.e))];
    return when(W.eq(size, W.i32(bytes)), body);
  };
  const access: Stmt[] = [NOT_FAULTED, ...(kind === 'modify' ? [give(host.e)] : [1, 2, 4, 8].map(sized))];

  const besideCode: Stmt[] = [host.set(W.call('i32', beside, [W.wrap(linear.e), entry.e, size])), when(host.e, access)];

  const filled = W.call('i32', fill, [linear.e, W.i32(write ? 1 : 0)]);
  const limit = W.load('i32.load', segment.e, write ? L.SEG_FAST_WRITE : L.SEG_FAST_READ);
  const canonical = (e: Expr): Expr => W.eq(W.shrS(W.shl(e, W.i64(16)), W.i64(16)), e);
  const fits = long ? canonical(linear.e) : W.and(W.ltU(last.e, limit), W.geU(last.e, offset));
  const onePage = W.eq(W.and(W.add(linear.e, W.convert(address, span)), typed(long, ~0xfff)), page.e);
  const table = W.load('i32.load', ZERO, write ? L.S_TLBW : L.S_TLBR);
  const exact: Stmt[] = [host.set(W.add(W.wrap(linear.e), W.load('i32.load', entry.e, 8))), ...access];
  const base = W.load(`${address}.load`, segment.e, L.SEG_BASE);
  const based = W.geU(segment.e, W.i32(FS_CACHE));
  const params = fn.params.map((type, i) => W.local(type, i));
  // TypeScript takes a 64-bit offset in halves
  const halves = (e: Expr): Expr[] => (e.type === 'i64' ? [W.wrap(e), W.wrap(W.shrU(e, W.i64(32)))] : [e]);
  return [
    segment.set(W.shrU(arg, W.i32(8))),
    last.set(W.add(offset, W.convert(address, span))),
    linear.set(W.add(offset, long ? W.select(based, base, W.i64(0)) : base)),
    page.set(W.and(linear.e, typed(long, ~0xfff))),
    entry.set(W.add(W.and(W.wrap(W.shrU(linear.e, typed(long, 8))), W.i32((L.TLB_ENTRIES - 1) << 4)), table)),
    when(W.and(fits, onePage), [
      known.set(W.eq(write ? W.and(tag, typed(long, ~1)) : tag, page.e)),
      when(W.eqz(known.e), [
        known.set(filled),
        when(W.eq(known.e, W.i32(2)), [
          { kind: 'store', op: 'i32.store', address: ZERO, offset: L.S_FAULTED, value: W.i32(2) },
          give(ZERO),
        ]),
      ]),
      when(known.e, [when(W.eq(tag, page.e), exact), ...(write ? besideCode : [])]),
    ]),
    give(slow(params.flatMap(halves))),
  ];
}

export interface SecondLooks {
  /** tlbFill.ts and tlbFillLong.ts. */
  fill: number;
  fillLong: number;
  besideCode: number;
  loadSlow: number;
  storeSlow: number;
  modifySlow: number;
  loadLong: number;
  storeLong: number;
  modifyLong: number;
}

type Three = readonly [number, number, number];

/** The functions that do it in TypeScript: for 32-bit offsets, and for 64-bit ones in two halves. */
export interface CheckedAccesses {
  checked: Three;
  checkedLong: Three;
}

/** Adds and exports the functions of `SecondLooks`; answers their indices. */
export function addSecondLooks(module: ModuleBuilder, { checked, checkedLong }: CheckedAccesses): SecondLooks {
  const beside = module.addFunction(besideCodeFunction(), 'besideCode');
  const fill = module.addFunction(tlbFill());
  const fillLong = module.addFunction(tlbFillLong());
  const [loadSlow, storeSlow, modifySlow] = KINDS.map((kind, i) => {
    const fn = new FunctionBuilder(paramsOf(kind, 'i32'), ['i32']);
    fn.body = secondLook(kind, false, fn, { fill, beside }, (args) => W.call('i32', checked[i], args));
    return module.addFunction(fn, `${kind}Slow`);
  });
  const [loadLong, storeLong, modifyLong] = KINDS.map((kind, i) => {
    const fn = new FunctionBuilder(paramsOf(kind, 'i64'), ['i32']);
    fn.body = secondLook(kind, true, fn, { fill: fillLong, beside }, (args) => W.call('i32', checkedLong[i], args));
    return module.addFunction(fn, `${kind}Long`);
  });
  return { fill, fillLong, besideCode: beside, loadSlow, storeSlow, modifySlow, loadLong, storeLong, modifyLong };
}

/** Imports `loadChecked`, `storeChecked`, `modifyChecked`, and `loadLongChecked` and so on. */
export function importChecked(module: ModuleBuilder): CheckedAccesses {
  const imported = (suffix: string, ...offset: ValueType[]): Three =>
    KINDS.map((kind) =>
      module.importFunction(`${kind}${suffix}`, paramsOf(kind, ...offset), ['i32']),
    ) as unknown as Three;
  return { checked: imported('Checked', 'i32'), checkedLong: imported('LongChecked', 'i32', 'i32') };
}
