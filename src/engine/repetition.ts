// Where a repeated string instruction was left with repetitions to do: coming back to it there is not to begin it.
import type { Cpu } from '../cpu/cpu';

export class Repetition {
  private icount = -1;
  private eip = 0;

  constructor(private readonly engine: { readonly icount: number; readonly cpu: Cpu }) {}

  note(): void {
    this.icount = this.engine.icount;
    this.eip = this.engine.cpu.eip;
  }
  forget(): void {
    this.icount = -1;
  }
  /** The instruction at CS:RIP has done some of its repetitions, and nothing else has been executed since. */
  get here(): boolean {
    return this.icount === this.engine.icount && this.eip === this.engine.cpu.eip;
  }
}
