// The engine's way into memory when its inline TLB compare misses: values of 1 to 32 bytes through S_SCRATCH.
// Every function answers 0, or 1 with a fault in cpu.fault. Offsets and linear addresses may come as signed i32.
import type { Cpu } from './cpu';
import { S_SCRATCH } from './layout';
import { probeRead, probeWrite, readLinear, writeLinear } from './memory';
import { checkAlignment, checkSegment } from './virtual';
import { asOneAccess } from './watch';

const VALUE = S_SCRATCH >> 2;

/** Some bytes on; legacy code wraps at 4 GB. */
const onward = (cpu: Cpu, linear: number, by: number): number => (cpu.long ? linear + by : (linear + by) >>> 0);

/** Reads into the low bytes of S_SCRATCH (zero-extended to 8). */
export function slowRead(cpu: Cpu, linear: number, size: number): 0 | 1 {
  const user = cpu.cpl === 3;
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return 1;
  if (size >= 8) {
    if (!probeRead(cpu, linear, size, user)) return 1;
    const read = (): boolean => {
      for (let at = 0; at < size; at += 4) {
        const value = readLinear(cpu, onward(cpu, linear, at), 4, user);
        if (value < 0) return false;
        cpu.i32[VALUE + (at >> 2)] = value;
      }
      return true;
    };
    return asOneAccess(cpu, linear, size, false, read) ? 0 : 1;
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
  if (size < 8) return writeLinear(cpu, linear, size, cpu.i32[VALUE]!, user) ? 0 : 1;
  if (!probeWrite(cpu, linear, size, user)) return 1;
  // the first write may drop decoded code, and S_SCRATCH is what others use, too
  const words = cpu.i32.slice(VALUE, VALUE + (size >> 2));
  const write = (): boolean => words.every((word, i) => writeLinear(cpu, onward(cpu, linear, i * 4), 4, word, user));
  return asOneAccess(cpu, linear, size, true, write) ? 0 : 1;
}

/** Makes sure that `size` bytes can be read and written, for read-modify-write instructions. */
export function slowRmwProbe(cpu: Cpu, linear: number, size: number): 0 | 1 {
  if ((linear & (size - 1)) !== 0 && !checkAlignment(cpu, linear, size)) return 1;
  return probeWrite(cpu, linear, size, cpu.cpl === 3) ? 0 : 1;
}

/** The full segment check, when the fast limit says no. `write` non-zero for writes. */
export const slowCheck = (cpu: Cpu, seg: number, offset: number, size: number, write: number): 0 | 1 =>
  checkSegment(cpu, seg, offset, size, write !== 0) ? 0 : 1;
