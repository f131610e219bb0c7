// The whole state of a machine as data: processor, memory, chips, drives, virtual time. Memory pages are shared with an
// earlier snapshot where they have not changed; pages of zeros are not kept.

import type { Cpu } from '../cpu/cpu';
import type { Fault } from '../cpu/fault';
import { RAM_BASE, S_END, VRAM_BASE } from '../cpu/layout';
import { VIDEO_BYTES, type BoardState } from './boards/pc';
import type { DriveState } from './drive';

const PAGE = 0x1000;

/** Physical pages from 0 on; undefined = all zeros. Never changed once taken. */
export type MemoryPages = readonly (Uint8Array | undefined)[];

export interface ProcessorState {
  /** State words of cpu/layout.ts, 0 to S_END. */
  readonly words: Uint8Array;
  readonly halted: boolean;
  readonly shutdown: boolean;
  readonly inhibitUntil: number;
  readonly trapsHeldUntil: number;
  readonly intr: boolean;
  readonly nmi: boolean;
  readonly nmiBlocked: boolean;
  readonly pendingDebug: number;
  readonly shutdownCause: readonly Fault[];
  readonly msrs: readonly (readonly [number, bigint])[];
  readonly tscOffset: bigint;
  readonly testRegisters: Uint32Array;
}

export interface MachineSnapshot {
  readonly icount: number;
  readonly idleNs: number;
  readonly processor: ProcessorState;
  readonly board: BoardState;
  readonly drives: readonly DriveState[];
  readonly ram: MemoryPages;
  readonly video: Uint8Array;
  /** Lengths of the input log and of the transition log at that moment. */
  readonly inputs: number;
  readonly transitions: number;
}

export function takeProcessor(cpu: Cpu): ProcessorState {
  return {
    words: cpu.u8.slice(0, S_END),
    halted: cpu.halted,
    shutdown: cpu.shutdown,
    inhibitUntil: cpu.inhibitUntil,
    trapsHeldUntil: cpu.trapsHeldUntil,
    intr: cpu.intr,
    nmi: cpu.nmi,
    nmiBlocked: cpu.nmiBlocked,
    pendingDebug: cpu.pendingDebug,
    shutdownCause: [...cpu.shutdownCause],
    msrs: [...cpu.msrs],
    tscOffset: cpu.tscOffset,
    testRegisters: cpu.testRegisters.slice(),
  };
}

/** An exception that was held back before its delivery is not kept: its instruction raises it again. */
export function restoreProcessor(cpu: Cpu, state: ProcessorState): void {
  const { words, shutdownCause, msrs, testRegisters, ...fields } = state;
  cpu.u8.set(words, 0);
  Object.assign(cpu, fields);
  cpu.fault = undefined;
  cpu.shutdownCause = [...shutdownCause];
  cpu.msrs.clear();
  for (const [number, value] of msrs) cpu.msrs.set(number, value);
  cpu.testRegisters.set(testRegisters);
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
