// The character sets of code page 437 in 16, 14 and 8 lines, put together from the drawings, accents set on letters,
// mirrored shapes and generated line graphics. Each is 256 glyphs, a byte a scan line, as in a video BIOS.

import { CP437 } from '../cp437';
import { boxDrawing } from './boxDrawing';
import { readBands, type GlyphBand } from './glyphBand';
import { GLYPHS_16 } from './glyphs16';
import { GLYPHS_8 } from './glyphs8';

type Glyph = readonly number[];

/** What differs between the two drawn sizes. Accents sit from line `accentTop` on. */
interface Style {
  readonly height: number;
  readonly bands: readonly GlyphBand[];
  readonly accentTop: number;
  readonly accents: Readonly<Record<string, Glyph>>;
  readonly capitalAccents: Readonly<Record<string, Glyph>>;
  /** Lines taken out of a capital to make room above it; a ring closes on its letter and takes one less. */
  readonly spareLines: readonly number[];
  readonly spareLinesUnderRing: readonly number[];
  readonly cedilla: { readonly top: number; readonly rows: Glyph };
  /** First line of a small letter; above it is the dot of i. */
  readonly smallTop: number;
}

const STYLE_16: Style = {
  height: 16,
  bands: GLYPHS_16,
  accentTop: 1,
  accents: {
    acute: [0x0c, 0x18, 0x30],
    grave: [0x30, 0x18, 0x0c],
    circumflex: [0x10, 0x38, 0x6c],
    diaeresis: [0x00, 0x6c, 0x6c],
    ring: [0x38, 0x6c, 0x38],
    tilde: [0x00, 0x76, 0xdc],
  },
  capitalAccents: { acute: [0x0c, 0x18], diaeresis: [0x6c, 0x6c], ring: [0x38, 0x28], tilde: [0x76, 0xdc] },
  spareLines: [5, 10],
  spareLinesUnderRing: [5],
  cedilla: { top: 12, rows: [0x18, 0x0c, 0x38] },
  smallTop: 5,
};

const STYLE_8: Style = {
  height: 8,
  bands: GLYPHS_8,
  accentTop: 0,
  accents: {
    acute: [0x0c, 0x18],
    grave: [0x30, 0x18],
    circumflex: [0x38, 0x6c],
    diaeresis: [0x6c, 0x00],
    ring: [0x38, 0x28],
    tilde: [0x76, 0xdc],
  },
  capitalAccents: { acute: [0x18], diaeresis: [0x6c], ring: [0x10], tilde: [0x7c] },
  spareLines: [2],
  spareLinesUnderRing: [2],
  cedilla: { top: 7, rows: [0x38] },
  smallTop: 2,
};

/** Base letter and accent of each composed character. */
const COMPOSED: Readonly<Record<string, readonly [string, string]>> = {
  ü: ['u', 'diaeresis'], é: ['e', 'acute'], â: ['a', 'circumflex'], ä: ['a', 'diaeresis'], à: ['a', 'grave'],
  å: ['a', 'ring'], ê: ['e', 'circumflex'], ë: ['e', 'diaeresis'], è: ['e', 'grave'], ï: ['i', 'diaeresis'],
  î: ['i', 'circumflex'], ì: ['i', 'grave'], Ä: ['A', 'diaeresis'], Å: ['A', 'ring'], É: ['E', 'acute'],
  ô: ['o', 'circumflex'], ö: ['o', 'diaeresis'], ò: ['o', 'grave'], û: ['u', 'circumflex'], ù: ['u', 'grave'],
  ÿ: ['y', 'diaeresis'], Ö: ['O', 'diaeresis'], Ü: ['U', 'diaeresis'], á: ['a', 'acute'], í: ['i', 'acute'],
  ó: ['o', 'acute'], ú: ['u', 'acute'], ñ: ['n', 'tilde'], Ñ: ['N', 'tilde'],
}; // prettier-ignore

const mirrored = (glyph: Glyph): number[] =>
  glyph.map((row) => {
    let result = 0;
    for (let bit = 0; bit < 8; bit++) result |= ((row >> bit) & 1) << (7 - bit);
    return result;
  });

/** Turned upside down within the lines it uses. */
const flipped = (glyph: Glyph): number[] => {
  const first = glyph.findIndex((row) => row !== 0);
  const last = glyph.findLastIndex((row) => row !== 0);
  return glyph.map((_, y) => glyph[first + last - y] ?? 0);
};

const overlay = (glyph: Glyph, top: number, rows: Glyph): number[] => glyph.map((row, y) => row | (rows[y - top] ?? 0));

const compose = (base: Glyph, letter: string, accent: string, style: Style): number[] => {
  const isCapital = letter === letter.toUpperCase();
  if (!isCapital) {
    const undotted = base.map((row, y) => (y < style.smallTop ? 0 : row));
    return overlay(undotted, style.accentTop, style.accents[accent]);
  }
  const spare = accent === 'ring' ? style.spareLinesUnderRing : style.spareLines;
  const kept = base.filter((_, y) => !spare.includes(y));
  const lowered = [...spare.map(() => 0), ...kept];
  return overlay(lowered, style.accentTop, style.capitalAccents[accent]);
};

/** Every glyph of a style by Unicode character, line graphics excepted. */
const drawAll = (style: Style): Map<string, Glyph> => {
  const glyphs: Map<string, Glyph> = readBands(style.bands, style.height);
  const get = (character: string): Glyph => {
    const glyph = glyphs.get(character);
    if (!glyph) throw new Error(`'${character}' is not drawn`);
    return glyph;
  };
  for (const [character, [letter, accent]] of Object.entries(COMPOSED)) {
    glyphs.set(character, compose(get(letter), letter, accent, style));
  }
  for (const [character, letter] of Object.entries({ ç: 'c', Ç: 'C' })) {
    glyphs.set(character, overlay(get(letter), style.cedilla.top, style.cedilla.rows));
  }
  glyphs.set('¿', flipped(mirrored(get('?'))));
  glyphs.set('¡', flipped(get('!')));
  glyphs.set('¬', mirrored(get('⌐')));
  glyphs.set('»', mirrored(get('«')));
  glyphs.set('◘', get('•').map((row) => ~row & 0xff)); // prettier-ignore
  glyphs.set('◙', get('○').map((row) => ~row & 0xff)); // prettier-ignore
  glyphs.set(' ', Array<number>(style.height).fill(0));
  return glyphs;
};

/** A set of 256 glyphs of `height` lines; `crop` lines are left out at the top of the drawings. */
const buildFont = (style: Style, height: number, crop: number): Uint8Array => {
  const drawn = drawAll(style);
  const lines = boxDrawing(height);
  const font = new Uint8Array(256 * height);
  CP437.forEach((character, code) => {
    const glyph = lines.get(code) ?? drawn.get(character)?.slice(crop, crop + height);
    if (!glyph) throw new Error(`character ${code} ('${character}') is not drawn`);
    font.set(glyph, code * height);
  });
  return font;
};

export const FONT_8X16 = buildFont(STYLE_16, 16, 0);
export const FONT_8X14 = buildFont(STYLE_16, 14, 1);
export const FONT_8X8 = buildFont(STYLE_8, 8, 0);
