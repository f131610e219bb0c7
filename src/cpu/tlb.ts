// The software TLB in linear memory that the engine's inline accesses look into (layout.ts). One read and one write table
// for CPL 3, one pair for the rest. An entry in a write table means: mapped, permitted, dirty bit set. MMIO and watched
// pages are never entered; pages with decoded code are entered with tag bit 0 set, so that the inline compare misses.
import type { Cpu } from './cpu';
import { highOf } from './linear';
import {
  F_LONG,
  TLB_BYTES,
  TLB_ENTRIES,
  TLB_LONG,
  TLB_LONG_END,
  TLB_NONE,
  TLB_SUPER_READ,
  TLB_SUPER_WRITE,
  TLB_USER_READ,
  TLB_USER_WRITE,
} from './layout';

/** Index in the i32 view of the entry for a linear address. */
export const tlbSlot = (table: number, linear: number): number =>
  (table >> 2) + ((linear >>> 12) & (TLB_ENTRIES - 1)) * 4;

const LONG_DISTANCE = TLB_LONG - TLB_SUPER_READ;

/** The tables of an address: those of 64-bit code, or the others, where only the low half of a tag counts. */
const distance = (cpu: Cpu, linear: number): number =>
  cpu.i32[F_LONG >> 2] !== 0 || linear > 0xffffffff || linear < 0 ? LONG_DISTANCE : 0;
export const readTable = (cpu: Cpu, linear: number, user: boolean): number =>
  (user ? TLB_USER_READ : TLB_SUPER_READ) + distance(cpu, linear);
export const writeTable = (cpu: Cpu, linear: number, user: boolean): number =>
  (user ? TLB_USER_WRITE : TLB_SUPER_WRITE) + distance(cpu, linear);

/** Whether an entry (index in the i32 view) holds the page of `last` for an access that begins at `linear`. */
export const hits = (cpu: Cpu, slot: number, linear: number, last: number): boolean =>
  cpu.i32[slot] === (last & ~0xfff) && cpu.i32[slot + 1] === highOf(linear);

/** Empties the tables; no address has a tag of all ones. */
export function clearTlb(cpu: Cpu): void {
  cpu.u8.fill(0xff, TLB_SUPER_READ, TLB_NONE + TLB_BYTES);
  cpu.u8.fill(0xff, TLB_LONG, TLB_LONG_END);
}

/** Translation changed: empties the tables (one page of them when `linear` is given) and tells the engine. */
export function flushTranslations(cpu: Cpu, linear?: number): void {
  if (linear === undefined) {
    clearTlb(cpu);
    cpu.hooks.flushTlb();
    return;
  }
  const i32 = cpu.i32;
  for (const start of [TLB_SUPER_READ, TLB_LONG]) {
    for (let table = start; table < start + 4 * TLB_BYTES; table += TLB_BYTES) {
      const slot = tlbSlot(table, linear);
      if (((i32[slot]! ^ linear) & ~0xfff) === 0) i32[slot] = i32[slot + 1] = -1;
    }
  }
  cpu.hooks.flushTlb(linear);
}

/**
 * Enters a translation. `host` is the offset in linear memory of the page's first byte; `physical` any address in it.
 * `code`: the page holds decoded code (matters to write tables only).
 */
export function fillTlb(cpu: Cpu, table: number, linear: number, physical: number, host: number, code: boolean): void {
  const i32 = cpu.i32;
  const slot = tlbSlot(table, linear);
  const page = linear & ~0xfff;
  i32[slot] = code ? page | 1 : page;
  i32[slot + 1] = highOf(linear);
  i32[slot + 2] = host - page;
  i32[slot + 3] = physical & ~0xfff;
}

const WRITE_TABLES = [TLB_SUPER_WRITE, TLB_USER_WRITE].flatMap((table) => [table, table + LONG_DISTANCE]);

/** Marks a physical page as holding (or no longer holding) decoded code, in cpu.codePages and in the write tables. */
export function markCodePage(cpu: Cpu, physical: number, code: boolean): void {
  const number = physical >>> 12;
  if (cpu.codePages[number] === (code ? 1 : 0)) return;
  cpu.codePages[number] = code ? 1 : 0;
  const i32 = cpu.i32;
  const page = physical & ~0xfff;
  for (const table of WRITE_TABLES) {
    for (let slot = table >> 2, end = (table + TLB_BYTES) >> 2; slot < end; slot += 4) {
      if (i32[slot + 3] !== page || i32[slot] === -1) continue;
      if (code) i32[slot]! |= 1;
      else i32[slot]! &= ~1;
    }
  }
}
