// A picture of palette indices as a PNG file (W3C "Portable Network Graphics", colour type 3).

import { deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

export interface PalettePicture {
  width: number;
  height: number;
  /** Up to 256 colours, 0xRRGGBB. */
  palette: readonly number[];
  /** Row by row. */
  pixels: Uint8Array;
  /** Pixels are this many times higher than wide; those that are far from square are repeated. */
  pixelAspect?: number;
}

export function encodePng(picture: PalettePicture): Uint8Array {
  const { width, height, palette, pixels } = squared(picture);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Uint8Array.from(palette.flatMap((rgb) => [(rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff]));
  // Every row begins with its filter: none.
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ];
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** Repeats columns or rows of a picture whose pixels are about twice as wide as high, or the other way round. */
function squared(picture: PalettePicture): PalettePicture {
  const aspect = picture.pixelAspect ?? 1;
  const across = Math.max(1, Math.round(1 / aspect));
  const down = Math.max(1, Math.round(aspect));
  if (across === 1 && down === 1) return picture;
  const [width, height] = [picture.width * across, picture.height * down];
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / down) * picture.width;
    for (let x = 0; x < width; x++) pixels[y * width + x] = picture.pixels[row + Math.floor(x / across)]!;
  }
  return { ...picture, width, height, pixels };
}
