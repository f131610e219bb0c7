// Cycles of instructions on a 486, against figures of its manual.
import assert from 'node:assert/strict';
import { assemble } from '../../src/asm/assemble';
import { cyclesOf } from '../../src/isa/cycles';
import { decode } from '../../src/isa/decode';

const cycles = (source: string, bits: 16 | 32 | 64 = 32): string => {
  const { bytes, diagnostics } = assemble({
    file: 't.asm',
    source: `bits ${bits}\n${source}\n`,
    read: () => undefined,
    readBinary: () => undefined,
  });
  assert.deepEqual(diagnostics, [], source);
  const found = cyclesOf(decode(bytes, 0, bits));
  return found ? (found.least === found.most ? `${found.least}` : `${found.least}-${found.most}`) : '';
};

describe('isa: cycles of the 486', () => {
  it('have the figures of the manual', () => {
    const figures: Readonly<Record<string, string>> = {
      'mov eax, ebx': '1',
      'mov [ebx], eax': '1',
      'mov eax, [0x1000]': '1',
      'add [ebx], eax': '3',
      'add eax, [ebx]': '2',
      'cmp byte [ebx], 5': '2',
      'shl eax, 1': '3',
      'shl eax, 4': '2',
      'sar dword [ebx], cl': '4',
      'imul eax, ebx, 10': '13-42',
      'mul bl': '13-18',
      'div word [ebx]': '24',
      'push eax': '1',
      'pop dword [ebx]': '5',
      'mov ds, ax': '9',
      'jnz $': '1-3',
      'loop $': '6-7',
      'call $': '3',
      ret: '5',
      'sete al': '3-4',
      'lea eax, [ebx+ecx*4]': '1-2',
      'mov cr0, eax': '16',
      'in al, dx': '8',
      movsd: '7',
      iret: '20',
    };
    for (const [source, figure] of Object.entries(figures)) assert.equal(cycles(source), figure, source);
    assert.equal(cycles('mov ds, ax', 16), '3');
    assert.equal(cycles('jmp 8:0', 16), '17');
    assert.equal(cycles('les bx, [si]', 16), '6');
  });

  it('are not made up where there are none', () => {
    for (const source of ['rep movsb', 'fadd st0, st1', 'paddb mm0, mm1', 'cpuid', 'rdtsc', 'cmovz eax, ebx'])
      assert.equal(cycles(source), '', source);
    assert.equal(cycles('add rax, rbx', 64), '');
  });
});
