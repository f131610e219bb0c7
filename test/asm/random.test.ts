// Programs made by a seeded generator: jumps around the reach of their short forms, sizes that hang on distances, and
// damaged texts, which must end without an exception.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assembleText, hexText, runNasm, snippets, type Snippet } from './support';

type Random = (below: number) => number;

function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;

const REGISTERS = {
  16: { general: ['ax', 'bx', 'cx', 'si'], base: ['bx', 'si', 'bp', 'di'] },
  32: { general: ['eax', 'ebx', 'ecx', 'esi'], base: ['eax', 'ebp', 'esp', 'ebx'] },
  64: { general: ['rax', 'rbx', 'rsi', 'r9'], base: ['rax', 'rbp', 'rsp', 'r12', 'r13'] },
} as const;

function program(random: Random): string {
  const bits = pick(random, [16, 32, 64] as const);
  const { general, base } = REGISTERS[bits];
  const labels = 10 + random(60);
  const lines = [`bits ${bits}`];
  if (random(2) === 0) lines.push(`org ${random(0x8000)}`);
  if (bits === 64 && random(3) === 0) lines.push('default rel');
  const any = (): string => `l${random(labels)}`;
  for (let at = 0; at < labels; at++) {
    const near = (): string => `l${Math.max(0, Math.min(labels - 1, at + random(9) - 4))}`;
    const reg = (): string => pick(random, general);
    const address = (displacement: string): string => `[${pick(random, base)}+${displacement}]`;
    const statements: (() => string)[] = [
      () => `jmp ${near()}`,
      () => `jmp ${near()}`,
      () => `j${pick(random, ['z', 'nz', 'c', 'a', 'le'])} ${near()}`,
      () => `j${pick(random, ['s', 'o', 'be', 'g'])} ${near()}`,
      () => `call ${any()}`,
      () => `times ${random(60)} nop`,
      () => `add ${reg()}, ${near()}-${near()}`,
      () => `mov ${reg()}, ${address(`${near()}-${near()}`)}`,
      () => `mov ${reg()}, [${any()}]`,
      () => `dw ${any()}-${any()}, ${any()}`,
      () => `push ${near()}-${near()}`,
      () => `imul ${reg()}, ${reg()}, ${near()}-${near()}`,
      () => `align ${pick(random, [2, 4, 8, 16])}`,
      () => `cmp byte ${address(String(random(300) - 150))}, ${near()}-${near()}`,
    ];
    lines.push(`l${at}:`);
    for (let n = random(8); n > 0; n--) lines.push(` ${pick(random, statements)()}`);
  }
  return `${lines.join('\n')}\n`;
}

describe('assembler: random programs', () => {
  for (const [option, optimize] of [
    ['-O0', 'none'],
    ['-O1', 'minimal'],
  ] as const) {
    it(`gives the bytes of nasm ${option}`, () => {
      const random = generator(20261129);
      const list: Snippet[] = Array.from({ length: 40 }, (_, index) => ({
        name: `program ${index}`,
        source: program(random),
      }));
      runNasm(list, 'bin', option).forEach((nasm, index) => {
        const { source } = list[index]!;
        const result = assembleText(source, {}, {}, 'bin', undefined, optimize);
        assert.equal(
          result.ok ? hexText(result.bytes) : 'refused',
          nasm.bytes ? hexText(nasm.bytes) : 'refused',
          source,
        );
      });
    });
  }

  it('gives the bytes of nasm', () => {
    const random = generator(20240601);
    const list: Snippet[] = Array.from({ length: 80 }, (_, index) => ({
      name: `program ${index}`,
      source: program(random),
    }));
    runNasm(list).forEach((nasm, index) => {
      const { source } = list[index]!;
      const result = assembleText(source);
      assert.ok(nasm.bytes, `nasm refuses the program:\n${nasm.messages}\n${source}`);
      assert.equal(hexText(result.bytes), hexText(nasm.bytes), source);
    });
  });

  it('survives damaged sources', () => {
    const random = generator(7);
    const folder = join(import.meta.dirname, 'corpus');
    const sources = readdirSync(folder).flatMap((file) => snippets(file).map(({ source }) => source));
    const pieces = ['%', '%1', '%%a', '[', ']', '(', ')', ',', '"', "'", '`', '\\', '%macro x 0-*', '%endmacro', '%rep 3', '%endrep', '%if 1',
      '%else', '%endif', '%[', '%{', '}', 'times 3', 'equ', '?', 'dup', 'struc s', '%+', '%push', '%pop', '%$a', 'bits 64', '\n', ';', '\0', '%00',
      '%include "part.inc"', '%rotate 1', '%exitrep', '%exitmacro', 'iend', '%sel(', 'absolute 5', '\u{1f600}', '\udc80']; // prettier-ignore
    for (let round = 0; round < 800; round++) {
      let text = pick(random, sources);
      for (let n = 1 + random(5); n > 0; n--) {
        const at = random(text.length + 1);
        if (random(4) === 0) text = text.slice(0, at) + text.slice(at + random(10));
        else text = text.slice(0, at) + pick(random, pieces) + text.slice(at);
      }
      const result = assembleText(text);
      result.listing();
      result.mapFile();
      assert.equal(result.ok, !result.diagnostics.some(({ severity }) => severity === 'error'), text);
      for (const { line, column, endColumn } of result.diagnostics) {
        assert.ok(line >= 0 && column >= 1 && endColumn > column, text);
      }
    }
  });

  it('ends on sources that would not', () => {
    const endless = [
      '%rmacro r 0\nr\n%endmacro\nr\n',
      '%include "self.inc"\n',
      '%define a b b\n%define b c c\n%define c d d\n%define d e e\n%define e f f\ndb a\n',
      'times 100000000000 db 0\n',
      'times 0x7fffffffffffffff nop\n',
      'resb 0x7fffffffffffffff\n',
      'section .a start=0x7fffffffffff\ndb 1\nsection .b start=0\ndb 2\n',
      '%rep 1000000000\n%endrep\n',
      '%assign i 0\n%rep 1000000\n%rep 1000000\n%assign i i+1\n%endrep\n%endrep\n',
      `db ${'('.repeat(100000)}1\n`,
      `db ${'-'.repeat(100000)}1\n`,
      `db 1${'+1'.repeat(50000)}\n`,
      `%define x ${'%['.repeat(5000)}\ndb x\n`,
      `db 2 dup ${'(2 dup '.repeat(3000)}(1)\n`,
    ];
    for (const source of endless) {
      const result = assembleText(source, { 'self.inc': '%include "self.inc"\n' }, { lines: 20_000 });
      assert.equal(result.ok, false, source.slice(0, 60));
      assert.ok(result.diagnostics.some(({ severity }) => severity === 'error'));
    }
  });
});
