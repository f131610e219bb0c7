// Character cells in the text modes: a character byte and an attribute byte each, at B8000 or (mode 7) B0000.

import type { Guest } from '../guest';
import type { CellWindow, Surface, SurfaceGeometry } from './surface';

const COLOUR_TEXT = 0xb8000;
const MONO_TEXT = 0xb0000;
const MONO_MODE = 7;
const BLANK = 0x20;

export class TextSurface implements Surface {
  private readonly g: Guest;
  private readonly base: number;

  constructor(private readonly screen: SurfaceGeometry) {
    this.g = screen.g;
    this.base = screen.mode.number === MONO_MODE ? MONO_TEXT : COLOUR_TEXT;
  }

  put(
    page: number,
    row: number,
    column: number,
    character: number,
    attribute: number | undefined,
    count: number,
  ): void {
    let at = this.address(page, row, column);
    for (let i = 0; i < count; i++, at += 2) {
      if (attribute === undefined) this.g.write8(at, character);
      else this.g.write16(at, (attribute << 8) | character);
    }
  }

  get(page: number, row: number, column: number): { character: number; attribute: number } {
    const cell = this.g.read16(this.address(page, row, column));
    return { character: cell & 0xff, attribute: cell >> 8 };
  }

  scroll(page: number, window: CellWindow, lines: number, attribute: number): void {
    const { top, left, bottom, right } = window;
    const height = bottom - top + 1;
    for (let i = 0; i < height; i++) {
      const row = lines > 0 ? top + i : bottom - i;
      const moved = i + Math.abs(lines) < height;
      const to = this.address(page, row, left);
      if (moved) this.copyCells(this.address(page, row + lines, left), to, right - left + 1);
      else this.put(page, row, left, BLANK, attribute, right - left + 1);
    }
  }

  private copyCells(from: number, to: number, count: number): void {
    const bytes = count * 2;
    let i = 0;
    for (; i + 4 <= bytes; i += 4) this.g.write32(to + i, this.g.read32(from + i));
    if (i < bytes) this.g.write16(to + i, this.g.read16(from + i));
  }

  private address(page: number, row: number, column: number): number {
    return this.base + page * this.screen.pageBytes + (row * this.screen.columns + column) * 2;
  }
}
