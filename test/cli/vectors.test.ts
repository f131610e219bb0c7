// What `ringside vectors` is given besides files of vectors.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { vectorsCommand } from '../../src/cli/vectors';
import { ROOT, temporaryFolder } from './support/command';

const SAMPLE = path.join(ROOT, 'test/vectors/fixtures/m16-ac.jsonl.gz');

const run = (...paths: string[]): { code: number; text: string } => {
  const lines: string[] = [];
  return { code: vectorsCommand(paths, (line) => lines.push(line)), text: lines.join('\n') };
};

describe('ringside vectors', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = temporaryFolder()));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  it('takes a folder for the files in it', () => {
    copyFileSync(SAMPLE, path.join(folder, 'b.jsonl.gz'));
    file('a.jsonl', gunzipSync(readFileSync(SAMPLE)).toString('utf8').split('\n').slice(0, 6).join('\n'));
    file('README.md', '# vectors');
    mkdirSync(path.join(folder, 'more'));
    const { code, text } = run(folder);
    assert.match(text, /^a\.jsonl: 5 passed, 0 failed, 0 uncovered\nb\.jsonl\.gz: \d+ passed, 0 failed, 0 uncovered$/);
    assert.equal(code, 0);
  });

  it('names what a wildcard has found besides, and goes on', () => {
    const other = file('README.md', '# vectors');
    const { code, text } = run(other, SAMPLE);
    assert.match(
      text,
      /README\.md: left out, vectors are in \*\.jsonl and \*\.jsonl\.gz\nm16-ac\.jsonl\.gz: \d+ passed/,
    );
    assert.equal(code, 0);
    assert.equal(run(other).code, 2);
    assert.match(run(other).text, /usage: ringside vectors/);
  });

  it('says where a file is damaged, and replays the others', () => {
    const [header, vector] = gunzipSync(readFileSync(SAMPLE)).toString('utf8').split('\n');
    const broken = [
      [file('cut.jsonl', `${header}\n${vector}\n{"n":`), /cut\.jsonl: line 3 is not a JSON object/],
      [file('other.jsonl', '{"format":"else"}'), /other\.jsonl: line 1: vectors of the format else/],
      [file('empty.jsonl', ''), /empty\.jsonl: there is no vector in it/],
      [file('plain.jsonl.gz', 'no'), /plain\.jsonl\.gz: line 1 is not a JSON object/],
      [path.join(folder, 'absent.jsonl'), /absent\.jsonl: .*no such file/],
      [path.join(folder, 'absent'), /absent: .*no such file/],
    ] as const;
    for (const [damaged, expected] of broken) {
      const { code, text } = run(damaged, SAMPLE);
      assert.equal(code, 2, text);
      assert.match(text, expected);
      assert.match(text, /m16-ac\.jsonl\.gz: \d+ passed, 0 failed/);
    }
  });
});
