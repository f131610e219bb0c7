// The circumstances that decoded code depends on. A block serves every moment with the same CS base, CS limit and flavour
// flags; a jump cache additionally belongs to one privilege level, because fetch permission does.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { MODELS } from '../cpu/models';
import { highOf } from '../cpu/linear';
import { protectedMode, realMode, systemManagement } from '../cpu/modes';
import { ATTR_REAL } from '../cpu/segments';
import { ATTR_P, ATTR_S, ATTR_UNUSABLE } from '../cpu/virtual';
import type { CodeContext } from './form';

/** What blocks are decoded for. Compared by identity: `ContextTable` hands out one object per combination. */
export interface BlockContext extends CodeContext {
  /** In 64-bit code, base and limit of the 4 GB window that RIP is in. */
  csBase: number;
  csLimit: number;
  /** What is added to an offset in the record to have the instruction pointer: 0, or the window's base in 64-bit code. */
  ipBase: number;
  /** In system management mode: other memory may be at A0000. */
  smm: boolean;
}

/** Linear address of an offset in the context's code. */
export const codeLinear = (context: BlockContext, ip: number): number =>
  context.long ? context.csBase + ip : (context.csBase + ip) >>> 0;

/** The base of the 4 GB window of an instruction pointer in 64-bit code. */
const windowOf = (rip: number): number => Math.floor(rip / 0x100000000) * 0x100000000;

interface Slot {
  blockContext: BlockContext;
  user: boolean;
  /** Number of the processor: every one has its own translations. */
  owner: number;
  /** Offset of its jump cache. */
  jumpCache: number;
  lastUse: number;
}

const FLAT_LIMIT = 0xffffffff;
const seg = (n: number): number => L.S_SEG + n * L.SEG_SIZE;

/** The hidden part of a segment register is base 0 and everything may be read and written. */
function flatData(u32: Uint32Array, n: number): boolean {
  const at = seg(n) >> 2;
  return (
    u32[at + (L.SEG_BASE >> 2)] === 0 &&
    u32[at + (L.SEG_FAST_WRITE >> 2)] === FLAT_LIMIT &&
    u32[at + (L.SEG_FAST_READ >> 2)] === FLAT_LIMIT
  );
}

const isFlat = (cpu: Cpu): boolean =>
  cpu.base(1) === 0 &&
  cpu.limit(1) === FLAT_LIMIT &&
  flatData(cpu.u32, 3) &&
  flatData(cpu.u32, 2) &&
  flatData(cpu.u32, 0);

/** Loading CS with the paragraph that it has changes nothing in its cache (cpu/segments.ts, setParagraph). */
function keepsCode(cpu: Cpu): boolean {
  const attr = cpu.attr(1);
  if (MODELS[cpu.model].generation < 586) return attr === ATTR_REAL && cpu.limit(1) === 0xffff;
  return (attr & (ATTR_UNUSABLE | 0xf0)) === (ATTR_P | ATTR_S);
}

/** Bits of F_LEAVE. */
const LEAVE_DIRTY = 1;
const LEAVE_STALE = 2;

export class ContextTable {
  private readonly blockContexts: BlockContext[] = [];
  private readonly slots: Slot[] = [];
  private clock = 0;
  private current: Slot | undefined;
  private previous: Slot | undefined;
  /** Of flat 32-bit code at CPL 3 and below; in use only while F_JC_USER or F_JC_SUPER says so. */
  private flatUser: Slot | undefined;
  private flatSuper: Slot | undefined;
  private owner = 0;

  constructor(private readonly cpu: Cpu) {
    this.dirty = true;
  }

