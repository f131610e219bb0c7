// Virtual-8086 mode extensions (Intel SDM vol. 3, "Interrupt and Exception Handling in Virtual-8086 Mode"):
// the interrupt redirection bitmap in the TSS.
import type { Cpu } from './cpu';
import { TR } from './layout';
import { readSystem } from './memory';
import { raiseGP } from './raise';

/** 1: INT n goes to the program's own vector table; 0: to the protected-mode handler; -1: fault in cpu.fault. */
export function redirected(cpu: Cpu, vector: number): -1 | 0 | 1 {
  const base = cpu.base(TR);
  const limit = cpu.limit(TR);
  if ((cpu.attr(TR) & 8) === 0 || limit < 103) return 0;
  const map = readSystem(cpu, (base + 102) >>> 0, 2);
  if (map < 0) return -1;
  const at = map - 32 + (vector >> 3);
  if (map < 32 || at > limit) {
    raiseGP(cpu, 0, 'redirection-bitmap', { map, limit, vector });
    return -1;
  }
  const byte = readSystem(cpu, (base + at) >>> 0, 1);
  if (byte < 0) return -1;
  return (byte & (1 << (vector & 7))) === 0 ? 1 : 0;
}
