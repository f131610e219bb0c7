// `npm run conformance -- FOLDER`: replays every vector file of the folder and writes docs/conformance.md from what came out.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { VectorTable } from './vectorTable';

const [folder = path.join(ROOT, '../shared/vectors')] = process.argv.slice(2);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];
if (files.length === 0) {
  console.error(`${folder} has no vector files (*.jsonl.gz): name the folder that has them`);
  process.exit(2);
}
const target = path.join(ROOT, 'docs/conformance.md');
const table = new VectorTable();
for (const file of files.sort()) {
  console.log(file);
  table.replay(path.join(folder, file));
}
const BEGIN = '<!-- vectors: written by npm run conformance -->';
const END = '<!-- end -->';
const text = readFileSync(target, 'utf8');
const [before, rest] = text.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error(`${target} has no place for the table (${BEGIN} ... ${END})`);
const summary = `${table.total('passed')} vectors passed, ${table.total('failed')} failed, ${table.total('uncovered')} not covered.`;
writeFileSync(target, `${before}${BEGIN}\n\n${summary}\n\n${table.markdown()}\n\n${END}${after}`);
console.log(summary);