  /** Something that the context depends on may have changed. */
  get dirty(): boolean {
    return this.has(LEAVE_DIRTY);
  }
  set dirty(on: boolean) {
    this.put(LEAVE_DIRTY, on);
  }
  /** Translation changed: the jump caches are stale. */
  get stale(): boolean {
    return this.has(LEAVE_STALE);
  }
  set stale(on: boolean) {
    this.put(LEAVE_STALE, on);
  }
  private has(bit: number): boolean {
    return (this.cpu.i32[L.F_LEAVE >> 2] & bit) !== 0;
  }
  private put(bit: number, on: boolean): void {
    if (on) this.cpu.i32[L.F_LEAVE >> 2] |= bit;
    else this.cpu.i32[L.F_LEAVE >> 2] &= ~bit;
  }

  /** What code is decoded for at present, after `refresh`. */
  get context(): BlockContext {
    return this.current!.blockContext;
  }

  /** Brings the context up to date; true when blocks decoded for the one before do not fit any more. */
  refresh(): boolean {
    const { i32 } = this.cpu;
    if (i32[L.F_CONTEXT >> 2] !== 0) {
      // an inline transfer went from flat code to flat code, and set everything but this
      i32[L.F_CONTEXT >> 2] = 0;
      this.current = i32[L.S_CPL >> 2] === 3 ? this.flatUser : this.flatSuper;
    }
    if (!this.dirty && !this.leftWindow()) return false;
    this.dirty = false;
    const before = this.current?.blockContext;
    return this.select() !== before;
  }

  /** 64-bit code jumped out of the 4 GB that its records are for. */
  private leftWindow(): boolean {
    const { i32 } = this.cpu;
    return i32[L.F_LONG >> 2] !== 0 && i32[(L.S_RIP >> 2) + 1] !== i32[(L.S_WINDOW >> 2) + 1];
  }

  /** The context of this moment; points the engine's inline code at its jump cache and TLB tables. */
  private select(): BlockContext {
    const { cpu } = this;
    const { i32 } = cpu;
    const user = i32[L.S_CPL >> 2] === 3;
    const slot = this.slotFor(user);
    slot.lastUse = ++this.clock;
    this.current = slot;
    i32[L.S_JC >> 2] = slot.jumpCache;
    const aligned = user && (cpu.sysFlags & L.AC) !== 0 && (cpu.cr0 & L.CR0_AM) !== 0;
    const { long } = slot.blockContext;
    i32[L.F_LONG >> 2] = long ? 1 : 0;
    const tables = long ? L.TLB_LONG - L.TLB_SUPER_READ : 0;
    i32[L.S_TLBR >> 2] = aligned ? L.TLB_NONE : tables + (user ? L.TLB_USER_READ : L.TLB_SUPER_READ);
    i32[L.S_TLBW >> 2] = aligned ? L.TLB_NONE : tables + (user ? L.TLB_USER_WRITE : L.TLB_SUPER_WRITE);
    this.describe(slot);
    return slot.blockContext;
  }

  /** The words that inline transfers look at. */
  private describe(slot: Slot): void {
    const { blockContext, jumpCache, user } = slot;
    const { flat, code32, stack32, ipBase } = blockContext;
    const { cpu } = this;
    cpu.setSigned64(L.S_WINDOW, ipBase);
    cpu.setSigned64(L.S_WINDOW_NEXT, ipBase + 0x100000000);
    const { i32 } = cpu;
    const guarded = protectedMode(cpu);
    // transfers in system management mode are not done inline: they are logged with that mode
    const { smm } = blockContext;
    i32[L.F_KEY >> 2] = guarded && !smm ? 0x80000000 | (cpu.cpl << 16) : 0;
    i32[L.F_REAL >> 2] = realMode(cpu) && !smm && !stack32 && keepsCode(cpu) ? 1 : 0;
    i32[L.F_FLAT_DATA >> 2] = flat ? 1 : 0;
    const flat32 = guarded && !smm && flat && code32 && stack32 && !cpu.longActive;
    i32[L.F_FLAT >> 2] = flat32 ? 1 : 0;
    if (!flat32) return;
    i32[(user ? L.F_JC_USER : L.F_JC_SUPER) >> 2] = jumpCache;
    if (user) this.flatUser = slot;
    else this.flatSuper = slot;
  }

