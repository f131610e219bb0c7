// The cache of decoded code: blocks of records found by linear address, verified against the physical page and the context.
// When bytes of a block are written it is dropped, and revived when its place is executed again with the same bytes. What is
// rewritten again and again becomes a block of one instruction that looks for itself (volatileSites.ts). Links (links.ts) stay
// inside a page; across pages control goes through the jump cache, so that a change of the page tables leaves no stale link.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { pageOf } from '../cpu/linear';
import type { Decode } from '../isa/decode';
import type { Insn } from '../isa/types';
import { codeLinear, type BlockContext } from './codeContext';
import { hasLinear, recordsOf, type Block, type DecodedRun } from './block';
import type { CodeWatcher } from './codeMap';
import { CodePages } from './codePages';
import { deadFlags } from './liveness';
import { fetchSecond } from './fetch';
import { Links } from './links';
import * as R from './record';
import { keepFlags, writeRecord } from './recordWriter';
import { VolatileSites } from './volatileSites';

const slotOf = (record: number): number => (record - L.REC_BASE) / R.RECORD_BYTES;

export class BlockCache {
  private top = L.REC_BASE;
  private readonly byLinear = new Map<number, Block[]>();
  /** Dropped blocks by linear address: their records are filled again, so that links to them stay good. */
  private readonly graves = new Map<number, Block[]>();
  private readonly pages: CodePages;
  private readonly links: Links;
  private readonly sites: VolatileSites;
  private readonly linearPages = new Set<number>();
  private readonly blockOf: (Block | undefined)[] = [];
  private readonly insnOf: (Insn | undefined)[] = [];
  flushes = 0;
  decoded = 0;

  constructor(
    private readonly cpu: Cpu,
    /** Whether execution must stop before the instruction at this linear and physical address. */
    private readonly stopsAt: (linear: number, physical: number) => boolean,
    decode: Decode,
    /** Told of writes to the bytes that `watch` was asked for. */
    watcher: CodeWatcher,
    ramBytes: number,
  ) {
    this.pages = new CodePages(cpu, watcher, {
      changed: (at) => this.sites.note(at),
      drop: (block) => this.drop(block),
    });
    this.links = new Links(cpu, (count) => this.allocate(count));
    this.sites = new VolatileSites(cpu, decode, ramBytes, {
      allocate: (count) => this.allocate(count),
      own: (record, block, insn) => this.own(record, block, insn),
      link: (context, record, fromIp, field, target) => this.links.fill(context, record, fromIp, field, target),
      close: (block, record, next) => this.close(block, record, next),
      retire: (site) => this.retire(site),
      stopsAt,
    });
  }

