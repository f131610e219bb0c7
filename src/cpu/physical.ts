// Physical memory as page walks, descriptor updates and the debugger see it: RAM through the host page, the rest by the bus.
// Addresses have the A20 mask applied; accesses are aligned or at least never cross a 4 KB page.
import type { Cpu } from './cpu';
import { S_A20MASK } from './layout';

export const maskA20 = (cpu: Cpu, physical: number): number => (physical & cpu.i32[S_A20MASK >> 2]!) >>> 0;

/** Little-endian value of 1, 2 or 4 bytes at an offset of linear memory, unsigned. */
export function loadHost(cpu: Cpu, host: number, size: number): number {
  if (size === 4) return (host & 3) === 0 ? cpu.u32[host >> 2]! : cpu.view.getUint32(host, true);
  if (size === 1) return cpu.u8[host]!;
  return (host & 1) === 0 ? cpu.u16[host >> 1]! : cpu.view.getUint16(host, true);
}

export function storeHost(cpu: Cpu, host: number, size: number, value: number): void {
  if (size === 4) {
    if ((host & 3) === 0) cpu.i32[host >> 2] = value;
    else cpu.view.setInt32(host, value, true);
  } else if (size === 1) cpu.u8[host] = value;
  else if ((host & 1) === 0) cpu.u16[host >> 1] = value;
  else cpu.view.setInt16(host, value, true);
}

export function readPhysical(cpu: Cpu, address: number, size: number): number {
  const physical = maskA20(cpu, address);
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);
  return host < 0 ? cpu.bus.read(physical, size) : loadHost(cpu, host + (physical & 0xfff), size);
}

export function writePhysical(cpu: Cpu, address: number, size: number, value: number): void {
  const physical = maskA20(cpu, address);
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, true);
  if (host < 0) {
    cpu.bus.write(physical, size, value);
    return;
  }
  storeHost(cpu, host + (physical & 0xfff), size, value);
  if (cpu.codePages[physical >>> 12] !== 0) cpu.hooks.codeWritten(physical, size);
}

/** The byte there without side effects, or -1 where only the board could answer. */
export function peekPhysical(cpu: Cpu, address: number): number {
  const physical = maskA20(cpu, address);
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);
  return host < 0 ? -1 : cpu.u8[host + (physical & 0xfff)]!;
}
