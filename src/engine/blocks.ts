// The cache of decoded code: blocks of records found by linear address, verified against the physical page and the context.
// When bytes of a block are written, the records of the changed instructions are filled again if the block keeps its shape;
// otherwise it is dropped, and revived when its place is executed again with (nearly) the same bytes. Links stay inside a
// page; across pages control goes through the jump cache, so that a change of the page tables cannot leave a stale link.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { pageOf } from '../cpu/linear';
import { markCodePage } from '../cpu/tlb';
import type { Decode } from '../isa/decode';
import type { Insn } from '../isa/types';
import { codeLinear, type BlockContext } from './codeContext';
import { isSameShape, recordsOf } from './blockShape';
import { CodeMap } from './codeMap';
import type { FormTable } from './formTable';
import { codeBitsOf } from './form';
import { deadFlags } from './liveness';
import * as R from './record';
import { MOST_VARIANTS, NO_VARIANT, variantKey, type Variant } from './variants';
import { keepFlags, onlyImmediateDiffers, patchImmediate, writeImmediate, writeRecord } from './recordWriter';

export interface Block {
  context: BlockContext;
  ip: number;
  linear: number;
  physical: number;
  /** Physical address of the second page's part, -1 when the block lies in one page. */
  physical2: number;
  bytes: number;
  record: number;
  readonly insns: Insn[];
  /** Per instruction: the flags it writes are never seen. */
  readonly unused: readonly boolean[];
  /** The bytes that were decoded. */
  readonly code: Uint8Array;
  /** Records of short instructions that stood here before, for code that is switched back and forth. */
  readonly variants: Map<number, Variant>;
  dead: boolean;
  /** A breakpoint came or went here: its records do not fit any more. */
  stale: boolean;
}

/** Blocks with bytes in one physical page. */
interface CodePage {
  blocks: Set<Block>;
  /** Writes to former code since the last block was added. */
  idle: number;
}

/** Instructions decoded at one place, before they become a block. */
export interface DecodedRun {
  insns: Insn[];
  physical: number;
  physical2: number;
  bytes: number;
}

/** Somebody else who depends on bytes of RAM. */
export interface CodeWatcher {
  written(physical: number, end: number): void;
  /** Writes to this page are no longer reported. */
  pageLeft(physical: number): void;
  clear(): void;
}

/** So many writes to former code after the last block is gone, and the page counts as data again. */
const IDLE_WRITES = 8;
const slotOf = (record: number): number => (record - L.REC_BASE) / R.RECORD_BYTES;

export class BlockCache {
  private top = L.REC_BASE;
  private readonly byLinear = new Map<number, Block[]>();
  /** Dropped blocks by linear address: their records are filled again, so that links to them stay good. */
  private readonly graves = new Map<number, Block[]>();
  private readonly byPage = new Map<number, CodePage>();
  private readonly map: CodeMap;
  private readonly linearPages = new Set<number>();
  private readonly blockOf: (Block | undefined)[] = [];
  private readonly insnOf: (Insn | undefined)[] = [];
  /** For each unresolved stub the link field to patch. */
  private readonly stubs = new Map<number, number>();
  /** Stubs whose target is in another 4 GB window. */
  private readonly farTargets = new Map<number, number>();
  private readonly lookups = new Map<BlockContext, Map<number, number>>();
  flushes = 0;
  decoded = 0;

  constructor(
    private readonly cpu: Cpu,
    private readonly forms: FormTable,
    /** Whether execution must stop before the instruction at this linear address. */
    private readonly stopsAt: (linear: number) => boolean,
    private readonly decode: Decode,
    /** Told of writes to the bytes that `watch` was asked for. */
    private readonly watcher: CodeWatcher,
  ) {
    this.map = new CodeMap(cpu);
  }

