import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bootSector, DebugGuest } from './support/debugGuest';

const RINGS = readFileSync(path.resolve(import.meta.dirname, '../../samples/rings/boot.asm'), 'utf8');

describe('disassembly of a guest', () => {
  it('uses the size of code that applies at each place', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    const at = (label: string) => g.debug.disassembler.line(Number(g.value(label)));
    assert.deepEqual([at('start.here').bits, at('protected').bits, at('user').bits], [16, 32, 32]);
    assert.equal(at('start.here').text, 'xor ax, ax');
    assert.equal(g.debug.disassembler.around(Number(g.value('start.here')), 4, 1)[0]!.text, 'mov sp, 0x7c00');
    assert.equal(g.debug.disassembler.line(0xffff0).bits, 16, 'firmware');
  });

  it('goes backwards exactly where there is source', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('print');
    const forward = g.debug.disassembler.around(Number(g.value('service')), 0, 40);
    const last = forward.at(-1)!.linear;
    const backward = g.debug.disassembler.around(last, -39, 40);
    assert.deepEqual(
      backward.map((l) => [l.linear, l.text]),
      forward.map((l) => [l.linear, l.text]),
    );
  });

  it('finds its way backwards without source', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov si, 0x7c00
        mov di, 0x9000
        mov cx, 100
        cld
        rep movsb
        cli
        hlt
code:   add ax, 0x1234
        mov byte [0x5678], 0x9a
        lea bx, [bx + si + 0x100]
        imul dx, ax, 300
        call 0x7c00
        nop
`),
    );
    g.runTo('0x7c00');
    while (g.here !== 'cli') g.step('over');
    const code = Number(g.value('code')) - 0x7c00 + 0x9000;
    const lines = g.debug.disassembler.around(code + 19, -4, 5);
    assert.deepEqual(
      lines.map((l) => [l.linear - code, l.text.replace(/^call .*/, 'call')]),
      [
        [3, 'mov byte [0x5678], 0x9a'],
        [8, 'lea bx, [bx+si+0x100]'],
        [12, 'imul dx, ax, 0x12c'],
        [16, 'call'],
        [19, 'nop'],
      ],
    );
  });

  it('always answers as many lines as were asked for', async () => {
    const g = await DebugGuest.boot(RINGS);
    for (const [at, offset, count] of [
      [0x7c00, -200, 400],
      [0, -50, 100],
      [3, -10, 20],
      [0xffffffff, -20, 60],
      [0xa0000, -20, 40],
      [0x7c00, 100, 10],
      [0x7c00, -500, 10],
      [0xdeadbeef, 0, 5],
    ] as const) {
      const lines = g.debug.disassembler.around(at, offset, count);
      assert.equal(lines.length, count, `${at.toString(16)} ${offset}`);
      if (offset < 0 && -offset < count) assert.equal(lines[-offset]!.linear, at);
    }
  });

  it('shows data of the source as data, and labels', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        cli
        hlt
text:   db 'Hello', 0
code:   nop
`),
    );
    g.runTo('start');
    const lines = g.debug.disassembler.around(Number(g.value('text')), 0, 2);
    assert.deepEqual(
      lines.map(({ text, label }) => [text, label]),
      [
        ['db 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00', 'text'],
        ['nop', 'code'],
      ],
    );
  });

  it('names branch targets by label', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    const line = g.debug.disassembler.around(Number(g.value('system_call')), 1, 1)[0]!;
    assert.equal(line.text, 'je system_call.print');
  });
});
