// Linear memory: checked reads and writes of 1, 2 and 4 bytes. A fault is the sentinel (-1 or false) with cpu.fault set.
// An access that crosses a page probes both pages before it changes anything. Segment checks: virtual.ts.
import type { Cpu } from './cpu';
import { ACCESS_READ, ACCESS_USER, ACCESS_WRITE, translate } from './paging';
import { loadHost, storeHost } from './physical';
import { fillTlb, readTable, tlbSlot, writeTable } from './tlb';
import { isWatched, noteAccess } from './watch';

/** Reads `size` (1, 2, 4) bytes, unsigned; -1 on a fault. `user`: with the rights of CPL 3. */
export function readLinear(cpu: Cpu, linear: number, size: number, user: boolean): number {
  const i32 = cpu.i32;
  const slot = tlbSlot(readTable(user), linear);
  if (i32[slot] === ((linear + size - 1) & ~0xfff)) return loadHost(cpu, (linear + i32[slot + 2]!) | 0, size);
  return readSlowly(cpu, linear >>> 0, size, user);
}

/** Writes the low `size` (1, 2, 4) bytes of `value`; false on a fault. */
export function writeLinear(cpu: Cpu, linear: number, size: number, value: number, user: boolean): boolean {
  const i32 = cpu.i32;
  const slot = tlbSlot(writeTable(user), linear);
  if (i32[slot] === ((linear + size - 1) & ~0xfff)) {
    storeHost(cpu, (linear + i32[slot + 2]!) | 0, size, value);
    return true;
  }
  return writeSlowly(cpu, linear >>> 0, size, value, user);
}

/** Checks that `size` bytes (at most a page) can be written, so that writing them afterwards cannot fault. */
export function probeWrite(cpu: Cpu, linear: number, size: number, user: boolean): boolean {
  const i32 = cpu.i32;
  const slot = tlbSlot(writeTable(user), linear);
  const last = linear + size - 1;
  if ((i32[slot]! & ~1) === (last & ~0xfff)) return true;
  if (translateWrite(cpu, linear >>> 0, user) < 0) return false;
  return ((linear ^ last) & ~0xfff) === 0 || translateWrite(cpu, (last & ~0xfff) >>> 0, user) >= 0;
}

export function probeRead(cpu: Cpu, linear: number, size: number, user: boolean): boolean {
  const last = linear + size - 1;
  if (translateRead(cpu, linear >>> 0, user) < 0) return false;
  return ((linear ^ last) & ~0xfff) === 0 || translateRead(cpu, (last & ~0xfff) >>> 0, user) >= 0;
}

// Implicit accesses to descriptor tables and task state segments have supervisor rights at any CPL.
export const readSystem = (cpu: Cpu, linear: number, size: number): number => readLinear(cpu, linear, size, false);
export const writeSystem = (cpu: Cpu, linear: number, size: number, value: number): boolean =>
  writeLinear(cpu, linear, size, value, false);

/** Physical address for a read, entering the translation in the TLB; -1 on a fault. */
function translateRead(cpu: Cpu, linear: number, user: boolean): number {
  const physical = translate(cpu, linear, user ? ACCESS_READ | ACCESS_USER : ACCESS_READ);
  if (physical < 0 || isWatched(cpu, linear)) return physical;
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);
  if (host >= 0) fillTlb(cpu, readTable(user), linear, physical, host, false);
  return physical;
}

function translateWrite(cpu: Cpu, linear: number, user: boolean): number {
  const physical = translate(cpu, linear, user ? ACCESS_WRITE | ACCESS_USER : ACCESS_WRITE);
  if (physical < 0 || isWatched(cpu, linear)) return physical;
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, true);
  if (host >= 0) fillTlb(cpu, writeTable(user), linear, physical, host, cpu.codePages[physical >>> 12] !== 0);
  return physical;
}

function readAt(cpu: Cpu, physical: number, size: number): number {
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);
  return host < 0 ? cpu.bus.read(physical, size) >>> 0 : loadHost(cpu, host + (physical & 0xfff), size);
}

function writeAt(cpu: Cpu, physical: number, size: number, value: number): void {
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, true);
  if (host < 0) {
    cpu.bus.write(physical, size, value);
    return;
  }
  storeHost(cpu, host + (physical & 0xfff), size, value);
  if (cpu.codePages[physical >>> 12] !== 0) cpu.hooks.codeWritten(physical, size);
}

function readSlowly(cpu: Cpu, linear: number, size: number, user: boolean): number {
  const first = translateRead(cpu, linear, user);
  if (first < 0) return -1;
  let value: number;
  const here = 0x1000 - (linear & 0xfff);
  if (here >= size) value = readAt(cpu, first, size);
  else {
    const second = translateRead(cpu, (linear + here) >>> 0, user);
    if (second < 0) return -1;
    value = 0;
    for (let i = size - 1; i >= 0; i--) {
      value = value * 256 + readAt(cpu, i < here ? first + i : second + i - here, 1);
    }
  }
  if (isWatched(cpu, linear) || isWatched(cpu, linear + size - 1)) noteAccess(cpu, linear, size, false);
  return value;
}

function writeSlowly(cpu: Cpu, linear: number, size: number, value: number, user: boolean): boolean {
  const first = translateWrite(cpu, linear, user);
  if (first < 0) return false;
  const here = 0x1000 - (linear & 0xfff);
  if (here >= size) writeAt(cpu, first, size, value);
  else {
    const second = translateWrite(cpu, (linear + here) >>> 0, user);
    if (second < 0) return false;
    for (let i = 0; i < size; i++) {
      writeAt(cpu, i < here ? first + i : second + i - here, 1, (value >>> (8 * i)) & 0xff);
    }
  }
  if (isWatched(cpu, linear) || isWatched(cpu, linear + size - 1)) noteAccess(cpu, linear, size, true);
  return true;
}
