// The functions of forms: what a loop has no case for, or what its case leaves to others. Compiled when they are first needed.
import { formModule } from './interp/formModule';
import { formNumbers } from './interp/formNumbers';

export class FormTable {
  readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: 64 });
  private readonly compiled = new Map<string, number>();
  /** 0 stands for none yet (record.ts). */
  private count = 1;

  constructor(private readonly imports: WebAssembly.ModuleImports) {}

  /** Table index of the function for the form with this handler number; `long`: of 64-bit code. */
  functionOf(handler: number, long: boolean): number {
    const key = formNumbers(long).key(handler);
    if (key === undefined) throw new Error(`handler ${handler} has no form`);
    let index = this.compiled.get(key);
    if (index === undefined) {
      const instance = new WebAssembly.Instance(formModule(key), { e: this.imports });
      index = this.count++;
      if (index === this.table.length) this.table.grow(this.table.length);
      this.table.set(index, instance.exports.f as () => number);
      this.compiled.set(key, index);
    }
    return index;
  }
}
