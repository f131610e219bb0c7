// Address translation (Intel SDM vol. 3, "Paging"): none, 32-bit paging with 4 KB and 4 MB pages, and PAE paging with
// 2 MB pages and execute-disable (needed by the CPU test vectors; no model sets CR4.PAE yet). Four-level paging comes
// with long mode. Accessed and dirty bits are set only by accesses that succeed. Physical addresses have 32 bits.
import type { Cpu } from './cpu';
import type { FaultReason } from './fault';
import { pageWalk } from './pageWalk';
import { CR0_PG, CR0_WP, CR4_PAE, CR4_PSE, S_EFER } from './layout';
import { maskA20, readPhysical, writePhysical } from './physical';
import { raisePF } from './raise';

// Kinds of access, added up.
export const ACCESS_READ = 0;
export const ACCESS_WRITE = 1;
/** At CPL 3, as opposed to an implicit or explicit supervisor access. */
export const ACCESS_USER = 2;
export const ACCESS_FETCH = 4;

export const PTE_P = 1,
  PTE_W = 2,
  PTE_U = 4,
  PTE_A = 0x20,
  PTE_D = 0x40,
  PTE_PS = 0x80;
/** Bits 21 to 12 of a 4 MB page's entry; the Pentium has neither PAT nor PSE-36. */
export const PDE_4M_RESERVED = 0x3ff000;
export const EFER_NXE = 0x800;
const PF_P = 1,
  PF_RESERVED = 8,
  PF_FETCH = 16;
const NX = 0x80000000; // in the high word

