// The engine's way into memory when its inline TLB compare misses: values of 1, 2, 4 or 8 bytes through S_SCRATCH.
// Every function answers 0, or 1 with a fault in cpu.fault. Offsets and linear addresses may come as signed i32.
import type { Cpu } from './cpu';
import { S_SCRATCH } from './layout';
import { probeRead, probeWrite, readLinear, writeLinear } from './memory';
import { checkAlignment, checkSegment } from './virtual';

const VALUE = S_SCRATCH >> 2;

/** Four bytes on; legacy code wraps at 4 GB. */
const following = (cpu: Cpu, linear: number): number => (cpu.long ? linear + 4 : (linear + 4) >>> 0);

/** Reads into the low bytes of S_SCRATCH (zero-extended to 8). */
export function slowRead(cpu: Cpu, linear: number, size: number): 0 | 1 {
  const user = cpu.cpl === 3;
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return 1;
  if (size === 8) {
    if ((linear & 0xfff) > 0xff8 && !probeRead(cpu, linear, 8, user)) return 1;
    const low = readLinear(cpu, linear, 4, user);
    if (low < 0) return 1;
    const high = readLinear(cpu, following(cpu, linear), 4, user);
    if (high < 0) return 1;
    cpu.i32[VALUE] = low;
    cpu.i32[VALUE + 1] = high;
    return 0;
  }
  const value = readLinear(cpu, linear, size, user);
  if (value < 0) return 1;
  cpu.i32[VALUE] = value;
  cpu.i32[VALUE + 1] = 0;
  return 0;
}

/** Writes the low bytes of S_SCRATCH. */
export function slowWrite(cpu: Cpu, linear: number, size: number): 0 | 1 {
  const user = cpu.cpl === 3;
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return 1;
  const low = cpu.i32[VALUE]!;
  if (size !== 8) return writeLinear(cpu, linear, size, low, user) ? 0 : 1;
  const high = cpu.i32[VALUE + 1]!;
  if (!probeWrite(cpu, linear, 8, user)) return 1;
  writeLinear(cpu, linear, 4, low, user);
  writeLinear(cpu, following(cpu, linear), 4, high, user);
  return 0;
}

/** Makes sure that `size` bytes can be read and written, for read-modify-write instructions. */
export function slowRmwProbe(cpu: Cpu, linear: number, size: number): 0 | 1 {
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return 1;
  return probeWrite(cpu, linear, size, cpu.cpl === 3) ? 0 : 1;
}

/** The full segment check, when the fast limit says no. `write` non-zero for writes. */
export const slowCheck = (cpu: Cpu, seg: number, offset: number, size: number, write: number): 0 | 1 =>
  checkSegment(cpu, seg, offset, size, write !== 0) ? 0 : 1;
