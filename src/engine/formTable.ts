// The functions of forms: what a loop has no case for, or what its case leaves to others. Compiled when they are first needed.
import { formNumbers } from './interp/formNumbers';

export class FormTable {
  readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: 256 });
  /** Table indices by handler number, of 64-bit code and of other. */
  private readonly indices: [number[], number[]] = [[], []];
  /** 0 stands for none yet (record.ts). */
  private count = 1;

  constructor(private readonly imports: WebAssembly.ModuleImports) {}

  /** Table index of the function for the form with this handler number; `long`: of 64-bit code. */
  functionOf(handler: number, long: boolean): number {
    const indices = this.indices[long ? 1 : 0];
    return indices[handler] ?? this.instantiate(handler, long, indices);
  }

  private instantiate(wanted: number, long: boolean, indices: number[]): number {
    const numbers = formNumbers(long);
    if (numbers.key(wanted) === undefined) throw new Error(`handler ${wanted} has no form`);
    const { handlers, module } = numbers.batch(wanted);
    const { exports } = new WebAssembly.Instance(module, { e: this.imports });
    for (const handler of handlers) {
      if (this.count === this.table.length) this.table.grow(this.table.length);
      this.table.set(this.count, exports[numbers.key(handler)!] as () => number);
      indices[handler] = this.count++;
    }
    return indices[wanted];
  }
}