/** Physical address of `linear`, with A20 applied, or -1 with #PF in cpu.fault. */
export function translate(cpu: Cpu, linear: number, access: number): number {
  const cr0 = cpu.cr0;
  if ((cr0 & CR0_PG) === 0) return maskA20(cpu, linear);
  if ((cpu.cr4 & CR4_PAE) !== 0) return translatePae(cpu, linear, access);

  const pdeAt = ((cpu.cr3 & ~0xfff) | ((linear >>> 20) & 0xffc)) >>> 0;
  const pde = readPhysical(cpu, pdeAt, 4);
  if ((pde & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
  const mayWrite =
    (access & ACCESS_WRITE) === 0 ? PTE_W : (access & ACCESS_USER) !== 0 || (cr0 & CR0_WP) !== 0 ? 0 : PTE_W;
  const need = PTE_P | (mayWrite ? 0 : PTE_W) | ((access & ACCESS_USER) !== 0 ? PTE_U : 0);
  const dirty = (access & ACCESS_WRITE) !== 0 ? PTE_D : 0;

  if ((pde & PTE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0) {
    if ((pde & PDE_4M_RESERVED) !== 0) return pageFault(cpu, linear, access, PF_P | PF_RESERVED);
    if ((pde & need) !== need) return pageFault(cpu, linear, access, PF_P);
    const want = pde | PTE_A | dirty;
    if (want !== (pde | 0)) writePhysical(cpu, pdeAt, 4, want);
    return maskA20(cpu, (pde & ~0x3fffff) | (linear & 0x3fffff));
  }
  const pteAt = ((pde & ~0xfff) | ((linear >>> 10) & 0xffc)) >>> 0;
  const pte = readPhysical(cpu, pteAt, 4);
  if ((pte & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
  if ((pde & pte & need) !== need) return pageFault(cpu, linear, access, PF_P);
  if ((pde & PTE_A) === 0) writePhysical(cpu, pdeAt, 4, pde | PTE_A);
  const want = pte | PTE_A | dirty;
  if (want !== (pte | 0)) writePhysical(cpu, pteAt, 4, want);
  return maskA20(cpu, (pte & ~0xfff) | (linear & 0xfff));
}

const noExecute = (cpu: Cpu): boolean => (cpu.u32[S_EFER >> 2]! & EFER_NXE) !== 0 && (cpu.cr4 & CR4_PAE) !== 0;

function pageFault(cpu: Cpu, linear: number, access: number, code: number): -1 {
  const fetch = (access & ACCESS_FETCH) !== 0 && noExecute(cpu) ? PF_FETCH : 0;
  const errorCode = code | ((access & 3) << 1) | fetch;
  const check =
    (code & PF_P) === 0 ? 'page-not-present' : (code & PF_RESERVED) !== 0 ? 'page-reserved-bit' : 'page-protection';
  raisePF(cpu, linear >>> 0, errorCode, check, faultFacts(cpu, linear >>> 0, access));
  return -1;
}

/** Where the fault was and the entries on the way. Page faults are everyday events: written out for speed. */
function faultFacts(cpu: Cpu, linear: number, access: number): FaultReason['data'] {
  const { cr3, cpl } = cpu;
  const kind = (access & ACCESS_FETCH) !== 0 ? 'fetch' : (access & ACCESS_WRITE) !== 0 ? 'write' : 'read';
  const user = (access & ACCESS_USER) !== 0;
  const writeProtect = (cpu.cr0 & CR0_WP) !== 0;
  if ((cpu.cr4 & CR4_PAE) !== 0) {
    return { linear, access: kind, user, cpl, cr3, writeProtect, ...walkFacts(cpu, linear) };
  }
  const pdeAt = ((cr3 & ~0xfff) | ((linear >>> 20) & 0xffc)) >>> 0;
  const pde = readPhysical(cpu, pdeAt, 4) >>> 0;
  const large = (pde & PTE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0;
  if ((pde & PTE_P) === 0 || large) {
    return { linear, access: kind, user, cpl, cr3, writeProtect, pde, pdeAt, level: 'PDE' };
  }
  const pteAt = ((pde & ~0xfff) | ((linear >>> 10) & 0xffc)) >>> 0;
  const pte = readPhysical(cpu, pteAt, 4) >>> 0;
  return { linear, access: kind, user, cpl, cr3, writeProtect, pde, pdeAt, pte, pteAt, level: 'PTE' };
}

function walkFacts(cpu: Cpu, linear: number): FaultReason['data'] {
  const data: FaultReason['data'] = {};
  for (const { level, value, physical } of pageWalk(cpu, linear).entries) {
    data[level.toLowerCase()] = value;
    data[`${level.toLowerCase()}At`] = physical;
    data['level'] = level;
  }
  return data;
}

/** PAE paging; the page-directory-pointer entries are read from memory each time instead of being kept in registers. */
function translatePae(cpu: Cpu, linear: number, access: number): number {
  const nx = noExecute(cpu);
  const fetch = (access & ACCESS_FETCH) !== 0;
  const pdpteAt = ((cpu.cr3 & ~0x1f) | ((linear >>> 27) & 0x18)) >>> 0;
  const pdpte = readPhysical(cpu, pdpteAt, 4);
  if ((pdpte & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
  const pdeAt = ((pdpte & ~0xfff) | ((linear >>> 18) & 0xff8)) >>> 0;
  const pde = readPhysical(cpu, pdeAt, 4);
  let high = readPhysical(cpu, pdeAt + 4, 4);
  if ((pde & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
  if (reservedHigh(high, nx)) return pageFault(cpu, linear, access, PF_P | PF_RESERVED);
  const large = (pde & PTE_PS) !== 0;
  let leaf = pde;
  let leafAt = pdeAt;
  let rights = pde;
  if (!large) {
    leafAt = ((pde & ~0xfff) | ((linear >>> 9) & 0xff8)) >>> 0;
    leaf = readPhysical(cpu, leafAt, 4);
    const leafHigh = readPhysical(cpu, leafAt + 4, 4);
    if ((leaf & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
    if (reservedHigh(leafHigh, nx)) return pageFault(cpu, linear, access, PF_P | PF_RESERVED);
    high |= leafHigh;
    rights &= leaf;
  } else if ((pde & 0x1fe000) !== 0) return pageFault(cpu, linear, access, PF_P | PF_RESERVED);
  const user = (access & ACCESS_USER) !== 0;
  const write = (access & ACCESS_WRITE) !== 0;
  const denied =
    (user && (rights & PTE_U) === 0) ||
    (write && (rights & PTE_W) === 0 && (user || (cpu.cr0 & CR0_WP) !== 0)) ||
    (fetch && nx && (high & NX) !== 0);
  if (denied) return pageFault(cpu, linear, access, PF_P);
  if (!large && (pde & PTE_A) === 0) writePhysical(cpu, pdeAt, 4, pde | PTE_A);
  const want = leaf | PTE_A | (write ? PTE_D : 0);
  if (want !== (leaf | 0)) writePhysical(cpu, leafAt, 4, want);
  return maskA20(cpu, large ? (leaf & ~0x1fffff) | (linear & 0x1fffff) : (leaf & ~0xfff) | (linear & 0xfff));
}

/** Bits above 32 of a PAE entry are reserved here; bit 63 is execute-disable when EFER.NXE is set. */
const reservedHigh = (high: number, nx: boolean): boolean => (high & (nx ? ~NX : -1)) !== 0;
