// Waiting by the clock chip's periodic interrupt, 1,024 a second (IBM PC/AT Technical Reference, BIOS listing "RTC_INT"):
// INT 15h AH=83 sets a flag bit in the caller's memory after a time, AH=86 waits for it, INT 70h counts.

import { BDA_WAIT_ACTIVE, BDA_WAIT_COUNT, BDA_WAIT_FLAG } from '../bda';
import { Guest } from '../guest';
import { readCmos, writeCmos } from './cmos';

const REGISTER_B = 0x0b, REGISTER_C = 0x0c; // prettier-ignore
const PERIODIC = 0x40, ALARM = 0x20; // prettier-ignore
const PERIOD_US = 976;
const POSTED = 0x80;
const ACTIVE = 1;
const MASTER_MASK = 0x21, SLAVE_MASK = 0xa1; // prettier-ignore
const CASCADE = 1 << 2, IRQ8 = 1 << 0; // prettier-ignore

/** Begins to count; false when a wait is running already. */
export function startWait(g: Guest, flag: { segment: number; offset: number }, microseconds: number): boolean {
  if (g.read8(BDA_WAIT_ACTIVE) & ACTIVE) return false;
  g.write16(BDA_WAIT_FLAG, flag.offset);
  g.write16(BDA_WAIT_FLAG + 2, flag.segment);
  g.write32(BDA_WAIT_COUNT, microseconds);
  g.write8(BDA_WAIT_ACTIVE, ACTIVE);
  writeCmos(g, REGISTER_B, readCmos(g, REGISTER_B) | PERIODIC);
  g.out8(MASTER_MASK, g.in8(MASTER_MASK) & ~CASCADE);
  g.out8(SLAVE_MASK, g.in8(SLAVE_MASK) & ~IRQ8);
  return true;
}

export function cancelWait(g: Guest): void {
  g.write8(BDA_WAIT_ACTIVE, 0);
  writeCmos(g, REGISTER_B, readCmos(g, REGISTER_B) & ~PERIODIC);
}

/** AH=86 uses the active byte itself as its flag. True when the time is over; the byte is then free again. */
export function waitIsOver(g: Guest): boolean {
  if (!(g.read8(BDA_WAIT_ACTIVE) & POSTED)) return false;
  g.write8(BDA_WAIT_ACTIVE, 0);
  return true;
}

export const OWN_FLAG = { segment: 0x40, offset: BDA_WAIT_ACTIVE - 0x400 };

/** INT 70h. True when the alarm rang: INT 4Ah is due. */
export function clockInterrupt(g: Guest): boolean {
  const causes = readCmos(g, REGISTER_C) & readCmos(g, REGISTER_B);
  if (causes & PERIODIC && g.read8(BDA_WAIT_ACTIVE) & ACTIVE) countDown(g);
  return (causes & ALARM) !== 0;
}

function countDown(g: Guest): void {
  const left = g.read32(BDA_WAIT_COUNT) - PERIOD_US;
  if (left > 0) {
    g.write32(BDA_WAIT_COUNT, left);
    return;
  }
  cancelWait(g);
  const flag = Guest.linear(g.read16(BDA_WAIT_FLAG + 2), g.read16(BDA_WAIT_FLAG));
  g.write8(flag, g.read8(flag) | POSTED);
}
