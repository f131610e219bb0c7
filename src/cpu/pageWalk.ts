// Page walks for people: every entry on the way, without faults, accessed or dirty bits, rights or side effects
// (Intel SDM vol. 3, "32-Bit Paging", "PAE Paging", "4-Level Paging").
import type { Cpu } from './cpu';
import { CR0_PG, CR4_PAE, CR4_PSE, EFER_NXE, S_CR3, S_EFER, S_PDPTE } from './layout';
import { canonical } from './linear';
import { hasFeature } from './models';
import { highReserved, largeReserved, NX, PDPTE_RESERVED } from './pageReserved';
import { maskA20, peekPhysical } from './physical';

export interface PageWalkEntry {
  level: 'PML4E' | 'PDPTE' | 'PDE' | 'PTE';
  /** Index within its table. */
  index: number;
  /** Physical address of the entry. */
  physical: number;
  value: bigint;
  /** Of the entry: 4 or 8. */
  bytes: number;
  present: boolean;
  writable: boolean;
  user: boolean;
  accessed: boolean;
  dirty: boolean;
  /** Execute-disable, while EFER.NXE makes it one. */
  noExecute: boolean;
  /** Maps a page of its own size. */
  large: boolean;
  /** Bits are set that must be 0. */
  reserved: boolean;
}

export interface PageWalk {
  paging: 'off' | '32-bit' | 'pae' | '4-level';
  linear: number;
  entries: PageWalkEntry[];
  /** Undefined when the address leads nowhere. */
  physical: number | undefined;
  pageSize: number;
  /** Why there is no physical address: the last entry decided, or the address itself is not canonical. */
  problem?: 'not-canonical' | 'not-present' | 'reserved';
}

const MEMORY_END = 0x100000000;

/** Nothing answers from 4 GB on: all zeros. */
const peek32 = (cpu: Cpu, at: number): number => {
  let value = 0;
  for (let i = 3; i >= 0; i--) value = (value << 8) | (at < MEMORY_END ? peekPhysical(cpu, at + i) & 0xff : 0xff);
  return value >>> 0;
};

interface Raw {
  level: PageWalkEntry['level'];
  index: number;
  physical: number;
  low: number;
  high: number;
  bytes: number;
}

function entry(cpu: Cpu, { level, index, physical, low, high, bytes }: Raw): PageWalkEntry {
  const pointers = level === 'PDPTE' && !cpu.longActive; // of PAE: no rights
  const mayBeLarge = level === 'PDE' ? bytes === 8 || (cpu.cr4 & CR4_PSE) !== 0 : level === 'PDPTE' && !pointers;
  const large = mayBeLarge && (low & 0x80) !== 0;
  const nx = bytes === 8 && (cpu.u32[S_EFER >> 2]! & EFER_NXE) !== 0;
  const present = (low & 1) !== 0;
  return {
    level,
    index,
    physical,
    value: (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0),
    bytes,
    present,
    writable: pointers || (low & 2) !== 0,
    user: pointers || (low & 4) !== 0,
    accessed: (low & 0x20) !== 0,
    dirty: (low & 0x40) !== 0,
    noExecute: nx && !pointers && (high & NX) !== 0,
    large,
    reserved: present && reservedBits(cpu, level, low, high, bytes, large, nx),
  };
}

function reservedBits(
  cpu: Cpu,
  level: PageWalkEntry['level'],
  low: number,
  high: number,
  bytes: number,
  large: boolean,
  nx: boolean,
): boolean {
  if (bytes === 4) return large && (low & (hasFeature(cpu, 'pse36') ? 0x200000 : 0x3ff000)) !== 0;
  const pae = !cpu.longActive;
  if (pae && level === 'PDPTE') return (low & PDPTE_RESERVED) !== 0 || (high & highReserved(cpu, true, false)) !== 0;
  if ((high & highReserved(cpu, pae, nx)) !== 0 || (level === 'PML4E' && (low & 0x80) !== 0)) return true;
  if (!large) return false;
  const gigabyte = level === 'PDPTE';
  return (low & largeReserved(gigabyte ? 2 : 1)) !== 0 || (gigabyte && !hasFeature(cpu, 'pdpe1gb'));
}

function readEntry(
  cpu: Cpu,
  level: PageWalkEntry['level'],
  table: number,
  index: number,
  bytes: number,
): PageWalkEntry {
  const physical = table + index * bytes;
  const high = bytes === 8 ? peek32(cpu, physical + 4) : 0;
  return entry(cpu, { level, index, physical, low: peek32(cpu, physical), high, bytes });
}

const ADDRESS = 0xffffffffff000n;
/** Physical address that an entry of 8 bytes holds. */
const frameOf = (value: bigint, size: number): number => Number(value & ADDRESS & ~BigInt(size - 1));

/** With PSE-36, bits 13 to 20 of a 4 MB page's entry are bits 32 to 39 of the address. */
const frameOf4M = (cpu: Cpu, value: number): number =>
  ((value & 0xffc00000) >>> 0) + (hasFeature(cpu, 'pse36') ? ((value >>> 13) & 0xff) * 0x100000000 : 0);

const LEVELS = ['PML4E', 'PDPTE', 'PDE', 'PTE'] as const;

