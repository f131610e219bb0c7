// Hover, names, completion, signatures, outline, colours and folding, on sources with `$0` at the cursor.
import assert from 'node:assert/strict';
import { beginsOperand, completions } from '../../src/language/features/completion';
import { hover } from '../../src/language/features/hover';
import { definitionsAt, highlightsAt, referencesAt, rename } from '../../src/language/features/navigation';
import { semanticTokens } from '../../src/language/features/semanticTokens';
import { signatureHelp } from '../../src/language/features/signatureHelp';
import { outline, type OutlineItem, workspaceSymbols } from '../../src/language/features/symbols';
import { fixture, textAt } from './support/check';

const hovered = (text: string): string => {
  const { project, path, line, character } = fixture(text);
  return hover(project, path, { line, character })?.markdown ?? '';
};

/** Source with every renamed place replaced, or the refusal. */
const renamed = (text: string, to: string): string => {
  const { project, path, line, character, files } = fixture(text);
  const result = rename(project, path, { line, character }, to);
  if (!result.ok) return result.message;
  return [...files]
    .map(([file, content]) => {
      const lines = content.split('\n');
      const edits = [...(result.edits.get(file) ?? [])].sort(
        (a, b) => b.range.start.character - a.range.start.character,
      );
      for (const { range, text: by } of edits) {
        const old = lines[range.start.line]!;
        lines[range.start.line] = old.slice(0, range.start.character) + by + old.slice(range.end.character);
      }
      return lines.join('\n');
    })
    .join('|');
};

const labels = (text: string): string[] => {
  const { project, path, line, character } = fixture(text);
  return completions(project, path, { line, character })
    .sort((a, b) => a.rank - b.rank || a.label.localeCompare(b.label))
    .map(({ label }) => label);
};

