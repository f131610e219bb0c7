// The form in which the character sets are drawn: characters side by side, eight dots each, '#' for a lit dot.

export interface GlyphBand {
  /** As Unicode, one for each drawing. */
  readonly characters: string;
  /** Scan line of the first row. */
  readonly top: number;
  readonly rows: string;
}

/** Scan lines of every drawn character in a cell of `height` lines, by Unicode character. */
export const readBands = (bands: readonly GlyphBand[], height: number): Map<string, number[]> => {
  const glyphs = new Map<string, number[]>();
  for (const { characters, top, rows } of bands) {
    const lines = rows.trim().split('\n').map((line) => line.trim().split(' ')); // prettier-ignore
    [...characters].forEach((character, n) => {
      const glyph = Array<number>(height).fill(0);
      lines.forEach((fields, y) => (glyph[top + y] = dots(fields[n], character)));
      if (glyph.length > height || glyphs.has(character)) throw new Error(`the drawing of '${character}' is wrong`);
      glyphs.set(character, glyph);
    });
  }
  return glyphs;
};

/** One scan line of a drawing as a byte, the leftmost dot in bit 7. */
const dots = (row: string | undefined, character: string): number => {
  if (!row || !/^[.#]{8}$/.test(row)) throw new Error(`the drawing of '${character}' has a row '${row}'`);
  return parseInt(row.replaceAll('.', '0').replaceAll('#', '1'), 2);
};
