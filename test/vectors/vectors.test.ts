// CPU test vectors from silicon through `ringside vectors`: a committed sample of each set, and every third vector of the full
// files where they lie beside the checkout (../shared/vectors), of the 64-bit ones every eighth. `npm run conformance` replays all.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { vectorsCommand } from '../../src/cli/vectors';
import { SYS_ROUTINES } from '../../src/cpu/routines';
import { LOWERINGS } from '../../src/engine/lower';
import { ROWS } from '../../src/isa/table';
import type { Row } from '../../src/isa/types';
import { VectorReplay } from '../../src/machine/vectors/replay';

const SAMPLE = join(__dirname, 'fixtures');
const FULL = join(process.cwd(), '..', 'shared', 'vectors');
const SETS = /^m(16|32)-(1byte|0f|0f38|0f3a|fault|ac|tf|fetch|seg|seq|fpseq|ud|vex)\.jsonl\.gz$/;
/** The processors of this build: 8086 to Pentium, integer, system and x87 instructions, MMX and SSE. */
const GENERATIONS = new Set([
  ...['86', '186', '286', '386', '486', '586', 'fpu', '287', '387', 'fpu+cmov', 'fpu+sse3'],
  ...['mmx', 'fxsr', 'sse', 'sse2', 'sse3', 'ssse3', 'sse4.1', 'sse4.2', 'aes', 'pclmulqdq', 'sha'],
  ...['popcnt', 'lzcnt', 'movbe', 'adx', 'bmi1', 'bmi2', 'avx', 'avx2', 'fma', 'f16c', 'aes+avx', 'vaes+avx'],
]);
const inSlice = (row: Row): boolean =>
  GENERATIONS.has(row.cpu ?? '86') && row.until === undefined && row.modes !== 'only64';
const MNEMONICS = new Set(ROWS.filter(inSlice).map((row) => row.mn));

function replay(file: string): { passed: number; failed: number; uncovered: string[]; text: string } {
  const lines: string[] = [];
  vectorsCommand([file], (line) => lines.push(line));
  const tally = /(\d+) passed, (\d+) failed, (\d+) uncovered/.exec(lines[0]);
  assert.ok(tally, lines[0]);
  const listed = lines.find((line) => line.includes('uncovered (')) ?? '';
  const uncovered = listed === '' ? [] : listed.slice(listed.indexOf(':') + 2).split(', ');
  return { passed: Number(tally[1]), failed: Number(tally[2]), uncovered, text: lines.join('\n') };
}

const LONG_SETS = /^m64-(1byte|0f|0f38|0f3a|fault|ac|tf|fetch|seg|seq|fpseq|ud|vex)\.jsonl\.gz$/;

/** Every so-many-th vector of the full files, after the header. */
function sampled(sets: RegExp, every: number): void {
  for (const name of readdirSync(FULL).filter((file) => sets.test(file))) {
    it(`one of ${every} in ${name} passes`, () => {
      const lines = gunzipSync(readFileSync(join(FULL, name)))
        .toString('utf8')
        .split('\n');
      const result = new VectorReplay().run(lines.filter((_, i) => i % every === 0));
      assert.equal(result.failed, 0, result.failures.join('\n'));
      assert.deepEqual([...result.uncovered], []);
      assert.ok(result.passed >= 20, `${result.passed} passed`);
    }).timeout(400_000);
  }
}

function committedSample(): void {
  const files = readdirSync(SAMPLE).filter((name) => SETS.test(name));
  assert.ok(files.length >= 17, `${files.length} files in ${SAMPLE}`);
  for (const name of files) {
    it(`${name} passes`, () => {
      const result = replay(join(SAMPLE, name));
      assert.equal(result.failed, 0, result.text);
      assert.ok(result.passed >= 30, result.text);
      const unexpected = result.uncovered.filter((entry) => MNEMONICS.has(entry.split(' ')[0]));
      assert.deepEqual(unexpected, [], 'instructions of this processor that are not implemented');
    }).timeout(120_000);
  }
}

describe('vectors from silicon', () => {
  it('every integer, system, x87, MMX and SSE instruction of the table has a meaning', () => {
    const without = ROWS.filter((row) => inSlice(row) && !LOWERINGS[row.sem] && !SYS_ROUTINES[row.sem]);
    assert.deepEqual([...new Set(without.map((row) => row.mn))], []);
  });
  describe('the committed sample', committedSample);
  it('flags that the manuals leave undefined are as silicon has them', () => {
    let compared = 0;
    for (const name of readdirSync(SAMPLE).filter((file) => /^m(16|32)-(1byte|0f|vex)/.test(file))) {
      const lines = gunzipSync(readFileSync(join(SAMPLE, name)))
        .toString('utf8')
        .split('\n');
      const unmasked = lines
        .filter((line) => line.includes('"u":') && !line.includes('"ud":'))
        .map((line) => line.replace(/"u":"\w+"/, '"u":"0"'));
      const result = new VectorReplay().run([lines[0], ...unmasked]);
      assert.deepEqual(result.failures, [], name);
      compared += result.passed;
    }
    assert.ok(compared >= 80, `${compared} compared`);
  });
  if (existsSync(FULL)) {
    describe('16 and 32-bit code', () => sampled(SETS, 3));
    describe('64-bit code', () => sampled(LONG_SETS, 8));
  } else it(`the full files are not at ${FULL}: only the sample was replayed`, () => undefined);
});
