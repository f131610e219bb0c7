// INT 10h AH=11: loading character sets, their vectors, and what is in use.
// AL=0x loads a set, AL=1x also changes the rows on the screen to fit it, AL=2x sets the fonts of graphics modes.

import { BDA_CHAR_HEIGHT, BDA_PAGE_SIZE, BDA_ROWS } from '../bda';
import type { Guest } from '../guest';
import { FONT_SEGMENT, ROM_FONTS } from '../rom/fonts';
import { CHARACTERS, loadFont, loadRomFont } from './fontLoad';
import { crtcPort, readIndexed, SEQUENCER, writeIndexed } from './registers';
import { Screen } from './screen';

const CHARACTER_MAP_SELECT = 3;
const GRAPHICS_FONT = 0x43 * 4;
const UPPER_8X8 = 0x1f * 4;
const PAGE_ALIGNMENT = 0x800;

const ROM_HEIGHT: Readonly<Record<number, 8 | 14 | 16>> = { 1: 14, 2: 8, 4: 16 };
const GRAPHICS_HEIGHT: Readonly<Record<number, 8 | 14 | 16>> = { 0x22: 14, 0x23: 8, 0x24: 16 };

export function fontServices(g: Guest): void {
  const { al } = g;
  const resize = al >= 0x10;
  const load = al & 0x0f;
  if (al === 0x30) fontInformation(g);
  else if (al === 0x20) g.write32(UPPER_8X8, g.es * 0x10000 + g.bp);
  else if (al >= 0x21 && al <= 0x24) graphicsFont(g);
  else if (al === 3) writeIndexed(g, SEQUENCER, CHARACTER_MAP_SELECT, g.bl);
  else if (al < 0x20 && load === 0) {
    loadFont(
      g,
      { segment: g.es, offset: g.bp, height: g.bh, first: g.dx, count: Math.min(g.cx, CHARACTERS) },
      g.bl & 7,
    );
    if (resize) fitRows(g, g.bh);
  } else if (al < 0x20 && ROM_HEIGHT[load]) {
    loadRomFont(g, ROM_HEIGHT[load], g.bl & 7);
    if (resize) fitRows(g, ROM_HEIGHT[load]);
  }
}

/** Character height, rows, page size and cursor for a font of `height` lines. */
function fitRows(g: Guest, height: number): void {
  const screen = new Screen(g);
  const crtc = crtcPort(g);
  const doubled = (readIndexed(g, crtc, 9) & 0x80) !== 0;
  const overflow = readIndexed(g, crtc, 7);
  const lines = (readIndexed(g, crtc, 0x12) | ((overflow & 2) << 7) | ((overflow & 0x40) << 3)) + 1;
  const rows = Math.floor((doubled ? lines >> 1 : lines) / height);
  writeIndexed(g, crtc, 9, (readIndexed(g, crtc, 9) & 0xe0) | (height - 1));
  g.write8(BDA_ROWS, rows - 1);
  g.write16(BDA_CHAR_HEIGHT, height);
  g.write16(BDA_PAGE_SIZE, (rows * screen.columns * 2 + PAGE_ALIGNMENT - 1) & -PAGE_ALIGNMENT);
  const last = height < 14 ? height - 1 : height - 2;
  new Screen(g).setCursorShape(last - 1, last);
}

function graphicsFont(g: Guest): void {
  const rom = GRAPHICS_HEIGHT[g.al];
  g.write32(GRAPHICS_FONT, rom ? FONT_SEGMENT * 0x10000 + ROM_FONTS[rom] : g.es * 0x10000 + g.bp);
  g.write16(BDA_CHAR_HEIGHT, rom ?? g.cx);
  const rows = [g.dl, 14, 25, 43][g.bl] ?? 25;
  g.write8(BDA_ROWS, rows - 1);
}

function fontInformation(g: Guest): void {
  const rom: Readonly<Record<number, number>> = {
    2: ROM_FONTS[14],
    3: ROM_FONTS[8],
    4: ROM_FONTS[8] + 0x400,
    5: ROM_FONTS[14],
    6: ROM_FONTS[16],
    7: ROM_FONTS[16],
  };
  const vector = g.bh === 0 ? UPPER_8X8 : GRAPHICS_FONT;
  if (g.bh > 7) return;
  g.es = rom[g.bh] === undefined ? g.read16(vector + 2) : FONT_SEGMENT;
  g.bp = rom[g.bh] ?? g.read16(vector);
  g.cx = g.read16(BDA_CHAR_HEIGHT);
  g.dl = g.read8(BDA_ROWS);
}
