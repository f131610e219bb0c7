// The present screen as the BIOS data area describes it: mode, pages, cursors. Cells go through a Surface, one for text and
// one for each kind of graphics memory.

import {
  BDA_ACTIVE_PAGE, BDA_CHAR_HEIGHT, BDA_COLUMNS, BDA_CURSOR_POSITIONS, BDA_CURSOR_SHAPE, BDA_PAGE_SIZE, BDA_PAGE_START,
  BDA_ROWS, BDA_VIDEO_CONTROL, BDA_VIDEO_MODE,
} from '../bda'; // prettier-ignore
import type { Guest } from '../guest';
import { GraphicsSurface } from './graphicsSurface';
import { videoMode, type VideoMode } from './modes';
import { crtcPort, writeIndexed } from './registers';
import type { Surface } from './surface';
import { TextSurface } from './textSurface';

export const PAGES = 8;
const FALLBACK_MODE = 3;

export class Screen {
  readonly mode: VideoMode;
  readonly surface: Surface;

  constructor(readonly g: Guest) {
    this.mode = videoMode(g.read8(BDA_VIDEO_MODE)) ?? videoMode(FALLBACK_MODE)!;
    this.surface = this.mode.kind === 'text' ? new TextSurface(this) : new GraphicsSurface(this);
  }

  get isText(): boolean {
    return this.mode.kind === 'text';
  }
  get columns(): number {
    return this.g.read16(BDA_COLUMNS);
  }
  get rows(): number {
    return this.g.read8(BDA_ROWS) + 1;
  }
  get charHeight(): number {
    return this.g.read16(BDA_CHAR_HEIGHT);
  }
  get pageBytes(): number {
    return this.g.read16(BDA_PAGE_SIZE);
  }
  get activePage(): number {
    return this.g.read8(BDA_ACTIVE_PAGE);
  }

  cursor(page: number): { row: number; column: number } {
    const position = this.g.read16(BDA_CURSOR_POSITIONS + 2 * (page & (PAGES - 1)));
    return { row: position >> 8, column: position & 0xff };
  }

  setCursor(page: number, row: number, column: number): void {
    if (page >= PAGES) return;
    this.g.write16(BDA_CURSOR_POSITIONS + 2 * page, ((row & 0xff) << 8) | (column & 0xff));
    if (page === this.activePage) this.showCursor(row, column);
  }

  /** Scan lines as the caller of AH=01 gives them, in terms of an 8-line cell where that fits. */
  setCursorShape(start: number, end: number): void {
    this.g.write8(BDA_CURSOR_SHAPE, end);
    this.g.write8(BDA_CURSOR_SHAPE + 1, start);
    const [first, last] = this.scaledShape(start & 0x3f, end & 0x1f);
    writeIndexed(this.g, crtcPort(this.g), 0x0a, first);
    writeIndexed(this.g, crtcPort(this.g), 0x0b, last);
  }

  selectPage(page: number): void {
    if (page >= PAGES) return;
    const { g } = this;
    const start = page * this.pageBytes;
    g.write8(BDA_ACTIVE_PAGE, page);
    g.write16(BDA_PAGE_START, start);
    // The CRTC counts words in text modes, bytes of a plane in planar ones.
    const address = this.isText ? start >> 1 : start;
    writeIndexed(g, crtcPort(g), 0x0c, address >> 8);
    writeIndexed(g, crtcPort(g), 0x0d, address);
    const { row, column } = this.cursor(page);
    this.showCursor(row, column);
  }

  private showCursor(row: number, column: number): void {
    if (!this.isText) return;
    const address = (this.g.read16(BDA_PAGE_START) >> 1) + row * this.columns + column;
    writeIndexed(this.g, crtcPort(this.g), 0x0e, address >> 8);
    writeIndexed(this.g, crtcPort(this.g), 0x0f, address);
  }

  /** Cursor emulation: shapes meant for an 8-line cell stretch to the font in use. */
  private scaledShape(start: number, end: number): [number, number] {
    const height = this.charHeight;
    const emulated = !(this.g.read8(BDA_VIDEO_CONTROL) & 1);
    if (!emulated || height <= 8 || end >= 8 || start >= 0x20) return [start, end];
    const underline = end === start + 1;
    const last = (((end + 1) * height) >> 3) - 1;
    return [underline ? last - 1 : (((start + 1) * height) >> 3) - 1, last];
  }
}
