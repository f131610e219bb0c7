// The second look of a store that missed the TLB inline: pages with decoded code carry tag bit 0, and a bitmap (codeMap.ts)
// says which bytes really hold code. A store beside the code (variables of a boot sector) is done here without leaving
// WebAssembly; everything else goes to TypeScript. One small module, instantiated once per engine.
import * as L from '../../cpu/layout';
import { FunctionBuilder, ModuleBuilder } from '../../wasm/module';
import * as W from '../../wasm/ir';
import type { Expr, Stmt } from '../../wasm/ir';

/** Pages that every engine memory has at least: what the modules declare. */
export const MINIMUM_PAGES = (L.RAM_BASE + 0x100000) >> 16;

const ZERO = W.i32(0);

function body(fn: FunctionBuilder, withValue: boolean, slow: (args: Expr[]) => Expr): Stmt[] {
  const arg = W.local('i32', 2);
  const offset = W.local('i32', 3);
  const temp = (): { e: Expr; set(v: Expr): Stmt } => {
    const index = fn.newLocal('i32');
    return { e: W.local('i32', index), set: (value) => ({ kind: 'set', index, value }) };
  };
  const [segment, last, linear, entry, host, map] = [temp(), temp(), temp(), temp(), temp(), temp()];
  const size = W.and(arg, W.i32(0xff));
  const storeSized = (bytes: number): Stmt => ({
    kind: 'if',
    condition: W.eq(size, W.i32(bytes)),
    then: [
      {
        kind: 'store',
        op: W.STORE[bytes],
        address: host.e,
        offset: 0,
        value: bytes === 8 ? W.load('i64.load', ZERO, L.S_SCRATCH) : W.local('i32', 4),
      },
      { kind: 'return', value: ZERO },
    ],
    else: [],
  });
  // the access lies in one page, so 16 bits of the map from its first byte's bit on cover it; RAM_BASE is page-aligned
  const bits = W.load('i32.load16_u', W.add(map.e, W.and(W.shrU(host.e, W.i32(3)), W.i32(0x1ff))));
  const wanted = W.sub(W.shl(W.i32(1), size), W.i32(1));
  const marked = W.and(W.shrU(bits, W.and(host.e, W.i32(7))), wanted);
  const inside: Stmt[] = [
    { kind: 'store', op: 'i32.store', address: ZERO, offset: L.S_FAULTED, value: ZERO },
    ...(withValue ? [1, 2, 4, 8].map(storeSized) : [{ kind: 'return' as const, value: host.e }]),
  ];
  const fits = W.ltU(last.e, W.load('i32.load', segment.e, L.SEG_FAST_WRITE));
  const tagged = W.eq(
    W.load('i32.load', entry.e),
    W.or(W.and(W.add(linear.e, W.sub(last.e, offset)), W.i32(~0xfff)), W.i32(1)),
  );
  return [
    segment.set(W.shrU(arg, W.i32(8))),
    last.set(W.add(offset, W.sub(size, W.i32(1)))),
    linear.set(W.add(offset, W.load('i32.load', segment.e, L.SEG_BASE))),
    entry.set(
      W.add(W.and(W.shrU(linear.e, W.i32(8)), W.i32((L.TLB_ENTRIES - 1) << 4)), W.load('i32.load', ZERO, L.S_TLBW)),
    ),
    {
      kind: 'if',
      condition: W.and(fits, tagged),
      then: [
        host.set(W.add(linear.e, W.load('i32.load', entry.e, 8))),
        map.set(
          W.load('i32.load', W.and(W.shrU(W.sub(host.e, W.i32(L.RAM_BASE)), W.i32(10)), W.i32(~3)), L.CODEMAP_BASE),
        ),
        { kind: 'if', condition: W.or(W.eqz(map.e), W.eqz(marked)), then: inside, else: [] },
      ],
      else: [],
    },
    { kind: 'return', value: slow(fn.params.map((type, i) => W.local(type, i))) },
  ];
}

let cached: WebAssembly.Module | undefined;

/** Exports `storeSlow` and `modifySlow`; imports `storeChecked` and `modifyChecked` of the same signatures. */
export function runtimeModule(): WebAssembly.Module {
  if (cached) return cached;
  const module = new ModuleBuilder(MINIMUM_PAGES, false);
  const four = ['i32', 'i32', 'i32', 'i32'] as const;
  const five = [...four, 'i32'] as const;
  const store = module.importFunction('storeChecked', five, ['i32']);
  const modify = module.importFunction('modifyChecked', four, ['i32']);
  for (const [name, params, target] of [
    ['storeSlow', five, store],
    ['modifySlow', four, modify],
  ] as const) {
    const fn = new FunctionBuilder(params, ['i32']);
    fn.body = body(fn, name === 'storeSlow', (args) => W.call('i32', target, args));
    module.addFunction(fn, name);
  }
  return (cached = new WebAssembly.Module(module.encode()));
}