  find(context: BlockContext, linear: number, physical: number): Block | undefined {
    const chain = this.byLinear.get(linear);
    if (!chain) return undefined;
    for (const block of chain) if (block.context === context && block.physical === physical) return block;
    return undefined;
  }
  /** Whether `record` is a valid place to enter a living block, for the instruction at `ip`. */
  isInside(record: number, context: BlockContext, ip: number, physical: number): boolean {
    const block = this.blockOf[slotOf(record)];
    if (!block || block.dead || block.context !== context || block.physical2 >= 0) return false;
    if (record >= block.record + block.insns.length * R.RECORD_BYTES || block.code === NO_CODE) return false;
    return this.cpu.u32[(record + R.R_IP) >> 2] === ip && block.physical + ip - block.ip === physical;
  }
  insnAt(record: number): Insn | undefined {
    return this.insnOf[slotOf(record)];
  }
  blockAt(record: number): Block | undefined {
    return this.blockOf[slotOf(record)];
  }
  /** Copies a record to `copy`, to be executed alone: nothing that follows may be taken for granted. */
  copyAlone(record: number, copy: number): void {
    const { cpu } = this;
    const insn = this.insnOf[slotOf(record)]!;
    cpu.u8.copyWithin(copy, record, record + R.RECORD_BYTES);
    cpu.u16[(copy + R.R_HANDLER) >> 1] = cpu.u16[(record + R.R_ORIGINAL) >> 1];
    cpu.u8[copy + R.R_LEFT] = 1;
    this.insnOf[slotOf(copy)] = insn;
    const block = this.blockOf[slotOf(record)]!;
    if (block.unused[(record - block.record) / R.RECORD_BYTES]) {
      keepFlags(cpu, this.forms, copy, insn, block.context);
    }
  }
  get nearlyFull(): boolean {
    return this.top > L.REC_END - 0x10000 || this.map.nearlyFull;
  }
  allocate(count: number): number {
    const record = this.top;
    this.top += count * R.RECORD_BYTES;
    this.cpu.u8.fill(0, record, this.top);
    return record;
  }

  /** Forgets everything; records may be reused afterwards. */
  flush(): void {
    this.flushes++;
    for (const page of this.byPage.keys()) markCodePage(this.cpu, (page << 12) >>> 0, false);
    this.map.clear();
    this.linearPages.clear();
    this.watcher.clear();
    this.cpu.u8.fill(0, L.PAGE_FILTER, L.PAGE_FILTER + L.PAGE_FILTER_BYTES);
    this.top = L.REC_BASE;
    this.byLinear.clear();
    this.graves.clear();
    this.byPage.clear();
    this.blockOf.length = 0;
    this.insnOf.length = 0;
    this.stubs.clear();
    this.farTargets.clear();
    this.lookups.clear();
  }

  /** Makes a block of `run`, `cacheable` unless its bytes cannot be watched for writes (MMIO). */
  add(context: BlockContext, ip: number, linear: number, run: DecodedRun, cacheable: boolean): Block {
    this.decoded++;
    const { insns } = run;
    const count = recordsOf(insns);
    const open = count > insns.length;
    const record = this.bury(context, linear, count) ?? this.allocate(count);
    const offsets: number[] = [];
    let at = 0;
    for (const insn of insns) {
      offsets.push(at);
      at += insn.len;
    }
    const block: Block = {
      context,
      ip,
      linear,
      record,
      dead: false,
      stale: false,
      insns,
      unused: deadFlags(insns, (i) => this.stopsAt(codeLinear(context, ip + offsets[i]))),
      code: cacheable ? this.bytesOf(run.physical, run.bytes) : NO_CODE,
      variants: new Map(),
      physical: run.physical,
      physical2: run.physical2,
      bytes: run.bytes,
    };
    this.notePage(linear);
    this.notePage(codeLinear(context, ip + run.bytes - 1));
    insns.forEach((_, i) => this.fill(block, i, offsets[i]));
    if (open) {
      const r = record + insns.length * R.RECORD_BYTES;
      const next = context.long ? ip + run.bytes : (ip + run.bytes) >>> 0;
      this.blockOf[slotOf(r)] = block;
      this.special(r, R.H_GOTO, next);
      this.link(context, r, context.long ? next - 1 : (next - 1) >>> 0, R.R_LINK0, next);
    }
    if (cacheable) this.register(block);
    return block;
  }
  private bytesOf(physical: number, count: number): Uint8Array {
    return this.cpu.u8.slice(L.RAM_BASE + physical, L.RAM_BASE + physical + count);
  }

