// Registers by name for the debugger: general registers in every width, RIP, flags, segments with their hidden caches,
// control and debug registers, system tables. Values are BigInt so that 64-bit registers need no second form.

import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';

export interface RegisterInfo {
  readonly name: string;
  readonly bits: number;
}

interface Accessor {
  readonly bits: number;
  get(cpu: Cpu): bigint;
  set(cpu: Cpu, value: bigint): void;
}

const CLASSIC = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
export const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs', 'ldtr', 'tr'];

const table = new Map<string, Accessor>();

/** A little-endian field of 1, 2, 4 or 8 bytes; writing 4 bytes of a general register leaves the upper half alone. */
const field = (name: string, offset: number, bytes: 1 | 2 | 4 | 8): void => {
  table.set(name, {
    bits: bytes * 8,
    get: (cpu) => {
      if (bytes === 8) return cpu.u64[offset >> 3];
      if (bytes === 4) return BigInt(cpu.u32[offset >> 2]);
      return BigInt(bytes === 2 ? cpu.u16[offset >> 1] : cpu.u8[offset]);
    },
    set: (cpu, value) => {
      if (bytes === 8) cpu.u64[offset >> 3] = BigInt.asUintN(64, value);
      else if (bytes === 4) cpu.u32[offset >> 2] = Number(BigInt.asUintN(32, value));
      else if (bytes === 2) cpu.u16[offset >> 1] = Number(BigInt.asUintN(16, value));
      else cpu.u8[offset] = Number(BigInt.asUintN(8, value));
    },
  });
};

CLASSIC.forEach((name, n) => {
  field(`r${name}`, L.S_GPR + 8 * n, 8);
  field(`e${name}`, L.S_GPR + 8 * n, 4);
  field(name, L.S_GPR + 8 * n, 2);
  if (n < 4) {
    field(`${name[0]}l`, L.S_GPR + 8 * n, 1);
    field(`${name[0]}h`, L.S_GPR + 8 * n + 1, 1);
  } else {
    field(`${name}l`, L.S_GPR + 8 * n, 1);
  }
});
for (let n = 8; n < 16; n++) {
  field(`r${n}`, L.S_GPR + 8 * n, 8);
  field(`r${n}d`, L.S_GPR + 8 * n, 4);
  field(`r${n}w`, L.S_GPR + 8 * n, 2);
  field(`r${n}b`, L.S_GPR + 8 * n, 1);
}
field('rip', L.S_RIP, 8);
field('eip', L.S_RIP, 4);
field('ip', L.S_RIP, 2);
SEGMENTS.forEach((name, n) => {
  const cache = L.S_SEG + n * L.SEG_SIZE;
  field(name, cache + L.SEG_SELECTOR, 2);
  field(`${name}.base`, cache + L.SEG_BASE, 8);
  field(`${name}.limit`, cache + L.SEG_LIMIT, 4);
  field(`${name}.attr`, cache + L.SEG_ATTR, 4);
});
field('gdtr.base', L.S_GDTR_BASE, 8);
field('gdtr.limit', L.S_GDTR_LIMIT, 2);
field('idtr.base', L.S_IDTR_BASE, 8);
field('idtr.limit', L.S_IDTR_LIMIT, 2);
field('cr0', L.S_CR0, 8);
field('cr2', L.S_CR2, 8);
field('cr3', L.S_CR3, 8);
field('cr4', L.S_CR4, 8);
field('cr8', L.S_CR8, 8);
field('efer', L.S_EFER, 8);
for (let n = 0; n < 8; n++) field(`dr${n}`, L.S_DR + 8 * n, 8);
table.set('cpl', {
  bits: 2,
  get: (cpu) => BigInt(cpu.cpl),
  set: () => {
    throw new Error('CPL cannot be set by itself: load CS');
  },
});

export const registerInfo = (name: string): RegisterInfo | undefined => {
  const accessor = table.get(name);
  return accessor && { name, bits: accessor.bits };
};

export const registerNames = (): string[] => [...table.keys()];

/** Undefined when there is no such register. */
export const getRegister = (cpu: Cpu, name: string): bigint | undefined => table.get(name)?.get(cpu);

/** False when there is no such register. */
export function setRegister(cpu: Cpu, name: string, value: bigint): boolean {
  const accessor = table.get(name);
  if (!accessor) return false;
  accessor.set(cpu, value);
  return true;
}
