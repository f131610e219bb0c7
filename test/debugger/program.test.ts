import assert from 'node:assert/strict';
import { assemble } from '../../src/asm/assemble';
import { Program } from '../../src/debugger/program';

function program(source: string): Program {
  const result = assemble({ file: 'boot.asm', source, read: () => undefined, readBinary: () => undefined });
  assert.ok(result.ok, result.diagnostics.map((d) => d.message).join());
  return Program.fromAssembly('boot.asm', result);
}

/** A megabyte that holds parts of the image. */
function memory(image: Uint8Array, places: [linear: number, from: number, length: number][]) {
  const bytes = new Uint8Array(1 << 20);
  for (const [linear, from, length] of places) bytes.set(image.subarray(from, from + length), linear);
  return { read: (linear: number, length: number): Uint8Array => bytes.slice(linear, linear + length) };
}

const CODE = `start: mov ax, 1
        mov bx, 2
        mov cx, 3
inner:  mov dx, 4
        mov si, 0x1234
        mov di, 0x5678
        jmp start
data:   db 'some text', 0
        times 510 - ($ - $$) db 0
        dw 0xaa55
`;

describe('placement of a program in the guest', () => {
  it('is the assembled address when memory holds the image there', () => {
    const p = program(`org 0x7c00\n${CODE}`);
    const read = memory(p.image, [[0x7c00, 0, 512]]);
    const found = p.locate(0x7c03, 0x7c03, read)!;
    assert.deepEqual([found.line, found.linear], [3, 0x7c03]);
    assert.equal(p.locate(0x7c04, 0x7c04, read)!.linear, 0x7c03, 'inside an instruction');
    assert.equal(p.linearOf(p.symbols.find('data')!, read), 0x7c00 + 20);
  });

  it('is the boot address for a program without org', () => {
    const p = program(CODE);
    const read = memory(p.image, [[0x7c00, 0, 512]]);
    assert.equal(p.locate(0x7c03, 0x7c03, read)!.line, 2);
    assert.equal(p.locate(0x7c03, 3, read)!.line, 2, 'with CS = 07C0');
    assert.equal(p.linearOf(p.symbols.find('inner')!, read), 0x7c09);
    assert.ok(p.places(9, 9).includes(0x7c09));
  });

  it('follows a boot sector that moves itself', () => {
    const p = program(`org 0x600\n${CODE}`);
    const before = memory(p.image, [[0x7c00, 0, 512]]);
    assert.equal(p.locate(0x7c03, 0x7c03, before)!.line, 3);
    assert.equal(p.linearOf(p.symbols.find('inner')!, before), 0x7c09);
    const after = memory(p.image, [[0x7c00, 0, 512], [0x600, 0, 512]]); // prettier-ignore
    assert.equal(p.locate(0x603, 0x603, after)!.line, 3);
    assert.equal(p.linearOf(p.symbols.find('inner')!, after), 0x609);
  });

  it('is found by the offset in CS for code loaded at any paragraph', () => {
    const p = program(CODE);
    const read = memory(p.image, [[0x20000, 0, 512]]);
    assert.equal(p.locate(0x20003, 3, read)!.line, 2);
    assert.equal(p.locate(0x20003, 3, read)!.linear, 0x20003);
  });

  it('follows disk reads', () => {
    const p = program(`org 0x7c00\n${CODE}section kernel start=0x7e00 vstart=0\n${CODE.replace(/^\w+:/gm, 'k$&')}`);
    const read = memory(p.image, [[0x7c00, 0, 512], [0x30000, 512, 512]]); // prettier-ignore
    assert.equal(p.locate(0x30003, 0x10003, read), undefined);
    p.placed({ fileOffset: 512, length: 512, linear: 0x30000 });
    assert.equal(p.locate(0x30003, 0x10003, read)!.entry.section, 'kernel');
    assert.equal(p.linearOf(p.symbols.find('kinner')!, read), 0x30009);
    p.placed({ fileOffset: 0, length: 512, linear: 0x30000 });
    assert.equal(p.locate(0x30003, 0x10003, memory(p.image, [[0x30000, 0, 512]]))!.entry.section, '.text');
  });

  it('is nowhere when memory holds something else', () => {
    const p = program(`org 0x7c00\n${CODE}`);
    assert.equal(p.locate(0x7c03, 0x7c03, memory(p.image, [])), undefined);
  });

  it('survives modified operands', () => {
    const p = program(`org 0x7c00\n${CODE}`);
    const bytes = new Uint8Array(1 << 20);
    bytes.set(p.image, 0x7c00);
    bytes.set([0x99, 0x99], 0x7c04);
    assert.equal(p.locate(0x7c03, 0x7c03, { read: (at, n) => bytes.slice(at, at + n) })!.line, 3);
  });
});
