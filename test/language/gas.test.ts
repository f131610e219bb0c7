// GNU as sources: never judged, but with outline, navigation and hover.
import assert from 'node:assert/strict';
import { problemsOf } from '../../src/language/features/diagnostics';
import { hover } from '../../src/language/features/hover';
import { definitionsAt, referencesAt } from '../../src/language/features/navigation';
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
});
