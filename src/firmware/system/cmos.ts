// The clock chip's cells through ports 70h and 71h. Bit 7 of the index masks NMI and is left clear.

import type { Guest } from '../guest';

const INDEX = 0x70;
const DATA = 0x71;

export function readCmos(g: Guest, cell: number): number {
  g.out8(INDEX, cell);
  return g.in8(DATA);
}

export function writeCmos(g: Guest, cell: number, value: number): void {
  g.out8(INDEX, cell);
  g.out8(DATA, value);
}