  /** Writes the record of instruction `i`, which begins `offset` bytes into the block. */
  private fill(block: Block, i: number, offset: number): void {
    const { context, insns } = block;
    const insn = insns[i];
    const r = block.record + i * R.RECORD_BYTES;
    const slot = slotOf(r);
    this.blockOf[slot] = block;
    this.insnOf[slot] = insn;
    const here = context.long ? block.ip + offset : (block.ip + offset) >>> 0;
    writeRecord(this.cpu, this.forms, r, insn, here, context, block.unused[i], (field, target) =>
      this.link(context, r, here, field, target),
    );
    this.cpu.u8[r + R.R_LEFT] = insns.length - i;
    if (this.stopsAt(codeLinear(context, block.ip + offset))) this.cpu.u16[(r + R.R_HANDLER) >> 1] = R.H_BREAK;
  }

  /**
   * Decodes again what changed among the bytes `from` to `to` of a block. False when it needs another shape, or when the
   * instruction at the record `executing` changed, which reads its record until it ends; some records may be new then.
   */
  private patch(block: Block, from: number, to: number, executing: number): boolean {
    const { insns } = block;
    const base = L.RAM_BASE + block.physical;
    const { u8 } = this.cpu;
    for (let i = 0, at = 0; i < insns.length && at < to; i++) {
      const old = insns[i];
      const start = at;
      at += old.len;
      if (at <= from || this.unchanged(block, start, at)) continue;
      const r = block.record + i * R.RECORD_BYTES;
      if (r === executing) return false;
      if (patchImmediate(this.cpu, r, old, block.code, start, base)) continue;
      const key = variantKey(u8, base + start, start, old.len);
      const variant = block.variants.get(key);
      if (variant) {
        u8.set(variant.record, r);
        insns[i] = variant.insn;
        this.insnOf[slotOf(r)] = variant.insn;
      } else if (!this.replace(block, i, start, key)) return false;
      for (let n = start; n < at; n++) block.code[n] = u8[base + n];
    }
    return true;
  }
  /** Decodes instruction `i` again, which begins `start` bytes into the block. */
  private replace(block: Block, i: number, start: number, key: number): boolean {
    const { u8 } = this.cpu;
    const { insns, context, variants } = block;
    const r = block.record + i * R.RECORD_BYTES;
    const old = insns[i];
    const insn = this.decode(u8, L.RAM_BASE + block.physical + start, codeBitsOf(context));
    if (insn.len !== old.len) return false;
    const immediate = onlyImmediateDiffers(old, insn);
    if (!immediate && !isSameShape(old, insn)) return false;
    insns[i] = insn;
    if (immediate) {
      this.insnOf[slotOf(r)] = insn;
      writeImmediate(this.cpu, r, insn);
      return true;
    }
    u8.fill(0, r, r + R.RECORD_BYTES);
    this.fill(block, i, start);
    if (key === NO_VARIANT) return true;
    if (variants.size >= MOST_VARIANTS) variants.clear();
    variants.set(key, { insn, record: u8.slice(r, r + R.RECORD_BYTES) });
    return true;
  }
  private unchanged(block: Block, start: number, end: number): boolean {
    const { code } = block;
    const { u8 } = this.cpu;
    const base = L.RAM_BASE + block.physical;
    for (let i = start; i < end; i++) if (code[i] !== u8[base + i]) return false;
    return true;
  }

