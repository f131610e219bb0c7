// Paging with 8-byte entries (Intel SDM vol. 3, "PAE Paging", "4-Level Paging"): PAE with its page-directory-pointer registers,
// and four levels with 4 KB, 2 MB and 1 GB pages, execute-disable, reserved bits by the width of physical addresses.
// A translation says in cpu.userPage whether the page belongs to user mode. Protection keys and five levels are absent.
import type { Cpu } from './cpu';
import { CR0_PG, CR0_WP, CR4_PAE, S_CR3, S_PDPTE } from './layout';
import { hasFeature, MODELS } from './models';
import {
  ACCESS_FETCH,
  ACCESS_USER,
  ACCESS_WRITE,
  BEYOND,
  guarded,
  noExecute,
  pageFault,
  PF_P,
  PF_RESERVED,
  PTE_A,
  PTE_D,
  PTE_P,
  PTE_PS,
  PTE_U,
  PTE_W,
} from './pageAccess';
import { highReserved, largeReserved, NX, PDPTE_RESERVED } from './pageReserved';
import { maskA20, readPhysical, writePhysical } from './physical';

const LEVELS = 4;
const PAE_LEVELS = 2;

/** Bytes that an entry of each level maps. `2 ** n` with a variable `n` would cost more than the rest of a walk. */
const SPANS: readonly number[] = [0x1000, 0x200000, 0x40000000, 0x8000000000];

const entryAt = (table: number, linear: number, level: number): number =>
  table + (Math.floor(linear / SPANS[level]!) & 0x1ff) * 8;

/** Physical address of a table with this entry, beyond 32 bits perhaps. */
const frameOf = (low: number, high: number): number => (high & 0xfffff) * 0x100000000 + ((low & ~0xfff) >>> 0);

const readWord = (cpu: Cpu, at: number): number => (at > 0xffffffff ? -1 : readPhysical(cpu, at, 4) | 0);

/** Translates with CR4.PAE set; -1 with #PF in cpu.fault. */
export function translateWide(cpu: Cpu, linear: number, access: number): number {
  const nx = noExecute(cpu);
  const four = cpu.longActive;
  let table: number;
  let level = four ? LEVELS : PAE_LEVELS;
  if (four) table = frameOf(cpu.cr3, cpu.i32[(S_CR3 >> 2) + 1]!);
  else {
    const at = (S_PDPTE >> 2) + (linear >>> 30) * 2;
    const pdpte = cpu.i32[at]!;
    if ((pdpte & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
    table = frameOf(pdpte, cpu.i32[at + 1]!);
  }
  const reserved = highReserved(cpu, !four, nx);
  let rights = PTE_W | PTE_U;
  let disabled = 0;
  let at = 0;
  let low = 0;
  let high = 0;
  const path: number[] = [];
  do {
    level--;
    at = entryAt(table, linear, level);
    low = readWord(cpu, at);
    high = readWord(cpu, at + 4);
    if ((low & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
    const large = level > 0 && (low & PTE_PS) !== 0;
    const mayBeLarge = level === 1 || (level === 2 && hasFeature(cpu, 'pdpe1gb'));
    const wrong = (high & reserved) !== 0 || (large && (!mayBeLarge || (low & largeReserved(level)) !== 0));
    if (wrong) return pageFault(cpu, linear, access, PF_P | PF_RESERVED);
    rights &= low;
    disabled |= high & NX;
    if (large || level === 0) break;
    path.push(at, low);
    table = frameOf(low, high);
  } while (level > 0);

  const user = (access & ACCESS_USER) !== 0;
  const write = (access & ACCESS_WRITE) !== 0;
  const userPage = (rights & PTE_U) !== 0;
  const denied =
    (user && !userPage) ||
    (write && (rights & PTE_W) === 0 && (user || (cpu.cr0 & CR0_WP) !== 0)) ||
    ((access & ACCESS_FETCH) !== 0 && nx && disabled !== 0) ||
    guarded(cpu, access, userPage);
  if (denied) return pageFault(cpu, linear, access, PF_P);
  for (let i = 0; i < path.length; i += 2) {
    if ((path[i + 1]! & PTE_A) === 0) writePhysical(cpu, path[i]!, 4, path[i + 1]! | PTE_A);
  }
  const want = low | PTE_A | (write ? PTE_D : 0);
  if (want !== low) writePhysical(cpu, at, 4, want);
  cpu.userPage = userPage;
  const offsets = SPANS[level]! - 1;
  if ((high & 0xff) !== 0) return (BEYOND | (linear & 0xfff)) >>> 0;
  return maskA20(cpu, (low & ~offsets) | (linear & offsets));
}

/**
 * Loads the page-directory-pointer registers for a value of CR3 if PAE paging is (or is about to be) in use; false when an
 * entry has reserved bits set: #GP(0) then, and nothing was loaded.
 */
export function loadPointers(cpu: Cpu, cr3: number, cr0 = cpu.cr0, cr4 = cpu.cr4): boolean {
  if ((cr0 & CR0_PG) === 0 || (cr4 & CR4_PAE) === 0 || cpu.longActive) return true;
  const words = new Int32Array(8);
  const beyond = -1 << (MODELS[cpu.model].physicalBits - 32);
  for (let i = 0; i < 8; i++) words[i] = readPhysical(cpu, ((cr3 & ~0x1f) >>> 0) + i * 4, 4);
  for (let i = 0; i < 8; i += 2) {
    if ((words[i]! & PTE_P) === 0) continue;
    if ((words[i]! & PDPTE_RESERVED) !== 0 || (words[i + 1]! & beyond) !== 0) return false;
  }
  cpu.i32.set(words, S_PDPTE >> 2);
  return true;
}
