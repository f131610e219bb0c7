import assert from 'node:assert/strict';
import { CP437 } from '../../src/devices/vga/cp437';
import { FONT_8X14, FONT_8X16, FONT_8X8 } from '../../src/devices/vga/font/font';

const fonts = [
  { font: FONT_8X16, height: 16 },
  { font: FONT_8X14, height: 14 },
  { font: FONT_8X8, height: 8 },
];

describe('character sets', () => {
  for (const { font, height } of fonts) {
    const glyph = (character: string): Uint8Array => {
      const code = CP437.indexOf(character, 1);
      assert.notEqual(code, -1, character);
      return font.subarray(code * height, (code + 1) * height);
    };

    it(`8x${height}: 256 glyphs, all different but the blanks`, () => {
      assert.equal(font.length, 256 * height);
      const seen = new Map<string, number>();
      for (let code = 0; code < 256; code++) {
        const bits = font.subarray(code * height, (code + 1) * height).toString();
        const blank = [0, 32, 255].includes(code);
        assert.equal(blank, /^0(,0)*$/.test(bits), `character ${code}`);
        if (!blank) assert.equal(seen.get(bits), undefined, `${code} looks like ${seen.get(bits)}`);
        seen.set(bits, code);
      }
    });

    it(`8x${height}: line graphics join their neighbours`, () => {
      const edges = (character: string): { up: number; down: number; left: number; right: number } => {
        const rows = [...glyph(character)];
        const side = (bit: number): number => rows.reduce((mask, row, y) => mask | (((row >> bit) & 1) << y), 0);
        return { up: rows[0], down: rows[height - 1], left: side(7), right: side(0) };
      };
      const single = { vertical: edges('│').up, horizontal: edges('─').left };
      const double = { vertical: edges('║').up, horizontal: edges('═').left };
      assert.ok(single.vertical && double.vertical && single.vertical !== double.vertical);
      const check = (character: string, up: number, down: number, left: number, right: number): void =>
        assert.deepEqual(edges(character), { up, down, left, right }, character);
      const [v, h, V, H] = [single.vertical, single.horizontal, double.vertical, double.horizontal];
      check('┼', v, v, h, h);
      check('╬', V, V, H, H);
      check('╪', v, v, H, H);
      check('╫', V, V, h, h);
      check('╔', 0, V, 0, H);
      check('╜', V, 0, h, 0);
      check('╒', 0, v, 0, H);
      check('┴', v, 0, h, h);
      check('╤', 0, v, H, H);
      check('╟', V, V, 0, h);
      check('█', 0xff, 0xff, 2 ** height - 1, 2 ** height - 1);
    });
  }
});
