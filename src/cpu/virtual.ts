// Logical addresses: segment checks (Intel SDM vol. 3, "Limit Checking", "Type Checking"), alignment checks
// ("Alignment Check Exception (#AC)"), then linear memory with the rights of the present CPL.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { AC, ACV, CR0_AM, CR0_PE, GP, S_SEG, SEG_FAST_READ, SEG_FAST_WRITE, SEG_SIZE, SS_ } from './layout';
import { canonicalRange } from './linear';
import { probeRead, probeWrite, readLinear, writeLinear } from './memory';
import { raise } from './raise';
import { asOneAccess } from './watch';

export const ATTR_S = 0x10,
  ATTR_P = 0x80,
  ATTR_DB = 0x4000,
  ATTR_UNUSABLE = 0x10000;

/** Checks `size` bytes at `offset` of a segment; false with #GP(0) or #SS(0) in cpu.fault. */
export function checkSegment(cpu: Cpu, seg: number, offset: number, size: number, write: boolean): boolean {
  if (cpu.long) return checkCanonical(cpu, seg, offset, size, write);
  const fast = cpu.u32[(S_SEG + seg * SEG_SIZE + (write ? SEG_FAST_WRITE : SEG_FAST_READ)) >> 2]!;
  offset >>>= 0;
  if (offset + size <= fast) return true;
  const attr = cpu.attr(seg);
  if ((attr & ATTR_UNUSABLE) !== 0) return segmentFault(cpu, seg, offset, size, write, 'segment-null');
  if ((cpu.cr0 & CR0_PE) !== 0) {
    const type = attr & 15;
    const allowed = write ? (type & 10) === 2 : (type & 10) !== 8;
    if (!allowed)
      return segmentFault(cpu, seg, offset, size, write, write ? 'segment-not-writable' : 'segment-not-readable');
  }
  const limit = cpu.limit(seg);
  if ((attr & 12) === 4) {
    const top = (attr & ATTR_DB) !== 0 ? 0xffffffff : 0xffff;
    if (offset > limit && offset + size - 1 <= top) return true;
  } else if (offset + size - 1 <= limit || limit === 0xffffffff) return true;
  return segmentFault(cpu, seg, offset, size, write, 'segment-limit');
}

/** 64-bit code: no limits and no types, but all bytes at canonical addresses. */
function checkCanonical(cpu: Cpu, seg: number, offset: number, size: number, write: boolean): boolean {
  const linear = linearOf(cpu, seg, offset);
  if (canonicalRange(linear, size)) return true;
  raise(cpu, seg === Seg.SS ? SS_ : GP, 0, 'non-canonical', {
    segment: seg,
    base: seg >= Seg.FS ? cpu.base64(seg) : 0,
    offset,
    linear,
    size,
    access: write ? 'write' : 'read',
    cpl: cpu.cpl,
  });
  return false;
}

function segmentFault(cpu: Cpu, seg: number, offset: number, size: number, write: boolean, check: string): false {
  raise(cpu, seg === Seg.SS ? SS_ : GP, 0, check, {
    segment: seg,
    selector: cpu.selector(seg),
    attributes: cpu.attr(seg),
    base: cpu.base(seg),
    limit: cpu.limit(seg),
    offset,
    size,
    access: write ? 'write' : 'read',
    cpl: cpu.cpl,
  });
  return false;
}

/** Alignment checks are in force: CPL 3, CR0.AM, EFLAGS.AC. */
export const alignmentChecked = (cpu: Cpu): boolean =>
  cpu.cpl === 3 && (cpu.cr0 & CR0_AM) !== 0 && (cpu.sysFlags & AC) !== 0;

/** False with #AC(0) when `linear` is not a multiple of `alignment` and the check is in force. */
export function checkAlignment(cpu: Cpu, linear: number, alignment: number): boolean {
  if ((linear & (alignment - 1)) === 0 || !alignmentChecked(cpu)) return true;
  raise(cpu, ACV, 0, 'alignment', { linear, alignment });
  return false;
}

/** In 64-bit code `offset` is signed and only FS and GS have a base; the result may be beyond what is canonical. */
export const linearOf = (cpu: Cpu, seg: number, offset: number): number =>
  !cpu.long ? (cpu.base(seg) + offset) >>> 0 : seg >= Seg.FS ? cpu.base64(seg) + offset : offset;

/** Reads 1, 2 or 4 bytes, unsigned; -1 on a fault. */
export function readVirtual(cpu: Cpu, seg: number, offset: number, size: number): number {
  if (!checkSegment(cpu, seg, offset, size, false)) return -1;
  const linear = linearOf(cpu, seg, offset);
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return -1;
  return readLinear(cpu, linear, size, cpu.cpl === 3);
}

/** Writes 1, 2 or 4 bytes; false on a fault. */
export function writeVirtual(cpu: Cpu, seg: number, offset: number, size: number, value: number): boolean {
  if (!checkSegment(cpu, seg, offset, size, true)) return false;
  const linear = linearOf(cpu, seg, offset);
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return false;
  return writeLinear(cpu, linear, size, value, cpu.cpl === 3);
}

/** All checks of a write without writing: writing afterwards cannot fault. */
export function probeVirtualWrite(cpu: Cpu, seg: number, offset: number, size: number): boolean {
  if (!checkSegment(cpu, seg, offset, size, true)) return false;
  const linear = linearOf(cpu, seg, offset);
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return false;
  return probeWrite(cpu, linear, size, cpu.cpl === 3);
}

/** Reads 8 bytes as two halves (i32); undefined on a fault. */
export function readVirtual64(cpu: Cpu, seg: number, offset: number): readonly [low: number, high: number] | undefined {
  if (!checkSegment(cpu, seg, offset, 8, false)) return undefined;
  const linear = linearOf(cpu, seg, offset);
  if ((linear & 7) !== 0 && !checkAlignment(cpu, linear, 8)) return undefined;
  const user = cpu.cpl === 3;
  if (!probeRead(cpu, linear, 8, user)) return undefined;
  let low = 0;
  let high = 0;
  asOneAccess(cpu, linear, 8, false, () => {
    low = readLinear(cpu, linear, 4, user);
    high = readLinear(cpu, linear + 4, 4, user);
    return true;
  });
  return [low | 0, high | 0];
}

/** Writes 8 bytes; false on a fault. */
export function writeVirtual64(cpu: Cpu, seg: number, offset: number, low: number, high: number): boolean {
  if (!probeVirtualWrite(cpu, seg, offset, 8)) return false;
  const user = cpu.cpl === 3;
  const linear = linearOf(cpu, seg, offset);
  const write = (): boolean => writeLinear(cpu, linear, 4, low, user) && writeLinear(cpu, linear + 4, 4, high, user);
  return asOneAccess(cpu, linear, 8, true, write);
}

/** Two halves as a signed number: exact for canonical addresses, rounded beyond 53 bits. */
export const signedOf = (halves: readonly [number, number]): number => halves[1] * 0x100000000 + (halves[0] >>> 0);
