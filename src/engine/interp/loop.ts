// Builds the interpreter's WebAssembly: one function with a br_table over the handlers (the fixed ones and the hot forms),
// and single-function modules for forms met for the first time. Compiled modules are shared by all engines of a process.
// 64-bit code has a loop of its own, with hot forms of its own: neither slows the other down. Cold forms are for both.
import { S_BUDGET, S_FAULTED, S_WINDOW, S_ZERO } from '../../cpu/layout';
import * as W from '../../wasm/ir';
import { Label, type Stmt } from '../../wasm/ir';
import { FunctionBuilder, ModuleBuilder } from '../../wasm/module';
import { parseForm } from '../form';
import { LOWERINGS } from '../lower';
import { flatPageFault } from '../lower/transfer';
import * as R from '../record';
import { HOT_FORMS } from './hotForms';
import { HOT_LONG_FORMS } from './hotLongForms';
import type { RecordEmit } from './recordEmit';
import { addSecondLooks, importChecked, MINIMUM_PAGES } from './runtime';
import type { RuntimeFunctions } from './runtimeFunctions';
import { VexEmit } from './vexEmit';
import { executeVolatile } from './volatileEmit';

/** Handler index of the generic system instruction, then of each hot form. */
export const H_SYSTEM = R.FIXED_HANDLERS;
const numbered = (forms: readonly string[]): ReadonlyMap<string, number> =>
  new Map(forms.map((key, i) => [key, H_SYSTEM + 1 + i]));
const HOT_LEGACY = numbered(HOT_FORMS);
const HOT_LONG = numbered(HOT_LONG_FORMS);
/** Handlers of the hot forms in the loop for 64-bit code, or in the other one. */
export const hotHandlers = (long: boolean): ReadonlyMap<string, number> => (long ? HOT_LONG : HOT_LEGACY);

const P = W.local('i32', 0);
const B = W.local('i32', 1);

const FOUR = ['i32', 'i32', 'i32', 'i32'] as const;
const LONG_OFFSET = ['i32', 'i32', 'i32', 'i64'] as const;

function importCalls(module: ModuleBuilder): Pick<RuntimeFunctions, 'vector' | 'system' | 'portIn' | 'portOut'> {
  return {
    vector: module.importFunction('vector', FOUR, ['i32']),
    system: module.importFunction('system', ['i32', 'i32'], ['i32']),
    portIn: module.importFunction('portIn', ['i32', 'i32', 'i32'], ['i32']),
    portOut: module.importFunction('portOut', FOUR, ['i32']),
  };
}
function importRuntime(module: ModuleBuilder): RuntimeFunctions {
  return {
    loadSlow: module.importFunction('loadSlow', FOUR, ['i32']),
    storeSlow: module.importFunction('storeSlow', [...FOUR, 'i32'], ['i32']),
    modifySlow: module.importFunction('modifySlow', FOUR, ['i32']),
    besideCode: module.importFunction('besideCode', ['i32', 'i32', 'i32'], ['i32']),
    loadLong: module.importFunction('loadLong', LONG_OFFSET, ['i32']),
    storeLong: module.importFunction('storeLong', [...LONG_OFFSET, 'i32'], ['i32']),
    modifyLong: module.importFunction('modifyLong', LONG_OFFSET, ['i32']),
    ...importCalls(module),
  };
}

function lower(c: RecordEmit, key: string): void {
  const form = parseForm(key);
  const lowering = LOWERINGS[form.sem];
  if (!lowering) throw new Error(`no semantics for form ${key}`);
  c.begin(form);
  lowering(c);
  c.end();
}

const loopModules = new Map<boolean, WebAssembly.Module>();

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

/** Exports `run(record, budget) -> record`, and the memory functions that cold forms import; `long`: for 64-bit code. */
export function interpreterModule(long: boolean): WebAssembly.Module {
  const known = loopModules.get(long);
  if (known) return known;
  const module = new ModuleBuilder(MINIMUM_PAGES, true);
  const checked = importChecked(module);
  const calls = importCalls(module);
  const runtime: RuntimeFunctions = { ...addSecondLooks(module, checked), ...calls };
  const cold = module.signature(['i32', 'i32'], ['i32']);
  const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
  const again = new Label('loop');
  const generate = (body: (c: RecordEmit) => void): Stmt[] => {
    const c = new VexEmit(fn, runtime, again);
    body(c);
    fn.recycle();
    return c.body;
  };
  const field = (op: string, offset: number) => W.load(op, P, offset);
  const handlers: Stmt[][] = [];
  handlers[R.H_RESOLVE] = generate((c) => c.leave(P, R.X_RESOLVE));
  handlers[R.H_STOP] = generate((c) => c.leave(P, R.X_STOP));
  handlers[R.H_GOTO] = generate((c) => c.enterBlock(field('i32.load', R.R_LINK0)));
  const inWindow = W.add(W.zeroExtend(field('i32.load', R.R_IP)), W.load('i64.load', W.i32(0), S_WINDOW));
  handlers[R.H_LOOKUP] = generate((c) => c.jumpTo(long ? inWindow : field('i32.load', R.R_IP)));
  handlers[R.H_BREAK] = generate((c) => c.leave(P, R.X_BREAK));
  handlers[R.H_COLD] = generate((c) => {
    const index = field('i32.load16_u', R.R_COLD);
    c.emit({
      kind: 'set',
      index: 0,
      value: { kind: 'callIndirect', type: 'i32', signature: cold, args: [P, B], index },
    });
    c.if(W.and(P, W.i32(1)), () => c.emit({ kind: 'return', value: W.and(P, W.i32(~1)) }));
    c.emit({ kind: 'set', index: 1, value: W.load('i32.load', W.i32(0), S_BUDGET) });
    c.emit({ kind: 'br', label: again });
  });
  handlers[R.H_VOLATILE] = generate(executeVolatile);
  handlers[H_SYSTEM] = generate((c) => c.system());
  for (const [key, index] of hotHandlers(long)) handlers[index] = generate((c) => lower(c, key));

  const labels = handlers.map((_, i) => new Label(`h${i}`));
  let nest: Stmt[] = [
    {
      kind: 'brTable',
      labels: labels.slice(0, -1),
      fallback: labels[labels.length - 1],
      index: field('i32.load16_u', R.R_HANDLER),
    },
  ];
  handlers.forEach((body, i) => {
    nest = [{ kind: 'block', label: labels[i], body: nest }, ...body];
  });
  fn.body = [{ kind: 'loop', label: again, body: nest }];
  const run = module.addFunction(fn, long ? 'run' : undefined);
  if (!long) module.addFunction(driver(run, module.addFunction(pageFault(runtime))), 'run');
  const compiled = new WebAssembly.Module(module.encode());
  loopModules.set(long, compiled);
  return compiled;
}

const coldModules = new Map<string, WebAssembly.Module>();

/** Exports `f(record, budget) -> record | leave bit` for one form. */
export function formModule(key: string): WebAssembly.Module {
  let compiled = coldModules.get(key);
  if (!compiled) {
    const module = new ModuleBuilder(MINIMUM_PAGES, false);
    const runtime = importRuntime(module);
    const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
    const c = new VexEmit(fn, runtime, undefined);
    lower(c, key);
    fn.body = c.body;
    module.addFunction(fn, 'f');
    compiled = new WebAssembly.Module(module.encode());
    coldModules.set(key, compiled);
  }
  return compiled;
}
