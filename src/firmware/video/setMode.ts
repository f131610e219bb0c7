// INT 10h AH=00: programs the adapter for a mode, clears its memory and describes it in the BIOS data area.

import {
  BDA_ACTIVE_PAGE, BDA_CHAR_HEIGHT, BDA_COLUMNS, BDA_CRTC_PORT, BDA_CRT_MODE_REG, BDA_CRT_PALETTE_REG,
  BDA_CURSOR_POSITIONS, BDA_CURSOR_SHAPE, BDA_DCC_INDEX, BDA_PAGE_SIZE, BDA_PAGE_START, BDA_ROWS, BDA_VIDEO_CONTROL,
  BDA_VIDEO_FLAGS, BDA_VIDEO_MODE, BDA_VIDEO_SWITCHES,
} from '../bda'; // prettier-ignore
import type { Guest } from '../guest';
import { FONT_SEGMENT, ROM_FONTS } from '../rom/fonts';
import { loadDefaultPalette, writeDacMask } from './dac';
import { loadRomFont } from './fontLoad';
import { videoMode, type VideoMode } from './modes';
import { GRAPHICS, readIndexed, SEQUENCER, writeAttribute, writeIndexed } from './registers';
import { PAGES } from './screen';

const MISC_OUTPUT = 0x3c2;
const KEEP_MEMORY = 0x80;
const BLANK_CELLS = 0x07200720;
const VGA_ACTIVE = 0x01;
const GREY_SUMMING = 0x02;
const KEEP_PALETTE = 0x08;

/** True when there is such a mode; otherwise nothing happens. */
export function setMode(g: Guest, number: number): boolean {
  const mode = videoMode(number);
  if (!mode) return false;
  const keepMemory = (number & KEEP_MEMORY) !== 0;
  const flags = g.read8(BDA_VIDEO_FLAGS);
  program(g, mode);
  writeDacMask(g, 0xff);
  if (!(flags & KEEP_PALETTE)) loadDefaultPalette(g, mode.palette, (flags & GREY_SUMMING) !== 0);
  if (!keepMemory) clear(g, mode);
  if (mode.kind === 'text') loadRomFont(g, 16, 0);
  describe(g, mode, keepMemory);
  setFontVectors(g, mode);
  return true;
}

/** What POST leaves before the first mode set: adapter type, 256 KB, 400 lines. */
export function initializeVideoData(g: Guest): void {
  g.write8(BDA_VIDEO_SWITCHES, 0xf9);
  g.write8(BDA_VIDEO_FLAGS, 0x50 | VGA_ACTIVE);
  g.write8(BDA_DCC_INDEX, 0x08);
}

function program(g: Guest, mode: VideoMode): void {
  const crtc = mode.misc & 1 ? 0x3d4 : 0x3b4;
  g.write16(BDA_CRTC_PORT, crtc);
  writeIndexed(g, SEQUENCER, 0, 1);
  g.out8(MISC_OUTPUT, mode.misc);
  mode.sequencer.forEach((value, index) => writeIndexed(g, SEQUENCER, index, index === 0 ? 1 : value));
  writeIndexed(g, SEQUENCER, 0, mode.sequencer[0]);
  writeIndexed(g, crtc, 0x11, readIndexed(g, crtc, 0x11) & 0x7f); // registers 0-7 are protected by bit 7
  mode.crtc.forEach((value, index) => writeIndexed(g, crtc, index, value));
  mode.graphics.forEach((value, index) => writeIndexed(g, GRAPHICS, index, value));
  mode.attribute.forEach((value, index) => writeAttribute(g, index, value));
}

function clear(g: Guest, mode: VideoMode): void {
  if (mode.kind === 'text') {
    const base = mode.misc & 1 ? 0xb8000 : 0xb0000;
    for (let at = 0; at < 0x8000; at += 4) g.write32(base + at, BLANK_CELLS);
  } else if (mode.kind === 'cga') {
    for (let at = 0; at < 0x4000; at += 4) g.write32(0xb8000 + at, 0);
  } else {
    for (let at = 0; at < 0x10000; at += 4) g.write32(0xa0000 + at, 0);
  }
}

function describe(g: Guest, mode: VideoMode, keepMemory: boolean): void {
  g.write8(BDA_VIDEO_MODE, mode.number);
  g.write16(BDA_COLUMNS, mode.columns);
  g.write16(BDA_PAGE_SIZE, mode.pageBytes);
  g.write16(BDA_PAGE_START, 0);
  for (let page = 0; page < PAGES; page++) g.write16(BDA_CURSOR_POSITIONS + 2 * page, 0);
  g.write16(BDA_CURSOR_SHAPE, mode.kind === 'text' ? 0x0607 : 0);
  g.write8(BDA_ACTIVE_PAGE, 0);
  g.write8(BDA_CRT_MODE_REG, 0);
  g.write8(BDA_CRT_PALETTE_REG, 0);
  g.write8(BDA_ROWS, mode.rows - 1);
  g.write16(BDA_CHAR_HEIGHT, mode.charHeight);
  g.write8(BDA_VIDEO_CONTROL, 0x60 | (keepMemory ? 0x80 : 0));
}

/** INT 43h: the font of graphics modes; INT 1Fh: the upper half of the 8x8 font. */
function setFontVectors(g: Guest, mode: VideoMode): void {
  const offset = ROM_FONTS[mode.charHeight];
  g.write32(0x43 * 4, FONT_SEGMENT * 0x10000 + offset);
  g.write32(0x1f * 4, FONT_SEGMENT * 0x10000 + ROM_FONTS[8] + 0x400);
}
