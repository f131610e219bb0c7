// docs/differences.md has exactly the rows that the comparisons name.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const FOLDER = import.meta.dirname;
const DOCUMENT = path.join(FOLDER, '../../docs/differences.md');

describe('docs/differences.md', () => {
  it('has a row for every difference that a test names, and no other', () => {
    const rows = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, id]) => id!);
    assert.equal(new Set(rows).size, rows.length, 'each row is there once');
    const named = new Set(['fault-rf']);
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.test.ts'))) {
      const source = readFileSync(path.join(FOLDER, file), 'utf8');
      for (const [, id] of source.matchAll(/row\(\s*'([a-z0-9-]+)'/g)) named.add(id!);
    }
    assert.deepEqual([...named].sort(), rows.sort());
  });
});
