// GNU as sources: never judged, but with outline, navigation and hover.
import assert from 'node:assert/strict';
import { problemsOf } from '../../src/language/features/diagnostics';
import { completions } from '../../src/language/features/completion';
import { hover } from '../../src/language/features/hover';
import { definitionsAt, referencesAt } from '../../src/language/features/navigation';
import { signatureHelp } from '../../src/language/features/signatureHelp';
import { outline } from '../../src/language/features/symbols';
import { fixture } from './support/check';

const SOURCE = `//- /w/start.s
# Start-up code
        .globl _start
        .set STACK, 0x9000      # top of the stack
_start: movl $STACK, %esp
        call main
.Lhang: hlt
        jmp .Lhang
/* main: is elsewhere */
main:   movzbl (%esi), %eax
        ret
`;

describe('language: GNU as sources', () => {
  it('are not judged', () => {
    const { project, path } = fixture(SOURCE);
    assert.equal(project.flavour(path), 'gas');
    assert.deepEqual(problemsOf(project, [path]).get(path), []);
  });

  it('have an outline', () => {
    const { project, path } = fixture(SOURCE);
    const shape = outline(project, path).map(({ name, children }) => [name, ...children.map((child) => child.name)]);
    assert.deepEqual(shape, [['STACK'], ['_start', '.Lhang'], ['main']]);
  });

  it('have definitions and references, comments aside', () => {
    const at = fixture(SOURCE.replace('call main', 'call $0main'));
    const [definition] = definitionsAt(at.project, at.path, at);
    assert.equal(definition!.range.start.line, 8);
    assert.equal(referencesAt(at.project, at.path, at, true).length, 2);
    const constant = fixture(SOURCE.replace('$STACK', '$$0STACK'));
    assert.equal(definitionsAt(constant.project, constant.path, constant)[0]!.range.start.line, 2);
  });

  it('have hover of instructions with their suffix, and of registers', () => {
    const shown = (text: string): string => {
      const { project, path, line, character } = fixture(text);
      return hover(project, path, { line, character })?.markdown ?? '';
    };
    assert.match(shown(SOURCE.replace('movl', 'mo$0vl')), /^\*\*MOV\*\*/);
    assert.match(shown(SOURCE.replace('movzbl', 'mov$0zbl')), /^\*\*MOVZX\*\*/);
    assert.match(shown(SOURCE.replace('%esp', '%$0esp')), /stack pointer/);
  });

  it('have numeric labels, of which the nearest is meant', () => {
    const source = '//- /w/a.s\n1: hlt\n jmp 1b\n jz 1f\n1: jmp 1b\n';
    const target = (text: string): number => {
      const at = fixture(text);
      return definitionsAt(at.project, at.path, at)[0]!.range.start.line;
    };
    assert.equal(target(source.replace('jmp 1b\n jz', 'jmp 1$0b\n jz')), 0);
    assert.equal(target(source.replace('1f', '1$0f')), 3);
    assert.equal(target(source.replace('1: jmp 1b', '1: jmp 1$0b')), 3);
    const at = fixture(source.replace('1: hlt', '$01: hlt'));
    assert.equal(referencesAt(at.project, at.path, at, true).length, 2);
  });

  it('have hover of labels with their comment, of numbers and of directives', () => {
    const shown = (text: string): string => {
      const { project, path, line, character } = fixture(text);
      return hover(project, path, { line, character })?.markdown ?? '';
    };
    assert.match(shown('//- /w/a.s\n# Stops for good.\n_stop: hlt\n jmp _st$0op\n'), /_stop[^]*Stops for good/);
    assert.match(shown(SOURCE.replace('0x9000', '0x9$0000')), /decimal: `36864`/);
    assert.match(shown(SOURCE.replace('.globl', '.gl$0obl')), /visible to other modules/);
    assert.match(shown(SOURCE.replace('$STACK, %esp', '$STA$0CK, %esp')), /STACK.* = `0x9000/);
  });

  it('have signatures with the operands in the order of the syntax in force', () => {
    const help = (text: string) => {
      const at = fixture(`//- /w/a.s\n .globl x\n${text}`);
      const found = signatureHelp(at.project, at.path, at);
      return found && { labels: found.signatures.map(({ label }) => label), ...found };
    };
    const shift = help(' shll $3, $0\n')!;
    assert.deepEqual(shift.labels, ['shll $1, r/m32', 'shll %cl, r/m32', 'shll $imm8, r/m32']);
    assert.deepEqual([shift.parameter, shift.active], [1, 0]);
    const [from, to] = shift.signatures[2]!.parameters[1]!;
    assert.equal(shift.labels[2]!.slice(from, to), 'r/m32');
    assert.ok(help(' .intel_syntax noprefix\n shl eax, $0\n')!.labels.includes('shl r/m16/32/64, cl'));
    const back = help(' .intel_syntax noprefix\n nop\n .att_syntax\n shl $0%eax\n')!;
    assert.ok(back.labels.includes('shl %cl, r/m16/32/64'));
    assert.equal(help(' lock cmpxchgl %ebx, 8(%eax,%ecx,4)$0\n')!.parameter, 1);
    assert.deepEqual(help(' movzbl $0\n')!.labels, ['movzbl r/m8, r32']);
    assert.deepEqual(help(' enter $16, $0\n')!.labels, ['enter $imm16, $imm8']);
    assert.deepEqual(help(' ljmp $8, $0\n')!.labels, ['ljmp $selector, $offset', 'ljmp *m16:16/32/64']);
    assert.deepEqual(
      [help(' ljmp $8, $0\n')!.active, help(' call $0\n')!.labels],
      [0, ['call rel16/32', 'call *r/m16/32/64']],
    );
    assert.deepEqual(help(' .macro put what, times=1\n .endm\n put 3, $0\n')!.labels, ['put what, times=1']);
    assert.equal(help(' shll $3, # $0\n'), undefined);
    assert.equal(help(' .fill 3, $0\n'), undefined);
  });

  it('have completion of directives, instructions, registers and names', () => {
    const labels = (text: string): string[] => {
      const { project, path, line, character } = fixture(text);
      return completions(project, path, { line, character }).map(({ label }) => label);
    };
    assert.ok(labels(`${SOURCE} .al$0\n`).includes('.align'));
    assert.ok(labels(`${SOURCE} mo$0\n`).includes('movzx'));
    assert.ok(labels(`${SOURCE} movl %e$0\n`).includes('%eax'));
    assert.ok(labels(`${SOURCE} movl $ST$0, %eax\n`.replace('$ST$0', '$S$0')).includes('$STACK'));
    assert.ok(labels(`${SOURCE} call ma$0\n`).includes('main'));
    assert.ok(labels('//- /w/i.s\n.intel_syntax noprefix\nx: mov e$0\n').includes('eax'));
    assert.deepEqual(labels(`${SOURCE} # ma$0\n`), []);
  });

  it('find what other modules show', () => {
    const at = fixture('//- /w/a.S\n call $0print\n//- /w/b.S\n .globl print\nprint: ret\n');
    assert.deepEqual(
      definitionsAt(at.project, at.path, at).map(({ path }) => path),
      ['/w/b.S'],
    );
  });
});
