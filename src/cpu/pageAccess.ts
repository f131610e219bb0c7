// What an access to a page is, whether it is allowed, and the page fault when it is not (Intel SDM vol. 3, "Determination of
// Access Rights", "Page-Fault Exceptions").
import type { Cpu } from './cpu';
import type { FaultReason } from './fault';
import { AC, CR0_WP, CR4_PAE, CR4_PSE, CR4_SMAP, CR4_SMEP, EFER_NXE, S_EFER } from './layout';
import { pageWalk } from './pageWalk';
import { readPhysical } from './physical';
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
export const PF_P = 1,
  PF_RESERVED = 8;
const PF_FETCH = 16;

/** Where physical addresses of 4 GB and more end up, in the hole below the ROM: nothing answers there. */
export const BEYOND = 0xff000000;

/**
 * SMEP and SMAP: a supervisor access to a user page that they forbid (Intel SDM vol. 3, "Determination of Access Rights").
 * EFLAGS.AC lifts SMAP for explicit accesses only.
 */
export function guarded(cpu: Cpu, access: number, userPage: boolean): boolean {
  if (!userPage || (access & ACCESS_USER) !== 0) return false;
  const { cr4 } = cpu;
  if ((access & ACCESS_FETCH) !== 0) return (cr4 & CR4_SMEP) !== 0;
  return (cr4 & CR4_SMAP) !== 0 && (cpu.cpl === 3 || cpu.implicitAccess || (cpu.sysFlags & AC) === 0);
}

export const noExecute = (cpu: Cpu): boolean => (cpu.u32[S_EFER >> 2]! & EFER_NXE) !== 0 && (cpu.cr4 & CR4_PAE) !== 0;

export function pageFault(cpu: Cpu, linear: number, access: number, code: number): -1 {
  const tells = noExecute(cpu) || (cpu.cr4 & CR4_SMEP) !== 0;
  const fetch = (access & ACCESS_FETCH) !== 0 && tells ? PF_FETCH : 0;
  const errorCode = code | ((access & 3) << 1) | fetch;
  const check =
    (code & PF_P) === 0 ? 'page-not-present' : (code & PF_RESERVED) !== 0 ? 'page-reserved-bit' : 'page-protection';
  raisePF(cpu, linear, errorCode, check, faultFacts(cpu, linear, access));
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
  data['userPage'] = true;
  data['writable'] = true;
  for (const { level, value, physical, user, writable, noExecute } of pageWalk(cpu, linear).entries) {
    if (!user) data['userPage'] = false;
    if (!writable) data['writable'] = false;
    if (noExecute) data['noExecute'] = level;
    data[level.toLowerCase()] = value < 0x100000000n ? Number(value) : `0x${value.toString(16)}`;
    data[`${level.toLowerCase()}At`] = physical;
    data['level'] = level;
  }
  return data;
}
