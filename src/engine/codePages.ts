// Which decoded blocks have bytes in which physical page, by lines of 64 bytes, and which bytes are watched for writes.
import type { Cpu } from '../cpu/cpu';
import { markCodePage } from '../cpu/tlb';
import { covers, type Block } from './block';
import { CodeMap, type CodeWatcher } from './codeMap';

interface CodePage {
  /** Parts of blocks. */
  count: number;
  lines: (Block[] | undefined)[];
  /** Writes to former code since the last block was added. */
  idle: number;
}

/** So many writes to former code after the last block is gone, and the page counts as data again. */
const IDLE_WRITES = 8;
const lineOf = (physical: number): number => (physical & 0xfff) >>> 6;

export class CodePages {
  private readonly pages = new Map<number, CodePage>();
  private readonly map: CodeMap;

  constructor(
    private readonly cpu: Cpu,
    /** Told of writes to the bytes that `watch` was asked for. */
    private readonly watcher: CodeWatcher,
    /** Hears of each watched place that was written, and of each block that must go with it. */
    private readonly owner: { changed(at: number): void; drop(block: Block): void },
  ) {
    this.map = new CodeMap(cpu);
  }

  get nearlyFull(): boolean {
    return this.map.nearlyFull;
  }

  clear(): void {
    for (const page of this.pages.keys()) markCodePage(this.cpu, (page << 12) >>> 0, false);
    this.map.clear();
    this.pages.clear();
    this.watcher.clear();
  }

  add(block: Block): void {
    forParts(block, (first, end) => {
      const page = this.watch(first, end);
      page.count++;
      for (let line = lineOf(first); line <= lineOf(end - 1); line++) (page.lines[line] ??= []).push(block);
    });
  }

  remove(block: Block): void {
    forParts(block, (first, end) => {
      const page = this.pages.get(first >>> 12);
      if (!page) return;
      page.count--;
      for (let line = lineOf(first); line <= lineOf(end - 1); line++) {
        const list = page.lines[line]!;
        list.splice(list.indexOf(block), 1);
      }
    });
  }

  /** Has writes to bytes of one page reported; answers the page. */
  watch(first: number, end: number): CodePage {
    const number = first >>> 12;
    let page = this.pages.get(number);
    if (!page) this.pages.set(number, (page = { count: 0, lines: [], idle: 0 }));
    page.idle = 0;
    markCodePage(this.cpu, first, true);
    this.map.mark(first, end);
    return page;
  }

  /** Bytes of RAM were written. */
  written(physical: number, size: number): void {
    const end = physical + size;
    const marked = this.map.unmark(physical, end);
    if (marked.length === 0) return;
    this.watcher.written(physical, end);
    for (const at of marked) this.owner.changed(at);
    for (let number = physical >>> 12; number <= (end - 1) >>> 12; number++) {
      const page = this.pages.get(number);
      if (!page) continue;
      const from = (number << 12) >>> 0;
      const lastLine = lineOf(Math.min(end - 1, from + 0xfff));
      for (let line = lineOf(Math.max(physical, from)); line <= lastLine; line++) {
        for (const block of [...(page.lines[line] ?? [])]) if (covers(block, physical, end)) this.owner.drop(block);
      }
      if (page.count === 0 && ++page.idle > IDLE_WRITES) this.leave(number);
    }
  }

  private leave(page: number): void {
    const first = (page << 12) >>> 0;
    this.pages.delete(page);
    this.map.clearPage(first);
    markCodePage(this.cpu, first, false);
    this.watcher.pageLeft(first);
  }
}

/** Visits the bytes of a block by page. */
function forParts(block: Block, visit: (first: number, end: number) => void): void {
  const room = 0x1000 - (block.physical & 0xfff);
  const here = Math.min(block.bytes, room);
  visit(block.physical, block.physical + here);
  if (block.physical2 >= 0) visit(block.physical2, block.physical2 + block.bytes - here);
}
