// The processor's mode as people name it.

import type { Cpu } from '../cpu/cpu';
import { CR0_PE, VM } from '../cpu/layout';
import type { Mode } from './types';

const CS = 1;
const ATTR_BIG = 1 << 14;

export function modeOf(cpu: Cpu): Mode {
  if (!(cpu.cr0 & CR0_PE)) return 'real';
  if (cpu.sysFlags & VM) return 'v8086';
  return cpu.attr(CS) & ATTR_BIG ? 'protected32' : 'protected16';
}
