// Lines that are remembered over runs: an editor keeps them for as long as it is open.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { KnownLines } from '../../src/asm/knownLines';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('lines that are remembered', () => {
  it('do not keep the texts that they stood in', () => {
    const lines = new KnownLines();
    const before = process.memoryUsage().heapUsed;
    for (let key = 0; key < 100; key++) {
      const line = `label_of_key_number_${key}:\n`;
      const text = line + '; a source of a megabyte\n'.repeat(40_000);
      lines.at(text, 0, line.length - 1).know();
    }
    collect();
    const kept = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    assert.ok(kept < 20, `${kept.toFixed(0)} MB kept of 100 texts of a megabyte`);
  });
});
