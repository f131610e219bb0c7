// Builds the interpreter's main function: a loop with a br_table over the handlers, which are the fixed ones and the forms that
// are cases of it; all other forms are functions of their own (formFunctions.ts). Compiled modules are shared by all engines of
// a process. 64-bit code has a loop of its own, with forms of its own: neither slows the other down.
import { S_BUDGET, S_FAULTED, S_TLBR, S_TLBW, S_WINDOW, S_ZERO, TLB_ENTRIES } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import { Label, type Stmt } from '../../wasm/ir';
import { FunctionBuilder, ModuleBuilder } from '../../wasm/module';
import { flatPageFault } from '../lower/transfer';
import * as R from '../record';
import { importCalls, lower } from './formFunctions';
import { formNumbers, H_SYSTEM } from './formNumbers';
import { MISS_LINEAR, MISS_LINEAR_LONG, MISS_PAGE, MISS_PAGE_LONG, type LoopLabels } from './loopLabels';
import type { RecordEmit } from './recordEmit';
import { addSecondLooks, importChecked } from './runtime';
import type { RuntimeFunctions } from './runtimeFunctions';
import { VexEmit } from './vexEmit';
import { executeVolatile } from './volatileEmit';

const P = W.local('i32', 0);
const B = W.local('i32', 1);

/** Those used last. */
const loopModules = new Map<string, WebAssembly.Module>();
const KEPT_MODULES = 24;

/** `deliver(record, budget)`: the page fault at a record, as a cold form answers. */
function pageFault(runtime: RuntimeFunctions): FunctionBuilder {
  const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
  const c = new VexEmit(fn, runtime, undefined);
  c.begin({ key: '', sem: '', size: 4, shapes: [], memory: '', stack: 'F', address: 0, cc: -1, rep: 0, marks: [] });
  flatPageFault(c, (target) => {
    c.setState(S_FAULTED, W.i32(0));
    // the block's rest is given back, and no instruction has retired: as if a record without instructions had jumped
    c.emit({ kind: 'set', index: 1, value: c.instructionsLeft() });
    c.emit({ kind: 'set', index: 0, value: W.i32(S_ZERO) });
    c.jumpTo(target);
  });
  c.emit({ kind: 'return', value: W.or(P, W.i32(1)) });
  fn.body = c.body;
  return fn;
}

/** Runs the loop, and again at the handler after each page fault that could be delivered. */
function driver(loop: number, deliver: number): FunctionBuilder {
  const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
  const again = new Label('driver');
  const state = (offset: number) => W.load('i32.load', W.i32(0), offset);
  const setP = (value: W.Expr): Stmt => ({ kind: 'set', index: 0, value });
  const delivered: Stmt[] = [
    setP(W.call('i32', deliver, [P, state(S_BUDGET)])),
    {
      kind: 'if',
      condition: W.and(P, W.i32(1)),
      then: [{ kind: 'return', value: W.and(P, W.i32(~1)) }],
      else: [],
    },
    { kind: 'set', index: 1, value: state(S_BUDGET) },
    { kind: 'br', label: again },
  ];
  const body: Stmt[] = [
    setP(W.call('i32', loop, [P, B])),
    { kind: 'if', condition: W.eq(state(S_FAULTED), W.i32(2)), then: delivered, else: [] },
    { kind: 'return', value: P },
  ];
  fn.body = [{ kind: 'loop', label: again, body }];
  return fn;
}

/** What is behind the cases: calls, each at one place for all of them. */
function common(
  generate: (body: (c: RecordEmit) => void) => Stmt[],
  labels: LoopLabels,
  calls: { cold: number; fill: number; fillLong: number; twin: number },
  long: boolean,
): { label: Label; body: Stmt[] }[] {
  const field = (op: string, offset: number) => W.load(op, P, offset);
  const miss = (write: boolean) =>
    generate((c) => {
      const linear = W.local(long ? 'i64' : 'i32', long ? MISS_LINEAR_LONG : MISS_LINEAR, true);
      const page = W.local(linear.type, long ? MISS_PAGE_LONG : MISS_PAGE, true);
      const whole = (value: number) => W.constant(linear.type, value);
      const own = W.and(linear, whole(~0xfff));
      const table = W.load('i32.load', W.i32(0), write ? S_TLBW : S_TLBR);
      const slot = W.and(W.wrap(W.shrU(linear, whole(8))), W.i32((TLB_ENTRIES - 1) << 4));
      const tag = W.load(`${linear.type}.load`, W.add(slot, table));
      const canonical = long ? W.eq(W.shrS(W.shl(linear, W.i64(16)), W.i64(16)), linear) : W.i32(1);
      // a page that is there already, or a second page, is not the trouble that filling ends
      const fillable = W.and(W.and(W.eq(own, page), W.ne(tag, page)), canonical);
      c.if(fillable, () => {
        const filled = W.call('i32', long ? calls.fillLong : calls.fill, [linear, W.i32(write ? 1 : 0)]);
        c.emit({ kind: 'brIf', label: labels.again, condition: W.eq(filled, W.i32(1)) });
      });
      c.emit({ kind: 'br', label: labels.cold });
    });
  const cold = generate((c) => {
    const index = c.variable('i32');
    c.set(index, field('i32.load16_u', R.R_COLD));
    c.if(W.eqz(index), () => c.set(index, W.call('i32', calls.twin, [P])));
    const next = c.let({ kind: 'callIndirect', type: 'i32', signature: calls.cold, args: [P, B], index });
    c.if(W.and(next, W.i32(1)), () => c.emit({ kind: 'return', value: W.and(next, W.i32(~1)) }));
    c.emit({ kind: 'set', index: 1, value: W.load('i32.load', W.i32(0), S_BUDGET) });
    c.goto(next);
  });
  return [
    { label: labels.system, body: generate((c) => c.system()) },
    { label: labels.missRead, body: miss(false) },
    { label: labels.missWrite, body: miss(true) },
    { label: labels.cold, body: cold },
  ];
}

