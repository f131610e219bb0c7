// `npm run conformance -- [FOLDER] [TABLE...]`: replays every vector file of the folder, our own, and TestFloat's, and writes the tables
// of docs/conformance.md from what came out; all of them, or those named (`vectors`, `own`, `testfloat`). `singlestep FOLDER [COUNT]`
// replays SingleStepTests of the 80286, which have to be named (the folder with metadata.json; tests of each file, all when left out).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { vectorFiles, FOLDER as TESTFLOAT } from '../vectors/testFloat/files';
import { SingleStepTable } from './singleStep/table';
import { TestFloatTable } from './testFloatTable';
import { VectorTable } from './vectorTable';

const TARGET = path.join(ROOT, 'docs/conformance.md');
const END = '<!-- end -->';

/** Puts what was found between the mark and the next end mark. */
function replaceSection(mark: string, content: string): void {
  const begin = `<!-- ${mark}: written by npm run conformance -->`;
  const text = readFileSync(TARGET, 'utf8');
  const [before, rest] = text.split(begin);
  const end = rest?.indexOf(END) ?? -1;
  if (end < 0) throw new Error(`${TARGET} has no place for the table (${begin} ... ${END})`);
  writeFileSync(TARGET, `${before}${begin}\n\n${content}\n\n${rest.slice(end)}`);
}

function replayFolder(mark: string, folder: string): void {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];
  if (files.length === 0) {
    console.error(`${folder} has no vector files (*.jsonl.gz): name the folder that has them`);
    process.exit(2);
  }
  const table = new VectorTable();
  for (const file of files.sort()) {
    console.log(file);
    table.replay(path.join(folder, file));
  }
  const summary = `${table.total('passed')} vectors passed, ${table.total('failed')} failed, ${table.total('uncovered')} not covered.`;
  replaceSection(mark, `${summary}\n\n${table.markdown()}`);
  console.log(summary);
}

function replayTestFloat(): void {
  if (vectorFiles().length === 0) {
    console.error(`${TESTFLOAT} has no vector files (FUNCTION.ROUNDING.txt.gz)`);
    process.exit(2);
  }
  const table = new TestFloatTable();
  table.run();
  replaceSection('TestFloat', `${table.summary()}\n\n${table.markdown()}`);
  console.log(table.summary());
}

function replaySingleSteps(folder: string | undefined, count: string | undefined): void {
  if (folder === undefined || !existsSync(path.join(folder, 'metadata.json'))) {
    console.error('name the folder with the tests of the 80286 (metadata.json and *.MOO.gz)');
    process.exit(2);
  }
  const table = new SingleStepTable();
  table.run(folder, count === undefined ? Infinity : Number(count));
  const limit = count === undefined ? '' : ` The first ${count} tests of each file.`;
  replaceSection('SingleStepTests', `${table.summary()}${limit}\n\n${table.markdown()}`);
  console.log([...table.failures, table.summary()].join('\n'));
}

const words = process.argv.slice(2);
const TABLES: Readonly<Record<string, () => void>> = {
  own: () => replayFolder('own vectors', path.join(ROOT, 'test/vectors/own')),
  vectors: () =>
    replayFolder('vectors', words.find((word) => !(word in TABLES)) ?? path.join(ROOT, '../shared/vectors')),
  testfloat: replayTestFloat,
};
if (words[0] === 'singlestep') replaySingleSteps(words[1], words[2]);
else {
  const named = words.filter((word) => word in TABLES);
  for (const name of named.length > 0 ? named : Object.keys(TABLES)) TABLES[name]!();
}