  /** A dropped block of this place whose bytes are there again, perhaps with other operands. */
  revive(context: BlockContext, linear: number, physical: number): Block | undefined {
    const graves = this.graves.get(linear);
    const at = graves?.findIndex((b) => b.context === context && b.physical === physical && !b.stale) ?? -1;
    if (at < 0 || !graves) return undefined;
    const block = graves[at];
    if (block.physical2 >= 0 || block.code === NO_CODE) return undefined;
    if (!this.patch(block, 0, block.bytes, 0)) {
      this.silence(block); // some records may have been filled
      return undefined;
    }
    graves.splice(at, 1);
    block.dead = false;
    let offset = 0;
    block.insns.forEach((insn, i) => {
      const r = (block.record + i * R.RECORD_BYTES) >> 1;
      const stop = this.stopsAt(codeLinear(context, block.ip + offset));
      this.cpu.u16[r + (R.R_HANDLER >> 1)] = stop ? R.H_BREAK : this.cpu.u16[r + (R.R_ORIGINAL >> 1)];
      offset += insn.len;
    });
    this.register(block);
    return block;
  }

  /** Records of a dropped block of the same place that has room for `count`. */
  private bury(context: BlockContext, linear: number, count: number): number | undefined {
    const graves = this.graves.get(linear);
    const at = graves?.findIndex((b) => b.context === context && recordsOf(b.insns) >= count) ?? -1;
    if (at < 0 || !graves) return undefined;
    const [old] = graves.splice(at, 1);
    this.cpu.u8.fill(0, old.record, old.record + recordsOf(old.insns) * R.RECORD_BYTES);
    return old.record;
  }

  private special(record: number, handler: number, ip: number): void {
    this.cpu.u16[(record + R.R_HANDLER) >> 1] = handler;
    this.cpu.u16[(record + R.R_ORIGINAL) >> 1] = handler;
    this.cpu.u32[(record + R.R_IP) >> 2] = ip;
  }

