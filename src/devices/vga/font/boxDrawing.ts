// Line graphics (B3-DA), shades and blocks for a cell of 8 by `height` dots, computed so that neighbours join.
// A double line is a band with its channel carved out; single lines that pass through are drawn again on top.

/** Weight (0 none, 1 single, 2 double) of the arms up, down, left, right of the characters B3 to DA. */
const ARMS = (
  '1100 1110 1120 2210 0210 0120 2220 2200 0220 2020 2010 1020 0110 1001 1011 0111 1101 0011 1111 1102 ' +
  '2201 2002 0202 2022 0222 2202 0022 2222 1022 2011 0122 0211 2001 1002 0102 0201 2211 1122 1010 0101'
).split(' ');
const FIRST_LINE = 0xb3;

type Span = readonly [first: number, last: number];

/** Columns of a vertical line, by weight, and of the channel inside a double one. */
const COLUMNS: readonly Span[] = [[3, 4], [3, 4], [1, 6]]; // prettier-ignore
const CHANNEL: Span = [3, 4];

const columnMask = ([first, last]: Span): number => {
  let mask = 0;
  for (let x = first; x <= last; x++) mask |= 0x80 >> x;
  return mask;
};

const lineGlyph = (arms: string, height: number): number[] => {
  const [up, down, left, right] = [...arms].map(Number);
  const middle = (height >> 1) - 1;
  const vertical = Math.max(up, down);
  const horizontal = Math.max(left, right);
  const columns = COLUMNS[vertical];
  const rows: Span = horizontal === 2 ? [middle - 1, middle + 1] : [middle, middle];
  const glyph = Array<number>(height).fill(0);
  const paint = (ySpan: Span, xSpan: Span, on: boolean): void => {
    const mask = columnMask(xSpan);
    for (let y = ySpan[0]; y <= ySpan[1]; y++) glyph[y] = on ? glyph[y] | mask : glyph[y] & ~mask;
  };
  const bottom = height - 1;

  if (up) paint([0, rows[1]], columns, true);
  if (down) paint([rows[0], bottom], columns, true);
  if (left) paint(rows, [0, columns[1]], true);
  if (right) paint(rows, [columns[0], 7], true);

  // The channel runs into the channel it meets, and stops short of a single line.
  if (horizontal === 2) {
    const channelRow: Span = [middle, middle];
    const both = left === 2 && right === 2;
    if (left === 2) paint(channelRow, [0, both ? 7 : vertical === 2 ? CHANNEL[1] : CHANNEL[0] - 1], false);
    if (right === 2) paint(channelRow, [both ? 0 : vertical === 2 ? CHANNEL[0] : CHANNEL[1] + 1, 7], false);
  }
  if (vertical === 2) {
    const both = up === 2 && down === 2;
    const inside = horizontal === 2 ? middle : undefined;
    if (up === 2) paint([0, both ? bottom : (inside ?? middle - 1)], CHANNEL, false);
    if (down === 2) paint([both ? 0 : (inside ?? middle + 1), bottom], CHANNEL, false);
  }
  if (up === 1 && down === 1) paint([0, bottom], columns, true);
  if (left === 1 && right === 1) paint(rows, [0, 7], true);
  return glyph;
};

/** Scan lines of each generated character by code. */
export const boxDrawing = (height: number): Map<number, number[]> => {
  const glyphs = new Map(ARMS.map((arms, i) => [FIRST_LINE + i, lineGlyph(arms, height)]));
  const fill = (of: (y: number) => number): number[] => Array.from({ length: height }, (_, y) => of(y));
  const half = height >> 1;
  glyphs.set(
    0xb0,
    fill((y) => (y & 1 ? 0x44 : 0x11)),
  );
  glyphs.set(
    0xb1,
    fill((y) => (y & 1 ? 0xaa : 0x55)),
  );
  glyphs.set(
    0xb2,
    fill((y) => (y & 1 ? 0xbb : 0xee)),
  );
  glyphs.set(
    0xdb,
    fill(() => 0xff),
  );
  glyphs.set(
    0xdc,
    fill((y) => (y >= half ? 0xff : 0)),
  );
  glyphs.set(
    0xdd,
    fill(() => 0xf0),
  );
  glyphs.set(
    0xde,
    fill(() => 0x0f),
  );
  glyphs.set(
    0xdf,
    fill((y) => (y < half ? 0xff : 0)),
  );
  return glyphs;
};
