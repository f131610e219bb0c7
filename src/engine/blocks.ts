// The cache of decoded code: blocks of records found by linear address, verified against the physical page and the context,
// and dropped when their bytes are written. Links stay inside a page; across pages control goes through the jump cache, so
// that a change of the page tables cannot leave a stale link.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { markCodePage } from '../cpu/tlb';
import type { Insn } from '../isa/types';
import type { BlockContext } from './codeContext';
import type { FormTable } from './formTable';
import { deadFlags } from './liveness';
import * as R from './record';
import { writeRecord } from './recordWriter';

export interface Block {
  context: BlockContext;
  ip: number;
  linear: number;
  physical: number;
  /** Physical address of the second page's part, -1 when the block lies in one page. */
  physical2: number;
  bytes: number;
  record: number;
  insns: readonly Insn[];
  dead: boolean;
}

/** Instructions decoded at one place, before they become a block. */
export interface DecodedRun {
  insns: Insn[];
  physical: number;
  physical2: number;
  bytes: number;
}

const LINE_SHIFT = 6;
const slotOf = (record: number): number => (record - L.REC_BASE) / R.RECORD_BYTES;

export class BlockCache {
  private top = L.REC_BASE;
  private readonly byLinear = new Map<number, Block[]>();
  /** Dropped blocks by linear address: their records are filled again, so that links to them stay good. */
  private readonly graves = new Map<number, Block[]>();
  private readonly byPage = new Map<number, Set<Block>>();
  private readonly blockOf: (Block | undefined)[] = [];
  private readonly insnOf: (Insn | undefined)[] = [];
  /** For each unresolved stub the link field to patch. */
  private readonly stubs = new Map<number, number>();
  private readonly lookups = new Map<BlockContext, Map<number, number>>();
  flushes = 0;
  decoded = 0;

  constructor(
    private readonly cpu: Cpu,
    private readonly forms: FormTable,
    /** Whether execution must stop before the instruction at this linear address. */
    private readonly stopsAt: (linear: number) => boolean,
  ) {}

  find(context: BlockContext, linear: number, physical: number): Block | undefined {
    const chain = this.byLinear.get(linear);
    if (!chain) return undefined;
    for (const block of chain) if (block.context === context && block.physical === physical) return block;
    return undefined;
  }
  insnAt(record: number): Insn | undefined {
    return this.insnOf[slotOf(record)];
  }
  blockAt(record: number): Block | undefined {
    return this.blockOf[slotOf(record)];
  }
  setInsn(record: number, insn: Insn): void {
    this.insnOf[slotOf(record)] = insn;
  }
  get nearlyFull(): boolean {
    return this.top > L.REC_END - 0x10000;
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
    for (const page of this.byPage.keys()) {
      const first = (page << 12) >>> LINE_SHIFT;
      this.cpu.u8.fill(0, L.CODEMAP_BASE + first, L.CODEMAP_BASE + first + (0x1000 >> LINE_SHIFT));
      markCodePage(this.cpu, (page << 12) >>> 0, false);
    }
    this.top = L.REC_BASE;
    this.byLinear.clear();
    this.graves.clear();
    this.byPage.clear();
    this.blockOf.length = 0;
    this.insnOf.length = 0;
    this.stubs.clear();
    this.lookups.clear();
  }

