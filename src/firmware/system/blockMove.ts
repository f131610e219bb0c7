// INT 15h AH=87: copies CX words between physical addresses given as descriptors, with A20 open meanwhile.

import { readPhysical, writePhysical } from '../../cpu/physical';
import { Guest } from '../guest';

const SOURCE_DESCRIPTOR = 0x10;
const TARGET_DESCRIPTOR = 0x18;
const SYSTEM_CONTROL = 0x92;
const A20_BIT = 2;

/** ES:SI points to the table of descriptors. Answers the status for AH: always 0, limits are not checked. */
export function moveBlock(g: Guest): number {
  const table = Guest.linear(g.es, g.si);
  const base = (at: number): number => (g.read32(table + at + 2) & 0xffffff) | (g.read8(table + at + 7) << 24);
  const source = base(SOURCE_DESCRIPTOR) >>> 0;
  const target = base(TARGET_DESCRIPTOR) >>> 0;
  const control = g.in8(SYSTEM_CONTROL);
  g.out8(SYSTEM_CONTROL, (control | A20_BIT) & ~1);
  for (let i = 0; i < g.cx * 2; i++) {
    writePhysical(g.cpu, (target + i) >>> 0, 1, readPhysical(g.cpu, (source + i) >>> 0, 1));
  }
  g.out8(SYSTEM_CONTROL, control & ~1);
  return 0;
}