  /** Fills a link field: the block itself, a stub that resolves on first use, or a jump-cache lookup across pages. */
  private link(context: BlockContext, record: number, fromIp: number, field: number, target: number): void {
    const { u32 } = this.cpu;
    let goal: number;
    if (context.long && (target < 0 || target > context.csLimit)) goal = this.farLink(context, target);
    else if ((((context.csBase + fromIp) ^ (context.csBase + target)) & ~0xfff) !== 0)
      goal = this.lookup(context, target);
    else {
      goal = this.allocate(1);
      this.special(goal, R.H_RESOLVE, target);
      this.stubs.set(goal, record + field);
    }
    u32[(record + field) >> 2] = goal;
  }
  /** Out of the 4 GB window of 64-bit code: looked up each time. */
  private farLink(context: BlockContext, target: number): number {
    const record = this.allocate(1);
    this.special(record, R.H_RESOLVE, target >>> 0);
    this.farTargets.set(record, context.ipBase + target);
    return record;
  }
  /** The instruction pointer that a record stands for. */
  ipOf(record: number, context: BlockContext): number {
    return this.farTargets.get(record) ?? context.ipBase + this.cpu.u32[(record + R.R_IP) >> 2];
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
  /** A stub or dead record was reached and `block` is what belongs there: later passages go straight on. */
  resolve(record: number, block: Block): void {
    const field = this.stubs.get(record);
    if (field === undefined) return;
    this.stubs.delete(record);
    this.cpu.u32[field >> 2] = block.record;
    this.cpu.u32[(record + R.R_LINK0) >> 2] = block.record;
    this.cpu.u16[(record + R.R_HANDLER) >> 1] = R.H_GOTO;
  }

  private notePage(linear: number): void {
    this.linearPages.add(pageOf(linear));
    this.cpu.u8[L.PAGE_FILTER + ((linear >>> 12) & (L.PAGE_FILTER_BYTES - 1))] = 1;
  }
  /** Code was decoded at this linear page since the last flush. */
  hasPage(linear: number): boolean {
    return this.linearPages.has(pageOf(linear));
  }

  private register(block: Block): void {
    const chain = this.byLinear.get(block.linear);
    if (chain) chain.push(block);
    else this.byLinear.set(block.linear, [block]);
    this.forParts(block, (first, end) => this.watch(first, end).blocks.add(block));
  }
  /** Has writes to bytes of one page reported; answers the page. */
  watch(first: number, end: number): CodePage {
    const number = first >>> 12;
    let page = this.byPage.get(number);
    if (!page) this.byPage.set(number, (page = { blocks: new Set(), idle: 0 }));
    page.idle = 0;
    markCodePage(this.cpu, first, true);
    this.map.mark(first, end);
    return page;
  }
  private forParts(block: Block, visit: (first: number, end: number) => void): void {
    const room = 0x1000 - (block.physical & 0xfff);
    const here = Math.min(block.bytes, room);
    visit(block.physical, block.physical + here);
    if (block.physical2 >= 0) visit(block.physical2, block.physical2 + block.bytes - here);
  }

  /** Bytes of RAM were written, perhaps by the instruction at the record `executing`: no block may keep the old ones. */
  written(physical: number, size: number, executing: number): void {
    const end = physical + size;
    if (!this.map.any(physical, end)) return;
    this.watcher.written(physical, end);
    let patched = false;
    for (let number = physical >>> 12; number <= (end - 1) >>> 12; number++) {
      const page = this.byPage.get(number);
      if (!page) continue;
      for (const block of page.blocks) {
        if (!covers(block, physical, end)) continue;
        const from = physical - block.physical;
        if (block.physical2 < 0 && this.patch(block, from, from + size, executing)) patched = true;
        else this.drop(block);
      }
      if (page.blocks.size === 0 && ++page.idle > IDLE_WRITES) this.leavePage(number);
    }
    if (!patched) this.map.unmark(physical, end);
  }
  private leavePage(page: number): void {
    this.watcher.pageLeft((page << 12) >>> 0);
    this.byPage.delete(page);
    this.map.clearPage((page << 12) >>> 0);
    markCodePage(this.cpu, (page << 12) >>> 0, false);
  }
  /** Drops the blocks that cover a linear address (a breakpoint appeared or went). */
  dropLinear(linear: number): void {
    for (const chain of [...this.byLinear.values()]) {
      for (const block of [...chain]) {
        if (hasLinear(block, linear)) this.drop(block);
      }
    }
    for (const graves of this.graves.values()) for (const block of graves) block.stale ||= hasLinear(block, linear);
  }

  /** The records stay allocated and answer RESOLVE, so that links and jump caches need no search. */
  private drop(block: Block): void {
    block.dead = true;
    const graves = this.graves.get(block.linear);
    if (graves) graves.push(block);
    else this.graves.set(block.linear, [block]);
    const chain = this.byLinear.get(block.linear);
    if (chain) {
      const rest = chain.filter((b) => b !== block);
      if (rest.length > 0) this.byLinear.set(block.linear, rest);
      else this.byLinear.delete(block.linear);
    }
    this.forParts(block, (first) => this.byPage.get(first >>> 12)?.blocks.delete(block));
    this.silence(block);
  }
  private silence(block: Block): void {
    for (let i = 0; i < block.insns.length; i++) {
      this.cpu.u16[(block.record + i * R.RECORD_BYTES + R.R_HANDLER) >> 1] = R.H_RESOLVE;
    }
  }
}

const NO_CODE = new Uint8Array();

const hasLinear = (block: Block, linear: number): boolean =>
  linear >= block.linear && linear < block.linear + block.bytes;

/** Whether a block has bytes between two physical addresses. */
function covers(block: Block, physical: number, end: number): boolean {
  const here = Math.min(block.bytes, 0x1000 - (block.physical & 0xfff));
  if (physical < block.physical + here && end > block.physical) return true;
  const there = block.physical2;
  return there >= 0 && physical < there + block.bytes - here && end > there;
}
