// Vectors of our own, made by test/vectors/generator on an Intel processor: the committed recordings, and new ones each time on
// the processor that runs the tests, from a seed that is printed. RINGSIDE_FUZZ_SEED chooses the seed, RINGSIDE_FUZZ_ROUNDS how
// often the whole is done with the seeds that follow. Where nothing can be run natively, the recordings stand alone.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VectorReplay } from '../../src/machine/vectors/replay';
import { area } from './generator/areas';
import { difference } from './generator/differences';
import { Random } from './generator/random';
import { type Draft, header, type Mode, reasonAgainst, Runner } from './generator/runner';
import { KINDS, sequence } from './generator/sequences';
import { rowsOf, single } from './generator/singles';

const RECORDINGS = join(__dirname, 'own');
const SEED = Number(process.env.RINGSIDE_FUZZ_SEED ?? 1);
const ROUNDS = Number(process.env.RINGSIDE_FUZZ_ROUNDS ?? 1);
const SEQUENCES = 25;
const AREAS = 20;
/** Of the forms of the table, this part in each round. */
const FORMS = 0.25;

function drafts(random: Random, mode: Mode): Draft[] {
  const forms = rowsOf(mode).filter(() => random.below(1000) < FORMS * 1000);
  const list = forms.map((row) => single(random, row, mode)).filter((draft) => draft !== undefined);
  for (const kind of KINDS)
    for (let i = 0; i < SEQUENCES; i++) list.push(sequence(random, mode, kind, 3 + random.below(20)));
  for (let i = 0; i < AREAS; i++) list.push(area(random, mode));
  return list;
}

describe('vectors of our own', () => {
  for (const name of readdirSync(RECORDINGS)) {
    it(`${name} passes`, () => {
      const result = new VectorReplay().run(
        gunzipSync(readFileSync(join(RECORDINGS, name)))
          .toString('utf8')
          .split('\n'),
      );
      assert.deepEqual([...result.uncovered], []);
      assert.deepEqual(result.failures, []);
      assert.ok(result.passed >= 20, `${result.passed} passed`);
    }).timeout(120_000);
  }

  const reason = reasonAgainst();
  if (reason !== undefined) {
    it(`this is ${reason}: only the recordings were compared, nothing was run natively`, () => undefined);
    return;
  }
  for (const mode of [16, 32, 64] as const) {
    it(`random ${mode}-bit code does what this processor does, seed ${SEED}`, () => {
      const runner = new Runner();
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const seed = SEED + round;
          const list = drafts(new Random(seed * 64 + mode), mode);
          const vectors = runner.run(mode, list).filter((v) => v !== undefined && difference(mode, v) === undefined);
          assert.ok(vectors.length > list.length * 0.9, `${vectors.length} of ${list.length} vectors`);
          const lines = [header(mode, 'fuzz'), ...vectors.map((v) => ({ ...v, pm: 1 }))];
          const result = new VectorReplay().run(lines.map((line) => JSON.stringify(line)));
          assert.deepEqual([...result.uncovered], [], `seed ${seed}`);
          assert.deepEqual(result.failures, [], `seed ${seed}`);
          if (ROUNDS > 1) console.log(`      seed ${seed}: ${result.passed} vectors`);
        }
      } finally {
        runner.dispose();
      }
    }).timeout(120_000 * ROUNDS);
  }
});
