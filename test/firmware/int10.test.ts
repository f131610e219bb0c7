// Video services against SeaBIOS's VGA BIOS: registers, BIOS data area, cells and pixels. The shapes of characters are our
// own, so that glyphs are checked by reading characters back.
import assert from 'node:assert/strict';
import { FONT_8X16 } from '../../src/devices/vga/font/font';
import {
  assembleProgram,
  call,
  compareWithQemu,
  dumpMemory,
  fields,
  lines,
  runOurs,
  type Registers,
} from './support/program';

const video = (name: string, ax: number, registers: Registers = {}): string => call(name, 0x10, { ax, ...registers });

/** Cells of the 80-column screen at B8000. */
const cells = (name: string, row: number, column: number, count: number): string =>
  [`  name '${name}'`, '  push ds', '  push word 0xb800', '  pop ds', `  mov si, ${(row * 80 + column) * 2}`]
    .concat(`  mov cx, ${count * 2}`, '  call dump', '  pop ds')
    .join('\n');

const teletype = (text: string): string =>
  [...text].map((c) => `  mov ax, ${0x0e00 | c.charCodeAt(0)}\n  mov bx, 7\n  int 0x10`).join('\n');

const videoData = (name: string): string =>
  [dumpMemory(`${name}-1`, 0x449, 30), dumpMemory(`${name}-2`, 0x484, 7)].join('\n');

const crtc = (name: string, first: number, second: number): string => `
  name '${name}'
  mov dx, 0x3d4
  mov al, ${first}
  out dx, al
  inc dx
  in al, dx
  call hex8
  dec dx
  mov al, ${second}
  out dx, al
  inc dx
  in al, dx
  call hex8
  call newline`;

