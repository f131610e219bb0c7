// The loops that an engine runs: one for 64-bit code, made when the first such code is met, one for all other code. They begin
// without cases, which takes no time to make, and are replaced by what the tuner chooses. The functions of forms, which the
// loops call, are for all of them.
import type { Cpu } from '../cpu/cpu';
import { FormTable } from './formTable';
import { FormTrial } from './formTrial';
import { interpreterModule } from './interp/loop';
import * as R from './record';
import { Tuner } from './tuner';

/** Runs from a record on; answers the record before which it left. */
export type Loop = (record: number, budget: number) => number;

export class Loops {
  readonly tuner: Tuner;
  readonly trial: FormTrial;
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
    const use = (long: boolean, keys: readonly string[]): void => {
      const loop = this.instantiate(long, keys).run as Loop;
      if (long) this.long = loop;
      else this.legacy = loop;
    };
    this.tuner = new Tuner(cpu, use);
    this.trial = new FormTrial(use);
  }

  /** For 64-bit code, or all other. */
  of(long: boolean): Loop {
    return long ? (this.long ??= this.instantiate(true).run as Loop) : this.legacy;
  }

  private instantiate(long: boolean, keys: readonly string[] = []): WebAssembly.Exports {
    const { u16 } = this.cpu;
    const twin = (record: number): number => {
      const handler = u16[(record + R.R_ORIGINAL) >> 1];
      this.trial.note(handler, long);
      return (u16[(record + R.R_COLD) >> 1] = this.forms.functionOf(handler, long));
    };
    const e = { ...this.imports, ...this.accesses, table: this.forms.table, twin };
    const pages = this.memory.buffer.byteLength >>> 16;
    return new WebAssembly.Instance(interpreterModule(long, pages, keys), { e }).exports;
  }
}
