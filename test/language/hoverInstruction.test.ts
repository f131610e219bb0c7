// Hover of instructions: every part that it promises, for every instruction of the table.
import assert from 'node:assert/strict';
import { hover } from '../../src/language/features/hover';
import { faultsOf } from '../../src/language/faults';
import { formsOf } from '../../src/language/instructionText';
import { pseudocodeOf } from '../../src/isa/pseudocode/pseudocode';
import { ROWS } from '../../src/isa/table';
import { fixture } from './support/check';

const hovered = (text: string): string => {
  const { project, path, line, character } = fixture(text);
  return hover(project, path, { line, character })?.markdown ?? '';
};

/** The block of pseudo-code in a hover. */
const operation = (source: string): string => /```text\n([^`]*)\n```/.exec(hovered(source))?.[1] ?? '';

const depth = (text: string): number =>
  [...text].reduce((sum, c) => sum + ('([{'.includes(c) ? 1 : ')]}'.includes(c) ? -1 : 0), 0);

describe('language: hover of instructions', () => {
  it('says of every instruction of the table in words and in pseudo-code what it does', () => {
    const mnemonics = new Set(ROWS.filter(({ only }) => only !== 'decode').map(({ mn }) => mn));
    assert.ok(mnemonics.size > 1200, `${mnemonics.size} mnemonics`);
    for (const row of ROWS) {
      const name = `${row.mn} ${row.ops.join(', ')}`;
      assert.ok(row.doc, `${name} has no description`);
      const text = pseudocodeOf(row);
      assert.ok(text, `${name} has no pseudo-code`);
      assert.doesNotMatch(text, /undefined|\$|\bcondition\b/, name);
      assert.equal(depth(text), 0, `brackets of ${name}: ${text}`);
      for (const line of text.split('\n')) assert.ok(line.trim() !== '' && line.length <= 140, `${name}: ${line}`);
    }
  });

  it('writes the operation for the form that stands there', () => {
    assert.equal(operation(' $0add ax, 5\n'), 'dst := dst + src');
    assert.equal(operation('x: $0jbe x\n'), 'if CF = 1 or ZF = 1: IP := target');
    assert.equal(operation('bits 32\n $0cmovl eax, ebx\n'), 'if SF <> OF: dst := src');
    assert.match(operation(' $0movsd\n'), /^\[ES:\(E\)DI\] := \[DS:\(E\)SI\], 4 bytes\n/);
    assert.match(operation('bits 64\n $0movsd xmm1, xmm2\n'), /low double of dst/);
    assert.equal(
      operation(' $0paddusb xmm1, xmm2\n'),
      'for each byte i: dst[i] := saturate(dst[i] + src[i]), unsigned',
    );
    assert.match(
      operation('bits 64\n $0vpaddw ymm1, ymm2, ymm3\n'),
      /dst\[i\] := src1\[i\] \+ src2\[i\]\nbits of the register above/,
    );
    assert.match(
      operation('bits 64\n $0vfnmadd231sd xmm1, xmm2, xmm3\n'),
      /^dst\[0\] := -\(src1\[0\] \* src2\[0\]\) \+ dst\[0\], rounded once/,
    );
  });

  it('has the encoding chosen here, flags, faults, privilege and processor', () => {
    const shift = hovered('org 0x7c00\n $0shl word [bx], cl\n');
    assert.match(shift, /Here, at `0x7C00` in 16-bit code: `D3 27` = `shl word \[bx\], cl`/);
    assert.match(shift, /form `shl r\/m16\/32\/64, cl`, encoded `d3 \/4`/);
    assert.match(shift, /\*Flags\*: writes OF SF ZF PF CF; undefined AF; kept when it does nothing/);
    assert.match(shift, /\*Fault\*: #GP\(0\), #SS\(0\) or #PF/);
    assert.match(hovered(' $0adc ax, bx\n'), /\*Flags\*: reads CF; writes OF SF ZF AF PF CF/);
    assert.match(hovered(' $0hlt\n'), /\*Privilege\*: CPL 0 only/);
    assert.match(hovered(' $0in al, 0x60\n'), /\*Privilege\*: CPL ≤ IOPL/);
    assert.match(hovered('bits 64\n $0aesenc xmm1, xmm2\n'), /\*Since\*: CPUID AES/);
    assert.match(hovered(' $0lock inc word [bx]\n'.replace('$0lock ', 'lock $0')), /\*Prefix\*: LOCK/);
  });

  it('knows the faults of units, stacks and jumps, and none where nothing is accessed', () => {
    const faults = (mnemonic: string, ops?: string): string =>
      faultsOf(formsOf(mnemonic).find((row) => ops === undefined || row.ops.join(', ') === ops)!).join('; ');
    assert.equal(faults('lea'), '');
    assert.equal(faults('nop'), '');
    assert.match(faults('div'), /^#DE/);
    assert.match(faults('movaps'), /aligned to 16/);
    assert.doesNotMatch(faults('movups'), /aligned to 16/);
    assert.match(faults('addps'), /#XM/);
    assert.doesNotMatch(faults('andps'), /#XM/);
    assert.match(faults('fadd'), /#NM.*#MF/);
    assert.doesNotMatch(faults('fninit'), /#MF/);
    assert.match(faults('mov', 'dsreg, rm16'), /#NP/);
    assert.match(faults('retf'), /#TS/);
    assert.match(faults('vaddps'), /XCR0/);
  });
});