  find(context: BlockContext, linear: number, physical: number): Block | undefined {
    const chain = this.byLinear.get(linear);
    if (!chain) return undefined;
    for (const block of chain) {
      if (block.context !== context || block.physical !== physical) continue;
      if (block.physical2 >= 0 && fetchSecond(this.cpu, block) !== block.physical2) continue;
      return block.site && !this.sites.ready(block) ? undefined : block;
    }
    return undefined;
  }
  /** Whether an instruction in RAM is to be a block of its own. */
  isVolatile(physical: number, length: number): boolean {
    return this.sites.isVolatile(physical, length);
  }
  /** The record of what is executed at a record: of a site, the version that fits. */
  executed(record: number): number {
    const block = this.blockOf[slotOf(record)];
    return block?.site && block.record === record ? this.sites.recordOf(block) : record;
  }
  /** Whether `record` is a valid place to enter a living block, for the instruction at `ip`. */
  isInside(record: number, context: BlockContext, ip: number, physical: number): boolean {
    const block = this.blockOf[slotOf(record)];
    if (!block || block.dead || block.context !== context || block.physical2 >= 0) return false;
    if (record >= block.record + block.insns.length * R.RECORD_BYTES || block.saved === 0) return false;
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
      keepFlags(cpu, copy, insn, block.context);
    }
  }
  get nearlyFull(): boolean {
    return this.top > L.REC_END - 0x10000 || this.pages.nearlyFull;
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
    this.pages.clear();
    this.sites.clear();
    this.linearPages.clear();
    this.cpu.u8.fill(0, L.PAGE_FILTER, L.PAGE_FILTER + L.PAGE_FILTER_BYTES);
    this.top = L.REC_BASE;
    this.byLinear.clear();
    this.graves.clear();
    this.blockOf.length = 0;
    this.insnOf.length = 0;
    this.links.clear();
  }

  /** Makes a block of `run`, `cacheable` unless its bytes cannot be watched for writes (MMIO). */
  add(context: BlockContext, ip: number, linear: number, run: DecodedRun, cacheable: boolean): Block {
    this.decoded++;
    if (run.volatile) return this.addSite(context, ip, linear, run);
    const { insns } = run;
    const count = recordsOf(insns);
    const open = count > insns.length;
    const room = count + (cacheable ? Math.ceil(run.bytes / R.RECORD_BYTES) : 0);
    const old = this.bury(context, linear, run, room);
    const record = old?.record ?? this.allocate(room);
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
      unused: deadFlags(insns, (i) => this.stopsAt(codeLinear(context, ip + offsets[i]), run.physical + offsets[i])),
      room: old?.room ?? room,
      saved: cacheable ? record + count * R.RECORD_BYTES : 0,
      physical: run.physical,
      physical2: run.physical2,
      bytes: run.bytes,
    };
    this.notePage(linear);
    this.notePage(codeLinear(context, ip + run.bytes - 1));
    insns.forEach((_, i) => this.fill(block, i, offsets[i]));
    if (open) this.close(block, record + insns.length * R.RECORD_BYTES, ip + run.bytes);
    if (cacheable) {
      this.save(block);
      this.register(block);
    }
    return block;
  }
  /** Writes the record behind a block that does not end by itself. */
  private close(block: Block, record: number, behind: number): void {
    const { context } = block;
    const next = context.long ? behind : behind >>> 0;
    this.blockOf[slotOf(record)] = block;
    this.links.special(record, R.H_GOTO, next);
    this.links.fill(context, record, context.long ? next - 1 : (next - 1) >>> 0, R.R_LINK0, next);
  }
  private own(record: number, block: Block, insn: Insn | undefined): void {
    this.blockOf[slotOf(record)] = block;
    this.insnOf[slotOf(record)] = insn;
  }
  private addSite(context: BlockContext, ip: number, linear: number, run: DecodedRun): Block {
    const site = this.sites.add(context, ip, linear, run.physical, run.insns[0]);
    this.own(site.record, site, undefined);
    this.notePage(linear);
    this.enter(site);
    return site;
  }
  private retire(site: Block): void {
    site.dead = true;
    this.leave(site);
    this.cpu.u16[(site.record + R.R_HANDLER) >> 1] = R.H_RESOLVE;
  }
  private save({ saved, physical, bytes }: Block): void {
    const { u8 } = this.cpu;
    const base = L.RAM_BASE + physical;
    for (let i = 0; i < bytes; i++) u8[saved + i] = u8[base + i];
  }

  /** Writes the record of instruction `i`, which begins `offset` bytes into the block. */
  private fill(block: Block, i: number, offset: number): void {
    const { context, insns } = block;
    const insn = insns[i];
    const r = block.record + i * R.RECORD_BYTES;
    this.own(r, block, insn);
    const here = context.long ? block.ip + offset : (block.ip + offset) >>> 0;
    writeRecord(this.cpu, r, insn, here, context, block.unused[i], (field, target) =>
      this.links.fill(context, r, here, field, target),
    );
    this.cpu.u8[r + R.R_LEFT] = insns.length - i;
    if (this.stopsAt(codeLinear(context, block.ip + offset), block.physical + offset))
      this.cpu.u16[(r + R.R_HANDLER) >> 1] = R.H_BREAK;
  }

  private unchanged({ saved, physical, bytes }: Block): boolean {
    const { u8 } = this.cpu;
    const base = L.RAM_BASE + physical;
    for (let i = 0; i < bytes; i++) if (u8[saved + i] !== u8[base + i]) return false;
    return true;
  }

  /** A dropped block of this place whose bytes are there again. */
  revive(context: BlockContext, linear: number, physical: number): Block | undefined {
    const graves = this.graves.get(linear);
    const at = graves?.findIndex((b) => b.context === context && b.physical === physical && !b.stale) ?? -1;
    if (at < 0 || !graves) return undefined;
    const block = graves[at];
    if (block.physical2 >= 0 || !this.unchanged(block)) return undefined;
    if (this.sites.isVolatile(physical, block.bytes)) return undefined;
    graves.splice(at, 1);
    block.dead = false;
    let offset = 0;
    block.insns.forEach((insn, i) => {
      const r = (block.record + i * R.RECORD_BYTES) >> 1;
      const stop = this.stopsAt(codeLinear(context, block.ip + offset), block.physical + offset);
      this.cpu.u16[r + (R.R_HANDLER >> 1)] = stop ? R.H_BREAK : this.cpu.u16[r + (R.R_ORIGINAL >> 1)];
      offset += insn.len;
    });
    this.register(block);
    return block;
  }

  /** A dropped block of the same place, whose records have room for another one. */
  private bury(context: BlockContext, linear: number, run: DecodedRun, room: number): Block | undefined {
    const fits = (b: Block): boolean =>
      b.context === context && b.physical === run.physical && b.physical2 === run.physical2 && b.room >= room;
    const graves = this.graves.get(linear);
    const at = graves?.findIndex(fits) ?? -1;
    if (at < 0 || !graves) return undefined;
    const [old] = graves.splice(at, 1);
    this.cpu.u8.fill(0, old.record, old.record + old.room * R.RECORD_BYTES);
    return old;
  }

  /** The instruction pointer that a record stands for. */
  ipOf(record: number, context: BlockContext): number {
    return this.links.ipOf(record, context);
  }
  /** A stub or dead record was reached and `block` is what belongs there: later passages go straight on. */
  resolve(record: number, block: Block): void {
    this.links.resolve(record, block, () => this.isReplaced(record, block));
  }
  /** The record is the first one of a dropped block, in whose place `block` is now: a site, or behind a site. */
  private isReplaced(record: number, block: Block): boolean {
    const old = this.blockOf[slotOf(record)];
    if (!old?.dead || old.record !== record || old.context !== block.context) return false;
    if (old.linear !== block.linear || old.physical !== block.physical) return false;
    old.stale = true; // it cannot be revived without its first record
    return true;
  }

  private notePage(linear: number): void {
    this.linearPages.add(pageOf(linear));
    this.cpu.u8[L.PAGE_FILTER + ((linear >>> 12) & (L.PAGE_FILTER_BYTES - 1))] = 1;
  }
  /** Code was decoded at this linear page since the last flush. */
  hasPage(linear: number): boolean {
    return this.linearPages.has(pageOf(linear));
  }

  /** Has a block found; a site that was at its place is not any more. */
  private enter(block: Block): void {
    const { context, linear, physical } = block;
    const same = (b: Block): boolean => b.context === context && b.physical === physical && b.physical2 < 0;
    const old = block.physical2 < 0 ? this.byLinear.get(linear)?.find(same) : undefined;
    if (old === block) return;
    if (old) this.retire(old);
    const chain = this.byLinear.get(linear);
    if (chain) chain.push(block);
    else this.byLinear.set(linear, [block]);
  }
  private register(block: Block): void {
    this.enter(block);
    this.pages.add(block);
  }
  /** Has writes to bytes of one page reported. */
  watch(first: number, end: number): void {
    this.pages.watch(first, end);
  }
  /** Bytes of RAM were written: no block may keep the old ones. */
  written(physical: number, size: number): void {
    this.pages.written(physical, size);
  }
  /** Drops the blocks that cover a linear address (a breakpoint appeared or went). */
  dropLinear(linear: number): void {
    this.dropWhere((block) => hasLinear(block, linear));
  }
  dropWhere(wanted: (block: Block) => boolean): void {
    for (const chain of [...this.byLinear.values()]) {
      for (const block of [...chain]) {
        if (!wanted(block)) continue;
        if (block.site) this.sites.arm(block);
        else this.drop(block);
      }
    }
    for (const graves of this.graves.values()) for (const block of graves) block.stale ||= wanted(block);
  }

  /** The records stay allocated and answer RESOLVE, so that links and jump caches need no search. */
  private drop(block: Block): void {
    block.dead = true;
    const graves = this.graves.get(block.linear);
    if (graves) graves.push(block);
    else this.graves.set(block.linear, [block]);
    this.leave(block);
    this.pages.remove(block);
    this.silence(block);
  }
  private leave(block: Block): void {
    const rest = this.byLinear.get(block.linear)?.filter((b) => b !== block);
    if (rest && rest.length > 0) this.byLinear.set(block.linear, rest);
    else this.byLinear.delete(block.linear);
  }
  private silence(block: Block): void {
    for (let i = 0; i < block.insns.length; i++) {
      this.cpu.u16[(block.record + i * R.RECORD_BYTES + R.R_HANDLER) >> 1] = R.H_RESOLVE;
    }
  }
}
