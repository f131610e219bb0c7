// A graphics screen from registers and memory, the way the CRT controller and attribute controller walk it:
// planar 16 colours, CGA's interleaved pairs, 256 colours chained or not; split screen and pixel panning.
// Absent: blinking in graphics modes, the overscan border.

import type { GraphicsFrame } from './frame';
import type { VgaMemory } from './memory';
import {
  attributeColours,
  dacColours,
  isBlanked,
  planeAddress,
  rasterOf,
  type Raster,
  type VgaRegisters,
} from './registers';

const MAX_HEIGHT = 1024;

/** Writes the pixels of one character clock and answers how many there were. */
type Expand = (planes: number, into: Uint8Array, at: number) => number;

export const graphicsFrame = (registers: VgaRegisters, memory: VgaMemory): GraphicsFrame => {
  const raster = rasterOf(registers);
  const expand = expander(registers);
  const perClock = expand(0, new Uint8Array(8), 0);
  const clocks = raster.horizontalDisplay;
  const width = clocks * perClock;
  const step = linesPerPixelRow(registers, raster);
  const height = Math.max(1, Math.min(MAX_HEIGHT, Math.floor(raster.verticalDisplay / step)));
  const pixels = new Uint8Array(width * height);
  if (!isBlanked(registers)) {
    const line = new Uint8Array(width + perClock);
    for (let y = 0; y < height; y++) {
      const { counter, rowScan, pan } = walk(registers, raster, y * step, perClock);
      for (let clock = 0; clock <= clocks; clock++) {
        const address = rowScanned(registers, planeAddress(registers, counter + clock), rowScan);
        expand(memory.fetch(address), line, clock * perClock);
      }
      pixels.set(line.subarray(pan, pan + width), y * width);
    }
  }
  const palette = isBlanked(registers) ? Array<number>(256).fill(0) : dacColours(registers);
  return { kind: 'graphics', width, height, pixels, palette };
};

/** True when row-scan bits reach the address (CGA's interleaved banks), so that each line of a row shows other memory. */
const banked = ({ crtc }: VgaRegisters): boolean => (crtc[0x17] & 3) !== 3;

/** Scan lines that show the same pixels. */
const linesPerPixelRow = (registers: VgaRegisters, { doubled, rowLines }: Raster): number =>
  (doubled ? 2 : 1) * (banked(registers) ? 1 : rowLines);

/** Address counter, row scan and pixel panning at a scan line. */
const walk = (
  { crtc, attribute }: VgaRegisters,
  raster: Raster,
  scanLine: number,
  perClock: number,
): { counter: number; rowScan: number; pan: number } => {
  const split = scanLine > raster.lineCompare;
  const line = (split ? scanLine - raster.lineCompare - 1 : scanLine) >> (raster.doubled ? 1 : 0);
  const preset = split ? 0 : crtc[8] & 0x1f;
  const row = Math.floor((line + preset) / raster.rowLines);
  const rowScan = (line + preset) % raster.rowLines;
  const start = split ? 0 : ((crtc[0x0c] << 8) | crtc[0x0d]) + ((crtc[8] >> 5) & 3);
  // 8 means no panning in 9-dot modes only; 256-colour modes count half pixels.
  const panning = split && attribute[0x10] & 0x20 ? 0 : attribute[0x13] & 7;
  return { counter: start + row * crtc[0x13] * 2, rowScan, pan: perClock === 4 ? panning >> 1 : panning };
};

const rowScanned = ({ crtc }: VgaRegisters, address: number, rowScan: number): number => {
  let result = address;
  if (!(crtc[0x17] & 1)) result = (result & ~0x2000) | ((rowScan & 1) << 13);
  if (!(crtc[0x17] & 2)) result = (result & ~0x4000) | ((rowScan & 2) << 13);
  return result;
};

const expander = (registers: VgaRegisters): Expand => {
  const { graphics, attribute, dacMask } = registers;
  if (graphics[5] & 0x40) {
    return (planes, into, at) => {
      for (let x = 0; x < 4; x++) into[at + x] = (planes >> (8 * x)) & dacMask;
      return 4;
    };
  }
  const enabled = attribute[0x12] & 15;
  const colours = Uint8Array.from(attributeColours(registers));
  const interleaved = (graphics[5] & 0x20) !== 0;
  return (planes, into, at) => {
    for (let x = 0; x < 8; x++) {
      const colour = interleaved ? pairColour(planes, x) : planarColour(planes, 7 - x);
      into[at + x] = colours[colour & enabled];
    }
    return 8;
  };
};

const planarColour = (planes: number, bit: number): number =>
  ((planes >> bit) & 1) | ((planes >> (bit + 7)) & 2) | ((planes >> (bit + 14)) & 4) | ((planes >> (bit + 21)) & 8);

/** Four pixels of two bits from the even planes, then four from the odd ones; planes 2 and 3 give the high bits. */
const pairColour = (planes: number, x: number): number => {
  const shift = 6 - 2 * (x & 3) + (x & 4 ? 8 : 0);
  return ((planes >> shift) & 3) | (((planes >> (shift + 16)) & 3) << 2);
};
