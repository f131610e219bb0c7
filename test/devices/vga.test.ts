import assert from 'node:assert/strict';
import { renderRgba, textOf, type GraphicsFrame, type TextFrame } from '../../src/devices/vga/frame';
import { VgaBench } from './vgaBench';

const inMode = (number: number): VgaBench => {
  const bench = new VgaBench();
  bench.setMode(number);
  return bench;
};
const text = (bench: VgaBench): TextFrame => {
  const frame = bench.vga.frame();
  assert.equal(frame.kind, 'text');
  return frame as TextFrame;
};
const graphics = (bench: VgaBench): GraphicsFrame => {
  const frame = bench.vga.frame();
  assert.equal(frame.kind, 'graphics');
  return frame as GraphicsFrame;
};
const range = (count: number): number[] => [...Array(count).keys()];

describe('VGA text', () => {
  it('80x25 at B8000, plain memory, with cursor, colours and blinking', () => {
    const bench = inMode(3);
    assert.deepEqual(bench.vga.linearWindow(), { first: 0xb8000, end: 0xc0000, offset: 0 });
    bench.print(0, 0, 'Hello');
    bench.print(24, 78, '!\x82', 0x9e);
    bench.crtc(0x0e, 0);
    bench.crtc(0x0f, 85);
    const frame = text(bench);
    assert.deepEqual([frame.cols, frame.rows, frame.cellWidth, frame.cellHeight, frame.blink], [80, 25, 9, 16, true]);
    assert.deepEqual(frame.cursor, { row: 1, col: 5, top: 13, bottom: 14 });
    assert.equal(frame.cells[24 * 80 + 78], 0x9e21);
    assert.equal(textOf(frame), `Hello${'\n'.repeat(24)}${' '.repeat(78)}!é`);
    assert.deepEqual([frame.palette[6], frame.palette[7], frame.palette[14]], [0xaa5500, 0xaaaaaa, 0xffff55]);
    bench.crtc(0x0a, 0x2d);
    assert.equal(text(bench).cursor, undefined);
  });

  it('40x25, monochrome at B0000, and the port half that goes with it', () => {
    assert.equal(text(inMode(1)).cols, 40);
    const mono = inMode(7);
    assert.equal(mono.vga.linearWindow()?.first, 0xb0000);
    mono.poke(0xb0000, 0x41);
    assert.equal(textOf(text(mono)), 'A');
    assert.equal(text(mono).underline, 15);
    mono.out(0x3b4, 1);
    assert.deepEqual([mono.in(0x3b5), mono.in(0x3d5)], [0x4f, 0xff]);
  });

  it('scrolls by the start address', () => {
    const bench = inMode(3);
    bench.print(1, 0, 'second');
    bench.crtc(0x0d, 80);
    assert.equal(textOf(text(bench)), 'second');
  });

  it('shows the character set that is in plane 2, two of them when so selected', () => {
    const bench = inMode(3);
    const before = text(bench);
    assert.equal(before.brightFont, undefined);
    bench.print(0, 0, 'x');
    bench.sequencer(2, 4);
    bench.sequencer(4, 7);
    bench.graphics(5, 0);
    bench.graphics(6, 4);
    assert.equal(bench.vga.isLinear(), false);
    bench.poke(0xa4000 + 0x41 * 32, 0xa5);
    bench.sequencer(2, 3);
    bench.sequencer(4, 2);
    bench.graphics(5, 0x10);
    bench.graphics(6, 0x0e);
    bench.sequencer(3, 0x04); // attribute bit 3 set: map 1
    const frame = text(bench);
    assert.equal(frame.brightFont?.[0x41 * 32], 0xa5);
    assert.deepEqual(frame.font, before.font);
    assert.equal(textOf(frame), 'x');
  });

  it('renders cells, the ninth dot of line graphics, and the cursor', () => {
    const bench = inMode(3);
    bench.print(0, 0, '\xc4A', 0x1f);
    const picture = renderRgba(text(bench), { cursorOn: false });
    assert.deepEqual([picture.width, picture.height], [720, 400]);
    const pixel = (x: number, y: number): string =>
      Buffer.from(picture.data.slice((y * 720 + x) * 4, (y * 720 + x) * 4 + 4)).toString('hex');
    for (let x = 0; x < 9; x++) assert.equal(pixel(x, 7), 'ffffffff');
    assert.equal(pixel(0, 6), '0000aaff');
    assert.equal(pixel(9 + 3, 2), 'ffffffff'); // the top of A
    assert.equal(pixel(9 + 8, 4), '0000aaff');
    const withCursor = renderRgba(text(bench));
    assert.notDeepEqual(withCursor.data, picture.data);
  });

  it('goes black when the screen is off, and keeps its text', () => {
    const bench = inMode(3);
    bench.print(0, 0, 'hidden');
    bench.sequencer(1, 0x20);
    assert.deepEqual(new Set(text(bench).palette), new Set([0]));
    assert.equal(textOf(text(bench)), 'hidden');
  });
});

