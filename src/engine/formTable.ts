// Where each form's handler is: a case of the main loop, or a function that is compiled when the form is first met.
import { HOT_HANDLERS, formModule } from './interp/loop';
import { H_COLD } from './record';

export interface HandlerRef {
  handler: number;
  /** Table index for cold forms. */
  cold: number;
}

export class FormTable {
  readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: 64 });
  private readonly known = new Map<string, HandlerRef>();
  private count = 0;

  constructor(private readonly imports: WebAssembly.ModuleImports) {}

  get(key: string): HandlerRef {
    let ref = this.known.get(key);
    if (!ref) {
      const hot = HOT_HANDLERS.get(key);
      ref = hot === undefined ? this.compile(key) : { handler: hot, cold: 0 };
      this.known.set(key, ref);
    }
    return ref;
  }

  private compile(key: string): HandlerRef {
    const instance = new WebAssembly.Instance(formModule(key), { e: this.imports });
    if (this.count === this.table.length) this.table.grow(this.table.length);
    this.table.set(this.count, instance.exports.f as () => number);
    return { handler: H_COLD, cold: this.count++ };
  }
}
