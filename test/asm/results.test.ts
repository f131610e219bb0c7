// What an assembly tells besides its bytes: source map, symbols, sections, files; listing and map file as nasm writes them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../src/asm/assemble';
import type { AssembleResult } from '../../src/asm/types';
import { folderOf, joinPath } from '../../src/base/paths';
import { assembleText, hexText, runNasm, snippets } from './support';

const SOURCE = `org 0x7c00
bits 16
%macro print 1
  mov al, %1
  call putc
%endmacro
start:
  cli
  print 'A'
  print 'B'
.halt:
  hlt
  jmp .halt
putc:
  mov ah, 0x0e
  int 0x10
  ret
message: db 'hello', 0
words: times 4 dw 1, 2
LENGTH equ words-message
struc point
.x: resw 1
.y: resd 1
endstruc
bits 32
code32: mov eax, 5
section .bss
buffer: resb 64
count: resw 1
`;

describe('assembler: results', () => {
  let result: AssembleResult;
  before(() => {
    result = assembleText(SOURCE);
    assert.deepEqual(result.diagnostics, []);
  });
  const symbol = (name: string) => {
    const found = result.symbols.find((candidate) => candidate.name === name);
    assert.ok(found, `no symbol ${name}`);
    return found;
  };

  it('maps every byte of the file to exactly one line', () => {
    const covered = new Uint8Array(result.bytes.length);
    for (const { fileOffset, length } of result.map.entries) {
      for (let i = 0; i < length && fileOffset >= 0; i++) covered[fileOffset + i]!++;
    }
    assert.ok(covered.every((count) => count === 1));
  });

  it('finds line, column and bits of an address', () => {
    const cli = result.map.at(0x7c00)!;
    assert.deepEqual([cli.line, cli.column, cli.bits, cli.kind, cli.length, cli.fileOffset], [8, 3, 16, 'code', 1, 0]);
    const code32 = result.map.at(Number(symbol('code32').value))!;
    assert.deepEqual([code32.line, code32.column, code32.bits, code32.length], [26, 9, 32, 5]);
    assert.equal(result.map.at(0x7bff), undefined);
  });

  it('knows macro expansions from both sides', () => {
    const mov = result.map.at(0x7c01)!;
    assert.equal(mov.line, 9);
    assert.deepEqual(mov.macroStack, [{ macro: 'print', file: 't.asm', line: 4 }]);
    assert.deepEqual(
      result.map.ofLine('t.asm', 9).map(({ address }) => address),
      [0x7c01, 0x7c03],
    );
    assert.deepEqual(
      result.map.ofLine('t.asm', 4).map(({ address }) => address),
      [0x7c01, 0x7c06],
    );
  });

  it('finds the next line that has code', () => {
    assert.deepEqual(result.map.nextLine('t.asm', 11)?.line, 12);
    assert.equal(result.map.nextLine('t.asm', 1000), undefined);
    assert.equal(result.map.nextLine('other.asm', 1), undefined);
  });

  it('tells data from code and counts repetitions as one', () => {
    const message = result.map.at(Number(symbol('message').value) + 3)!;
    assert.deepEqual([message.kind, message.line, message.length], ['data', 18, 6]);
    const words = result.map.at(Number(symbol('words').value))!;
    assert.deepEqual([words.kind, words.line, words.length], ['data', 19, 16]);
  });

  it('describes symbols', () => {
    assert.deepEqual(symbol('start'), {
      name: 'start', value: 0x7c00n, kind: 'label', global: false, file: 't.asm', line: 7, column: 1,
      section: '.text', size: 11, content: 'code',
    }); // prettier-ignore
    const words = symbol('words');
    assert.deepEqual([words.unit, words.count, words.size, words.content], [2, 8, 16, 'data']);
    assert.deepEqual([symbol('LENGTH').kind, symbol('LENGTH').value], ['equ', 6n]);
    assert.deepEqual(
      [symbol('point.y').kind, symbol('point.y').value, symbol('point.y').structure, symbol('point.y').unit],
      ['absolute', 2n, 'point', 4],
    );
    assert.deepEqual([symbol('point_size').value, symbol('point_size').structure], [6n, 'point']);
    assert.deepEqual(
      [symbol('buffer').section, symbol('buffer').content, symbol('buffer').count],
      ['.bss', 'space', 64],
    );
    assert.equal(symbol('start.halt').line, 11);
  });

  it('describes sections', () => {
    const [text, bss] = result.sections;
    assert.deepEqual(
      [text!.name, text!.vstart, text!.start, text!.fileOffset, text!.nobits],
      ['.text', 0x7c00, 0x7c00, 0, false],
    );
    assert.deepEqual([bss!.name, bss!.length, bss!.fileOffset, bss!.nobits], ['.bss', 66, undefined, true]);
    assert.equal(bss!.vstart, (0x7c00 + result.bytes.length + 3) & ~3);
    assert.equal(result.map.at(bss!.vstart)!.fileOffset, -1);
    assert.equal(result.origin, 0x7c00);
  });

  it('keeps addresses exact in the upper half of 64-bit space', () => {
    const high = assembleText('bits 64\norg 0xffffffff80000000\nnop\nhere: nop\n');
    assert.equal(high.symbols[0]!.value, -0x7fffffffn);
    assert.equal(high.map.at(-0x7fffffff)!.line, 4);
  });

  it('lists files in the order of use', () => {
    const { files } = assembleText('%include "outer.inc"\nincbin "data.bin"\n%include "deep.inc"\n');
    assert.deepEqual(files, ['t.asm', 'outer.inc', 'part.inc', 'data.bin', 'inc/deep.inc']);
  });

  it('places lines of included files', () => {
    const { map } = assembleText('nop\n%include "part.inc"\npart_macro 5\n');
    assert.deepEqual(
      map.entries.map(({ file, line }) => `${file}:${line}`),
      ['t.asm:1', 'part.inc:5', 't.asm:3'],
    );
  });

  it('asks the resolver for files beside the including one', () => {
    const files: Record<string, string> = { '/p/a/x.inc': ' db 1\n%include "y.inc"\n', '/p/a/y.inc': ' db 2\n' };
    const found = assemble({
      file: '/p/main.asm',
      source: '%include "a/x.inc"\n',
      resolve: (from, path) => from.replace(/[^/]*$/, path),
      read: (path) => files[path],
      readBinary: () => undefined,
    });
    assert.equal(hexText(found.bytes), '01 02');
    assert.deepEqual(found.files, ['/p/main.asm', '/p/a/x.inc', '/p/a/y.inc']);
  });

  it('finds what an included file names from where the main source is', () => {
    const found = assemble({
      file: '/p/src/main.asm',
      source: '%include "game/data.asm"\n',
      resolve: (from, path) => joinPath(folderOf(from), path),
      read: (path) => (path === '/p/src/game/data.asm' ? 'incbin "../art/x.tga"' : undefined),
      readBinary: (path) => (path === '/p/art/x.tga' ? Uint8Array.of(9) : undefined),
    });
    assert.deepEqual([hexText(found.bytes), found.files.at(-1)], ['09', '/p/art/x.tga']);
  });

  it('takes definitions from outside', () => {
    const found = assemble({
      file: 'm.asm',
      source: '%ifdef FLAG\ndb N, MSG\n%endif\n',
      defines: { FLAG: '', N: '3+4', MSG: "'ab'" },
      read: () => undefined,
      readBinary: () => undefined,
    });
    assert.equal(hexText(found.bytes), '07 61 62');
  });

  it('keeps bytes that are not UTF-8', () => {
    const bytes = Uint8Array.from([...Buffer.from("db '"), 0xb0, 0xdb, 0xff, ...Buffer.from("é'\n")]);
    const found = assemble({
      file: 'cp437.asm',
      source: new TextDecoder().decode(bytes),
      read: () => undefined,
      readBinary: (path) => (path === 'cp437.asm' ? bytes : undefined),
    });
    assert.equal(hexText(found.bytes), 'b0 db ff c3 a9');
  });

  it('includes a file once with %require', () => {
    assert.equal(hexText(assembleText('%require "guard2.inc"\n%require "guard2.inc"\n').bytes), '44');
  });

  it('gives the time it is told', () => {
    const at = (time: number): string =>
      Buffer.from(
        assemble({
          file: 't',
          source: 'db __UTC_DATE__, " ", __TIME__\n',
          time,
          read: () => undefined,
          readBinary: () => undefined,
        }).bytes,
      ).toString();
    assert.equal(at(0), '1970-01-01 00:00:00');
    assert.equal(at(951827696), '2000-02-29 12:34:56');
  });

  it('writes the listing of nasm', () => {
    const list = ['expressions', 'data', 'multi-macros', 'conditionals', 'sections', 'jumps'].flatMap((topic) =>
      snippets(`${topic}.asm`),
    );
    runNasm(list).forEach(({ listing }, index) => {
      // Lines that repeat messages are left out here.
      const expected = listing.replace(/^ *\d+ {10}[-*X]{18}.*\n/gm, '');
      assert.equal(assembleText(list[index]!.source).listing(), expected, list[index]!.name);
    });
  });

  it('writes the map file of nasm', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringside-map-'));
    try {
      for (const { name, source } of snippets('sections.asm').filter(({ name }) => name !== 'map_tolerated')) {
        writeFileSync(join(folder, 't.asm'), source);
        execFileSync('nasm', ['-f', 'bin', '-o', 't', '--before', '[map all t.map]', 't.asm'], {
          cwd: folder,
          stdio: 'ignore',
        });
        assert.equal(assembleText(source).mapFile(), readFileSync(join(folder, 't.map'), 'utf8'), name);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('writes prefixes in the order of NASM 3 on request', () => {
    // what NASM 3.01 printed for these lines
    const recorded = {
      16: {
        'add dword [eax], ecx': '67 66 01 08',
        'lock add dword [fs:eax], ecx': '64 67 f0 66 01 08',
        'rep a32 movsd': '67 66 f3 a5',
        'a32 o32 fs rep': '64 67 66 f3',
        'wait fs nop': '9b 64 90',
      },
      32: {
        'add word [bx], ax': '67 66 01 07',
        'lock xadd [es:bx], ax': '26 67 f0 66 0f c1 07',
        'popcnt ax, [fs:bx]': '64 67 66 f3 0f b8 07',
        'xacquire lock add word [gs:bx], ax': '65 67 f0 66 f2 01 07',
      },
      64: {
        'rep a32 movsw': '67 66 f3 a5',
        'lock add word [fs:eax], ax': '64 67 f0 66 01 00',
        'movdqa xmm0, [fs:eax]': '64 67 66 0f 6f 00',
      },
    };
    for (const [bits, lines] of Object.entries(recorded))
      for (const [line, bytes] of Object.entries(lines)) {
        const input = { file: 't.asm', source: `bits ${bits}\n${line}\n`, read: () => undefined };
        const made = assemble({ ...input, compat: '3', readBinary: () => undefined });
        assert.equal(hexText(made.bytes), bytes, line);
      }
  });
});
