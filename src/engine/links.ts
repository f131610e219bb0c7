// Where a record's link fields lead before the target is known: a stub that is resolved when it is reached, a look into the jump
// cache across pages, a look for the target each time outside of the 4 GB window of 64-bit code.
import type { Cpu } from '../cpu/cpu';
import type { Block } from './block';
import type { BlockContext } from './codeContext';
import * as R from './record';

export class Links {
  /** For each unresolved stub the link field to patch. */
  private readonly stubs = new Map<number, number>();
  /** Records whose target is in another 4 GB window. */
  private readonly farTargets = new Map<number, number>();
  private readonly lookups = new Map<BlockContext, Map<number, number>>();

  constructor(
    private readonly cpu: Cpu,
    private readonly allocate: (count: number) => number,
  ) {}

  clear(): void {
    this.stubs.clear();
    this.farTargets.clear();
    this.lookups.clear();
  }

  /** Makes `record` one of the engine's own that stands for no instruction. */
  special(record: number, handler: number, ip: number): void {
    this.cpu.u16[(record + R.R_HANDLER) >> 1] = handler;
    this.cpu.u16[(record + R.R_ORIGINAL) >> 1] = handler;
    this.cpu.u32[(record + R.R_IP) >> 2] = ip;
  }

  /** Fills a link field of the record of the instruction at `fromIp`. */
  fill(context: BlockContext, record: number, fromIp: number, field: number, target: number): void {
    let goal: number;
    if (context.long && (target < 0 || target > context.csLimit)) goal = this.far(context, target);
    else if ((((context.csBase + fromIp) ^ (context.csBase + target)) & ~0xfff) !== 0)
      goal = this.lookup(context, target);
    else {
      goal = this.allocate(1);
      this.special(goal, R.H_RESOLVE, target);
      this.stubs.set(goal, record + field);
    }
    this.cpu.u32[(record + field) >> 2] = goal;
  }

  /** The instruction pointer that a record stands for. */
  ipOf(record: number, context: BlockContext): number {
    return this.farTargets.get(record) ?? context.ipBase + this.cpu.u32[(record + R.R_IP) >> 2];
  }

  /** A stub was reached, or a record for which `replaced` holds, and `block` is what belongs there: later passages go straight on. */
  resolve(record: number, block: Block, replaced: () => boolean): void {
    const { u8, u16, u32 } = this.cpu;
    const field = this.stubs.get(record);
    // a link says nothing of the second page
    const goal = block.physical2 >= 0 ? this.lookup(block.context, block.ip) : block.record;
    if (field !== undefined) {
      this.stubs.delete(record);
      // a version of a site may have been replaced meanwhile
      if (u32[field >> 2] === record) u32[field >> 2] = goal;
    } else if (!replaced()) return;
    u32[(record + R.R_LINK0) >> 2] = goal;
    u8[record + R.R_LEFT] = 0;
    u16[(record + R.R_HANDLER) >> 1] = R.H_GOTO;
  }

  private far(context: BlockContext, target: number): number {
    const record = this.allocate(1);
    this.special(record, R.H_RESOLVE, target >>> 0);
    this.farTargets.set(record, context.ipBase + target);
    return record;
  }

  private lookup(context: BlockContext, target: number): number {
    let map = this.lookups.get(context);
    if (!map) this.lookups.set(context, (map = new Map()));
    let record = map.get(target);
    if (record === undefined) {
      record = this.allocate(1);
      this.special(record, R.H_LOOKUP, target);
      map.set(target, record);
    }
    return record;
  }
}
