// Character sets in plane 2 of the display memory, as the text modes use them: 8 blocks of 8 KB, 32 bytes a character.

import { FONT_SEGMENT, ROM_FONTS } from '../rom/fonts';
import type { Guest } from '../guest';
import { GRAPHICS, readIndexed, SEQUENCER, writeIndexed } from './registers';

const PLANE_MEMORY = 0xa0000;
const CHARACTER_BYTES = 32;
export const CHARACTERS = 256;

/** Blocks 0-3 are 16 KB apart, 4-7 lie between them. */
const blockOffset = (block: number): number => (block & 3) * 0x4000 + (block & 4 ? 0x2000 : 0);

/** Registers that open plane 2 as plain memory at A0000: sequencer 2 and 4, graphics 4, 5 and 6. */
const OPEN: readonly (readonly [port: number, index: number, value: number])[] = [
  [SEQUENCER, 2, 0x04],
  [SEQUENCER, 4, 0x06],
  [GRAPHICS, 4, 0x02],
  [GRAPHICS, 5, 0x00],
  [GRAPHICS, 6, 0x04],
];

/** Runs `work` while plane 2 is open, then puts the registers back. */
function withFontPlane(g: Guest, work: () => void): void {
  const saved = OPEN.map(([port, index]) => [port, index, readIndexed(g, port, index)] as const);
  for (const [port, index, value] of OPEN) writeIndexed(g, port, index, value);
  work();
  for (const [port, index, value] of saved) writeIndexed(g, port, index, value);
}

/** Loads `count` characters of `height` bytes each from guest memory, beginning with character `first`. */
export function loadFont(
  g: Guest,
  font: { segment: number; offset: number; height: number; first: number; count: number },
  block: number,
): void {
  const { segment, offset, height, first, count } = font;
  const bytes = g.readBytes(segment, offset, count * height);
  withFontPlane(g, () => {
    for (let n = 0; n < count && first + n < CHARACTERS; n++) {
      const at = PLANE_MEMORY + blockOffset(block) + (first + n) * CHARACTER_BYTES;
      for (let y = 0; y < height; y++) g.write8(at + y, bytes[n * height + y]);
    }
  });
}

/** Loads a whole ROM font. */
export function loadRomFont(g: Guest, height: 8 | 14 | 16, block: number): void {
  loadFont(g, { segment: FONT_SEGMENT, offset: ROM_FONTS[height], height, first: 0, count: CHARACTERS }, block);
}
