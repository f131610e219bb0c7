// INT 10h AH=10: the attribute controller's palette and the colour registers.

import { Guest } from '../guest';
import { greyOf, readDac, readDacMask, writeDac, writeDacMask } from './dac';
import { readAttribute, writeAttribute } from './registers';

const MODE_CONTROL = 0x10, OVERSCAN = 0x11, COLOUR_SELECT = 0x14; // prettier-ignore
const BLINK = 0x08, PAGE_SIZE_16 = 0x80; // prettier-ignore

type Service = (g: Guest) => void;

const SERVICES: Readonly<Record<number, Service>> = {
  0x00: (g) => {
    if (g.bl <= COLOUR_SELECT) writeAttribute(g, g.bl, g.bh);
  },
  0x01: (g) => writeAttribute(g, OVERSCAN, g.bh),
  0x02: (g) => {
    for (let i = 0; i < 16; i++) writeAttribute(g, i, g.read8(Guest.linear(g.es, g.dx + i)));
    writeAttribute(g, OVERSCAN, g.read8(Guest.linear(g.es, g.dx + 16)));
  },
  0x03: (g) => {
    const mode = readAttribute(g, MODE_CONTROL);
    writeAttribute(g, MODE_CONTROL, g.bl & 1 ? mode | BLINK : mode & ~BLINK);
  },
  0x07: (g) => {
    if (g.bl <= COLOUR_SELECT) g.bh = readAttribute(g, g.bl);
  },
  0x08: (g) => {
    g.bh = readAttribute(g, OVERSCAN);
  },
  0x09: (g) => {
    for (let i = 0; i < 16; i++) g.write8(Guest.linear(g.es, g.dx + i), readAttribute(g, i));
    g.write8(Guest.linear(g.es, g.dx + 16), readAttribute(g, OVERSCAN));
  },
  0x10: (g) => writeDac(g, g.bx & 0xff, [g.dh, g.ch, g.cl]),
  0x12: (g) => {
    const { cx: count, bl: first } = g;
    for (let i = 0; i < count; i++) {
      const at = (part: number): number => g.read8(Guest.linear(g.es, g.dx + 3 * i + part));
      writeDac(g, (first + i) & 0xff, [at(0), at(1), at(2)]);
    }
  },
  0x13: selectColourPage,
  0x15: (g) => {
    const [red, green, blue] = readDac(g, g.bl);
    g.dh = red;
    g.ch = green;
    g.cl = blue;
  },
  0x17: (g) => {
    const { cx: count, bl: first } = g;
    for (let i = 0; i < count; i++) {
      readDac(g, (first + i) & 0xff).forEach((part, n) => g.write8(Guest.linear(g.es, g.dx + 3 * i + n), part));
    }
  },
  0x18: (g) => writeDacMask(g, g.bl),
  0x19: (g) => {
    g.bl = readDacMask(g);
  },
  0x1a: (g) => {
    const sixteen = (readAttribute(g, MODE_CONTROL) & PAGE_SIZE_16) !== 0;
    g.bl = sixteen ? 1 : 0;
    g.bh = readAttribute(g, COLOUR_SELECT) >> (sixteen ? 0 : 2);
  },
  0x1b: (g) => {
    const { cx: count, bx: first } = g;
    for (let i = 0; i < count; i++) writeDac(g, (first + i) & 0xff, greyOf(readDac(g, (first + i) & 0xff)));
  },
};

export function paletteServices(g: Guest): void {
  SERVICES[g.al]?.(g);
}

/** BL=0: 4 pages of 64 or 16 pages of 16 colours; BL=1: which page is shown. */
function selectColourPage(g: Guest): void {
  const mode = readAttribute(g, MODE_CONTROL);
  if (g.bl === 0) writeAttribute(g, MODE_CONTROL, g.bh & 1 ? mode | PAGE_SIZE_16 : mode & ~PAGE_SIZE_16);
  else if (g.bl === 1) writeAttribute(g, COLOUR_SELECT, mode & PAGE_SIZE_16 ? g.bh & 0x0f : (g.bh & 3) << 2);
}
