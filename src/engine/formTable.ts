// Where each form's handler is: a case of the main loop, or a function that is compiled when the form is first met.
import type { Insn } from '../isa/types';
import { formKey, formNumber, type CodeContext } from './form';
import { formModule, hotHandlers } from './interp/loop';
import { H_COLD } from './record';

export interface HandlerRef {
  handler: number;
  /** Table index for cold forms. */
  cold: number;
}

export class FormTable {
  readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: 64 });
  private readonly known = new Map<string, HandlerRef>();
  private readonly knownLong = new Map<string, HandlerRef>();
  private readonly cold = new Map<string, HandlerRef>();
  /** By what the context says, then by number: most instructions were met before in the same form. */
  private readonly numbered: (Map<number, HandlerRef> | undefined)[] = [];
  private count = 0;

  constructor(private readonly imports: WebAssembly.ModuleImports) {}

  /** Of an instruction: `unused`, nobody reads its flags; `beyond`, its branch target is outside of the limit. */
  of(insn: Insn, context: CodeContext, unused: boolean, beyond: boolean): HandlerRef {
    const flavour = (context.long ? 4 : 0) + (context.flat ? 2 : 0) + (context.stack32 ? 1 : 0);
    const numbered = (this.numbered[flavour] ??= new Map());
    const number = formNumber(insn) * 4 + (unused ? 2 : 0) + (beyond ? 1 : 0);
    let ref = numbered.get(number);
    if (!ref) {
      const marks = [...(unused ? ['nf'] : []), ...(beyond ? ['bt'] : [])];
      numbered.set(number, (ref = this.get(formKey(insn, context, marks), context.long)));
    }
    return ref;
  }

  /** `long`: for the loop that runs 64-bit code. */
  get(key: string, long: boolean): HandlerRef {
    const known = long ? this.knownLong : this.known;
    let ref = known.get(key);
    if (!ref) {
      const hot = hotHandlers(long).get(key);
      ref = hot === undefined ? this.compile(key) : { handler: hot, cold: 0 };
      known.set(key, ref);
    }
    return ref;
  }

  private compile(key: string): HandlerRef {
    const known = this.cold.get(key);
    if (known) return known;
    const instance = new WebAssembly.Instance(formModule(key), { e: this.imports });
    if (this.count === this.table.length) this.table.grow(this.table.length);
    this.table.set(this.count, instance.exports.f as () => number);
    const ref = { handler: H_COLD, cold: this.count++ };
    this.cold.set(key, ref);
    return ref;
  }
}
