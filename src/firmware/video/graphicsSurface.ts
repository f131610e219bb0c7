// Characters drawn into the graphics modes: interleaved CGA banks, VGA planes, and the 256-colour byte per pixel.
// Bit 7 of the colour XORs the glyph onto the screen (except with 256 colours). Glyphs come from the INT 43h font, in the
// CGA modes 80h-FFh from the INT 1Fh one.

import { Guest } from '../guest';
import { GRAPHICS, readIndexed, SEQUENCER, writeIndexed } from './registers';
import type { CellWindow, Surface, SurfaceGeometry } from './surface';

const GRAPHICS_MEMORY = 0xa0000;
const CGA_MEMORY = 0xb8000;
const CGA_BANK = 0x2000;
const FONT_VECTOR = 0x43 * 4;
const UPPER_FONT_VECTOR = 0x1f * 4;
const XOR = 0x80;

/** Graphics controller: set/reset, enable set/reset, rotate and function, read map, mode, bit mask. */
const GC_SET_RESET = 0, GC_ENABLE = 1, GC_FUNCTION = 3, GC_READ_MAP = 4, GC_MODE = 5, GC_BIT_MASK = 8; // prettier-ignore

export class GraphicsSurface implements Surface {
  private readonly g: Guest;

  constructor(private readonly screen: SurfaceGeometry) {
    this.g = screen.g;
  }

  put(
    page: number,
    row: number,
    column: number,
    character: number,
    attribute: number | undefined,
    count: number,
  ): void {
    const glyph = this.glyph(character);
    for (let i = 0; i < count; i++) {
      const cell = column + i;
      const { columns } = this.screen;
      this.drawGlyph(page, row + Math.floor(cell / columns), cell % columns, glyph, attribute ?? 0x0f);
    }
  }

  get(page: number, row: number, column: number): { character: number; attribute: number } {
    const height = this.screen.charHeight;
    const rows = Array.from({ length: height }, (_, y) => {
      let bits = 0;
      for (let x = 0; x < 8; x++) {
        bits = (bits << 1) | (this.getPixel(page, column * 8 + x, row * height + y) !== 0 ? 1 : 0);
      }
      return bits;
    });
    for (let character = 0; character < 256; character++) {
      if (this.glyph(character).every((bits, y) => bits === rows[y])) return { character, attribute: 0 };
    }
    return { character: 0, attribute: 0 };
  }

  scroll(page: number, window: CellWindow, lines: number, attribute: number): void {
    const height = this.screen.charHeight;
    const { top, bottom, left, right } = window;
    const total = (bottom - top + 1) * height;
    const shift = lines * height;
    for (let i = 0; i < total; i++) {
      const y = top * height + (lines > 0 ? i : total - 1 - i);
      const moved = i + Math.abs(shift) < total;
      if (moved) this.copyLine(page, y + shift, y, left, right);
      else this.fillLine(page, y, left, right, attribute);
    }
  }

  setPixel(page: number, x: number, y: number, colour: number): void {
    const { g } = this;
    if (this.mode.kind === 'linear') {
      g.write8(this.lineAddress(page, y) + x, colour);
    } else if (this.mode.kind === 'cga') {
      const { at, shift, mask } = this.cgaPixel(x, y);
      const bits = (colour & mask) << shift;
      const old = g.read8(at);
      g.write8(at, colour & XOR ? old ^ bits : (old & ~(mask << shift)) | bits);
    } else {
      this.withPlanes(() => this.planarBits(this.lineAddress(page, y) + (x >> 3), 0x80 >> (x & 7), colour));
    }
  }

  getPixel(page: number, x: number, y: number): number {
    const { g } = this;
    if (this.mode.kind === 'linear') return g.read8(this.lineAddress(page, y) + x);
    if (this.mode.kind === 'cga') {
      const { at, shift, mask } = this.cgaPixel(x, y);
      return (g.read8(at) >> shift) & mask;
    }
    const at = this.lineAddress(page, y) + (x >> 3);
    const saved = readIndexed(g, GRAPHICS, GC_READ_MAP);
    let colour = 0;
    for (let plane = 0; plane < 4; plane++) {
      writeIndexed(g, GRAPHICS, GC_READ_MAP, plane);
      if (g.read8(at) & (0x80 >> (x & 7))) colour |= 1 << plane;
    }
    writeIndexed(g, GRAPHICS, GC_READ_MAP, saved);
    return colour;
  }

  private get mode(): SurfaceGeometry['mode'] {
    return this.screen.mode;
  }

