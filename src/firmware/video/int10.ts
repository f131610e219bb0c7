// INT 10h: video services (IBM PS/2 and PC BIOS Interface Technical Reference, "Interrupt 10h"; Ralf Brown, INT 10).
// Absent: light pen (AH=04 answers "not triggered"), save and restore of the video state (AH=1C), any VBE mode.

import {
  BDA_ACTIVE_PAGE, BDA_COLUMNS, BDA_CRT_PALETTE_REG, BDA_CURSOR_SHAPE, BDA_VIDEO_CONTROL, BDA_VIDEO_MODE,
} from '../bda'; // prettier-ignore
import { Guest } from '../guest';
import { alternateSelect, displayCombination, functionality } from './adapterInfo';
import { fontServices } from './fontServices';
import { GraphicsSurface } from './graphicsSurface';
import { paletteServices } from './paletteServices';
import { writeAttribute, readAttribute } from './registers';
import { PAGES, Screen } from './screen';
import { setMode } from './setMode';
import { teletype } from './teletype';
import { vbeServices } from './vbe';

type Service = (g: Guest) => void;

const SERVICES: Readonly<Record<number, Service>> = {
  0x00: selectMode,
  0x01: (g) => new Screen(g).setCursorShape(g.ch, g.cl),
  0x02: (g) => new Screen(g).setCursor(g.bh, g.dh, g.dl),
  0x03: readCursor,
  0x04: (g) => {
    g.ah = 0;
  },
  0x05: (g) => new Screen(g).selectPage(g.al),
  0x06: (g) => scroll(g, 1),
  0x07: (g) => scroll(g, -1),
  0x08: readCell,
  0x09: (g) => writeCell(g, true),
  0x0a: (g) => writeCell(g, false),
  0x0b: cgaPalette,
  0x0c: writePixel,
  0x0d: readPixel,
  0x0e: (g) => teletype(new Screen(g), new Screen(g).activePage, g.al, undefined, g.bl),
  0x0f: readMode,
  0x10: paletteServices,
  0x11: fontServices,
  0x12: alternateSelect,
  0x13: writeString,
  0x1a: displayCombination,
  0x1b: functionality,
  0x4f: vbeServices,
};

export function videoService(g: Guest): void {
  SERVICES[g.ah]?.(g);
}

function selectMode(g: Guest): void {
  const requested = g.al;
  if (!setMode(g, requested)) return;
  const mode = requested & 0x7f;
  g.al = mode === 6 ? 0x3f : mode <= 5 || mode === 7 ? 0x30 : 0x20;
}

function readCursor(g: Guest): void {
  const { row, column } = new Screen(g).cursor(g.bh);
  g.cx = g.read16(BDA_CURSOR_SHAPE);
  g.dh = row;
  g.dl = column;
}

function scroll(g: Guest, direction: 1 | -1): void {
  const screen = new Screen(g);
  const bottom = Math.min(g.dh, screen.rows - 1);
  const right = Math.min(g.dl, screen.columns - 1);
  if (g.ch > bottom || g.cl > right) return;
  const height = bottom - g.ch + 1;
  const lines = g.al === 0 || g.al > height ? height : g.al;
  screen.surface.scroll(screen.activePage, { top: g.ch, left: g.cl, bottom, right }, direction * lines, g.bh);
}

function readCell(g: Guest): void {
  const screen = new Screen(g);
  const page = g.bh & (PAGES - 1);
  const { row, column } = screen.cursor(page);
  const { character, attribute } = screen.surface.get(page, row, column);
  g.al = character;
  g.ah = attribute;
}

function writeCell(g: Guest, withAttribute: boolean): void {
  const screen = new Screen(g);
  const page = g.bh & (PAGES - 1);
  const { row, column } = screen.cursor(page);
  const attribute = withAttribute || !screen.isText ? g.bl : undefined;
  const room = screen.rows * screen.columns - (row * screen.columns + column);
  screen.surface.put(page, row, column, g.al, attribute, Math.min(g.cx, Math.max(0, room)));
}

/** Border and palette of the CGA modes through the attribute controller. */
function cgaPalette(g: Guest): void {
  const register = g.read8(BDA_CRT_PALETTE_REG);
  if (g.bh === 0) {
    g.write8(BDA_CRT_PALETTE_REG, (register & ~0x1f) | (g.bl & 0x1f));
    const colour = (g.bl & 7) | ((g.bl & 8) << 1);
    writeAttribute(g, 0x11, colour);
    if (!new Screen(g).isText) writeAttribute(g, 0, colour);
    for (let i = 1; i < 4; i++) writeAttribute(g, i, (readAttribute(g, i) & ~0x10) | (g.bl & 0x10));
  } else if (g.bh === 1) {
    g.write8(BDA_CRT_PALETTE_REG, (register & ~0x20) | ((g.bl & 1) << 5));
    for (let i = 1; i < 4; i++) writeAttribute(g, i, (readAttribute(g, i) & ~1) | (g.bl & 1));
  }
}

function writePixel(g: Guest): void {
  const { surface } = new Screen(g);
  if (surface instanceof GraphicsSurface) surface.setPixel(g.bh & (PAGES - 1), g.cx, g.dx, g.al);
}

function readPixel(g: Guest): void {
  const { surface } = new Screen(g);
  if (surface instanceof GraphicsSurface) g.al = surface.getPixel(g.bh & (PAGES - 1), g.cx, g.dx);
}

function readMode(g: Guest): void {
  g.al = g.read8(BDA_VIDEO_MODE) | (g.read8(BDA_VIDEO_CONTROL) & 0x80);
  g.ah = g.read16(BDA_COLUMNS);
  g.bh = g.read8(BDA_ACTIVE_PAGE);
}

/** Bit 0 of AL moves the cursor, bit 1 says that attributes follow the characters in the string. */
function writeString(g: Guest): void {
  const screen = new Screen(g);
  const page = g.bh & (PAGES - 1);
  const before = screen.cursor(page);
  if (g.dh === 0xff) screen.setCursor(page, before.row, before.column);
  else screen.setCursor(page, g.dh, g.dl);
  const attributes = (g.al & 2) !== 0;
  for (let i = 0; i < g.cx; i++) {
    const at = Guest.linear(g.es, g.bp + (attributes ? 2 * i : i));
    const attribute = attributes ? g.read8(at + 1) : g.bl;
    teletype(screen, page, g.read8(at), attribute, attribute);
  }
  if (!(g.al & 1)) screen.setCursor(page, before.row, before.column);
}
