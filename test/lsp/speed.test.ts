// How long after a key the diagnostics of a source of 5,000 lines reach the editor, through the server's pause and its
// pipes: measured, printed, and held below 200 ms at the 95th percentile. With more running programs than processors the limit
// grows as much as they are too many; the best of a few rounds counts.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { crowd } from '../crowd';
import { bigSource, percentile } from '../language/support/bigSource';
import { LspClient } from './support/lspClient';

const LINES = 5000;
const EDITS = 20;
const ROUNDS = 4;
const LIMIT_MS = 200;
const LINE = 2505;

describe('lsp: speed', function () {
  this.timeout(180_000);

  it(`diagnostics of ${LINES} lines arrive within ${LIMIT_MS} ms of a key`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ringside-lsp-'));
    const client = await LspClient.start(pathToFileURL(folder).href);
    const uri = pathToFileURL(path.join(folder, 'big.asm')).href;
    const lines = bigSource(LINES);
    lines[LINE] = '  mov ax, nowhere';
    await client.open(uri, lines.join('\n'));
    await client.diagnosed(uri, (list) => list.length === 1);
    let version = 1;
    let length = lines[LINE].length;
    /** Milliseconds until the editor knows what is wrong with the new line. */
    const type = async (text: string, errors: number): Promise<number> => {
      const range = { start: { line: LINE, character: 0 }, end: { line: LINE, character: length } };
      length = text.length;
      const begin = performance.now();
      await client.change(uri, ++version, [{ range, text }]);
      await client.diagnosed(uri, (list) => list.length === errors);
      return performance.now() - begin;
    };
    for (let i = 0; i < 8; i++) await type(i % 2 ? '  mov ax, nowhere' : '  mov ax, 1', i % 2);
    const programs = crowd();
    const limit = LIMIT_MS * programs;
    let best = Infinity;
    for (let round = 0; round < ROUNDS && best >= limit; round++) {
      const times: number[] = [];
      for (let i = 0; i < EDITS; i++) times.push(await type(i % 2 ? `  mov ax, nowhere${i}` : `  mov ax, ${i}`, i % 2));
      const [median, high] = [percentile(times, 0.5), percentile(times, 0.95)];
      console.log(
        `      ${EDITS} edits, pause included: median ${median.toFixed(0)} ms, 95th percentile ${high.toFixed(0)} ms`,
      );
      best = Math.min(best, high);
    }
    if (programs > 1)
      console.log(`      ${programs.toFixed(1)} programs for each processor: the limit is ${limit.toFixed(0)} ms`);
    assert.equal(await client.stop(), 0);
    rmSync(folder, { recursive: true });
    assert.ok(best < limit, `${best.toFixed(0)} ms at the 95th percentile`);
  });
});
