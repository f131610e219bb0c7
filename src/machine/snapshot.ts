// The whole state of a machine as data: processor, memory, chips, drives, virtual time. Memory pages are shared with an
// earlier snapshot where they have not changed; pages of zeros are not kept.

import { RAM_BASE, VRAM_BASE } from '../cpu/layout';
import type { ProcessorState } from '../cpu/processorState';
import { VIDEO_BYTES, type BoardState } from './boards/pc';
import type { DriveState } from './drive';
import type { ProcessorsState } from './processors';
import type { RandomState } from './randomInput';

const PAGE = 0x1000;

/** Physical pages from 0 on; undefined = all zeros. Never changed once taken. */
export type MemoryPages = readonly (Uint8Array | undefined)[];

export interface MachineSnapshot {
  readonly icount: number;
  readonly idleNs: number;
  /** The one whose turn it is. */
  readonly processor: ProcessorState;
  /** Absent with one processor. */
  readonly processors?: ProcessorsState;
  readonly board: BoardState;
  readonly drives: readonly DriveState[];
  readonly random: RandomState;
  readonly ram: MemoryPages;
  readonly video: Uint8Array;
  /** Lengths of the input log and of the transition log at that moment. */
  readonly inputs: number;
  readonly transitions: number;
}

/** Pages of RAM, shared with `earlier` where they are the same. */
export function takeRam(memory: WebAssembly.Memory, ramBytes: number, earlier?: MemoryPages): MemoryPages {
  const words = new Int32Array(memory.buffer, RAM_BASE, ramBytes >> 2);
  const pages: (Uint8Array | undefined)[] = [];
  for (let page = 0; page * PAGE < ramBytes; page++) {
    const now = words.subarray((page * PAGE) >> 2, ((page + 1) * PAGE) >> 2);
    const before = earlier?.[page];
    if (before && same(now, before)) pages.push(before);
    else pages.push(isZero(now) ? undefined : new Uint8Array(memory.buffer, RAM_BASE + page * PAGE, PAGE).slice());
  }
  return pages;
}

export function restoreRam(memory: WebAssembly.Memory, pages: MemoryPages): void {
  const ram = new Uint8Array(memory.buffer, RAM_BASE, pages.length * PAGE);
  pages.forEach((page, n) => {
    if (page) ram.set(page, n * PAGE);
    else ram.fill(0, n * PAGE, (n + 1) * PAGE);
  });
}

export const videoMemory = (memory: WebAssembly.Memory): Uint8Array =>
  new Uint8Array(memory.buffer, VRAM_BASE, VIDEO_BYTES);

function same(now: Int32Array, before: Uint8Array): boolean {
  const words = new Int32Array(before.buffer, before.byteOffset, PAGE >> 2);
  for (let i = 0; i < now.length; i++) if (now[i] !== words[i]) return false;
  return true;
}

function isZero(words: Int32Array): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}