  /** Makes a block of `run`, `cacheable` unless its bytes cannot be watched for writes (MMIO). */
  add(context: BlockContext, ip: number, linear: number, run: DecodedRun, cacheable: boolean): Block {
    this.decoded++;
    const { insns } = run;
    const count = recordsOf(insns);
    const open = count > insns.length;
    const record = this.bury(context, linear, count) ?? this.allocate(count);
    const block: Block = {
      context,
      ip,
      linear,
      record,
      dead: false,
      insns,
      physical: run.physical,
      physical2: run.physical2,
      bytes: run.bytes,
    };
    const offsets: number[] = [];
    let at = 0;
    for (const insn of insns) {
      offsets.push(at);
      at += insn.len;
    }
    const unused = deadFlags(insns, (i) => this.stopsAt((linear + offsets[i]) >>> 0));
    insns.forEach((insn, i) => {
      const r = record + i * R.RECORD_BYTES;
      const slot = slotOf(r);
      this.blockOf[slot] = block;
      this.insnOf[slot] = insn;
      const here = (ip + offsets[i]) >>> 0;
      writeRecord(this.cpu, this.forms, r, insn, here, context, unused[i], (field, target) =>
        this.link(context, r, here, field, target),
      );
      this.cpu.u8[r + R.R_LEFT] = insns.length - i;
      if (this.stopsAt((linear + offsets[i]) >>> 0)) this.cpu.u16[(r + R.R_HANDLER) >> 1] = R.H_BREAK;
    });
    if (open) {
      const r = record + insns.length * R.RECORD_BYTES;
      const next = (ip + run.bytes) >>> 0;
      this.blockOf[slotOf(r)] = block;
      this.special(r, R.H_GOTO, next);
      this.link(context, r, (next - 1) >>> 0, R.R_LINK0, next);
    }
    if (cacheable) this.register(block);
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
    const from = context.csBase + fromIp;
    const to = context.csBase + target;
    let goal: number;
    if (((from ^ to) & ~0xfff) !== 0) goal = this.lookup(context, target);
    else {
      goal = this.allocate(1);
      this.special(goal, R.H_RESOLVE, target);
      this.stubs.set(goal, record + field);
    }
    u32[(record + field) >> 2] = goal;
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

  private register(block: Block): void {
    const chain = this.byLinear.get(block.linear);
    if (chain) chain.push(block);
    else this.byLinear.set(block.linear, [block]);
    this.forParts(block, (first, end) => {
      const page = first >>> 12;
      let set = this.byPage.get(page);
      if (!set) this.byPage.set(page, (set = new Set()));
      set.add(block);
      markCodePage(this.cpu, first, true);
      this.cpu.u8.fill(1, L.CODEMAP_BASE + (first >>> LINE_SHIFT), L.CODEMAP_BASE + ((end - 1) >>> LINE_SHIFT) + 1);
    });
  }
  private forParts(block: Block, visit: (first: number, end: number) => void): void {
    const room = 0x1000 - (block.physical & 0xfff);
    const here = Math.min(block.bytes, room);
    visit(block.physical, block.physical + here);
    if (block.physical2 >= 0) visit(block.physical2, block.physical2 + block.bytes - here);
  }

  /** Bytes of RAM were written: drops the blocks that contain any of them. Returns true when there were some. */
  written(physical: number, size: number): boolean {
    let any = false;
    const end = physical + size;
    for (let page = physical >>> 12; page <= (end - 1) >>> 12; page++) {
      const set = this.byPage.get(page);
      if (!set) continue;
      for (const block of [...set]) {
        let hit = false;
        this.forParts(block, (first, last) => (hit ||= physical < last && end > first));
        if (!hit) continue;
        this.drop(block);
        any = true;
      }
      if (set.size === 0) this.leavePage(page);
    }
    return any;
  }
  private leavePage(page: number): void {
    this.byPage.delete(page);
    const first = (page << 12) >>> LINE_SHIFT;
    this.cpu.u8.fill(0, L.CODEMAP_BASE + first, L.CODEMAP_BASE + first + (0x1000 >> LINE_SHIFT));
    markCodePage(this.cpu, (page << 12) >>> 0, false);
  }
  /** Drops the blocks that cover a linear address (a breakpoint appeared or went). */
  dropLinear(linear: number): void {
    for (const chain of [...this.byLinear.values()]) {
      for (const block of [...chain]) {
        if (linear >= block.linear && linear < block.linear + block.bytes) this.drop(block);
      }
    }
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
    this.forParts(block, (first) => this.byPage.get(first >>> 12)?.delete(block));
    for (let i = 0; i < block.insns.length; i++) {
      const at = (block.record + i * R.RECORD_BYTES) >> 1;
      this.cpu.u16[at + (R.R_HANDLER >> 1)] = R.H_RESOLVE;
      this.cpu.u16[at + (R.R_ORIGINAL >> 1)] = R.H_RESOLVE;
    }
  }
}

const GONE = new Set(['jmp', 'jcc', 'call', 'call_ind', 'jmp_ind', 'ret', 'loop', 'loope', 'loopne', 'jcxz']);

/** The handler itself always goes somewhere else: no GOTO record is needed behind it. */
export const endsForGood = (insn: Insn): boolean => insn.row !== undefined && GONE.has(insn.row.sem);

const recordsOf = (insns: readonly Insn[]): number => insns.length + (endsForGood(insns[insns.length - 1]) ? 0 : 1);
