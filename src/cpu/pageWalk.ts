// Page walks for people: every entry on the way, without faults, accessed or dirty bits, rights or side effects.
import type { Cpu } from './cpu';
import { CR0_PG, CR4_PAE, CR4_PSE } from './layout';
import { canonical } from './linear';
import { maskA20, peekPhysical } from './physical';

export interface PageWalkEntry {
  level: 'PML4E' | 'PDPTE' | 'PDE' | 'PTE';
  /** Index within its table. */
  index: number;
  /** Physical address of the entry. */
  physical: number;
  /** Low 32 bits. */
  value: number;
  present: boolean;
  writable: boolean;
  user: boolean;
  accessed: boolean;
  dirty: boolean;
  large: boolean;
}

export interface PageWalk {
  paging: 'off' | '32-bit' | 'pae' | '4-level';
  linear: number;
  entries: PageWalkEntry[];
  /** Undefined when an entry is not present. */
  physical: number | undefined;
  pageSize: number;
}

const peek32 = (cpu: Cpu, at: number): number => {
  let value = 0;
  for (let i = 3; i >= 0; i--) value = (value << 8) | (peekPhysical(cpu, at + i) & 0xff);
  return value >>> 0;
};

function entry(cpu: Cpu, level: PageWalkEntry['level'], table: number, index: number, bytes: number): PageWalkEntry {
  const physical = (table + index * bytes) >>> 0;
  const value = peek32(cpu, physical);
  const mayBeLarge = level === 'PDE' ? bytes === 8 || (cpu.cr4 & CR4_PSE) !== 0 : level === 'PDPTE' && cpu.longActive;
  const large = mayBeLarge && (value & 0x80) !== 0;
  return {
    level,
    index,
    physical,
    value,
    present: (value & 1) !== 0,
    writable: (value & 2) !== 0,
    user: (value & 4) !== 0,
    accessed: (value & 0x20) !== 0,
    dirty: (value & 0x40) !== 0,
    large,
  };
}

const LEVELS = ['PML4E', 'PDPTE', 'PDE', 'PTE'] as const;

/** Four levels; entries that lead beyond 4 GB end the walk, as nothing is there. */
function longWalk(cpu: Cpu, linear: number): PageWalk {
  const walk: PageWalk = { paging: '4-level', linear, entries: [], physical: undefined, pageSize: 0x1000 };
  if (!canonical(linear)) return walk;
  let table = (cpu.cr3 & ~0xfff) >>> 0;
  for (let i = 0; i < LEVELS.length; i++) {
    const size = 2 ** (39 - 9 * i);
    const here = entry(cpu, LEVELS[i]!, table, Math.floor(linear / size) & 0x1ff, 8);
    walk.entries.push(here);
    if (!here.present || (peek32(cpu, here.physical + 4) & 0xff) !== 0) return walk;
    if (!here.large && i < LEVELS.length - 1) {
      table = (here.value & ~0xfff) >>> 0;
      continue;
    }
    walk.pageSize = size;
    walk.physical = maskA20(cpu, (here.value & ~(size - 1)) | (linear & (size - 1)));
    return walk;
  }
  return walk;
}

export function pageWalk(cpu: Cpu, linear: number): PageWalk {
  if (cpu.longActive) return longWalk(cpu, linear);
  linear >>>= 0;
  const walk: PageWalk = { paging: 'off', linear, entries: [], physical: maskA20(cpu, linear), pageSize: 0x1000 };
  if ((cpu.cr0 & CR0_PG) === 0) return walk;
  walk.physical = undefined;
  const pae = (cpu.cr4 & CR4_PAE) !== 0;
  walk.paging = pae ? 'pae' : '32-bit';
  let table = (cpu.cr3 & (pae ? ~0x1f : ~0xfff)) >>> 0;
  const bytes = pae ? 8 : 4;
  if (pae) {
    const pdpte = entry(cpu, 'PDPTE', table, linear >>> 30, bytes);
    walk.entries.push(pdpte);
    if (!pdpte.present) return walk;
    table = (pdpte.value & ~0xfff) >>> 0;
  }
  const pde = entry(cpu, 'PDE', table, pae ? (linear >>> 21) & 0x1ff : linear >>> 22, bytes);
  walk.entries.push(pde);
  if (!pde.present) return walk;
  if (pde.large) {
    const offsets = pae ? 0x1fffff : 0x3fffff;
    walk.pageSize = offsets + 1;
    walk.physical = maskA20(cpu, (pde.value & ~offsets) | (linear & offsets));
    return walk;
  }
  const pte = entry(cpu, 'PTE', (pde.value & ~0xfff) >>> 0, (linear >>> 12) & (pae ? 0x1ff : 0x3ff), bytes);
  walk.entries.push(pte);
  if (pte.present) walk.physical = maskA20(cpu, (pte.value & ~0xfff) | (linear & 0xfff));
  return walk;
}

/** Physical address of `linear` by the present tables, ignoring rights, or -1. Changes nothing. */
export function peekTranslate(cpu: Cpu, linear: number): number {
  if ((cpu.cr0 & CR0_PG) === 0) return maskA20(cpu, linear);
  return pageWalk(cpu, linear).physical ?? -1;
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
    else physical++;
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
