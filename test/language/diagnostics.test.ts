// Diagnostics: where they stand, in which program a file is judged, and above all that nothing false is said.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { problemsOf } from '../../src/language/features/diagnostics';
import { flavourOf } from '../../src/language/flavour';
import { Project } from '../../src/language/project/project';
import { snippets, runNasm } from '../asm/support';
import { fixture } from './support/check';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** `file:line:from-to severity message` of everything said about the programs of the cursor's file. */
const said = (text: string): string[] => {
  const { project, path: open } = fixture(text);
  return [...problemsOf(project, [open])].flatMap(([file, problems]) =>
    problems.map(
      ({ range, severity, message }) =>
        `${path.basename(file)}:${range.start.line}:${range.start.character}-${range.end.character} ${severity} ${message}`,
    ),
  );
};

describe('language: diagnostics', () => {
  it('stand where the mistake is', () => {
    assert.deepEqual(said('bits 16\n  mov [bx], 5\n  jmp nowhere\n'), [
      'main.asm:1:2-5 error operation size not specified: write byte, word or dword before the operand',
      "main.asm:2:6-13 error symbol `nowhere' not defined",
    ]);
  });

  it('judge an included file through its includer, which need not be open', () => {
    const includer = '//- /w/boot.asm\norg 0x7c00\n%define LIMIT 5\n%include "print.inc"\n';
    assert.deepEqual(said(`${includer}//- /w/print.inc\n$0print: mov cx, LIMIT\n ret\n`), []);
    assert.deepEqual(said(`${includer}//- /w/print.inc\n$0print: mov cx, MISSING\n ret\n`), [
      "print.inc:0:15-22 error symbol `MISSING' not defined",
    ]);
  });

  it('find includes by a path from the folder that the build runs in', () => {
    const files =
      '//- /w/src/boot/boot.asm\n%include "src/lib/a.inc"\n$0 mov ax, A\n//- /w/src/lib/a.inc\n%define A 1\n';
    assert.deepEqual(said(files), []);
    assert.deepEqual(said(files.replace('"src/lib/a.inc"', '"lib/a.inc"')), []);
  });

  it('say nothing of an include file that nothing includes, but for its form', () => {
    assert.deepEqual(said('//- /w/lonely.inc\n$0 mov rax, [UNKNOWN]\n'), []);
    assert.equal(said('//- /w/lonely.inc\n$0 %if 1\n nop\n').length, 1);
  });

  it('accept what only object files have', () => {
    const object = 'bits 32\nglobal main\nextern printf\nsection .text\nmain: push dword text\n call printf\n ret\n';
    assert.deepEqual(said(`${object}section .rodata\ntext: db "hi",0\n`), []);
  });

  it('accept objects for DOS linkers', () => {
    const object =
      'group dgroup data stack\nsegment code use16 class=CODE\nextern print\n..start: mov ax, dgroup\n mov ds, ax\n';
    const rest =
      ' mov dx, seg text\n call far print\nsegment data class=DATA\ntext: db "hi$"\nsegment stack stack\n resb 64\n';
    assert.deepEqual(said(object + rest), []);
  });

  it('do not take the stack note of ELF for a segment of OMF', () => {
    const text = 'bits 32\nextern entry\nsection .text\n call entry\nsection .note.GNU-stack noalloc progbits\n';
    assert.deepEqual(said(text), []);
  });

  it('leave sources of other assemblers alone', () => {
    const sources = {
      'a.s': '.globl main\nmain:\n  pushl %ebp\n  movl $5, %eax\n  ret\n',
      'intel.s': '.intel_syntax noprefix\n.global start\nstart: mov eax, dword ptr [ebx]\n',
      'masm.asm': '.model small\n.code\nmain proc\n  mov ax, @data\n  lea dx, offset text\nmain endp\nend main\n',
      'fasm.asm': "format binary\nuse16\nmacro print text {\n mov si, text\n}\ninclude 'a.inc'\n",
    };
    const names: Readonly<Record<string, string>> = { 'masm.asm': 'MASM or TASM', 'fasm.asm': 'flat assembler' };
    for (const [name, text] of Object.entries(sources)) {
      const message = `${name}:0:0-0 info This looks like a source for ${names[name]}: it is not checked, since only NASM's dialect is assembled here.`;
      assert.deepEqual(said(`//- /w/${name}\n$0${text}`), names[name] ? [message] : [], name);
    }
    // By errors alone: nothing at its beginning tells.
    const late = `${'  nop\n'.repeat(5)}proc f a,b\n  mov eax,[a]\n  stdcall g, eax\n  ret\nendp f\n`;
    assert.deepEqual(said(`//- /w/late.asm\n$0${late}`), [
      "late.asm:5:0-10 error this looks like a source for fasm; only NASM's dialect is assembled here",
    ]);
  });

  it('leave an include file alone whose macros are nowhere', () => {
    assert.deepEqual(said('//- /w/lonely.inc\n$0  say text, 5\n  ret\n'), []);
  });

  it('take local labels and words of NASM for what they are', () => {
    const data = 'table:\n  dw .size - 1\n.size: equ 4\n';
    for (const name of ['gdt.asm', 'gdt.s']) assert.equal(flavourOf(data, name), 'nasm', name);
    assert.equal(flavourOf('global load\nload: lgdt [rdi]\n ret\n', 'load.s'), 'nasm');
    assert.equal(flavourOf('.text\n.L1: movl $1, %eax\n', 'a.s'), 'gas');
  });

  it('are never false: every corpus source that nasm accepts, and every sample', function () {
    this.timeout(120_000);
    const list = readdirSync(path.join(ROOT, 'test/asm/corpus'))
      .filter((file) => file.endsWith('.asm') && file !== 'broken.asm') // that one is wrong on purpose
      .flatMap((file) => snippets(file));
    const outputs = runNasm(list);
    let judged = 0;
    list.forEach(({ name, source }, i) => {
      if (!outputs[i]!.bytes) return;
      if (/incbin|%(include|pathsearch|depend|require)/i.test(source)) return; // files of the assembler's own tests
      const project = new Project();
      project.open('/w/t.asm', source);
      const errors = problemsOf(project, ['/w/t.asm'])
        .get('/w/t.asm')!
        .filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors, [], `${name}\n${source}`);
      judged++;
    });
    assert.ok(judged > 200, `${judged} sources judged`);
    for (const sample of readdirSync(path.join(ROOT, 'samples'))) {
      const file = path.join(ROOT, 'samples', sample, 'boot.asm');
      if (!existsSync(file)) continue;
      execFileSync('nasm', ['-f', 'bin', '-o', '/dev/null', file]);
      const project = new Project();
      project.open(file, readFileSync(file, 'utf8'));
      assert.deepEqual(problemsOf(project, [file]).get(file), [], sample);
    }
  });
});
