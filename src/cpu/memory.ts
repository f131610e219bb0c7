// Linear memory: checked reads and writes of 1, 2 and 4 bytes. A fault is the sentinel (-1 or false) with cpu.fault set.
// An access that crosses a page probes both pages before it changes anything. Segment checks: virtual.ts.
import type { Cpu } from './cpu';
import { highOf, nextPage } from './linear';
import { ACCESS_READ, ACCESS_USER, ACCESS_WRITE } from './pageAccess';
import { translate } from './paging';
import { CR4_SMAP } from './layout';
import { loadHost, storeHost } from './physical';
import { fillTlb, hits, readTable, tlbSlot, writeTable } from './tlb';
import { asOneAccess, isWatched } from './watch';

/** Reads `size` (1, 2, 4) bytes, unsigned; -1 on a fault. `user`: with the rights of CPL 3. */
export function readLinear(cpu: Cpu, linear: number, size: number, user: boolean): number {
  const slot = tlbSlot(readTable(cpu, linear, user), linear);
  if (hits(cpu, slot, linear, linear + size - 1)) return loadHost(cpu, (linear + cpu.i32[slot + 2]!) | 0, size);
  return readSlowly(cpu, linear, size, user);
}

/** Writes the low `size` (1, 2, 4) bytes of `value`; false on a fault. */
export function writeLinear(cpu: Cpu, linear: number, size: number, value: number, user: boolean): boolean {
  const slot = tlbSlot(writeTable(cpu, linear, user), linear);
  if (hits(cpu, slot, linear, linear + size - 1)) {
    storeHost(cpu, (linear + cpu.i32[slot + 2]!) | 0, size, value);
    return true;
  }
  return writeSlowly(cpu, linear, size, value, user);
}

/** Checks that `size` bytes (at most a page) can be written, so that writing them afterwards cannot fault. */
export function probeWrite(cpu: Cpu, linear: number, size: number, user: boolean): boolean {
  const last = linear + size - 1;
  const slot = tlbSlot(writeTable(cpu, linear, user), linear);
  if ((cpu.i32[slot]! & ~1) === (last & ~0xfff) && cpu.i32[slot + 1] === highOf(linear)) return true;
  if (translateWrite(cpu, linear, user) < 0) return false;
  return ((linear ^ last) & ~0xfff) === 0 || translateWrite(cpu, nextPage(cpu, linear), user) >= 0;
}

export function probeRead(cpu: Cpu, linear: number, size: number, user: boolean): boolean {
  const last = linear + size - 1;
  if (translateRead(cpu, linear, user) < 0) return false;
  return ((linear ^ last) & ~0xfff) === 0 || translateRead(cpu, nextPage(cpu, linear), user) >= 0;
}

// Implicit accesses to descriptor tables and task state segments have supervisor rights at any CPL.
// With SMAP they cannot reach pages of user mode, whatever EFLAGS.AC says; such pages are not in the TLB then.
export function readSystem(cpu: Cpu, linear: number, size: number): number {
  cpu.implicitAccess = true;
  const value = readLinear(cpu, linear, size, false);
  cpu.implicitAccess = false;
  return value;
}
export function writeSystem(cpu: Cpu, linear: number, size: number, value: number): boolean {
  cpu.implicitAccess = true;
  const done = writeLinear(cpu, linear, size, value, false);
  cpu.implicitAccess = false;
  return done;
}

/** With SMAP a supervisor's access to a user page depends on EFLAGS.AC each time: it never enters the TLB. */
const keeps = (cpu: Cpu, user: boolean): boolean => user || !cpu.userPage || (cpu.cr4 & CR4_SMAP) === 0;

/** Physical address for a read, entering the translation in the TLB; -1 on a fault. */
function translateRead(cpu: Cpu, linear: number, user: boolean): number {
  const physical = translate(cpu, linear, user ? ACCESS_READ | ACCESS_USER : ACCESS_READ);
  if (physical < 0 || isWatched(cpu, linear)) return physical;
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);
  if (host >= 0 && keeps(cpu, user)) fillTlb(cpu, readTable(cpu, linear, user), linear, physical, host, false);
  return physical;
}

function translateWrite(cpu: Cpu, linear: number, user: boolean): number {
  const physical = translate(cpu, linear, user ? ACCESS_WRITE | ACCESS_USER : ACCESS_WRITE);
  if (physical < 0 || isWatched(cpu, linear)) return physical;
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, true);
  if (host >= 0 && keeps(cpu, user))
    fillTlb(cpu, writeTable(cpu, linear, user), linear, physical, host, cpu.codePages[physical >>> 12] !== 0);
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
  let value = -1;
  asOneAccess(cpu, linear, size, false, () => (value = readPages(cpu, linear, size, user)) >= 0);
  return value;
}
const writeSlowly = (cpu: Cpu, linear: number, size: number, value: number, user: boolean): boolean =>
  asOneAccess(cpu, linear, size, true, () => writePages(cpu, linear, size, value, user));

function readPages(cpu: Cpu, linear: number, size: number, user: boolean): number {
  const first = translateRead(cpu, linear, user);
  if (first < 0) return -1;
  let value: number;
  const here = 0x1000 - (linear & 0xfff);
  if (here >= size) value = readAt(cpu, first, size);
  else {
    const second = translateRead(cpu, nextPage(cpu, linear), user);
    if (second < 0) return -1;
    value = 0;
    for (let i = size - 1; i >= 0; i--) {
      value = value * 256 + readAt(cpu, i < here ? first + i : second + i - here, 1);
    }
  }
  return value;
}

function writePages(cpu: Cpu, linear: number, size: number, value: number, user: boolean): boolean {
  const first = translateWrite(cpu, linear, user);
  if (first < 0) return false;
  const here = 0x1000 - (linear & 0xfff);
  if (here >= size) writeAt(cpu, first, size, value);
  else {
    const second = translateWrite(cpu, nextPage(cpu, linear), user);
    if (second < 0) return false;
    for (let i = 0; i < size; i++) {
      writeAt(cpu, i < here ? first + i : second + i - here, 1, (value >>> (8 * i)) & 0xff);
    }
  }
  return true;
}
