// `node --import tsx test/vectors/generator/record.ts`: records the vectors of test/vectors/own on the processor it runs on.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { area } from './areas';
import { difference } from './differences';
import { Random } from './random';
import { type Draft, header, type Mode, Runner } from './runner';
import { KINDS, sequence } from './sequences';
import { rowsOf, single } from './singles';

const SEED = 20;
const SEQUENCES = 22;
const AREAS = 24;

function drafts(random: Random, mode: Mode): Readonly<Record<string, Draft[]>> {
  const one = (row: ReturnType<typeof rowsOf>[number]): Draft[] => {
    for (let attempt = 0; attempt < 8; attempt++) {
      const draft = single(random, row, mode);
      if (draft) return [draft];
    }
    return [];
  };
  const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  return {
    forms: rowsOf(mode).flatMap(one),
    sequences: KINDS.flatMap((kind) => times(SEQUENCES, () => sequence(random, mode, kind, 3 + random.below(12)))),
    areas: times(AREAS, () => area(random, mode)),
  };
}

const runner = new Runner();
for (const mode of [16, 32, 64] as const) {
  for (const [set, list] of Object.entries(drafts(new Random(SEED + mode), mode))) {
    const vectors = runner.run(mode, list).filter((v) => v !== undefined && difference(mode, v) === undefined);
    // like all 16-bit ones that were not tried in real mode, they stand for protected mode
    const lines = [header(mode, set), ...vectors.map((v) => ({ ...v, ...(mode === 16 ? { pm: 1 } : {}) }))];
    const bytes = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 });
    writeFileSync(join(__dirname, '..', 'own', `m${mode}-${set}.jsonl.gz`), bytes);
    console.log(`m${mode}-${set}: ${vectors.length} of ${list.length} vectors, ${bytes.length} bytes`);
  }
}
runner.dispose();
