// The three ROM character sets (8x16, 8x14, 8x8) put together: drawn shapes, accented letters from a letter and an accent,
// line drawing and blocks by rule. The 8x14 set is the 8x16 one without its first and last scan line.

import { blockCharacters, boxCharacters } from './boxDrawing';
import { GLYPHS_16 } from './glyphs16';
import { GLYPHS_8 } from './glyphs8';

const CHARACTERS = 256;

interface Accent {
  /** Above a small letter in the 8x16 set, from scan line `at`. */
  readonly at: number;
  readonly rows: readonly number[];
  /** The single line that it becomes in the 8x8 set. */
  readonly small: number;
}

const ACUTE: Accent = { at: 1, rows: [0x0c, 0x18, 0x30], small: 0x18 };
const GRAVE: Accent = { at: 1, rows: [0x60, 0x30, 0x18], small: 0x30 };
const CIRCUMFLEX: Accent = { at: 1, rows: [0x10, 0x38, 0x6c], small: 0x38 };
const DIAERESIS: Accent = { at: 2, rows: [0x6c, 0x6c], small: 0x6c };
const RING: Accent = { at: 1, rows: [0x38, 0x6c, 0x38], small: 0x38 };
const TILDE: Accent = { at: 2, rows: [0x76, 0xdc], small: 0x7c };

const SMALL_ACCENTED: readonly (readonly [code: number, letter: string, accent: Accent])[] = [
  [0x81, 'u', DIAERESIS], [0x82, 'e', ACUTE], [0x83, 'a', CIRCUMFLEX], [0x84, 'a', DIAERESIS], [0x85, 'a', GRAVE],
  [0x86, 'a', RING], [0x88, 'e', CIRCUMFLEX], [0x89, 'e', DIAERESIS], [0x8a, 'e', GRAVE], [0x8b, 'i', DIAERESIS],
  [0x8c, 'i', CIRCUMFLEX], [0x8d, 'i', GRAVE], [0x93, 'o', CIRCUMFLEX], [0x94, 'o', DIAERESIS], [0x95, 'o', GRAVE],
  [0x96, 'u', CIRCUMFLEX], [0x97, 'u', GRAVE], [0x98, 'y', DIAERESIS], [0xa0, 'a', ACUTE], [0xa1, 'i', ACUTE],
  [0xa2, 'o', ACUTE], [0xa3, 'u', ACUTE], [0xa4, 'n', TILDE],
]; // prettier-ignore
const CAPITAL_ACCENTED: readonly (readonly [code: number, letter: string, accent: Accent])[] = [
  [0x8e, 'A', DIAERESIS], [0x8f, 'A', RING], [0x90, 'E', ACUTE], [0x99, 'O', DIAERESIS], [0x9a, 'U', DIAERESIS],
  [0xa5, 'N', TILDE],
]; // prettier-ignore
const CEDILLAS: readonly (readonly [code: number, letter: string])[] = [[0x80, 'C'], [0x87, 'c']]; // prettier-ignore
const CEDILLA = [0x18, 0x0c, 0x38];
const DOTLESS_I = [0x38, 0x18, 0x18, 0x18, 0x18, 0x18, 0x3c];
/** Lines of a 10-line capital that can go to make room for an accent. */
const SQUEEZED = [3, 7];
const FIRST_SMALL_LINE = 5;

type Glyphs = Map<number, number[]>;

/** Reads the drawn shapes; rows outside them are blank. */
function parse(text: string, height: number): Glyphs {
  const glyphs: Glyphs = new Map();
  for (const line of text.trim().split('\n')) {
    const [name, first, ...bytes] = line.split(' ');
    const code = name.length > 1 ? Number(name) : name.charCodeAt(0);
    const rows = new Array<number>(height).fill(0);
    bytes.forEach((byte, n) => (rows[Number(first) + n] = parseInt(byte, 16)));
    glyphs.set(code, rows);
  }
  return glyphs;
}

const letterOf = (glyphs: Glyphs, letter: string): number[] => [...glyphs.get(letter.charCodeAt(0))!];

function addAccented16(glyphs: Glyphs): void {
  for (const [code, letter, accent] of SMALL_ACCENTED) {
    const rows = letterOf(glyphs, letter);
    rows.fill(0, 0, FIRST_SMALL_LINE);
    if (letter === 'i') DOTLESS_I.forEach((row, n) => (rows[FIRST_SMALL_LINE + n] = row));
    accent.rows.forEach((row, n) => (rows[accent.at + n] = row));
    glyphs.set(code, rows);
  }
  for (const [code, letter, accent] of CAPITAL_ACCENTED) {
    const capital = letterOf(glyphs, letter).slice(2, 12);
    const squeezed = capital.filter((_, n) => !SQUEEZED.includes(n));
    const marks = accent.rows.slice(0, 2);
    glyphs.set(code, [0, ...marks, ...(marks.length < 2 ? [0] : []), 0, ...squeezed, 0, 0, 0, 0].slice(0, 16));
  }
  for (const [code, letter] of CEDILLAS) {
    const rows = letterOf(glyphs, letter);
    CEDILLA.forEach((row, n) => (rows[12 + n] = row));
    glyphs.set(code, rows);
  }
}

function addAccented8(glyphs: Glyphs): void {
  for (const [code, letter, accent] of SMALL_ACCENTED) {
    const rows = letterOf(glyphs, letter);
    rows[0] = accent.small;
    rows[1] = 0;
    glyphs.set(code, rows);
  }
  for (const [code, letter, accent] of CAPITAL_ACCENTED) {
    const capital = letterOf(glyphs, letter);
    glyphs.set(code, [accent.small, ...capital.slice(0, 2), ...capital.slice(3)].slice(0, 8));
  }
  for (const [code, letter] of CEDILLAS) {
    const rows = letterOf(glyphs, letter);
    rows[7] = 0x18;
    glyphs.set(code, rows);
  }
}

/** Pairs of scan lines become one: for the characters that have no 8x8 shape of their own. */
const halve = (rows: readonly number[]): number[] => Array.from({ length: 8 }, (_, y) => rows[2 * y] | rows[2 * y + 1]);

function pack(glyphs: Glyphs, height: number): Uint8Array {
  const font = new Uint8Array(CHARACTERS * height);
  for (const [code, rows] of glyphs) font.set(rows.slice(0, height), code * height);
  return font;
}

function build16(): Glyphs {
  const glyphs = parse(GLYPHS_16, 16);
  addAccented16(glyphs);
  return new Map([...glyphs, ...boxCharacters(16), ...blockCharacters(16)]);
}

function build8(large: Glyphs): Glyphs {
  const glyphs = parse(GLYPHS_8, 8);
  addAccented8(glyphs);
  for (const [code, rows] of large) if (!glyphs.has(code)) glyphs.set(code, halve(rows));
  return new Map([...glyphs, ...boxCharacters(8), ...blockCharacters(8)]);
}

const LARGE = build16();
/** 256 characters of 16, 14 and 8 bytes, a byte a scan line, the leftmost dot in bit 7. */
export const FONT_16 = pack(LARGE, 16);
export const FONT_14 = pack(new Map([...LARGE].map(([code, rows]) => [code, rows.slice(1, 15)])), 14);
export const FONT_8 = pack(build8(LARGE), 8);