describe('INT 10h', () => {
  it('agrees with SeaBIOS on cursor, cells, scrolling and teletype', () => {
    const body = [
      video('mode', 0x0003),
      videoData('start'),
      video('get-mode', 0x0f00),
      video('set-cursor', 0x0200, { dx: 0x0305 }),
      crtc('crtc-cursor', 0x0e, 0x0f),
      video('cursor', 0x0300),
      ...[0x0607, 0x0007, 0x0707, 0x2000, 0x0d0e, 0x0006, 0x0105].map((cx) =>
        [video(`shape-${cx}`, 0x0100, { cx }), crtc(`crtc-shape-${cx}`, 0x0a, 0x0b), video(`get-${cx}`, 0x0300)].join(
          '\n',
        ),
      ),
      video('write', 0x0941, { bx: 0x1e, cx: 5 }),
      video('write-character', 0x0a42, { bx: 0x55, cx: 3 }),
      video('write-none', 0x0943, { bx: 0x1e, cx: 0 }),
      cells('written', 3, 4, 8),
      video('read', 0x0800),
      video('scroll-up', 0x0601, { bx: 0x4f00, cx: 0x0204, dx: 0x050a }),
      cells('scrolled-2', 2, 3, 9),
      cells('scrolled-5', 5, 3, 9),
      video('scroll-down', 0x0702, { bx: 0x2f00, cx: 0x0204, dx: 0x050a }),
      cells('scrolled-4', 4, 3, 9),
      video('scroll-too-far', 0x0630, { bx: 0x1700, cx: 0x0204, dx: 0x050a }),
      cells('blanked', 3, 3, 9),
      video('clear', 0x0600, { bx: 0x1700, dx: 0xffff }),
      cells('cleared', 24, 76, 4),
      video('clear-again', 0x0600, { bx: 0x0700, dx: 0x184f }),
      video('home', 0x0200, { dx: 0 }),
      teletype('Hi\rx\ny\bz\x07!'),
      video('after-text', 0x0300),
      cells('text-0', 0, 0, 6),
      cells('text-1', 1, 0, 6),
      video('corner', 0x0200, { dx: 0x184e }),
      video('corner-colour', 0x0941, { bx: 0x4f, cx: 2 }),
      teletype('AB'),
      video('after-corner', 0x0300),
      cells('moved-up', 23, 76, 4),
      cells('new-line', 24, 0, 4),
      teletype('\n'),
      cells('new-line-again', 24, 0, 2),
    ].join('\n');
    compareWithQemu(body, 'ide');
  });

  it('agrees with SeaBIOS on strings and pages', () => {
    const string = (name: string, al: number, row: number, bp: string): string =>
      [
        video(name, 0x1300 | al, { bx: 0x2e, cx: 5, dx: (row << 8) | 10, bp }),
        video(`${name}-cursor`, 0x0300),
        cells(`${name}-cells`, row, 9, 8),
      ].join('\n');
    const body = [
      video('mode', 0x0003),
      string('plain', 0, 10, 'text'),
      string('moving', 1, 11, 'text'),
      string('attributes', 2, 12, 'coloured'),
      string('both', 3, 13, 'coloured'),
      video('page-1', 0x0501),
      video('get-mode', 0x0f00),
      teletype('P1'),
      video('cursor-1', 0x0300, { bx: 0x0100 }),
      video('cursor-0', 0x0300, { bx: 0 }),
      crtc('start', 0x0c, 0x0d),
      videoData('on-page-1'),
      video('write-page-2', 0x0958, { bx: 0x021e, cx: 2 }),
      cells('page-2', 102, 32, 4),
      video('page-9', 0x0509),
      video('still-page-1', 0x0f00),
      video('page-0', 0x0500),
      "  jmp finish\ntext: db 'he', 10, 'l', 13\ncoloured: db 'a', 0x1f, 'b', 0x2f, 'c', 0x3f, 'd', 0x4f, 'e', 0x5f",
    ].join('\n');
    compareWithQemu(body, 'ide');
  });

  it('agrees with SeaBIOS on palettes and colour registers', () => {
    const body = [
      video('mode', 0x0003),
      video('palette-read', 0x1007, { bx: 6 }),
      video('palette-write', 0x1000, { bx: 0x3a06 }),
      video('palette-back', 0x1007, { bx: 6 }),
      video('border', 0x1001, { bx: 0x0500 }),
      video('border-back', 0x1008),
      video('palette-all', 0x1009, { dx: 'buffer' }),
      dumpMemory('palette', 'buffer', 17),
      video('palette-set', 0x1002, { dx: 'new_palette' }),
      video('palette-3', 0x1007, { bx: 3 }),
      video('colour-write', 0x1010, { bx: 5, cx: 0x1122, dx: 0x3300 }),
      video('colour-read', 0x1015, { bx: 5 }),
      video('colours-read', 0x1017, { bx: 4, cx: 3, dx: 'buffer' }),
      dumpMemory('colours', 'buffer', 9),
      video('colours-write', 0x1012, { bx: 6, cx: 2, dx: 'buffer' }),
      video('colour-7', 0x1015, { bx: 7 }),
      video('page-state', 0x101a),
      video('page-mode', 0x1013, { bx: 0x0100 }),
      video('page-select', 0x1013, { bx: 0x0301 }),
      video('page-state-2', 0x101a),
      video('grey', 0x101b, { bx: 5, cx: 3 }),
      video('grey-5', 0x1015, { bx: 5 }),
      video('no-blink', 0x1003, { bx: 0 }),
      video('mode-register', 0x1007, { bx: 0x10 }),
      video('blink', 0x1003, { bx: 1 }),
      video('mode-register-2', 0x1007, { bx: 0x10 }),
      '  jmp finish\nbuffer: times 20 db 0\nnew_palette: db 0,1,2,9,4,5,6,7,8,9,10,11,12,13,14,15,3',
    ].join('\n');
    compareWithQemu(body, 'ide');
  });

  it('agrees with SeaBIOS on what each mode leaves behind', () => {
    const modes = [0, 1, 2, 3, 4, 5, 6, 0x0d, 0x0e, 0x10, 0x11, 0x12, 0x13];
    const dac = (name: string): string =>
      [video(`${name}-1`, 0x1017, { bx: 0, cx: 128, dx: 'buffer' }), dumpMemory(`${name}-2`, 'buffer', 384)]
        .concat(video(`${name}-3`, 0x1017, { bx: 128, cx: 128, dx: 'buffer' }), dumpMemory(`${name}-4`, 'buffer', 384))
        .join('\n');
    const body = [
      ...modes.map((mode) =>
        [video(`mode-${mode}`, mode), videoData(`data-${mode}`), video(`get-${mode}`, 0x0f00), dac(`dac-${mode}`)].join(
          '\n',
        ),
      ),
      video('keep', 0x0083),
      videoData('kept'),
      video('get-kept', 0x0f00),
      '  jmp finish\nbuffer: times 384 db 0',
    ].join('\n');
    compareWithQemu(body, 'ide');
  });

  for (const mode of [4, 6, 0x0d, 0x0e, 0x10, 0x12, 0x13]) {
    it(`agrees with SeaBIOS on pixels and characters in mode ${mode.toString(16)}`, () => {
      const pixels = [[0, 0, 1], [5, 3, 2], [100, 50, 3], [319, 199, 1], [101, 50, 0x82], [101, 50, 0x83], [8, 8, 5]]; // prettier-ignore
      const at = (name: string, cx: number, dx: number): string => video(name, 0x0d00, { cx, dx });
      const body = [
        video('mode', mode),
        ...pixels.map(([cx, dx, colour], n) =>
          [video(`set-${n}`, 0x0c00 | colour, { cx, dx }), at(`get-${n}`, cx, dx)].join('\n'),
        ),
        video('scroll', 0x0601, { bx: 0x0300, dx: 0x184f }),
        at('moved', 8, 0),
        at('moved-too', 100, 42),
        at('filled', 8, 199),
        video('block', 0x09db, { bx: 2, cx: 2 }),
        at('first', 3, 3),
        at('second', 13, 3),
        at('third', 17, 3),
        video('block-xor', 0x09db, { bx: 0x83, cx: 1 }),
        at('first-xor', 3, 3),
        video('window-down', 0x0702, { bx: 0x0100, cx: 0x0201, dx: 0x0510 }),
        at('window', 9, 17),
      ].join('\n');
      compareWithQemu(body, 'ide');
    });
  }

  it('reads back every character that it draws in graphics modes', () => {
    for (const mode of [0x06, 0x12, 0x13]) {
      const { output } = runOurs(
        assembleProgram(`
  mov ax, ${mode}
  int 0x10
  mov byte [character], 1
.next:
  mov ah, 9
  mov al, [character]
  mov bx, 7
  mov cx, 1
  int 0x10
  mov ah, 8
  mov bh, 0
  int 0x10
  cmp al, [character]
  je .same
  name 'differs'
  mov ah, [character]
  call hex16
  call newline
.same:
  inc byte [character]
  jnz .next
  jmp finish
character: db 0`),
        'ide',
      );
      // 20 and FF are both blank: FF reads back as the blank that comes first.
      const odd = output.split('\n').filter((line) => line.startsWith('differs'));
      assert.deepEqual(odd, ['differs 2000', 'differs FF00'], `mode ${mode}`);
    }
  });

  it('loads fonts, fits the rows to them, and tells where they are', () => {
    const body = [
      video('mode', 0x0003),
      video('8x8', 0x1112),
      videoData('data-8x8'),
      crtc('crtc-8x8', 0x09, 0x0a),
      video('8x16', 0x1114),
      videoData('data-8x16'),
      video('8x14', 0x1111),
      videoData('data-8x14'),
      video('mode-again', 0x0003),
      video('alternate-10', 0x1200, { bx: 0x10 }),
      video('alternate-30', 0x1202, { bx: 0x30 }),
      video('alternate-31', 0x1200, { bx: 0x31 }),
      video('alternate-33', 0x1201, { bx: 0x33 }),
      video('alternate-34', 0x1200, { bx: 0x34 }),
      video('alternate-ff', 0x1200, { bx: 0xff }),
      video('combination', 0x1a00),
      video('functionality', 0x1b00, { di: 'buffer' }),
      dumpMemory('table', 'buffer+4', 30),
      video('vbe-mode', 0x4f03),
      video('vbe-set', 0x4f02, { bx: 3 }),
      video('vbe-unknown', 0x4fff),
      '  jmp finish\nbuffer: times 64 db 0',
    ].join('\n');
    compareWithQemu(body, 'ide');
  });

  it('answers the VBE questions honestly: no modes', () => {
    const { output } = runOurs(
      assembleProgram(
        [
          video('info', 0x4f00, { di: 'buffer' }),
          dumpMemory('block', 'buffer', 20),
          '  name "modes"\n  les di, [buffer + 14]\n  mov ax, [es:di]\n  call hex16\n  call newline',
          video('mode-info', 0x4f01, { cx: 0x101, di: 'buffer' }),
          video('mode-set', 0x4f02, { bx: 0x101 }),
          '  jmp finish\nbuffer: times 512 db 0',
        ].join('\n'),
      ),
      'ide',
    );
    const report = lines(output);
    assert.equal(fields(report.get('info')!).ax, '0000004F');
    assert.match(report.get('block')!, /^56455341/);
    assert.equal(report.get('modes'), 'FFFF');
    assert.equal(fields(report.get('mode-info')!).ax, '0000014F');
    assert.equal(fields(report.get('mode-set')!).ax, '0000014F');
  });

  it('shows text, cursor and its own character set on the screen', () => {
    const { machine } = runOurs(assembleProgram([video('mode', 3), teletype('Ringside\r\n> ')].join('\n')), 'floppy');
    const frame = machine.frame();
    assert.equal(machine.screenText(), 'Ringside\n>');
    assert.ok(frame.kind === 'text');
    assert.deepEqual([frame.cols, frame.rows, frame.cellWidth, frame.cellHeight], [80, 25, 9, 16]);
    assert.deepEqual(frame.cursor && [frame.cursor.row, frame.cursor.col], [1, 2]);
    const capitalR = 'R'.charCodeAt(0);
    assert.deepEqual(
      [...frame.font.subarray(capitalR * 32, capitalR * 32 + 16)],
      [...FONT_8X16.subarray(capitalR * 16, capitalR * 16 + 16)],
    );
  });
});