/** Goes on at `table` with the levels from `from` on; entries of 8 bytes. */
function walkWide(cpu: Cpu, walk: PageWalk, table: number, from: number): PageWalk {
  for (let i = from; i < LEVELS.length; i++) {
    const size = 2 ** (39 - 9 * i);
    const here = readEntry(cpu, LEVELS[i]!, table, Math.floor(walk.linear / size) & 0x1ff, 8);
    walk.entries.push(here);
    if (!here.present || here.reserved) return stopped(walk, here);
    if (here.large || i === LEVELS.length - 1) {
      walk.pageSize = size;
      walk.physical = addressed(cpu, frameOf(here.value, size), walk.linear, size);
      return walk;
    }
    table = frameOf(here.value, 0x1000);
  }
  return walk;
}

function stopped(walk: PageWalk, { present }: PageWalkEntry): PageWalk {
  walk.problem = present ? 'reserved' : 'not-present';
  return walk;
}

/** The offset of a negative address counts from the start of its page, too. */
function addressed(cpu: Cpu, frame: number, linear: number, size: number): number {
  const physical = frame + (linear - Math.floor(linear / size) * size);
  return physical < MEMORY_END ? maskA20(cpu, physical) : physical;
}

export function pageWalk(cpu: Cpu, linear: number): PageWalk {
  const long = cpu.longActive;
  if (!long) linear >>>= 0;
  const walk: PageWalk = { paging: 'off', linear, entries: [], physical: undefined, pageSize: 0x1000 };
  if ((cpu.cr0 & CR0_PG) === 0) {
    walk.physical = maskA20(cpu, linear);
    return walk;
  }
  if (long) {
    walk.paging = '4-level';
    if (!canonical(linear)) {
      walk.problem = 'not-canonical';
      return walk;
    }
    return walkWide(cpu, walk, (cpu.u32[(S_CR3 >> 2) + 1]! & 0xfffff) * MEMORY_END + ((cpu.cr3 & ~0xfff) >>> 0), 0);
  }
  if ((cpu.cr4 & CR4_PAE) === 0) return walk32(cpu, walk);
  walk.paging = 'pae';
  // the registers, not the table in memory, are what counts
  const index = linear >>> 30;
  const at = (S_PDPTE >> 2) + index * 2;
  const physical = ((cpu.cr3 & ~0x1f) >>> 0) + index * 8;
  const pointer = entry(cpu, { level: 'PDPTE', index, physical, low: cpu.u32[at]!, high: cpu.u32[at + 1]!, bytes: 8 });
  walk.entries.push(pointer);
  return pointer.present ? walkWide(cpu, walk, frameOf(pointer.value, 0x1000), 2) : stopped(walk, pointer);
}

function walk32(cpu: Cpu, walk: PageWalk): PageWalk {
  walk.paging = '32-bit';
  const { linear } = walk;
  const pde = readEntry(cpu, 'PDE', (cpu.cr3 & ~0xfff) >>> 0, linear >>> 22, 4);
  walk.entries.push(pde);
  if (!pde.present || pde.reserved) return stopped(walk, pde);
  const low = Number(pde.value);
  if (pde.large) {
    walk.pageSize = 0x400000;
    walk.physical = addressed(cpu, frameOf4M(cpu, low), linear, walk.pageSize);
    return walk;
  }
  const pte = readEntry(cpu, 'PTE', (low & ~0xfff) >>> 0, (linear >>> 12) & 0x3ff, 4);
  walk.entries.push(pte);
  if (!pte.present) return stopped(walk, pte);
  walk.physical = addressed(cpu, (Number(pte.value) & ~0xfff) >>> 0, linear, 0x1000);
  return walk;
}

/** Physical address of `linear` by the present tables, ignoring rights, or -1. Changes nothing. */
export function peekTranslate(cpu: Cpu, linear: number): number {
  if ((cpu.cr0 & CR0_PG) === 0) return maskA20(cpu, linear);
  const { physical } = pageWalk(cpu, linear);
  return physical === undefined || physical >= MEMORY_END ? -1 : physical;
}

/** The byte at a linear address without side effects, or -1 when unmapped or not plain memory. */
export function peek(cpu: Cpu, linear: number): number {
  const physical = peekTranslate(cpu, linear);
  return physical < 0 ? -1 : peekPhysical(cpu, physical);
}

/** Copies bytes for the debugger; answers how many from the start could be had. */
export function peekBytes(cpu: Cpu, linear: number, into: Uint8Array): number {
  let physical = -1;
  for (let i = 0; i < into.length; i++) {
    const at = cpu.longActive ? linear + i : (linear + i) >>> 0;
    if (i === 0 || (at & 0xfff) === 0) physical = peekTranslate(cpu, at);
    else if (physical >= 0) physical++;
    const byte = physical < 0 ? -1 : peekPhysical(cpu, physical);
    if (byte < 0) return i;
    into[i] = byte;
  }
  return into.length;
}

/** Writes one byte of RAM for the debugger, whatever the page's rights. False when unmapped, ROM or not memory. */
export function poke(cpu: Cpu, linear: number, value: number): boolean {
  const physical = peekTranslate(cpu, linear);
  if (physical < 0) return false;
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, true);
  if (host < 0) return false;
  cpu.u8[host + (physical & 0xfff)] = value;
  if (cpu.codePages[physical >>> 12] !== 0) cpu.hooks.codeWritten(physical, 1);
  return true;
}
