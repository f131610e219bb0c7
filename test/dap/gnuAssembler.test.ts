// Sources of the GNU assembler: assembled by the programs of this computer, with lines and symbols.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFiles } from '../../src/dap/nodeFiles';
import { loadGuest } from '../../src/debugger/load/guestOptions';
import { LoadError } from '../../src/debugger/load/loadError';

const ATT = `.code16
.globl _start
_start:
    xorw %ax, %ax
    movw $message, %si
1:  lodsb
    orb %al, %al
    jz halt
    jmp 1b
halt:
    hlt
    jmp halt
message: .asciz "Hi"
.set LIMIT, 42
.org 510
.word 0xaa55
`;
const INTEL = `.intel_syntax noprefix
.code16
.global _start
_start:
    mov ax, OFFSET data
    jmp _start
#include "data.h"
data: .word VALUE
.org 510
.word 0xaa55
`;

describe('sources of the GNU assembler', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ringside-gnu-test-'));
    writeFileSync(join(folder, 'att.s'), ATT);
    writeFileSync(join(folder, 'bad.s'), ATT.replace('lodsb', 'lodsbx'));
    writeFileSync(join(folder, 'intel.S'), INTEL);
    writeFileSync(join(folder, 'data.h'), '#define VALUE 0x1234\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('AT&T syntax gives a boot sector with lines and symbols', async () => {
    const path = join(folder, 'att.s');
    const { program } = await loadGuest({ program: path }, nodeFiles);
    assert.equal(program.image.length, 512);
    // xor ax, ax; mov si, 7C10h
    assert.equal(Buffer.from(program.image.subarray(0, 5)).toString('hex'), '31c0be0f7c');
    const [entry] = program.map!.ofLine(path, 5);
    assert.deepEqual(
      [entry?.address, entry?.fileOffset, entry?.length, entry?.bits, entry?.kind],
      [0x7c02, 2, 3, 16, 'code'],
    );
    assert.equal(program.map!.at(0x7c0c)?.line, 11);
    const symbols = new Map(program.symbols.all.map((symbol) => [symbol.name, symbol]));
    assert.deepEqual([symbols.get('halt')?.value, symbols.get('halt')?.kind], [0x7c0c, 'code']);
    assert.deepEqual([symbols.get('LIMIT')?.value, symbols.get('LIMIT')?.kind], [42, 'constant']);
  });

  it('Intel syntax with preprocessor lines keeps its own line numbers', async function () {
    // The C preprocessor comes with a compiler, which need not be there.
    if (spawnSync('cpp', ['--version']).error) this.skip();
    const path = join(folder, 'intel.S');
    const { program } = await loadGuest({ program: path }, nodeFiles);
    assert.equal(Buffer.from(program.image.subarray(0, 7)).toString('hex'), 'b8057cebfb3412');
    assert.equal(program.map!.at(0x7c03)?.line, 6);
    assert.equal(program.map!.at(0x7c03)?.file, path);
  });

  it('errors have their lines', async () => {
    const path = join(folder, 'bad.s');
    const error = await loadGuest({ program: path }, nodeFiles).catch((e: unknown) => e);
    assert.ok(error instanceof LoadError);
    assert.deepEqual(
      error.diagnostics.map(({ file, line, message }) => [file, line, message]),
      [[path, 6, "no such instruction: `lodsbx'"]],
    );
  });
});
