// The debugger's breakpoints: linear addresses, and physical ones that are found wherever they are mapped. Like those of the guest
// they are patched handlers in decoded records.
import type { Cpu } from '../cpu/cpu';
import { peekTranslate } from '../cpu/pageWalk';
import { covers, type Block } from './block';

interface Dropping {
  dropLinear(linear: number): void;
  dropWhere(wanted: (block: Block) => boolean): void;
}

const missing = (from: ReadonlySet<number>, wanted: ReadonlySet<number>): number[] =>
  [...wanted].filter((at) => !from.has(at));

export class DebuggerBreakpoints {
  private linear: ReadonlySet<number> = new Set();
  private physical: ReadonlySet<number> = new Set();

  constructor(
    private readonly cpu: Cpu,
    private readonly blocks: Dropping,
  ) {}

  /** Replaces them; code that came to have one, or has one no more, is dropped. */
  set(linear: ReadonlySet<number>, physical: ReadonlySet<number>): void {
    const [oldLinear, oldPhysical] = [this.linear, this.physical];
    this.linear = linear;
    this.physical = physical;
    for (const at of [...missing(oldLinear, linear), ...missing(linear, oldLinear)]) this.blocks.dropLinear(at);
    for (const at of [...missing(oldPhysical, physical), ...missing(physical, oldPhysical)])
      this.blocks.dropWhere((block) => covers(block, at, at + 1));
  }

  at(linear: number, physical: number): boolean {
    return this.linear.has(linear) || this.physical.has(physical);
  }

  /** Looks the physical address up when it matters. */
  atLinear(linear: number): boolean {
    if (this.linear.has(linear)) return true;
    return this.physical.size > 0 && this.physical.has(peekTranslate(this.cpu, linear));
  }
}
