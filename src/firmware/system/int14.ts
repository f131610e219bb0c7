// INT 14h: serial ports (IBM PS/2 and PC BIOS Interface Technical Reference, "Interrupt 14h"). A wait for the line gives up
// after about 2 seconds of timer ticks; the stub halts between tries.

import { BDA_COM_PORTS, BDA_TICKS, EBDA } from '../bda';
import type { Guest } from '../guest';

/** `wait`: not ready, the stub halts and asks again through retrySerial. */
export type SerialAnswer = 'done' | 'wait';

/** 110 to 9600 baud by AL bits 5-7. */
export const BAUD_DIVISORS = [1047, 768, 384, 192, 96, 48, 24, 12];
const EXTENDED_DIVISORS = [1047, 768, 384, 192, 96, 48, 24, 12, 6];
const DLAB = 0x80;
const DTR_RTS = 0x03;
const THR_EMPTY = 0x20;
const DATA_READY = 0x01;
const TIMED_OUT = 0x80;
const TIMEOUT_TICKS = 36;
/** Tick at which the present wait gives up; private to the firmware. */
const WAIT_END = EBDA + 0x3f0;
const DATA = 0, LINE_CONTROL = 3, MODEM_CONTROL = 4, LINE_STATUS = 5, MODEM_STATUS = 6; // prettier-ignore

export function serialService(g: Guest): SerialAnswer {
  const base = portBase(g);
  g.carry = base === 0;
  if (base === 0) return 'done';
  switch (g.ah) {
    case 0x00:
      setLine(g, base, BAUD_DIVISORS[g.al >> 5], g.al & 0x1f);
      return status(g, base);
    case 0x01:
    case 0x02:
      g.write32(WAIT_END, g.read32(BDA_TICKS) + TIMEOUT_TICKS);
      return retrySerial(g);
    case 0x03:
      return status(g, base);
    case 0x04: {
      const parity = [0, 0x08, 0x18, 0x28, 0x38][g.bh] ?? 0;
      setLine(g, base, EXTENDED_DIVISORS[g.cl] ?? 12, (g.al ? 0x40 : 0) | parity | (g.bl ? 4 : 0) | (g.ch & 3));
      return status(g, base);
    }
    case 0x05:
      if (g.al === 1) g.out8(base + MODEM_CONTROL, g.bl);
      g.bl = g.in8(base + MODEM_CONTROL);
      return status(g, base);
    default:
      return 'done';
  }
}

/** Tries to send (AH=01) or receive (AH=02) once more. */
export function retrySerial(g: Guest): SerialAnswer {
  const base = portBase(g);
  const line = g.in8(base + LINE_STATUS);
  const sending = g.ah === 0x01;
  if (line & (sending ? THR_EMPTY : DATA_READY)) {
    if (sending) g.out8(base + DATA, g.al);
    else g.al = g.in8(base + DATA);
    g.ah = sending ? g.in8(base + LINE_STATUS) : line & 0x1e;
    return 'done';
  }
  if (g.read32(BDA_TICKS) < g.read32(WAIT_END)) return 'wait';
  g.ah = line | TIMED_OUT;
  return 'done';
}

const portBase = (g: Guest): number => (g.dx < 4 ? g.read16(BDA_COM_PORTS + 2 * g.dx) : 0);

function setLine(g: Guest, base: number, divisor: number, format: number): void {
  g.out8(base + LINE_CONTROL, format | DLAB);
  g.out8(base, divisor);
  g.out8(base + 1, divisor >> 8);
  g.out8(base + LINE_CONTROL, format);
  g.out8(base + MODEM_CONTROL, g.in8(base + MODEM_CONTROL) | DTR_RTS);
}

function status(g: Guest, base: number): SerialAnswer {
  g.ah = g.in8(base + LINE_STATUS);
  g.al = g.in8(base + MODEM_STATUS);
  return 'done';
}
