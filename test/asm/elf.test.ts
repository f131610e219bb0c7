// ELF objects equal to nasm's, byte for byte; linking them with ld; what has no place in an object.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleText, errorLines, hexText, runNasm, snippets, type NasmOutput, type Snippet } from './support';

const LINES = `%macro two 0
 nop
 inc eax
%endmacro
a: mov eax, 1
 two
 times 300 nop
%include "deep.inc"
 ret
section .data
x: dd 1
section .text
 jmp a
section more exec
b: nop

 jmp b
`;

const FORMATS = ['elf32', 'elf64'] as const;

describe('assembler: ELF objects equal to nasm', () => {
  for (const format of FORMATS) {
    describe(format, () => {
      const list = snippets('elf.asm');
      let expected: Map<Snippet, NasmOutput>;
      before(() => {
        const output = runNasm(list, format);
        expected = new Map(list.map((snippet, index) => [snippet, output[index]!]));
      });
      for (const snippet of list) {
        it(snippet.name, () => {
          const nasm = expected.get(snippet)!;
          const result = assembleText(snippet.source, {}, {}, format);
          if (!nasm.bytes) {
            // The two machines do not have the same relocations.
            assert.notDeepEqual(errorLines(result), [], `nasm refuses it:\n${nasm.messages}`);
            return;
          }
          assert.deepEqual(errorLines(result), []);
          assert.equal(hexText(result.bytes), hexText(nasm.bytes));
        });
      }
    });
  }

  it('number more sections than fields of 16 bits hold', () => {
    const source = `%assign n 0
%rep 65300
 section s %+ n
%assign n n+1
%endrep
 db 5
last: dd last
 global shared
shared:
 section .text
first: dd last, shared
`;
    const [nasm] = runNasm([{ name: 'many', source }], 'elf64');
    const { bytes } = assembleText(source, {}, {}, 'elf64');
    assert.equal(bytes[0x3c]! | (bytes[0x3d]! << 8), 0, 'the number of sections stands in the first of them');
    assert.ok(Buffer.from(bytes).equals(nasm!.bytes!));
  }).timeout(120_000);

  it('links', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringside-elf-'));
    try {
      const write = (name: string, source: string): string => {
        const path = join(folder, name);
        const result = assembleText(source, {}, {}, 'elf32');
        assert.deepEqual(errorLines(result), []);
        writeFileSync(path, result.bytes);
        return path;
      };
      const first = write('a.o', 'global _start\nextern value\n_start: mov eax, [value]\n jmp short _start\n');
      const second = write('b.o', 'global value\nsection .data\n dd 0\nvalue: dd 0x12345678\n');
      const out = join(folder, 'out.bin');
      const options = ['-m', 'elf_i386', '--oformat', 'binary', '-Ttext', '0x1000', '-Tdata', '0x1010', '-o', out];
      execFileSync('ld', [...options, first, second]);
      assert.equal(execFileSync('xxd', ['-p', out]).toString().trim(), `a114100000ebf9${'00'.repeat(13)}78563412`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const format of FORMATS) {
    it(`gives debuggers the lines that nasm gives them, ${format}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'ringside-dwarf-'));
      try {
        writeFileSync(join(folder, 't.asm'), LINES);
        writeFileSync(join(folder, 'deep.inc'), ' db 0x55\n');
        execFileSync('nasm', ['-f', format, '-g', '-F', 'dwarf', '-o', 'nasm.o', 't.asm'], { cwd: folder });
        const result = assembleText(LINES, { 'deep.inc': ' db 0x55\n' }, {}, format, 'dwarf');
        assert.deepEqual(errorLines(result), []);
        writeFileSync(join(folder, 'ours.o'), result.bytes);
        const rows = (object: string): string[] =>
          execFileSync('objdump', ['--dwarf=decodedline', object], { cwd: folder })
            .toString()
            .split('\n')
            .map((line) => /^(\S+\.(?:asm|inc))\s+(\d+)\s+(0x[0-9a-f]+|0)\b/.exec(line)?.slice(1).join(' ') ?? '')
            .filter((line) => line !== '');
        const expected = rows('nasm.o');
        assert.ok(expected.length > 8, expected.join());
        assert.deepEqual(rows('ours.o'), expected);
        // objdump finds the line of an address by way of the compilation unit, too.
        const dump = execFileSync('objdump', ['-dl', 'ours.o'], { cwd: folder }).toString();
        assert.match(dump, /t\.asm:9\n.*\bret\b/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  const refused: [string, string[]][] = [
    [
      'org 0x7c00',
      ["1:1: parser: instruction expected: `org' is for flat binaries; in an object the linker decides on addresses"],
    ],
    ['x: dd seg x', ['1:7: ELF format does not support segment base references: there are no segments to count from']],
    ['extern e\nmov ax, [e wrt ..plt]', ['2:9: ELF format cannot produce absolute references with ..plt']],
    ['a: dd a wrt ..got', ['1:7: unable to find a suitable global symbol for this reference: declare it with global']],
    [
      'section .symtab',
      ["1:9: attempt to redefine reserved section name `.symtab': the assembler writes that section itself"],
    ],
    ['section a align=3', ['1:9: section alignment 3 is not a power of two']],
    ['section a merge', ["1:9: section attribute merge specified without an entry size or `strings'"]],
    ['..start: nop', ["1:1: unrecognised special symbol `..start': use another name"]],
    ['common c 4:3', ["1:8: alignment constraint `3' is not a power of two"]],
  ];
  for (const [source, errors] of refused) {
    it(`refuses ${source.replaceAll('\n', ' / ')}`, () => {
      assert.deepEqual(errorLines(assembleText(source, {}, {}, 'elf32')), errors);
    });
  }
});
