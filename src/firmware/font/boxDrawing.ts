// Line drawing characters B3-DA of code page 437 for any cell height, from the kind of their four arms
// (0 none, 1 single, 2 double). Double lines turn as two parallel ones.

/** Left, right, up, down for each character from B3 on. */
const ARMS =
  '0011 1011 2011 1022 1002 2001 2022 0022 2002 2020 1020 2010 1001 0110 1110 1101 0111 1100 1111 0211 0122 0220 0202 ' +
  '2220 2202 0222 2200 2222 2210 1120 2201 1102 0120 0210 0201 0102 1122 2211 1010 0101';

export const FIRST_BOX_CHARACTER = 0xb3;
const LAST_COLUMN = 7;
/** Columns of the single stem, and of the left and right stems of a double one. */
const SINGLE = { first: 3, last: 4 };
const LEFT_STEM = { first: 1, last: 2 };
const RIGHT_STEM = { first: 5, last: 6 };

type Arms = readonly [left: number, right: number, up: number, down: number];

/** Rows of one character, a byte each. */
function drawBox([left, right, up, down]: Arms, height: number): number[] {
  const centre = (height >> 1) - 1;
  const near = centre - 1; // upper row of a double horizontal
  const far = centre + 1;
  const rows = new Array<number>(height).fill(0);
  const stem = (columns: { first: number; last: number }, from: number, to: number): void => {
    for (let y = from; y <= to; y++) for (let x = columns.first; x <= columns.last; x++) rows[y] |= 0x80 >> x;
  };
  const bar = (y: number, from: number, to: number): void => {
    for (let x = from; x <= to; x++) rows[y] |= 0x80 >> x;
  };

  /** Where a double stem on one side ends: it turns towards its own side, or around the corner of the other. */
  const stemEnd = (own: number, other: number, opposite: number, turn: number, round: number): number => {
    if (own === 2) return turn;
    if (own === 1 || opposite === 2) return centre;
    return other === 2 ? round : centre;
  };
  const singleEnd = (opposite: number, turn: number, round: number): number => {
    if (opposite || (left !== 2 && right !== 2)) return centre;
    return left === right ? turn : round;
  };
  if (up === 2) {
    stem(LEFT_STEM, 0, stemEnd(left, right, down, near, far));
    stem(RIGHT_STEM, 0, stemEnd(right, left, down, near, far));
  } else if (up === 1) stem(SINGLE, 0, singleEnd(down, near, far));
  if (down === 2) {
    stem(LEFT_STEM, stemEnd(left, right, up, far, near), height - 1);
    stem(RIGHT_STEM, stemEnd(right, left, up, far, near), height - 1);
  } else if (down === 1) stem(SINGLE, singleEnd(up, far, near), height - 1);

  /** The same for bars; `turn` and `round` are columns, `middle` is where lines from both sides meet. */
  const barEnd = (
    own: number,
    other: number,
    opposite: number,
    turn: number,
    round: number,
    middle: number,
  ): number => {
    if (own === 2) return turn;
    if (own === 1 || opposite === 2) return middle;
    return other === 2 ? round : middle;
  };
  const singleBarEnd = (opposite: number, turn: number, round: number, middle: number): number => {
    if (opposite || (up !== 2 && down !== 2)) return middle;
    return up === down ? turn : round;
  };
  if (left === 2) {
    bar(near, 0, barEnd(up, down, right, LEFT_STEM.last, RIGHT_STEM.last, SINGLE.last));
    bar(far, 0, barEnd(down, up, right, LEFT_STEM.last, RIGHT_STEM.last, SINGLE.last));
  } else if (left === 1) bar(centre, 0, singleBarEnd(right, LEFT_STEM.last, RIGHT_STEM.last, SINGLE.last));
  if (right === 2) {
    bar(near, barEnd(up, down, left, RIGHT_STEM.first, LEFT_STEM.first, SINGLE.first), LAST_COLUMN);
    bar(far, barEnd(down, up, left, RIGHT_STEM.first, LEFT_STEM.first, SINGLE.first), LAST_COLUMN);
  } else if (right === 1) bar(centre, singleBarEnd(left, RIGHT_STEM.first, LEFT_STEM.first, SINGLE.first), LAST_COLUMN);
  return rows;
}

/** Rows by character code, for a cell of `height` lines. */
export function boxCharacters(height: number): Map<number, number[]> {
  const characters = new Map<number, number[]>();
  ARMS.split(' ').forEach((arms, n) => {
    const [left, right, up, down] = [...arms].map(Number);
    characters.set(FIRST_BOX_CHARACTER + n, drawBox([left, right, up, down], height));
  });
  return characters;
}

const LIGHT = [0x22, 0x88];
const MEDIUM = [0x55, 0xaa];
const DARK = [0xdd, 0x77];

/** Shades B0-B2 and blocks DB-DF. */
export function blockCharacters(height: number): Map<number, number[]> {
  const fill = (row: (y: number) => number): number[] => Array.from({ length: height }, (_, y) => row(y));
  const half = height >> 1;
  return new Map([
    [0xb0, fill((y) => LIGHT[y & 1])],
    [0xb1, fill((y) => MEDIUM[y & 1])],
    [0xb2, fill((y) => DARK[y & 1])],
    [0xdb, fill(() => 0xff)],
    [0xdc, fill((y) => (y < half ? 0 : 0xff))],
    [0xdd, fill(() => 0xf0)],
    [0xde, fill(() => 0x0f)],
    [0xdf, fill((y) => (y < half ? 0xff : 0))],
  ]);
}
