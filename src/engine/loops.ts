// The loops that an engine runs: one for 64-bit code, made when the first such code is met, one for all other code; each is
// replaced by what the tuner chooses. The functions of forms, which the loops call, are for all of them.
import type { Cpu } from '../cpu/cpu';
import { FormTable } from './formTable';
import { interpreterModule } from './interp/loop';
import * as R from './record';
import { Tuner } from './tuner';

/** Runs from a record on; answers the record before which it left. */
export type Loop = (record: number, budget: number) => number;

export class Loops {
  readonly tuner: Tuner;
  private readonly imports: WebAssembly.ModuleImports;
  private readonly forms: FormTable;
  private legacy: Loop;
  private long: Loop | undefined;

  constructor(
    private readonly cpu: Cpu,
    private readonly memory: WebAssembly.Memory,
    /** What handlers call, and what the memory accesses of the loops' modules call. */
    imports: WebAssembly.ModuleImports,
    private readonly accesses: WebAssembly.ModuleImports,
  ) {
    this.imports = { memory, ...imports };
    this.forms = new FormTable(this.imports);
    const exports = this.instantiate(false);
    Object.assign(this.imports, exports);
    this.legacy = exports.run as Loop;
    this.tuner = new Tuner(cpu, (long, keys) => {
      const loop = this.instantiate(long, keys).run as Loop;
      if (long) this.long = loop;
      else this.legacy = loop;
    });
  }

  /** For 64-bit code, or all other. */
  of(long: boolean): Loop {
    return long ? (this.long ??= this.instantiate(true).run as Loop) : this.legacy;
  }

  private instantiate(long: boolean, keys?: readonly string[]): WebAssembly.Exports {
    const { u16 } = this.cpu;
    const twin = (record: number): number =>
      (u16[(record + R.R_COLD) >> 1] = this.forms.functionOf(u16[(record + R.R_ORIGINAL) >> 1], long));
    const e = { ...this.imports, ...this.accesses, table: this.forms.table, twin };
    const pages = this.memory.buffer.byteLength >>> 16;
    return new WebAssembly.Instance(interpreterModule(long, pages, keys), { e }).exports;
  }
}
