// Reserved bits of page-table entries of 8 bytes (Intel SDM vol. 3, "PAE Paging", "4-Level Paging"): what the translation checks
// and what walks for people show.
import type { Cpu } from './cpu';
import { MODELS } from './models';

/** Bit 63 in the high word. */
export const NX = 0x80000000;
/** Bits 62 to 52 are ignored with four levels, reserved with PAE. */
const HIGH_IGNORED = 0x7ff00000;
/** Present page-directory-pointer registers: bits 1, 2 and 5 to 8 are reserved. */
export const PDPTE_RESERVED = 0x1e6;

/** Reserved bits of the low word of an entry that maps a page of 2 MB (level 1) or 1 GB (level 2): PAT is bit 12. */
export const largeReserved = (level: number): number => (1 << (12 + 9 * level)) - 0x2000;

/** Bits of the high word beyond physical addresses. */
export function highReserved(cpu: Cpu, pae: boolean, nx: boolean): number {
  const beyond = -1 << (MODELS[cpu.model].physicalBits - 32);
  return beyond & ~(pae ? 0 : HIGH_IGNORED) & (nx ? ~NX : -1);
}