describe('VGA graphics', () => {
  it('mode 13h: a byte a pixel, plain memory', () => {
    const bench = inMode(0x13);
    assert.deepEqual(bench.vga.linearWindow(), { first: 0xa0000, end: 0xb0000, offset: 0 });
    for (const i of range(64000)) bench.poke(0xa0000 + i, (i * 7) & 0xff);
    const frame = graphics(bench);
    assert.deepEqual([frame.width, frame.height], [320, 200]);
    assert.deepEqual(
      frame.pixels,
      Uint8Array.from({ length: 64000 }, (_, i) => (i * 7) & 0xff),
    );
    assert.equal(renderRgba(frame).data.length, 256000);
    assert.equal(textOf(frame), '');
  });

  it('unchained 320x200: four pixels an address, one plane each', () => {
    const bench = inMode(0x13);
    bench.poke(0xa0005, 99);
    bench.sequencer(4, 6);
    bench.crtc(0x14, 0);
    bench.crtc(0x17, 0xe3);
    assert.equal(bench.vga.isLinear(), false);
    for (const plane of range(4)) {
      bench.sequencer(2, 1 << plane);
      bench.poke(0xa0000 + 80, plane + 1);
    }
    const frame = graphics(bench);
    assert.deepEqual([...frame.pixels.subarray(320, 326)], [1, 2, 3, 4, 0, 0]);
    bench.graphics(4, 1);
    assert.equal(bench.peek(0xa0004), 99); // chain 4 put byte 5 into plane 1 at address 4
  });

  it('16-colour modes have their sizes', () => {
    for (const [mode, width, height] of [
      [0x0d, 320, 200],
      [0x0e, 640, 200],
      [0x10, 640, 350],
      [0x11, 640, 480],
      [0x12, 640, 480],
    ]) {
      const bench = inMode(mode);
      assert.equal(bench.vga.isLinear(), false);
      bench.graphics(8, 0x40);
      bench.graphics(5, 2);
      const last = 0xa0000 + (width / 8) * height - 1;
      bench.peek(last);
      bench.poke(last, 0x0a);
      const frame = graphics(bench);
      assert.deepEqual([frame.width, frame.height], [width, height]);
      const lit = range(frame.pixels.length).filter((i) => frame.pixels[i] !== 0);
      assert.deepEqual(lit, [width * height - 7]);
    }
  });

  it('write mode 0: rotate, set/reset, function, bit mask, map mask', () => {
    const bench = inMode(0x12);
    const planes = (offset: number): number[] =>
      range(4).map((plane) => (bench.graphics(4, plane), bench.peek(0xa0000 + offset)));
    bench.sequencer(2, 0x0a);
    bench.poke(0xa0000, 0x81);
    assert.deepEqual(planes(0), [0, 0x81, 0, 0x81]);
    bench.sequencer(2, 0x0f);
    bench.graphics(3, 1);
    bench.poke(0xa0001, 0x81);
    assert.deepEqual(planes(1), [0xc0, 0xc0, 0xc0, 0xc0]);
    bench.graphics(0, 0x05);
    bench.graphics(1, 0x03);
    bench.poke(0xa0002, 0x03);
    assert.deepEqual(planes(2), [0xff, 0x00, 0x81, 0x81]);
    bench.graphics(1, 0);
    bench.graphics(3, 0x18); // XOR
    bench.peek(0xa0002);
    bench.poke(0xa0002, 0xff);
    assert.deepEqual(planes(2), [0x00, 0xff, 0x7e, 0x7e]);
    bench.graphics(3, 0x08); // AND
    bench.peek(0xa0002);
    bench.poke(0xa0002, 0x0f);
    assert.deepEqual(planes(2), [0x00, 0x0f, 0x0e, 0x0e]);
    bench.graphics(3, 0x10); // OR
    bench.graphics(8, 0xf0);
    bench.peek(0xa0002);
    bench.poke(0xa0002, 0xaa);
    assert.deepEqual(planes(2), [0xa0, 0xaf, 0xae, 0xae]);
  });

  it('write modes 1, 2 and 3', () => {
    const bench = inMode(0x12);
    const planes = (offset: number): number[] =>
      range(4).map((plane) => (bench.graphics(4, plane), bench.peek(0xa0000 + offset)));
    bench.graphics(5, 2);
    bench.poke(0xa0000, 0x06);
    assert.deepEqual(planes(0), [0, 0xff, 0xff, 0]);
    bench.graphics(5, 1);
    bench.peek(0xa0000);
    bench.poke(0xa0010, 0x55);
    assert.deepEqual(planes(0x10), [0, 0xff, 0xff, 0]);
    bench.graphics(5, 3);
    bench.graphics(0, 0x09);
    bench.graphics(8, 0xfc);
    bench.peek(0xa0010);
    bench.poke(0xa0010, 0x0f);
    assert.deepEqual(planes(0x10), [0x0c, 0xf3, 0xf3, 0x0c]);
  });

  it('read mode 1 compares colours, ignoring the planes it is told to', () => {
    const bench = inMode(0x12);
    bench.graphics(8, 0xf0);
    bench.graphics(5, 2);
    bench.peek(0xa0000);
    bench.poke(0xa0000, 0x05);
    bench.graphics(5, 8);
    bench.graphics(2, 5);
    bench.graphics(7, 0x0f);
    assert.equal(bench.peek(0xa0000), 0xf0);
    bench.graphics(2, 4);
    assert.equal(bench.peek(0xa0000), 0x00);
    bench.graphics(7, 0x0e);
    assert.equal(bench.peek(0xa0000), 0xf0);
    bench.graphics(7, 0);
    assert.equal(bench.peek(0xa0000), 0xff);
  });

  it('wide accesses are bytes in order', () => {
    const bench = inMode(0x12);
    bench.vga.write(0xa0000, 4, 0x04030201);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => bench.peek(0xa0000 + i)),
      [1, 2, 3, 4],
    );
    assert.equal(bench.vga.read(0xa0000, 4), 0x04030201);
    assert.equal(bench.vga.read(0xb8000, 2), 0xffff); // outside the window
    bench.vga.write(0xb8000, 2, 0x1234);
  });

  it('CGA modes 4 and 6 with their interleaved banks', () => {
    const four = inMode(4);
    four.poke(0xb8000, 0x1b);
    four.poke(0xb8001, 0xe4);
    four.poke(0xba000, 0xc0);
    const frame = graphics(four);
    assert.deepEqual([frame.width, frame.height], [320, 200]);
    assert.deepEqual([...frame.pixels.subarray(0, 8)], [0, 0x13, 0x15, 0x17, 0x17, 0x15, 0x13, 0]);
    assert.deepEqual([...frame.pixels.subarray(320, 322)], [0x17, 0]);
    const six = inMode(6);
    six.poke(0xba000 + 80, 0x01);
    assert.deepEqual([graphics(six).width, graphics(six).height], [640, 200]);
    assert.equal(graphics(six).pixels[3 * 640 + 7], 0x17);
  });

  it('split screen, start address and panning', () => {
    const bench = inMode(0x0d);
    bench.graphics(5, 2);
    bench.poke(0xa0000, 0x01);
    bench.poke(0xa0000 + 400, 0x02);
    bench.crtc(0x0c, 400 >> 8);
    bench.crtc(0x0d, 400 & 0xff);
    bench.crtc(7, 0x0f);
    bench.crtc(9, 0x80);
    bench.crtc(0x18, 199); // scan lines are counted before doubling: 100 rows
    const frame = graphics(bench);
    assert.deepEqual([frame.pixels[0], frame.pixels[100 * 320]], [2, 1]);
    bench.attribute(0x13, 3);
    assert.deepEqual([...graphics(bench).pixels.subarray(0, 7)], [2, 2, 2, 2, 2, 0, 0]);
  });
});

