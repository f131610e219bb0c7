// Linear addresses as numbers: unsigned 32 bits in legacy and compatibility mode, signed 48 bits (canonical) in 64-bit mode and
// for system structures in long mode (Intel SDM vol. 1, "Canonical Addressing"). A number holds both exactly.
import type { Cpu } from './cpu';

const TOP = 0x800000000000;
const WINDOW = 0x100000000;

/** Bits 63 to 47 of the address are equal. */
export const canonical = (address: number): boolean => address >= -TOP && address < TOP;

/** All bytes of an access have canonical addresses. */
export const canonicalRange = (address: number, size: number): boolean => address >= -TOP && address + size <= TOP;

/** Number of the 4 KB page. */
export const pageOf = (linear: number): number => Math.floor(linear / 0x1000);

/** Upper half of the 64-bit address, as i32. */
export const highOf = (linear: number): number =>
  linear >= 0 && linear < WINDOW ? 0 : Math.floor(linear / WINDOW) | 0;

/** First address of the next page; legacy code wraps at 4 GB. */
export function nextPage(cpu: Cpu, linear: number): number {
  const next = (pageOf(linear) + 1) * 0x1000;
  return next === WINDOW && !cpu.long ? 0 : next;
}

/** The address of a descriptor, gate or TSS field: 64 bits in long mode, else 32. */
export const systemLinear = (cpu: Cpu, address: number): number => (cpu.longActive ? address : address >>> 0);

/** As people write it: 8 or 16 hexadecimal digits without 0x. */
export const hexLinear = (linear: number): string =>
  linear >= 0 && linear < WINDOW
    ? linear.toString(16).padStart(8, '0')
    : BigInt.asUintN(64, BigInt(linear)).toString(16).padStart(16, '0');
