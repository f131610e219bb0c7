// Logical addresses: segment checks (Intel SDM vol. 3, "Limit Checking", "Type Checking"), alignment checks
// ("Alignment Check Exception (#AC)"), then linear memory with the rights of the present CPL.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { AC, ACV, CR0_AM, CR0_PE, GP, S_SEG, SEG_FAST_READ, SEG_FAST_WRITE, SEG_SIZE, SS_ } from './layout';
import { probeWrite, readLinear, writeLinear } from './memory';
import { raise } from './raise';

export const ATTR_S = 0x10,
  ATTR_P = 0x80,
  ATTR_DB = 0x4000,
  ATTR_UNUSABLE = 0x10000;

/** Checks `size` bytes at `offset` of a segment; false with #GP(0) or #SS(0) in cpu.fault. */
export function checkSegment(cpu: Cpu, seg: number, offset: number, size: number, write: boolean): boolean {
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
  raise(cpu, ACV, 0, 'alignment', { linear: linear >>> 0, alignment });
  return false;
}

export const linearOf = (cpu: Cpu, seg: number, offset: number): number => (cpu.base(seg) + offset) >>> 0;

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