describe('VGA registers', () => {
  it('the attribute port alternates between index and data, status resets it', () => {
    const bench = inMode(3);
    bench.in(0x3da);
    bench.out(0x3c0, 0x11);
    bench.out(0x3c0, 0x2a);
    bench.out(0x3c0, 0x31);
    assert.equal(bench.in(0x3c1), 0x2a);
    assert.equal(bench.in(0x3c0), 0x31);
    bench.in(0x3da);
    bench.out(0x3c0, 0x10);
    assert.equal(bench.in(0x3c1), 0x0c);
  });

  it('the DAC takes and gives triples, 6 bits each', () => {
    const bench = inMode(3);
    bench.out(0x3c8, 0x80);
    for (const value of [1, 2, 0xff, 4, 5, 6]) bench.out(0x3c9, value);
    bench.out(0x3c7, 0x80);
    assert.equal(bench.in(0x3c7), 3);
    assert.deepEqual(
      range(6).map(() => bench.in(0x3c9)),
      [1, 2, 0x3f, 4, 5, 6],
    );
    assert.equal(bench.in(0x3c8), 0x82);
  });

  it('CRTC registers 0-7 lock, except line compare bit 8', () => {
    const bench = inMode(3);
    bench.crtc(0x11, 0x8e);
    bench.crtc(1, 0);
    bench.crtc(7, 0);
    bench.out(0x3d4, 1);
    assert.equal(bench.in(0x3d5), 0x4f);
    bench.out(0x3d4, 7);
    assert.equal(bench.in(0x3d5), 0x0f);
  });

  it('tells the board about each change of the mapping, once', () => {
    const bench = new VgaBench();
    bench.setMode(3);
    const before = bench.mappings;
    bench.graphics(8, 0xff);
    bench.sequencer(2, 3);
    assert.equal(bench.mappings, before);
    bench.graphics(8, 0x0f);
    bench.graphics(8, 0xff);
    assert.equal(bench.mappings, before + 2);
    bench.out(0x3c2, 0x65); // memory disabled
    assert.equal(bench.vga.isLinear(), false);
    assert.equal(bench.vga.read(0xb8000, 1), 0xff);
  });

  it('keeps what is in the planes over changes of the mapping', () => {
    const bench = inMode(0x12);
    const value = (plane: number, at: number): number => (at * 7 + plane * 31) & 0xff;
    for (const plane of range(4)) {
      bench.sequencer(2, 1 << plane);
      for (let at = 0; at < 0x10000; at += 97) bench.poke(0xa0000 + at, value(plane, at));
    }
    bench.setMode(0x13);
    bench.vga.frame();
    bench.sequencer(2, 3);
    bench.sequencer(4, 2);
    bench.graphics(5, 0x10);
    bench.graphics(6, 0x0e);
    assert.equal(bench.vga.isLinear(), true);
    bench.setMode(0x12);
    for (const plane of range(4)) {
      bench.graphics(4, plane);
      for (let at = 0; at < 0x10000; at += 97) assert.equal(bench.peek(0xa0000 + at), value(plane, at));
    }
  });

  it('retrace follows virtual time: 70 frames a second in text, 60 in mode 12h', () => {
    for (const [mode, hz] of [
      [3, 70],
      [0x12, 60],
    ]) {
      const bench = inMode(mode);
      let frames = 0;
      let blankSamples = 0;
      let last = 0;
      const samples = 200_000;
      for (let i = 0; i < samples; i++) {
        bench.time += 5000;
        const status = bench.in(0x3da);
        if (status & 8 && !last) frames++;
        last = status & 8;
        if (last) assert.equal(status & 1, 1);
        blankSamples += status & 1;
      }
      assert.ok(Math.abs(frames - hz) <= 1, `${frames} frames`);
      assert.ok(blankSamples > samples * 0.2 && blankSamples < samples * 0.4, `${blankSamples}`);
    }
  });

  it('survives any registers', () => {
    const bench = new VgaBench();
    for (let fill = 0; fill < 256; fill += 15) {
      bench.out(0x3c2, fill | 3);
      bench.crtc(0x11, 0);
      for (const i of range(25)) bench.crtc(i, fill);
      for (const i of range(5)) bench.sequencer(i, fill);
      for (const i of range(9)) bench.graphics(i, fill);
      for (const i of range(21)) bench.attribute(i, fill);
      const frame = bench.vga.frame();
      renderRgba(frame);
      textOf(frame);
      bench.in(0x3da);
      bench.vga.write(0xa1234, 4, 0x12345678);
      bench.vga.read(0xb9876, 4);
    }
  });
});
