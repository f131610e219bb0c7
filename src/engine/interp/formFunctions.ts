// Handlers as functions of their own, which have all slow paths in them.
import { FunctionBuilder, ModuleBuilder } from '../../wasm/module';
import { parseForm } from '../form';
import { LOWERINGS } from '../lower';
import type { RecordEmit } from './recordEmit';
import { MINIMUM_PAGES } from './runtime';
import type { RuntimeFunctions } from './runtimeFunctions';
import { VexEmit } from './vexEmit';

const FOUR = ['i32', 'i32', 'i32', 'i32'] as const;
const LONG_OFFSET = ['i32', 'i32', 'i32', 'i64'] as const;

export function importCalls(module: ModuleBuilder): Pick<RuntimeFunctions, 'vector' | 'system' | 'portIn' | 'portOut'> {
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

/** Emits a form's handler. */
export function lower(c: RecordEmit, key: string): void {
  const form = parseForm(key);
  const lowering = LOWERINGS[form.sem];
  if (!lowering) throw new Error(`no semantics for form ${key}`);
  c.begin(form);
  lowering(c);
  c.end();
}

/** A module that exports for each form, under its key, `f(record, budget) -> record | leave bit`. */
export function formFunctions(keys: readonly string[]): WebAssembly.Module {
  const module = new ModuleBuilder(MINIMUM_PAGES, false);
  const runtime = importRuntime(module);
  for (const key of keys) {
    const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
    const c = new VexEmit(fn, runtime, undefined);
    lower(c, key);
    fn.body = c.body;
    module.addFunction(fn, key);
  }
  return new WebAssembly.Module(module.encode());
}