  /** Most changes go back and forth between two combinations: the last two are looked at first. */
  private slotFor(user: boolean): Slot {
    const { cpu } = this;
    const { long } = cpu;
    const ipBase = long ? windowOf(cpu.eip) : 0;
    const csBase = long ? ipBase : cpu.base(1);
    const csLimit = long ? FLAT_LIMIT : cpu.limit(1);
    const code32 = !long && (cpu.attr(1) & 0x4000) !== 0;
    const stack32 = !long && (cpu.attr(2) & 0x4000) !== 0;
    const flat = long || isFlat(cpu);
    const smm = systemManagement(cpu);
    const same = (c: BlockContext): boolean =>
      c.csBase === csBase &&
      c.csLimit === csLimit &&
      c.code32 === code32 &&
      c.stack32 === stack32 &&
      c.flat === flat &&
      c.long === long &&
      c.smm === smm;
    const { current, previous } = this;
    if (current && current.user === user && same(current.blockContext)) return current;
    this.previous = current;
    if (previous && previous.user === user && same(previous.blockContext)) return previous;
    let blockContext = this.blockContexts.find(same);
    if (!blockContext) {
      blockContext = { csBase, csLimit, ipBase, code32, stack32, flat, long, smm };
      this.blockContexts.push(blockContext);
    }
    const { owner } = this;
    const known = this.slots.find((s) => s.blockContext === blockContext && s.user === user && s.owner === owner);
    return known ?? this.take(blockContext, user);
  }

  private take(blockContext: BlockContext, user: boolean): Slot {
    let slot: Slot;
    if (this.slots.length < L.JC_COUNT) {
      slot = {
        blockContext,
        user,
        owner: this.owner,
        jumpCache: L.JC_BASE + this.slots.length * L.JC_BYTES,
        lastUse: 0,
      };
      this.slots.push(slot);
    } else {
      slot = this.slots.reduce((a, b) => (b.lastUse < a.lastUse ? b : a));
      for (const at of [L.F_JC_SUPER >> 2, L.F_JC_USER >> 2]) {
        if (this.cpu.i32[at] === slot.jumpCache) this.cpu.i32[at] = 0;
      }
      slot.blockContext = blockContext;
      slot.user = user;
      slot.owner = this.owner;
    }
    this.clear(slot);
    return slot;
  }

  /** An instruction pointer is canonical: an empty slot never matches. */
  private clear(slot: Slot): void {
    this.cpu.u8.fill(0x80, slot.jumpCache, slot.jumpCache + L.JC_BYTES);
  }
  /** Of the present processor, or of all. */
  clearJumpCaches(all = false): void {
    this.stale = false;
    for (const slot of this.slots) if (all || slot.owner === this.owner) this.clear(slot);
  }
  /** The state of another processor was put in place of the present one's. */
  changeOwner(owner: number): void {
    if (this.stale) this.clearJumpCaches();
    this.owner = owner;
    this.current = this.previous = undefined;
    const { i32 } = this.cpu;
    i32[L.F_JC_SUPER >> 2] = i32[L.F_JC_USER >> 2] = i32[L.F_CONTEXT >> 2] = 0;
    this.dirty = true;
  }
  /** Remembers every combination, so many of them only cost a longer search; called with a full flush. */
  forget(): void {
    this.blockContexts.length = 0;
    this.slots.length = 0;
    this.current = this.previous = undefined;
    this.cpu.i32[L.F_JC_SUPER >> 2] = this.cpu.i32[L.F_JC_USER >> 2] = 0;
  }
  /** Enters a jump target of the current context, the whole instruction pointer. */
  enterJump(ip: number, record: number): void {
    const low = ip >>> 0;
    const at = (this.current!.jumpCache + (((low ^ (low >>> 9)) & (L.JC_BYTES / 16 - 1)) << 4)) >> 2;
    this.cpu.u32[at] = low;
    this.cpu.i32[at + 1] = highOf(ip);
    this.cpu.u32[at + 2] = record;
  }
}
