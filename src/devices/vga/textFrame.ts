// The text screen from registers and memory: cells, cursor, character sets from plane 2, colours.
// Absent: smooth scrolling and the split screen in text modes.

import type { TextFrame } from './frame';
import type { VgaMemory } from './memory';
import { attributeColours, dacColours, isBlanked, planeAddress, rasterOf, type VgaRegisters } from './registers';

const GLYPH_BYTES = 32;
const FONT_PLANE = 2;
/** Screens larger than any text mode come from half-programmed registers. */
const MAX_ROWS = 128;

/** Plane-2 offset of a character map: three bits, the low two in 16 KB steps, the third 8 KB further. */
const mapOffset = (map: number): number => ((map & 3) << 14) | ((map & 4) << 11);

export const textFrame = (registers: VgaRegisters, memory: VgaMemory): TextFrame => {
  const { crtc, sequencer, attribute } = registers;
  const raster = rasterOf(registers);
  const cols = raster.horizontalDisplay;
  const lines = raster.verticalDisplay >> (raster.doubled ? 1 : 0);
  const rows = Math.max(1, Math.min(MAX_ROWS, Math.floor(lines / raster.rowLines)));
  const start = (crtc[0x0c] << 8) | crtc[0x0d];
  const pitch = crtc[0x13] * 2;

  const cells = new Uint16Array(cols * rows);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const address = planeAddress(registers, start + row * pitch + col);
      cells[row * cols + col] = memory.plane(0, address) | (memory.plane(1, address) << 8);
    }
  }

  const select = sequencer[3];
  const mapB = (select & 3) | ((select >> 2) & 4); // attribute bit 3 clear
  const mapA = ((select >> 2) & 3) | ((select >> 3) & 4); // attribute bit 3 set
  const dac = dacColours(registers);
  const blank = isBlanked(registers);
  const enabledPlanes = attribute[0x12] & 15;
  const colours = attributeColours(registers);
  const monochrome = (attribute[0x10] & 2) !== 0;
  return {
    kind: 'text',
    cols,
    rows,
    cells,
    cursor: cursorOf(registers, { cols, rows, start, pitch, rowLines: raster.rowLines }),
    palette: Array.from({ length: 16 }, (_, i) => (blank ? 0 : dac[colours[i & enabledPlanes]])),
    blink: (attribute[0x10] & 8) !== 0,
    cellWidth: sequencer[1] & 1 ? 8 : 9,
    cellHeight: raster.rowLines,
    ...(sequencer[1] & 8 && { wideDots: true }),
    lineGraphics: (attribute[0x10] & 4) !== 0,
    font: readFont(memory, mapOffset(mapB)),
    ...(mapA !== mapB && { brightFont: readFont(memory, mapOffset(mapA)) }),
    ...(monochrome && { underline: crtc[0x14] & 0x1f }),
  };
};

const cursorOf = (
  { crtc }: VgaRegisters,
  screen: { cols: number; rows: number; start: number; pitch: number; rowLines: number },
): TextFrame['cursor'] => {
  const top = crtc[0x0a] & 0x1f;
  const bottom = crtc[0x0b] & 0x1f;
  const place = (((crtc[0x0e] << 8) | crtc[0x0f]) - screen.start) & 0xffff;
  if (crtc[0x0a] & 0x20 || top > bottom || top >= screen.rowLines || screen.pitch === 0) return undefined;
  const row = Math.floor(place / screen.pitch);
  const col = place % screen.pitch;
  return row < screen.rows && col < screen.cols ? { row, col, top, bottom } : undefined;
};

const readFont = (memory: VgaMemory, offset: number): Uint8Array =>
  Uint8Array.from({ length: 256 * GLYPH_BYTES }, (_, i) => memory.plane(FONT_PLANE, offset + i));
