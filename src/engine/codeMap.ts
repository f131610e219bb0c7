// Which bytes of RAM hold decoded code, to the byte: an index by page in linear memory (layout.ts, CODEMAP_BASE) with the
// offset of the page's bitmap, so that the stores of the interpreter can look without leaving WebAssembly. A boot sector
// keeps its variables between its procedures: anything coarser would take its every store for self-modification.
import type { Cpu } from '../cpu/cpu';
import { CODEBITS_BASE, CODEBITS_END, CODEMAP_BASE } from '../cpu/layout';

const PAGE_SHIFT = 12;
const PAGE_BYTES = 1 << PAGE_SHIFT;
const BITMAP_BYTES = 0x1000 / 8;

/** Somebody else who depends on bytes of RAM. */
export interface CodeWatcher {
  written(physical: number, end: number): void;
  /** Writes to this page are no longer reported. */
  pageLeft(physical: number): void;
  clear(): void;
}

export class CodeMap {
  private top = CODEBITS_BASE;
  private readonly free: number[] = [];
  /** Pages that have a bitmap, or had one. */
  private readonly pages = new Set<number>();

  constructor(private readonly cpu: Cpu) {}

  /** No room for the bitmaps of many more pages: time for a full flush. */
  get nearlyFull(): boolean {
    return this.free.length === 0 && this.top > CODEBITS_END - 16 * BITMAP_BYTES;
  }

  private bitmap(physical: number): number {
    return this.cpu.u32[(CODEMAP_BASE >> 2) + (physical >>> PAGE_SHIFT)];
  }

  /** Marks bytes of one page as code. */
  mark(physical: number, end: number): void {
    let map = this.bitmap(physical);
    if (map === 0) {
      map = this.free.pop() ?? this.top;
      if (map === this.top) this.top += BITMAP_BYTES;
      this.cpu.u32[(CODEMAP_BASE >> 2) + (physical >>> PAGE_SHIFT)] = map;
      this.pages.add(physical >>> PAGE_SHIFT);
    }
    const { u8 } = this.cpu;
    for (let at = physical; at < end; at++) u8[map + ((at & 0xfff) >> 3)] |= 1 << (at & 7);
  }

  /** Takes the marks off bytes that may lie in several pages; answers those that were marked. */
  unmark(physical: number, end: number): number[] {
    const { u8 } = this.cpu;
    const marked: number[] = [];
    for (let at = physical; at < end;) {
      const map = this.bitmap(at);
      const rest = Math.min(end, at - (at % PAGE_BYTES) + PAGE_BYTES);
      if (map !== 0)
        for (let byte = at; byte < rest; byte++) {
          const bits = map + ((byte & 0xfff) >> 3);
          const bit = 1 << (byte & 7);
          if ((u8[bits] & bit) === 0) continue;
          u8[bits] &= ~bit;
          marked.push(byte);
        }
      at = rest;
    }
    return marked;
  }

  /** The page holds no code any more. */
  clearPage(physical: number): void {
    const map = this.bitmap(physical);
    if (map === 0) return;
    this.cpu.u8.fill(0, map, map + BITMAP_BYTES);
    this.cpu.u32[(CODEMAP_BASE >> 2) + (physical >>> PAGE_SHIFT)] = 0;
    this.free.push(map);
  }

  clear(): void {
    const { u8, u32 } = this.cpu;
    for (const page of this.pages) u32[(CODEMAP_BASE >> 2) + page] = 0;
    this.pages.clear();
    u8.fill(0, CODEBITS_BASE, this.top);
    this.top = CODEBITS_BASE;
    this.free.length = 0;
  }
}
