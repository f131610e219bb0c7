import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { assemble } from '../../src/asm/assemble';
import { foreignDialect } from '../../src/asm/dialect';

const run = (source: string) =>
  assemble({ file: 'a.asm', source, read: () => undefined, readBinary: () => undefined }).diagnostics;

describe('sources for other assemblers', () => {
  it('begin their errors with the one that explains them', () => {
    const [first, ...others] = run('start:\n  .code16\n  movw %ax, %ds\n  .word 0xaa55\n');
    assert.match(first!.message, /looks like a source for the GNU assembler/);
    assert.deepEqual([first!.severity, first!.file, first!.line, first!.column], ['error', 'a.asm', 2, 3]);
    assert.ok(others.some((d) => d.severity === 'error' && d.line === 3));
  });

  it('are told apart', () => {
    const name = (source: string) => /a source for (.*);/.exec(foreignDialect('a', source)?.message ?? '')?.[1];
    assert.equal(name('.globl start\nstart: xorw %ax, %ax\n'), 'the GNU assembler');
    assert.equal(name("format binary\ninclude 'x.inc'\n"), 'fasm');
    assert.equal(name('.model tiny\nmain proc\nmain endp\nend main\n'), 'MASM or TASM');
  });

  it('are not seen in broken sources of NASM', () => {
    const source = `
%macro put 1
  mov ax, %1
%endmacro
%define ax2 %%x
.text: db 1
.data:
section .data
  .word dw 1
  mov ax, 7 % 3
  mov cx, 9 %% bx
  jmp nowhere
`;
    assert.equal(foreignDialect('a.asm', source), undefined);
    const errors = run(source);
    assert.ok(errors.length > 0);
    assert.ok(errors.every((d) => !d.message.includes('looks like')));
  });

  it('are not looked for when there is nothing wrong', () => {
    assert.deepEqual(run('%define proc 5\n%macro main 1\n db %1\n%endmacro\nmain proc\nmain proc\n'), []);
  });
});
