// The colour registers and their default contents (IBM VGA hardware reference, "Video DAC", default palettes of the modes).

import type { Guest } from '../guest';
import type { PaletteKind } from './modes';

const DAC_MASK = 0x3c6;
const DAC_READ_INDEX = 0x3c7;
const DAC_WRITE_INDEX = 0x3c8;
const DAC_DATA = 0x3c9;

/** Red, green, blue, 6 bits each. */
export type Colour = readonly [red: number, green: number, blue: number];

export function readDac(g: Guest, index: number): Colour {
  g.out8(DAC_READ_INDEX, index);
  return [g.in8(DAC_DATA), g.in8(DAC_DATA), g.in8(DAC_DATA)];
}

export function writeDac(g: Guest, index: number, [red, green, blue]: Colour): void {
  g.out8(DAC_WRITE_INDEX, index);
  for (const part of [red, green, blue]) g.out8(DAC_DATA, part & 0x3f);
}

export const readDacMask = (g: Guest): number => g.in8(DAC_MASK);
export const writeDacMask = (g: Guest, mask: number): void => g.out8(DAC_MASK, mask);

/** 30 % red, 59 % green, 11 % blue, in 256ths and rounded. */
export function greyOf([red, green, blue]: Colour): Colour {
  const grey = Math.min(0x3f, (77 * red + 151 * green + 28 * blue + 0x80) >> 8);
  return [grey, grey, grey];
}

const grey = (level: number): Colour => [level, level, level];

/** EGA colour numbers: bits 0-2 are blue, green, red at two thirds, bits 3-5 the same at one third. */
const egaColour = (n: number): Colour => {
  const part = (bit: number): number => ((n >> bit) & 1 ? 0x2a : 0) + ((n >> (bit + 3)) & 1 ? 0x15 : 0);
  return [part(2), part(1), part(0)];
};

/** CGA colours: bit 4 is intensity; dark yellow is brown. */
const cgaColour = (n: number): Colour => {
  const bright = n & 0x10 ? 0x15 : 0;
  if ((n & 0x17) === 6) return [0x2a, 0x15, 0];
  return [(n & 4 ? 0x2a : 0) + bright, (n & 2 ? 0x2a : 0) + bright, (n & 1 ? 0x2a : 0) + bright];
};

const monoColour = (n: number): Colour => grey([0, 0x2a, 0x2a, 0x3f][(n >> 3) & 3]);

const GREYS = [0x00, 0x05, 0x08, 0x0b, 0x0e, 0x11, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2d, 0x32, 0x38, 0x3f];

/** Five steps from the darkest to the brightest component, for three intensities at three saturations. */
const HUE_STEPS = [
  [0x00, 0x10, 0x1f, 0x2f, 0x3f], [0x1f, 0x27, 0x2f, 0x37, 0x3f], [0x2d, 0x31, 0x36, 0x3a, 0x3f],
  [0x00, 0x07, 0x0e, 0x15, 0x1c], [0x0e, 0x11, 0x15, 0x18, 0x1c], [0x14, 0x16, 0x18, 0x1a, 0x1c],
  [0x00, 0x04, 0x08, 0x0c, 0x10], [0x08, 0x0a, 0x0c, 0x0e, 0x10], [0x0b, 0x0c, 0x0d, 0x0f, 0x10],
]; // prettier-ignore
const HUES = 24;

/** The colour circle from blue through red, green and cyan: each component holds, falls or rises over 4 of 24 steps. */
function hue(steps: readonly number[], n: number): Colour {
  const level = (position: number): number => {
    const p = ((position % HUES) + HUES) % HUES;
    if (p <= 8) return steps[4];
    if (p < 12) return steps[12 - p];
    return p <= 20 ? steps[0] : steps[p - 20];
  };
  return [level(n - 4), level(n - 12), level(n + 4)];
}

function vga256Colour(n: number): Colour {
  if (n < 16) return cgaColour((n & 7) | (n & 8 ? 0x10 : 0));
  if (n < 32) return grey(GREYS[n - 16]);
  const steps = HUE_STEPS[Math.floor((n - 32) / HUES)];
  return steps ? hue(steps, (n - 32) % HUES) : grey(0);
}

const DEFAULTS: Record<PaletteKind, { count: number; colour: (n: number) => Colour }> = {
  text: { count: 64, colour: egaColour },
  mono: { count: 64, colour: monoColour },
  graphics: { count: 64, colour: cgaColour },
  vga256: { count: 256, colour: vga256Colour },
};

/** Colour `n` of a mode's default palette. */
export const defaultColour = (kind: PaletteKind, n: number): Colour =>
  n < DEFAULTS[kind].count ? DEFAULTS[kind].colour(n) : grey(0);

export function loadDefaultPalette(g: Guest, kind: PaletteKind, greyScale: boolean): void {
  for (let n = 0; n < 256; n++) {
    const colour = defaultColour(kind, n);
    writeDac(g, n, greyScale ? greyOf(colour) : colour);
  }
}
