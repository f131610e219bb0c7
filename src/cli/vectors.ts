// `ringside vectors FILE...`: replays CPU test vectors recorded on silicon and prints the tally of each file. A folder stands for
// the files of vectors in it; what a wildcard has found besides is named and left out.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VectorReplay } from '../machine/vectors/replay';

const SHOWN_MNEMONICS = 60;

const byCount = (counts: Map<string, number>): string =>
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHOWN_MNEMONICS)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const isVectorFile = (file: string): boolean => /\.jsonl(\.gz)?$/.test(file);
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const filesOf = (path: string): string[] =>
  isFolder(path)
    ? readdirSync(path)
        .sort()
        .filter(isVectorFile)
        .map((name) => join(path, name))
    : [path];

/** Exit code 0 when nothing failed, 1 when something did, 2 when there are no vectors or a file of them cannot be read. */
export function vectorsCommand(paths: readonly string[], print: (line: string) => void): number {
  const named = paths.flatMap(filesOf);
  const isOther = (path: string): boolean => existsSync(path) && !isVectorFile(path);
  const files = named.filter((path) => !isOther(path));
  for (const other of named.filter(isOther)) print(`${other}: left out, vectors are in *.jsonl and *.jsonl.gz`);
  if (files.length === 0) {
    print('usage: ringside vectors FILE...   (CPU test vectors: *.jsonl, *.jsonl.gz, or a folder with them)');
    return 2;
  }
  let exitCode = 0;
  for (const file of files) {
    try {
      const raw = readFileSync(file);
      const text = (raw[0] === 0x1f ? gunzipSync(raw) : raw).toString('utf8');
      const result = new VectorReplay().run(text.split('\n'));
      const uncovered = [...result.uncovered.values()].reduce((a, b) => a + b, 0);
      print(`${basename(file)}: ${result.passed} passed, ${result.failed} failed, ${uncovered} uncovered`);
      if (uncovered > 0) print(`  uncovered (instructions not implemented): ${byCount(result.uncovered)}`);
      if (result.failed > 0) print(`  failed by instruction: ${byCount(result.failedBy)}`);
      for (const failure of result.failures) print(`  ${failure}`);
      if (result.failed > 0) exitCode = Math.max(exitCode, 1);
    } catch (error) {
      print(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      exitCode = 2;
    }
  }
  return exitCode;
}
