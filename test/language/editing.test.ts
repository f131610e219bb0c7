// Inlay hints, code lenses, code actions, formatting, call hierarchy and values while debugging.
import assert from 'node:assert/strict';
import { parseExpression } from '../../src/debugger/expression/parser';
import { callItemAt, incomingCalls, outgoingCalls } from '../../src/language/features/callHierarchy';
import { codeActions } from '../../src/language/features/codeActions';
import { codeLenses } from '../../src/language/features/codeLens';
import { format } from '../../src/language/features/formatting';
import { inlayHints } from '../../src/language/features/inlayHints';
import { inlineValues, takenExpression } from '../../src/language/features/inlineValues';
import { DEFAULT_SETTINGS, type InlayHintSettings } from '../../src/language/project/settings';
import type { TextEdit } from '../../src/language/position';
import { fixture } from './support/check';

const NONE: InlayHintSettings = { address: false, bytes: false, stackDepth: false, jumpDistance: false };

const hints = (text: string, on: Partial<InlayHintSettings>): string[] => {
  const { project, path } = fixture(text, { inlayHints: { ...NONE, ...on } });
  return inlayHints(project, path, 0, 100).map(({ position, text: shown }) => `${position.line}:${shown.trim()}`);
};

const applied = (text: string, edits: readonly TextEdit[]): string => {
  const lines = text.split('\n');
  const order = [...edits].sort(
    (a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
  );
  for (const { range, text: by } of order) {
    const old = lines[range.start.line]!;
    lines[range.start.line] = old.slice(0, range.start.character) + by + old.slice(range.end.character);
  }
  return lines.join('\n');
};

/** The source after the action with that title. */
const after = (text: string, title: string): string => {
  const { project, path, line, character, files } = fixture(text);
  const range = { start: { line, character }, end: { line, character } };
  const actions = codeActions(project, path, range);
  const action = actions.find((candidate) => candidate.title.startsWith(title));
  assert.ok(action, `${title} is among ${actions.map((a) => a.title).join(', ')}`);
  return applied(files.get(path)!, action.edits);
};

const formatted = (text: string, settings: Partial<(typeof DEFAULT_SETTINGS)['formatting']> = {}): string => {
  const { project, path } = fixture(text);
  const edits = format(
    project.syntax(path)!,
    { ...DEFAULT_SETTINGS.formatting, ...settings },
    { tabSize: 8, insertSpaces: true },
  );
  return applied(text, edits);
};

describe('language: hints in the text', () => {
  it('give addresses and bytes', () => {
    const source = 'org 0x7c00\nstart: mov ax, 5\n times 3 nop\nbuffer: resb 4\n';
    assert.deepEqual(hints(source, { address: true }), ['1:7C00', '2:7C03', '3:7C06']);
    assert.deepEqual(hints(source, { bytes: true }).slice(0, 2), ['1:B8 05 00', '2:90 90 90']);
  });

  it('give the distance of jumps', () => {
    assert.deepEqual(
      hints('a: nop\n.l: jmp .l\n jmp short end\n nop\nend: call a\n call ax\n', { jumpDistance: true }),
      ['1:↻', '2:↓ +3', '4:↑ −6'],
    );
  });

  it('give the depth of the stack since the label', () => {
    const source = 'bits 32\nf: push eax\n push word 5\n sub esp, 8\n add esp, 8\n pop ax\ng: pusha\n popa\n';
    assert.deepEqual(hints(source, { stackDepth: true }), [
      '1:stack 4',
      '2:stack 6',
      '3:stack 14',
      '4:stack 6',
      '5:stack 4',
      '6:stack 32',
      '7:stack 0',
    ]);
  });

  const lenses = (text: string): string[] => {
    const { project, path } = fixture(text);
    return codeLenses(project, path).map(({ range, title }) => `${range.start.line} ${title}`);
  };

  it('give references, size and cycles above labels, and a start where there is code', () => {
    assert.deepEqual(lenses('start: call f\n jmp start\nf: mov ax, 1\n.x: ret\ntext: db "x"\n'), [
      ...['0 1 reference', '0 5 bytes', '0 6 cycles (486)', '0 ▷ Run from here'],
      ...['2 1 reference', '2 4 bytes', '2 6 cycles (486)', '2 ▷ Run from here'],
    ]);
  });

  it('count instructions where a 486 has no figure, and start nothing in objects', () => {
    assert.ok(lenses('a: cld\n rep movsb\n ret\n').includes('0 3 instructions'));
    assert.ok(lenses('bits 64\na: add rax, rbx\n ret\n').includes('1 2 instructions'));
    const object = lenses('extern f\nsection .text\nbits 32\na: call f\n ret\n');
    assert.ok(object.includes('3 8 cycles (486)') && object.every((lens) => !lens.includes('Run')), object.join());
  });

  it('can each be switched off', () => {
    const { codeLens } = DEFAULT_SETTINGS;
    for (const name of Object.keys(codeLens) as (keyof typeof codeLens)[]) {
      const off = { references: false, size: false, cycles: false, run: false, [name]: true };
      const { project, path } = fixture('a: nop\n', { codeLens: off });
      assert.equal(codeLenses(project, path).length, 1, name);
    }
  });

  it('give expressions for values at the stopped line, which the debugger reads', () => {
    const { project, path } = fixture('x: mov ax, [bx+si+4]\n mov byte [es:di], 5\n lea dx, [bp]\n jnz x\n inc cx\n');
    const values = inlineValues(project.syntax(path)!, 0, 10, 3).map(({ expression }) => expression);
    assert.deepEqual(values, [
      ...['ax', 'bx', 'si', 'word [bx+si+4]'],
      ...['es', 'di', 'byte [es:di]'],
      ...['dx', 'bp'],
      '(zf) == 0',
    ]);
    for (const value of values) assert.ok(parseExpression(value).ok, value);
    for (const name of ['jo', 'jnae', 'je', 'jbe', 'js', 'jpe', 'jl', 'jle', 'jg', 'jcxz'])
      assert.ok(parseExpression(takenExpression(name)!).ok, name);
    assert.equal(takenExpression('jmp'), undefined);
  });
});

describe('language: code actions', () => {
  it('mend sizes, jumps and missing bits', () => {
    assert.equal(after(' mov [bx$0], 5\n', 'Make it a word'), ' mov word [bx], 5\n');
    assert.equal(
      after('$0 jmp short far\n times 200 nop\nfar: nop\n', 'Make the jump near').split('\n')[0],
      ' jmp near far',
    );
    assert.equal(after('; boot\n org 0\n mov$0 rax, 1\n', 'Add "bits 64"'), '; boot\nbits 64\n org 0\n mov rax, 1\n');
  });

  it('convert numbers and extract them', () => {
    assert.equal(after(' mov ax, $0255\n', 'Convert to hex'), ' mov ax, 0xFF\n');
    assert.equal(after(' mov ax, $00x0F\n', 'Convert to binary'), ' mov ax, 0b1111\n');
    assert.equal(after('f:\n mov ax, $00x0F\n', 'Extract'), 'VALUE_0X0F equ 0x0F\nf:\n mov ax, VALUE_0X0F\n');
  });

  it('make jumps short, near, or as the assembler likes', () => {
    assert.equal(after('a: jmp$0 a\n', 'Make the jump near'), 'a: jmp near a\n');
    assert.equal(after('a: jnz near$0 a\n', 'Let the assembler'), 'a: jnz a\n');
  });

  it('expand macros once, and only those that can be', () => {
    const source = '%macro put 1-2 7\n%%again: mov %1, %2\n jmp %%again\n%endmacro\nx: put ax$0\n';
    assert.equal(
      after(source, 'Expand macro put').split('\n').slice(4).join('\n'),
      'x:\n..@again_1: mov ax, 7\n jmp ..@again_1\n',
    );
    const { project, path, line, character } = fixture(
      '%macro all 1-*\n%rep %0\n push %1\n%rotate 1\n%endrep\n%endmacro\n all$0 ax, bx\n',
    );
    const range = { start: { line, character }, end: { line, character } };
    assert.ok(codeActions(project, path, range).every(({ title }) => !title.startsWith('Expand')));
  });
});

describe('language: formatting', () => {
  it('puts instructions in one column and keeps comments in theirs', () => {
    assert.equal(
      formatted('start:\n    mov ax,bx      ; copy\n    nop\n  add ax,  1     ; more\nlong_label: ret\n'),
      'start:\n    mov ax, bx     ; copy\n    nop\n    add ax,  1   ; more\nlong_label: ret\n',
    );
    assert.equal(formatted('a:  nop\n\tmov ax , bx ;x\n', { instructionColumn: 8 }), 'a:      nop\n\tmov ax, bx  ;x\n');
  });

  it('leaves macros, directives, strings and data tables as they are', () => {
    const source = '%macro m 2\n mov %1,%2\n%endmacro\nbits 16\ntext  db "a,b",0x0d, 0\nmsg   db "x"\n m ax, {a,b}\n';
    assert.equal(formatted(source), source.replace('"a,b",0x0d', '"a,b", 0x0d').replace('{a,b}', '{a, b}'));
  });

  it('aligns operands and comments when asked to', () => {
    assert.equal(
      formatted('  mov ax, 1 ; a\n  push ax ; b\n', { instructionColumn: 4, operandColumn: 12, commentColumn: 24 }),
      '    mov     ax, 1       ; a\n    push    ax          ; b\n',
    );
  });

  it('never changes what is assembled, and changes nothing the second time', () => {
    const source = 'org 0x7c00\nstart:mov ax,1\n  lock   inc word [bx]\n\trep movsb\n.l: jmp .l;x\n  db "a , b",1 ,2\n';
    const once = formatted(source);
    assert.equal(formatted(once), once);
    const bytes = (text: string) => fixture(text).project.analysis('/w/main.asm')!.result.bytes;
    assert.deepEqual(bytes(once), bytes(source));
  });
});

describe('language: call hierarchy', () => {
  it('knows callers and callees across files', () => {
    const at = fixture(
      '//- /w/a.asm\n%include "b.inc"\nmain: call print\n.again: call print\n jmp .again\n//- /w/b.inc\n$0print: call put\n jmp print\nput: ret\n',
    );
    const item = callItemAt(at.project, at.path, at)!;
    assert.equal(item.name, 'print');
    const shape = (calls: { item: { name: string }; ranges: unknown[] }[]) =>
      calls.map((c) => `${c.item.name} ${c.ranges.length}`);
    assert.deepEqual(shape(incomingCalls(at.project, item)).sort(), ['main 2', 'print 1']);
    assert.deepEqual(shape(outgoingCalls(at.project, item)), ['put 1', 'print 1']);
  });
});
