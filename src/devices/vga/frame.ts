// A picture of the screen as plain data, and what hosts make of it: text, or pixels.

import { CP437 } from './cp437';

export interface TextFrame {
  kind: 'text';
  cols: number;
  rows: number;
  /** Row by row: character code in the low byte, attribute in the high byte. */
  cells: Uint16Array;
  /** Position and scan lines of the cursor, absent when it is off or elsewhere in memory. */
  cursor?: { col: number; row: number; top: number; bottom: number };
  /** Sixteen colours as 0xRRGGBB. */
  palette: number[];
  /** Attribute bit 7 blinks instead of giving bright backgrounds. */
  blink: boolean;
  cellWidth: 8 | 9;
  cellHeight: number;
  /** The dot clock is halved: dots are twice as wide, as in 40-column modes. */
  wideDots?: boolean;
  /** With 9-dot cells, C0-DF repeat their eighth dot. */
  lineGraphics: boolean;
  /** 256 glyphs of 32 bytes, a byte a scan line. */
  font: Uint8Array;
  /** The character set of attribute bit 3, when it differs. */
  brightFont?: Uint8Array;
  /** Scan line of the underline on a monochrome adapter. */
  underline?: number;
}

export interface GraphicsFrame {
  kind: 'graphics';
  width: number;
  height: number;
  /** Palette indices, row by row. */
  pixels: Uint8Array;
  /** 256 colours as 0xRRGGBB. */
  palette: number[];
}

export type Frame = TextFrame | GraphicsFrame;

export interface Picture {
  width: number;
  height: number;
  /** Red, green, blue, alpha. */
  data: Uint8ClampedArray;
}

export interface RenderOptions {
  /** Phases of the blinking attribute and of the cursor; both shown by default. */
  blinkOn?: boolean;
  cursorOn?: boolean;
}

/** The characters on a text screen as Unicode lines without trailing blanks; '' for graphics. */
export const textOf = (frame: Frame): string => {
  if (frame.kind !== 'text') return '';
  const lines: string[] = [];
  for (let row = 0; row < frame.rows; row++) {
    const cells = frame.cells.subarray(row * frame.cols, (row + 1) * frame.cols);
    lines.push(
      Array.from(cells, (cell) => CP437[cell & 0xff])
        .join('')
        .trimEnd(),
    );
  }
  return lines.join('\n').trimEnd();
};

export const renderRgba = (frame: Frame, options: RenderOptions = {}): Picture =>
  frame.kind === 'text' ? renderText(frame, options) : renderGraphics(frame);

/** 0xRRGGBB as the little-endian word that lays out R, G, B, A. */
const rgbaWord = (rgb: number): number => 0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16);

const picture = (width: number, height: number): { result: Picture; words: Uint32Array } => {
  const buffer = new ArrayBuffer(width * height * 4);
  return { result: { width, height, data: new Uint8ClampedArray(buffer) }, words: new Uint32Array(buffer) };
};

const renderGraphics = ({ width, height, pixels, palette }: GraphicsFrame): Picture => {
  const { result, words } = picture(width, height);
  const colours = palette.map(rgbaWord);
  for (let i = 0; i < pixels.length; i++) words[i] = colours[pixels[i]];
  return result;
};

const renderText = (frame: TextFrame, { blinkOn = true, cursorOn = true }: RenderOptions): Picture => {
  const { cols, rows, cells, cellWidth, cellHeight } = frame;
  const { result, words } = picture(cols * cellWidth, rows * cellHeight);
  const colours = frame.palette.map(rgbaWord);
  cells.forEach((cell, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const attribute = cell >> 8;
    const hidden = frame.blink && attribute & 0x80 && !blinkOn;
    const background = colours[(attribute >> 4) & (frame.blink ? 7 : 15)];
    const foreground = hidden ? background : colours[attribute & 15];
    for (let y = 0; y < cellHeight; y++) {
      const dots = glyphLine(frame, cell, y, cursorOn && isCursor(frame, row, col, y));
      const at = (row * cellHeight + y) * result.width + col * cellWidth;
      for (let x = 0; x < cellWidth; x++) words[at + x] = (dots >> (8 - x)) & 1 ? foreground : background;
    }
  });
  return result;
};

const isCursor = ({ cursor }: TextFrame, row: number, col: number, line: number): boolean =>
  cursor !== undefined && cursor.row === row && cursor.col === col && line >= cursor.top && line <= cursor.bottom;

/** Nine dots of a cell's scan line, the leftmost in bit 8. */
const glyphLine = (frame: TextFrame, cell: number, line: number, cursor: boolean): number => {
  if (cursor) return 0x1ff;
  const code = cell & 0xff;
  const underlined = line === frame.underline && (cell & 0x0700) === 0x0100;
  if (underlined) return 0x1ff;
  const font = cell & 0x0800 && frame.brightFont ? frame.brightFont : frame.font;
  const dots = (font[code * 32 + line] ?? 0) << 1;
  const repeats = frame.lineGraphics && code >= 0xc0 && code <= 0xdf;
  return repeats ? dots | ((dots >> 1) & 1) : dots;
};