describe('language: hover', () => {
  it('tells of an instruction what it does, its bytes here, forms, flags, faults, processor', () => {
    const text = hovered('org 0x7c00\nbits 16\n  $0add ax, 5\n');
    assert.match(text, /^\*\*ADD\*\* — Adds/);
    assert.match(text, /Here, at `0x7C00` in 16-bit code: `83 C0 05` = `add ax, 0x5|`83 C0 05` = `add ax, 5`/);
    assert.match(text, /add r\/m8, r8/);
    assert.match(text, /\*Flags\*: writes OF SF ZF AF PF CF/);
    assert.match(text, /#PF/);
    assert.match(hovered('bits 32\n $0mov cr0, eax\n'), /CPL 0 only/);
    assert.match(hovered('bits 64\n $0syscall\n'), /\*Since\*: CPUID SYSCALL|64-bit/);
  });

  it('shows numbers in every base, as characters and as an address', () => {
    const text = hovered('org 0x7c00\nstart: nop\n mov ax, $00x7c00\n');
    assert.match(text, /decimal: `31744`/);
    assert.match(text, /binary: `0b0111_1100_0000_0000`/);
    assert.match(text, /address of: `start`/);
    assert.match(hovered(' mov ax, $00x4241\n'), /ASCII: `'AB'`/);
    assert.match(hovered(' mov al, $0255\n'), /signed, 8 bits: `-1`/);
  });

  it('shows labels with address, size and the comment above', () => {
    const text = hovered('org 0x7c00\n  jmp $0table\n; Squares of 0 to 2.\ntable: dw 0, 1, 4\nnext: nop\n');
    assert.match(text, /\*\*table\*\* at `0x7C02`, 3 × 2 bytes, 6 bytes up to the next label/);
    assert.match(text, /`00 00 01 00 04 00`/);
    assert.match(text, /Squares of 0 to 2/);
    assert.match(hovered('SIZE equ 4*8\n mov ax, $0SIZE\n'), /\*\*SIZE\*\* equ 32 = `0x20`/);
    assert.match(
      hovered('struc P\n.x: resw 1\n.y: resd 1\nendstruc\n mov ax, [bx+P$0.y]\n'),
      /offset 2 .* structure P/,
    );
  });

  it('shows what a macro becomes here', () => {
    const text = hovered('%macro twice 1 ; does it two times\n  inc %1\n  inc %1\n%endmacro\n  $0twice ax\n');
    assert.match(text, /Expands to[^]*inc ax\n\s*inc ax[^]*Defined as[^]*%macro twice 1/);
    assert.match(hovered('%define PORT 0x60\n in al, $0PORT\n'), /%define PORT 0x60[^]*in al,\s?0x60/);
  });

  it('explains registers, directives and prefixes', () => {
    assert.match(hovered(' mov $0ah, 1\n'), /bits 8 to 15 of `ax`/);
    assert.match(hovered('$0times 4 nop\n'), /Repeats what follows/);
    assert.match(hovered('$0%rotate 1\n'), /Rotates/);
    assert.match(hovered(' $0rep movsb\n'), /CX times/);
  });
});

describe('language: names', () => {
  const across =
    '//- /w/a.asm\n%include "b.inc"\nmain: call print\n.loop: jmp .loop\nother: jmp main.loop\n.loop: jmp .loop\n//- /w/b.inc\n$0print: ret\n';

  it('goes to definitions across includes, macros and files', () => {
    const where = (text: string): string[] => {
      const at = fixture(text);
      return definitionsAt(at.project, at.path, at).map(
        ({ path, range }) => `${path}:${range.start.line} ${textAt(at, path, range)}`,
      );
    };
    assert.deepEqual(where('//- /w/a.asm\n%include "b.inc"\nmain: call $0print\n//- /w/b.inc\nprint: ret\n'), [
      '/w/b.inc:0 print',
    ]);
    assert.deepEqual(where('//- /w/a.asm\n%include "$0b.inc"\n//- /w/b.inc\nprint: ret\n'), ['/w/b.inc:0 ']);
    assert.deepEqual(where('a: nop\n.x: nop\nb: jmp a$0.x\n.x: nop\n'), ['/w/main.asm:1 .x']);
    assert.deepEqual(where('%macro go 1\n jmp %1\n%endmacro\nx: $0go x\n'), ['/w/main.asm:0 go']);
    assert.deepEqual(where('%macro make 1\nl_%1: nop\n%endmacro\n make one\n jmp $0l_one\n'), ['/w/main.asm:3 ']);
    assert.deepEqual(where('//- /w/a.asm\nextern f\n call $0f\n//- /w/b.asm\nglobal f\nf: ret\n'), ['/w/b.asm:1 f']);
  });

  it('finds references of local labels in their scope only', () => {
    const at = fixture('a: nop\n.x$0: jmp .x\nb: jmp a.x\n.x: jmp .x\n');
    const lines = referencesAt(at.project, at.path, at, true).map(({ range }) => range.start.line);
    assert.deepEqual(lines.sort(), [1, 1, 2]);
    const marks = highlightsAt(at.project, at.path, at);
    assert.deepEqual(
      marks.map(({ writes }) => writes),
      [true, false, false],
    );
  });

  it('renames across files, and full names of local labels with their parent', () => {
    assert.equal(
      renamed(across, 'write'),
      across
        .replace(/\/\/- .*\n/g, '|')
        .slice(1)
        .replace('$0', '')
        .replaceAll('print', 'write'),
    );
    assert.equal(
      renamed('a: nop\n.x$0: jmp .x\nb: jmp a.x\n.x: jmp .x\n', '.y'),
      'a: nop\n.y: jmp .y\nb: jmp a.y\n.x: jmp .x\n',
    );
    assert.equal(renamed('$0a: nop\n.x: jmp .x\nb: jmp a.x\n', 'begin'), 'begin: nop\n.x: jmp .x\nb: jmp begin.x\n');
    assert.equal(
      renamed('%macro go$0 1\n jmp %1\n%endmacro\nx: go x\n', 'leap'),
      '%macro leap 1\n jmp %1\n%endmacro\nx: leap x\n',
    );
    assert.equal(renamed('%idefine Port 5\n mov al, $0PORT\n', 'Gate'), '%idefine Gate 5\n mov al, Gate\n');
  });

  it('refuses names that cannot be', () => {
    assert.match(renamed('$0a: nop\n', 'mov'), /reserved/);
    assert.match(renamed('$0a: nop\nb: nop\n', 'b'), /defined already/);
    assert.match(renamed('$0a: nop\n', '1x'), /no name/);
    assert.match(renamed('a: nop\n$0.x: nop\n', 'x'), /must begin with a period/);
  });

  it('outlines labels with their local ones, data, macros, structures', () => {
    const { project, path } = fixture(
      'LIMIT equ 5\n%macro put 1\n%%a: nop\n%endmacro\nmain: put 1\n.loop: jmp .loop\ntext: db 1\nstruc P\n.x: resw 1\nendstruc\n put\n',
    );
    const shape = (items: readonly OutlineItem[]): unknown[] =>
      items.map(({ name, kind, children }) => (children.length ? [name, kind, shape(children)] : [name, kind]));
    assert.deepEqual(shape(outline(project, path)), [
      ['LIMIT', 'equ'],
      ['put', 'macro'],
      ['main', 'label', [['.loop', 'local']]],
      ['text', 'data'],
      ['P', 'struc', [['.x', 'field']]],
    ]);
    assert.deepEqual(
      workspaceSymbols(project, 'mlp').map(({ name }) => name),
      ['main.loop'],
    );
  });

  it('colours names by what they are', () => {
    const at = fixture(
      'K equ 1\n%define M 2\nstart: mov ax, K+M\n jmp start\n mov [data], ax\ndata: dw 0\n mov nothing, 1\n',
    );
    assert.deepEqual(
      semanticTokens(at.project, at.path).map(({ range, type }) => `${textAt(at, at.path, range)} ${type}`),
      [
        'K enumMember',
        'M macro',
        'start function',
        'K enumMember',
        'M macro',
        'start function',
        'data variable',
        'data variable',
      ],
    );
  });

  it('folds macros, conditions, structures, comments and the code below labels', () => {
    const { project, path } = fixture(
      '; one\n; two\n%macro m 0\n nop\n%endmacro\n%if 1\n nop\n%else\n nop\n%endif\nstart:\n nop\n nop\n',
    );
    assert.deepEqual(
      project.syntax(path)!.blocks.map(({ kind, start, end }) => `${kind} ${start}-${end}`),
      ['comment 0-1', 'macro 2-4', 'if 5-6', 'if 7-9', 'label 10-12'],
    );
  });
});

describe('language: completion', () => {
  it('proposes instructions, directives and macros where a statement begins', () => {
    const list = labels('%macro mine 0\n%endmacro\nstart: m$0\n');
    for (const label of ['mov', 'movzx', 'mine', 'times', 'section']) assert.ok(list.includes(label), label);
    assert.ok(!list.includes('ax') && !list.includes('start'));
    assert.ok(labels('%$0\n').includes('%macro'));
    assert.ok(labels(' rep $0\n').includes('movsb'));
  });

  it('proposes operands that fit', () => {
    const after = labels('start: nop\nbits 32\n mov eax, $0\n');
    assert.ok(after.indexOf('ebx') >= 0 && after.includes('start'));
    for (const wrong of ['bx', 'mov', 'st0', 'rbx']) assert.ok(!after.includes(wrong), wrong);
    assert.ok(labels(' mov ds, $0\n').includes('ax'));
    const shift = labels(' shl ax, $0\n');
    assert.ok(shift.includes('cl') && !shift.includes('dl'));
    const address = labels(' mov ax, [b$0\n');
    assert.ok(address.includes('bx') && !address.includes('ax'));
    assert.ok(labels('x: jmp $0\n').includes('short'));
    assert.ok(labels(' int $0\n').every((label) => label !== 'eax'));
  });

  it('a blank asks for operands only where one begins', () => {
    const begins = (text: string): boolean => {
      const { project, path, line, character } = fixture(text);
      return beginsOperand(project, path, { line, character });
    };
    for (const text of [' mov $0', 'x: rep jmp $0', ' mov ax, $0']) assert.ok(begins(text), text);
    for (const text of [' mov ax, 5 $0', ' ret ; x $0', ' cli $0', '  $0', 'x: $0']) assert.ok(!begins(text), text);
  });

  it('proposes local labels of their own scope first', () => {
    const list = labels('a: nop\n.one: nop\nb: nop\n.two: nop\n jmp .$0\n');
    assert.equal(list[0], '.two');
    assert.ok(!list.includes('.one'));
  });

  it('proposes files to include, and nothing in comments and strings', () => {
    const files = '//- /w/lib/print.inc\n//- /w/data.bin\nx\n';
    assert.deepEqual(labels(`//- /w/a.asm\n%include "$0\n${files}`), ['lib', 'data.bin']);
    assert.deepEqual(labels(`//- /w/a.asm\n%include "lib/p$0"\n${files}`), ['print.inc']);
    assert.deepEqual(labels(' mov ax, bx ; x$0\n'), []);
    assert.deepEqual(labels(' db "x$0\n'), []);
  });

  it('shows the forms of an instruction and the parameter at the cursor', () => {
    const at = fixture(' shl ax, $0\n');
    const help = signatureHelp(at.project, at.path, at)!;
    assert.equal(help.parameter, 1);
    assert.ok(help.signatures.some(({ label }) => label === 'shl r/m8, cl'));
    const macro = fixture('%macro put 1-2 7\n%endmacro\n put 5, $0\n');
    const own = signatureHelp(macro.project, macro.path, macro)!;
    assert.deepEqual([own.signatures[0]!.label, own.parameter], ['put %1, %2 = 7', 1]);
  });
});
