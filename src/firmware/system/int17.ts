// INT 17h: printers. There are no parallel ports on the board: every call times out.

import type { Guest } from '../guest';

const TIMED_OUT = 0x01;

export function printerService(g: Guest): void {
  g.ah = TIMED_OUT;
}