  private glyph(character: number): number[] {
    const height = this.screen.charHeight;
    const upper = this.mode.kind === 'cga' && character >= 0x80;
    const vector = upper ? UPPER_FONT_VECTOR : FONT_VECTOR;
    const [offset, segment] = [this.g.read16(vector), this.g.read16(vector + 2)];
    const first = (upper ? character - 0x80 : character) * height;
    return Array.from({ length: height }, (_, y) => this.g.read8(Guest.linear(segment, offset + first + y)));
  }

  private drawGlyph(page: number, row: number, column: number, glyph: readonly number[], colour: number): void {
    const y = row * glyph.length;
    if (this.mode.kind === 'planar') this.drawPlanar(page, column, y, glyph, colour);
    else {
      const xor = this.mode.kind === 'cga' && colour & XOR;
      glyph.forEach((bits, line) => {
        for (let x = 0; x < 8; x++) {
          const on = (bits << x) & 0x80;
          if (on || !xor) this.setPixel(page, column * 8 + x, y + line, on ? colour : 0);
        }
      });
    }
  }

  private drawPlanar(page: number, column: number, y: number, glyph: readonly number[], colour: number): void {
    this.withPlanes(() => {
      glyph.forEach((bits, line) => {
        const at = this.lineAddress(page, y + line) + column;
        this.planarBits(at, bits, colour);
        if (!(colour & XOR)) this.planarBits(at, ~bits & 0xff, 0);
      });
    });
  }

  /** Draws the pixels of `bits` in a byte column; write mode 2 and the function register are set up by withPlanes. */
  private planarBits(at: number, bits: number, colour: number): void {
    writeIndexed(this.g, GRAPHICS, GC_FUNCTION, colour & XOR ? 0x18 : 0);
    writeIndexed(this.g, GRAPHICS, GC_BIT_MASK, bits);
    this.g.read8(at); // fills the latches
    this.g.write8(at, colour & 0x0f);
  }

  private withPlanes(draw: () => void): void {
    writeIndexed(this.g, SEQUENCER, 2, 0x0f);
    writeIndexed(this.g, GRAPHICS, GC_MODE, 2);
    draw();
    writeIndexed(this.g, GRAPHICS, GC_MODE, 0);
    writeIndexed(this.g, GRAPHICS, GC_FUNCTION, 0);
    writeIndexed(this.g, GRAPHICS, GC_BIT_MASK, 0xff);
  }

  /** Copies one scan line between character columns. */
  private copyLine(page: number, from: number, to: number, left: number, right: number): void {
    const { g } = this;
    const bytes = this.columnBytes;
    const [source, target] = [this.lineAddress(page, from), this.lineAddress(page, to)];
    const planar = this.mode.kind === 'planar';
    if (planar) writeIndexed(g, GRAPHICS, GC_MODE, 1); // write mode 1 moves all planes through the latches
    for (let i = left * bytes; i < (right + 1) * bytes; i++) g.write8(target + i, g.read8(source + i));
    if (planar) writeIndexed(g, GRAPHICS, GC_MODE, 0);
  }

  private fillLine(page: number, y: number, left: number, right: number, colour: number): void {
    const { g } = this;
    const bytes = this.columnBytes;
    const at = this.lineAddress(page, y);
    const planar = this.mode.kind === 'planar';
    if (planar) {
      writeIndexed(g, GRAPHICS, GC_SET_RESET, colour & 0x0f);
      writeIndexed(g, GRAPHICS, GC_ENABLE, 0x0f);
    }
    for (let i = left * bytes; i < (right + 1) * bytes; i++)
      g.write8(at + i, this.mode.kind === 'cga' ? this.cgaFill(colour) : colour);
    if (planar) {
      writeIndexed(g, GRAPHICS, GC_ENABLE, 0);
      writeIndexed(g, GRAPHICS, GC_SET_RESET, 0);
    }
  }

  private cgaFill(colour: number): number {
    if (this.mode.bitsPerPixel === 1) return colour & 1 ? 0xff : 0;
    return (colour & 3) * 0x55;
  }

  /** Bytes that a character column takes in one scan line. */
  private get columnBytes(): number {
    return this.mode.kind === 'linear' ? 8 : this.mode.kind === 'cga' ? this.mode.bitsPerPixel : 1;
  }

  private lineAddress(page: number, y: number): number {
    if (this.mode.kind === 'cga') return CGA_MEMORY + (y & 1) * CGA_BANK + (y >> 1) * 80;
    const bytesPerLine = this.screen.columns * this.columnBytes;
    return GRAPHICS_MEMORY + page * this.screen.pageBytes + y * bytesPerLine;
  }

  private cgaPixel(x: number, y: number): { at: number; shift: number; mask: number } {
    const bits = this.mode.bitsPerPixel;
    const perByte = 8 / bits;
    const shift = 8 - bits * ((x % perByte) + 1);
    return { at: this.lineAddress(0, y) + Math.floor(x / perByte), shift, mask: (1 << bits) - 1 };
  }
}
