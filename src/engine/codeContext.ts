// The circumstances that decoded code depends on. A block serves every moment with the same CS base, CS limit and flavour
// flags; a jump cache additionally belongs to one privilege level, because fetch permission does.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import type { CodeContext } from './form';

/** What blocks are decoded for. Compared by identity: `ContextTable` hands out one object per combination. */
export interface BlockContext extends CodeContext {
  csBase: number;
  csLimit: number;
}

interface Slot {
  blockContext: BlockContext;
  user: boolean;
  /** Offset of its jump cache. */
  jumpCache: number;
  lastUse: number;
}

const FLAT_LIMIT = 0xffffffff;
const seg = (n: number): number => L.S_SEG + n * L.SEG_SIZE;

function isFlat(cpu: Cpu): boolean {
  const { u32 } = cpu;
  for (const n of [0, 2, 3]) {
    const at = seg(n) >> 2;
    if (u32[at + (L.SEG_BASE >> 2)] !== 0 || u32[at + (L.SEG_FAST_WRITE >> 2)] !== FLAT_LIMIT) return false;
    if (u32[at + (L.SEG_FAST_READ >> 2)] !== FLAT_LIMIT) return false;
  }
  return cpu.base(1) === 0 && cpu.limit(1) === FLAT_LIMIT;
}

export class ContextTable {
  private readonly blockContexts: BlockContext[] = [];
  private readonly slots: Slot[] = [];
  private clock = 0;
  private current: Slot | undefined;

  constructor(private readonly cpu: Cpu) {}

  /** The context of this moment; points the engine's inline code at its jump cache and TLB tables. */
  select(): BlockContext {
    const { cpu } = this;
    const blockContext = this.blockContext();
    const user = cpu.cpl === 3;
    let slot = this.slots.find((s) => s.blockContext === blockContext && s.user === user);
    slot ??= this.take(blockContext, user);
    slot.lastUse = ++this.clock;
    this.current = slot;
    const { i32 } = cpu;
    i32[L.S_JC >> 2] = slot.jumpCache;
    const aligned = user && (cpu.sysFlags & L.AC) !== 0 && (cpu.cr0 & L.CR0_AM) !== 0;
    i32[L.S_TLBR >> 2] = aligned ? L.TLB_NONE : user ? L.TLB_USER_READ : L.TLB_SUPER_READ;
    i32[L.S_TLBW >> 2] = aligned ? L.TLB_NONE : user ? L.TLB_USER_WRITE : L.TLB_SUPER_WRITE;
    return blockContext;
  }

  private blockContext(): BlockContext {
    const { cpu } = this;
    const csBase = cpu.base(1);
    const csLimit = cpu.limit(1);
    const code32 = (cpu.attr(1) & 0x4000) !== 0;
    const stack32 = (cpu.attr(2) & 0x4000) !== 0;
    const flat = isFlat(cpu);
    const last = this.current?.blockContext;
    const same = (c: BlockContext): boolean =>
      c.csBase === csBase && c.csLimit === csLimit && c.code32 === code32 && c.stack32 === stack32 && c.flat === flat;
    if (last && same(last)) return last;
    let found = this.blockContexts.find(same);
    if (!found) {
      found = { csBase, csLimit, code32, stack32, flat };
      this.blockContexts.push(found);
    }
    return found;
  }

  private take(blockContext: BlockContext, user: boolean): Slot {
    let slot: Slot;
    if (this.slots.length < L.JC_COUNT) {
      slot = { blockContext, user, jumpCache: L.JC_BASE + this.slots.length * L.JC_BYTES, lastUse: 0 };
      this.slots.push(slot);
    } else {
      slot = this.slots.reduce((a, b) => (b.lastUse < a.lastUse ? b : a));
      slot.blockContext = blockContext;
      slot.user = user;
    }
    this.clear(slot);
    return slot;
  }

  /** No offset is all ones in 64 bits: an empty slot never matches. */
  private clear(slot: Slot): void {
    this.cpu.u8.fill(0xff, slot.jumpCache, slot.jumpCache + L.JC_BYTES);
  }
  clearJumpCaches(): void {
    for (const slot of this.slots) this.clear(slot);
  }
  /** Remembers every combination, so many of them only cost a longer search; called with a full flush. */
  forget(): void {
    this.blockContexts.length = 0;
    this.slots.length = 0;
    this.current = undefined;
  }
  /** Enters a jump target of the current context. */
  enterJump(ip: number, record: number): void {
    const at = (this.current!.jumpCache + (((ip ^ (ip >>> 9)) & (L.JC_BYTES / 16 - 1)) << 4)) >> 2;
    this.cpu.u32[at] = ip;
    this.cpu.u32[at + 1] = 0;
    this.cpu.u32[at + 2] = record;
  }
}
