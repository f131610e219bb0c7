// The record of the instruction at CS:RIP: known, revived, or decoded now.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { decode } from '../isa/decode';
import type { BlockCache } from './blocks';
import { codeLinear, type ContextTable } from './codeContext';
import { decodeRun, fetchAddress, type Decoder } from './fetch';

export class CodeFinder {
  /** All forms of the table until a model is chosen. */
  decoder: Decoder = decode;

  constructor(
    private readonly cpu: Cpu,
    private readonly contexts: ContextTable,
    private readonly blocks: () => BlockCache,
    /** Forgets all decoded code. */
    private readonly flush: () => void,
  ) {}

  /** Linear address of CS:RIP. */
  get address(): number {
    const { context } = this.contexts;
    return codeLinear(context, this.cpu.eip - context.ipBase);
  }

  /**
   * The record at CS:RIP, or -1 with cpu.fault set. `following` is a record inside a block that may be the one: stepping
   * through a block makes no blocks of its tails, which would all have to follow when code is rewritten.
   */
  locate(following = 0): number {
    const { cpu, contexts } = this;
    const blocks = this.blocks();
    if (blocks.nearlyFull) this.flush();
    if (contexts.stale) contexts.clearJumpCaches();
    contexts.refresh();
    const { context } = contexts;
    const ip = cpu.eip - context.ipBase;
    const physical = fetchAddress(cpu, context, ip);
    if (physical < 0) return -1;
    if (following !== 0 && blocks.isInside(following, context, ip, physical)) return following;
    const linear = codeLinear(context, ip);
    const known = blocks.find(context, linear, physical);
    if (known) return known.record;
    const revived = blocks.revive(context, linear, physical);
    if (revived) return revived.record;
    const ram = this.inRam(physical);
    const alone = (at: number, length: number): boolean => ram && blocks.isVolatile(at, length);
    const run = decodeRun(cpu, this.decoder, context, ip, physical, alone);
    if (!run) return -1;
    return blocks.add(context, ip, linear, run, ram).record;
  }

  private inRam(physical: number): boolean {
    const page = (physical & ~0xfff) >>> 0;
    return this.cpu.bus.hostPage(page, false) === L.RAM_BASE + (physical & ~0xfff);
  }
}
