// Broken sources, one fault or two each: line, column and message, side by side with nasm's own, as corpus/broken.txt has them.
// RINGSIDE_UPDATE=1 writes that file anew; every line that then changes is to be read.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembleText, errorLines, runNasm, snippets } from './support';

const GOLDEN = join(import.meta.dirname, 'corpus', 'broken.txt');

/** nasm's errors as `line: message`, without repetitions. */
const nasmErrors = (messages: string): string[] => [
  ...new Set(
    messages
      .split('\n')
      .map((line) => /^t\.asm:(\d+): (?:error|fatal|panic): (.*)$/.exec(line))
      .filter((match) => match !== null)
      .map((match) => `${match[1]}: ${match[2]}`),
  ),
];

const firstLine = (errors: readonly string[]): number => Math.min(...errors.map((error) => Number.parseInt(error, 10)));

describe('assembler: broken sources', () => {
  const list = snippets('broken.asm');
  let reports: { name: string; text: string; ours: string[]; nasm: string[] }[];
  before(() => {
    const output = runNasm(list);
    reports = list.map(({ name, source }, index) => {
      const ours = errorLines(assembleText(source));
      const nasm = nasmErrors(output[index]!.messages);
      const block = [
        `=== ${name}`,
        ...source
          .trimEnd()
          .split('\n')
          .map((line) => `  | ${line}`),
        ...(ours.length > 0 ? ours : ['-']).map((line) => `ours ${line}`),
        ...(nasm.length > 0 ? nasm : ['-']).map((line) => `nasm ${line}`),
      ];
      return { name, text: block.join('\n'), ours, nasm };
    });
    if (process.env.RINGSIDE_UPDATE) writeFileSync(GOLDEN, `${reports.map(({ text }) => text).join('\n\n')}\n`);
  });

  it('are more than a hundred, and each is refused', () => {
    assert.ok(reports.length > 100);
    assert.deepEqual(
      reports.filter(({ ours }) => ours.length === 0).map(({ text }) => text),
      [],
    );
  });

  it('are reported as recorded', () => {
    const golden = readFileSync(GOLDEN, 'utf8').trimEnd().split('\n\n');
    assert.equal(reports.length, golden.length);
    reports.forEach(({ text }, index) => assert.equal(text, golden[index]));
  });

  it('are reported at the line that nasm names first, but blocks left open where they begin', () => {
    const names = (errors: readonly string[], line: number): boolean =>
      errors.some((error) => Number.parseInt(error, 10) === line);
    const elsewhere = reports.filter(
      ({ ours, nasm }) =>
        nasm.length > 0 && !names(ours, firstLine(nasm)) && !nasm.some((error) => error.includes('end of file')),
    );
    assert.deepEqual(
      elsewhere.map(({ text }) => text),
      [],
    );
  });
});
