// The guest's screen as a picture of palette indices, with a number that changes whenever the picture does.

import { CP437, renderRgba, type Frame, type TextFrame } from '../machine/display';

export interface ScreenPicture {
  /** Changes whenever the picture does. */
  generation: number;
  kind: 'text' | 'graphics';
  /** `80x25 text`, `320x200, 256 colours`. */
  description: string;
  width: number;
  height: number;
  /** 0xRRGGBB. */
  palette: readonly number[];
  /** One palette index per pixel, row by row. */
  pixels: Uint8Array;
  text?: readonly string[];
  cursor?: { column: number; row: number };
  /** Pixels are this many times higher than wide; 1 when absent. */
  pixelAspect?: number;
}

export class ScreenReader {
  private generation = 0;
  private hash = -1;
  private picture: ScreenPicture | undefined;

  constructor(private readonly frame: () => Frame) {}

  /** Undefined when nothing has changed since generation `known`. */
  read(known: number | undefined): ScreenPicture | undefined {
    const frame = this.frame();
    const hash = hashOf(frame);
    if (!this.picture || hash !== this.hash) {
      this.hash = hash;
      this.generation++;
      this.picture = { generation: this.generation, ...pictureOf(frame) };
    }
    return known === this.generation ? undefined : this.picture;
  }
}

const pictureOf = (frame: Frame): Omit<ScreenPicture, 'generation'> =>
  frame.kind === 'text'
    ? textPicture(frame)
    : {
        kind: 'graphics',
        description: `${frame.width}x${frame.height}, ${new Set(frame.palette).size > 16 ? 256 : 16} colours`,
        width: frame.width,
        height: frame.height,
        palette: frame.palette,
        pixels: frame.pixels,
        pixelAspect: (frame.width * 3) / (frame.height * 4),
      };

function textPicture(frame: TextFrame): Omit<ScreenPicture, 'generation'> {
  const { cols, rows, cells, cursor, palette } = frame;
  // The cursor is drawn by the client, which lets it blink.
  const { width, height, data } = renderRgba(frame, { cursorOn: false });
  const indices = new Map(palette.map((rgb, i) => [rgb, i]));
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = indices.get((data[4 * i]! << 16) | (data[4 * i + 1]! << 8) | data[4 * i + 2]!) ?? 0;
  const text = Array.from({ length: rows }, (_, row) =>
    Array.from(cells.subarray(row * cols, (row + 1) * cols), (cell) => CP437[cell & 0xff]).join(''),
  );
  return {
    kind: 'text',
    description: `${cols}x${rows} text`,
    width,
    height,
    palette,
    pixels,
    text,
    ...(frame.wideDots ? { pixelAspect: 1 / 2 } : {}),
    ...(cursor ? { cursor: { column: cursor.col, row: cursor.row } } : {}),
  };
}

/** FNV-1a over everything that is seen. */
function hashOf(frame: Frame): number {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193);
  };
  for (const value of frame.palette) mix(value);
  if (frame.kind === 'graphics') {
    mix(frame.width);
    mix(frame.height);
    for (const pixel of frame.pixels) mix(pixel);
    return hash;
  }
  mix(frame.cols);
  mix(frame.cellHeight);
  mix(frame.cellWidth);
  mix(frame.wideDots ? 2 : 1);
  mix(frame.blink ? 1 : 0);
  for (const cell of frame.cells) mix(cell);
  for (const byte of frame.font) mix(byte);
  mix(frame.cursor ? frame.cursor.row * 1000 + frame.cursor.col : -1);
  return hash;
}
