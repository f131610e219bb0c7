// Address translation (Intel SDM vol. 3, "Paging"): none, and 32-bit paging with 4 KB and 4 MB pages (PSE-36 on x86-64).
// PAE and 4-level paging: widePaging.ts. Accessed and dirty bits are set only by accesses that succeed.
import type { Cpu } from './cpu';
import { CR0_PG, CR0_WP, CR4_PAE, CR4_PSE } from './layout';
import { hasFeature } from './models';
import {
  ACCESS_USER,
  ACCESS_WRITE,
  BEYOND,
  guarded,
  pageFault,
  PDE_4M_RESERVED,
  PF_P,
  PF_RESERVED,
  PTE_A,
  PTE_D,
  PTE_P,
  PTE_PS,
  PTE_U,
  PTE_W,
} from './pageAccess';
import { maskA20, readPhysical, writePhysical } from './physical';
import { translateWide } from './widePaging';

/** With PAT and PSE-36 (40-bit physical addresses) only bit 21 is left. */
const PDE_4M_RESERVED_PSE36 = 0x200000;

/** Physical address of `linear`, with A20 applied, or -1 with #PF in cpu.fault. */
export function translate(cpu: Cpu, linear: number, access: number): number {
  const cr0 = cpu.cr0;
  cpu.userPage = false;
  if ((cr0 & CR0_PG) === 0) return maskA20(cpu, linear);
  if ((cpu.cr4 & CR4_PAE) !== 0) return translateWide(cpu, linear, access);

  const pdeAt = ((cpu.cr3 & ~0xfff) | ((linear >>> 20) & 0xffc)) >>> 0;
  const pde = readPhysical(cpu, pdeAt, 4);
  if ((pde & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
  const mayWrite =
    (access & ACCESS_WRITE) === 0 ? PTE_W : (access & ACCESS_USER) !== 0 || (cr0 & CR0_WP) !== 0 ? 0 : PTE_W;
  const need = PTE_P | (mayWrite ? 0 : PTE_W) | ((access & ACCESS_USER) !== 0 ? PTE_U : 0);
  const dirty = (access & ACCESS_WRITE) !== 0 ? PTE_D : 0;

  if ((pde & PTE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0) {
    const wide = hasFeature(cpu, 'pse36');
    if ((pde & (wide ? PDE_4M_RESERVED_PSE36 : PDE_4M_RESERVED)) !== 0) {
      return pageFault(cpu, linear, access, PF_P | PF_RESERVED);
    }
    if ((pde & need) !== need || guarded(cpu, access, (pde & PTE_U) !== 0)) return pageFault(cpu, linear, access, PF_P);
    cpu.userPage = (pde & PTE_U) !== 0;
    const want = pde | PTE_A | dirty;
    if (want !== (pde | 0)) writePhysical(cpu, pdeAt, 4, want);
    if (wide && (pde & 0x1fe000) !== 0) return (BEYOND | (linear & 0xfff)) >>> 0;
    return maskA20(cpu, (pde & ~0x3fffff) | (linear & 0x3fffff));
  }
  const pteAt = ((pde & ~0xfff) | ((linear >>> 10) & 0xffc)) >>> 0;
  const pte = readPhysical(cpu, pteAt, 4);
  if ((pte & PTE_P) === 0) return pageFault(cpu, linear, access, 0);
  if ((pde & pte & need) !== need || guarded(cpu, access, (pde & pte & PTE_U) !== 0)) {
    return pageFault(cpu, linear, access, PF_P);
  }
  if ((pde & PTE_A) === 0) writePhysical(cpu, pdeAt, 4, pde | PTE_A);
  cpu.userPage = (pde & pte & PTE_U) !== 0;
  const want = pte | PTE_A | dirty;
  if (want !== (pte | 0)) writePhysical(cpu, pteAt, 4, want);
  return maskA20(cpu, (pte & ~0xfff) | (linear & 0xfff));
}