/**
 * Exports `run(record, budget) -> record`, and the memory functions that other modules import; `long`: for 64-bit code. The
 * memory has exactly `pages`: code that knows its size need not look where it is after every call. `keys`: the forms that are
 * cases.
 */
export function interpreterModule(long: boolean, pages: number, keys: readonly string[]): WebAssembly.Module {
  const numbers = formNumbers(long);
  const name = `${long} ${pages} ${keys.join(' ')}`;
  const known = loopModules.get(name);
  if (known) {
    loopModules.delete(name);
    loopModules.set(name, known);
    return known;
  }
  const module = new ModuleBuilder(pages, true);
  const checked = importChecked(module);
  const imported = importCalls(module);
  const twin = module.importFunction('twin', ['i32'], ['i32']);
  const { fill, fillLong, ...looks } = addSecondLooks(module, checked);
  const runtime: RuntimeFunctions = { ...looks, ...imported };
  const cold = module.signature(['i32', 'i32'], ['i32']);
  const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
  for (const type of ['i32', 'i32', 'i64', 'i64'] as const) fn.newLocal(type); // loopLabels.ts
  const labels: LoopLabels = {
    again: new Label('loop'),
    cold: new Label('cold'),
    system: new Label('system'),
    missRead: new Label('missRead'),
    missWrite: new Label('missWrite'),
  };
  const outer: LoopLabels = { ...labels, again: new Label('outer') };
  const generator = (where: LoopLabels) => (body: (c: RecordEmit) => void) => {
    const c = new VexEmit(fn, runtime, where);
    body(c);
    fn.recycle();
    return c.body;
  };
  const field = (op: string, offset: number) => W.load(op, P, offset);
  const inWindow = W.add(W.zeroExtend(field('i32.load', R.R_IP)), W.load('i64.load', W.i32(0), S_WINDOW));
  const fixed: [number, (c: RecordEmit) => void][] = [
    [R.H_RESOLVE, (c) => c.leave(P, R.X_RESOLVE)],
    [R.H_STOP, (c) => c.leave(P, R.X_STOP)],
    [R.H_GOTO, (c) => c.enterBlock(field('i32.load', R.R_LINK0))],
    [R.H_LOOKUP, (c) => c.jumpTo(long ? inWindow : field('i32.load', R.R_IP))],
    [R.H_BREAK, (c) => c.leave(P, R.X_BREAK)],
    [R.H_VOLATILE, executeVolatile],
  ];
  const handlers: (Label | undefined)[] = [];
  // what calls lies outside the inner loop, in which record and budget stay in registers of the machine
  type Cases = { label: Label; body: Stmt[] }[];
  const inside: Cases = [];
  const generate = generator(labels);
  const add = (index: number, body: (c: RecordEmit) => void): void => {
    inside.push({ label: (handlers[index] = new Label(`h${index}`)), body: generate(body) });
  };
  for (const key of keys) add(numbers.of(key), (c) => lower(c, key));
  for (const [index, body] of fixed) add(index, body);
  const outside = common(generator(outer), outer, { cold, fill, fillLong, twin }, long);
  handlers[H_SYSTEM] = labels.system;

  let nest: Stmt[] = [
    {
      kind: 'brTable',
      labels: Array.from(handlers, (label) => label ?? labels.cold),
      fallback: labels.cold,
      index: field('i32.load16_u', R.R_HANDLER),
    },
  ];
  const wrap = (cases: Cases): void => {
    for (const { label, body } of cases) nest = [{ kind: 'block', label, body: nest }, ...body];
  };
  wrap(inside);
  nest = [{ kind: 'loop', label: labels.again, body: nest }];
  wrap(outside);
  fn.body = [{ kind: 'loop', label: outer.again, body: nest }];
  const run = module.addFunction(fn, long ? 'run' : undefined);
  if (!long) module.addFunction(driver(run, module.addFunction(pageFault(runtime))), 'run');
  const compiled = new WebAssembly.Module(module.encode());
  loopModules.set(name, compiled);
  if (loopModules.size > KEPT_MODULES) loopModules.delete(loopModules.keys().next().value!);
  return compiled;
}
