// INT 1Ah: time of day (IBM PS/2 and PC BIOS Interface Technical Reference, "Interrupt 1Ah"), and INT 08h, the tick.

import { BDA_FLOPPY_MOTOR, BDA_FLOPPY_TIMEOUT, BDA_MIDNIGHT, BDA_TICKS } from '../bda';
import type { Guest } from '../guest';
import { readCmos, writeCmos } from './cmos';

/** Ticks of 65,536 / 1,193,182 s in a day, as the PC counts them. */
export const TICKS_PER_DAY = 0x1800b0;
const SECONDS = 0, SECONDS_ALARM = 1, MINUTES = 2, MINUTES_ALARM = 3, HOURS = 4, HOURS_ALARM = 5; // prettier-ignore
const DAY = 7, MONTH = 8, YEAR = 9, B = 0x0b, CENTURY = 0x32; // prettier-ignore
const B_SET = 0x80, B_ALARM = 0x20, B_24H = 2, B_DST = 1; // prettier-ignore
const SLAVE_MASK = 0xa1;
const MOTOR_BITS = 0x0f;

export function timeService(g: Guest): void {
  g.carry = false;
  switch (g.ah) {
    case 0x00: {
      const ticks = g.read32(BDA_TICKS);
      g.cx = ticks >>> 16;
      g.dx = ticks & 0xffff;
      g.al = g.read8(BDA_MIDNIGHT);
      g.write8(BDA_MIDNIGHT, 0);
      g.ah = 0;
      break;
    }
    case 0x01:
      g.write32(BDA_TICKS, g.cx * 0x10000 + g.dx);
      g.write8(BDA_MIDNIGHT, 0);
      g.ah = 0;
      break;
    case 0x02:
      g.dh = readCmos(g, SECONDS);
      g.cl = readCmos(g, MINUTES);
      g.ch = readCmos(g, HOURS);
      g.dl = readCmos(g, B) & B_DST;
      g.ah = 0;
      g.al = g.ch;
      break;
    case 0x03:
      setClock(g, [
        [SECONDS, g.dh],
        [MINUTES, g.cl],
        [HOURS, g.ch],
      ]);
      writeCmos(g, B, (readCmos(g, B) & ~B_DST) | B_24H | (g.dl & B_DST));
      g.ah = 0;
      g.al = readCmos(g, B);
      break;
    case 0x04:
      g.ch = readCmos(g, CENTURY);
      g.cl = readCmos(g, YEAR);
      g.dh = readCmos(g, MONTH);
      g.dl = readCmos(g, DAY);
      g.ah = 0;
      g.al = g.ch;
      break;
    case 0x05:
      setClock(g, [
        [YEAR, g.cl],
        [MONTH, g.dh],
        [DAY, g.dl],
        [CENTURY, g.ch],
      ]);
      g.ah = 0;
      g.al = readCmos(g, B);
      break;
    case 0x06:
      setAlarm(g);
      break;
    case 0x07:
      g.ax = readCmos(g, B) & ~B_ALARM & ~B_SET;
      writeCmos(g, B, g.al);
      break;
    default:
      g.carry = true;
  }
}

/** Cells change while the clock is stopped by B's SET bit. */
function setClock(g: Guest, cells: readonly (readonly [cell: number, value: number])[]): void {
  writeCmos(g, B, readCmos(g, B) | B_SET);
  for (const [cell, value] of cells) writeCmos(g, cell, value);
  writeCmos(g, B, readCmos(g, B) & ~B_SET);
}

/** Carry when an alarm is set already; INT 4Ah rings. */
function setAlarm(g: Guest): void {
  if (readCmos(g, B) & B_ALARM) {
    g.ax = 0;
    g.carry = true;
    return;
  }
  writeCmos(g, SECONDS_ALARM, g.dh);
  writeCmos(g, MINUTES_ALARM, g.cl);
  writeCmos(g, HOURS_ALARM, g.ch);
  g.out8(SLAVE_MASK, g.in8(SLAVE_MASK) & ~1);
  writeCmos(g, B, readCmos(g, B) | B_ALARM);
  g.ah = 0;
}

/** INT 08h: counts ticks and switches the floppy motor off after its time. The stub calls INT 1Ch. */
export function tick(g: Guest): void {
  const ticks = g.read32(BDA_TICKS) + 1;
  if (ticks >= TICKS_PER_DAY) {
    g.write32(BDA_TICKS, 0);
    g.write8(BDA_MIDNIGHT, g.read8(BDA_MIDNIGHT) + 1);
  } else {
    g.write32(BDA_TICKS, ticks);
  }
  const timeout = g.read8(BDA_FLOPPY_TIMEOUT);
  if (timeout === 0) return;
  g.write8(BDA_FLOPPY_TIMEOUT, timeout - 1);
  if (timeout === 1) g.write8(BDA_FLOPPY_MOTOR, g.read8(BDA_FLOPPY_MOTOR) & ~MOTOR_BITS);
}
