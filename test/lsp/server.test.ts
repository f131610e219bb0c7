// `ringside lsp` as an editor uses it: over stdio, with a real client of the protocol.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pathOf, uriOf } from '../../src/lsp/uris';
import { LspClient } from './support/lspClient';

describe('lsp: the server on stdio', () => {
  let folder: string;
  let client: LspClient;
  const uri = (name: string): string => pathToFileURL(path.join(folder, name)).href;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ringside-lsp-'));
    writeFileSync(path.join(folder, 'boot.asm'), 'org 0x7c00\n%include "print me.inc"\nstart: call print\n');
    writeFileSync(path.join(folder, 'print me.inc'), 'print:\n  mov ah, 0x0e\n  ret\n');
    client = await LspClient.start(pathToFileURL(folder).href);
  });
  after(async () => {
    assert.equal(await client.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  it('reports mistakes while typing, in included files too, and takes them back', async () => {
    await client.open(uri('boot.asm'), 'org 0x7c00\n%include "print me.inc"\nstart: call print\n mov [bx], 5\n');
    const [mistake] = await client.diagnosed(uri('boot.asm'), (list) => list.length === 1);
    assert.deepEqual(mistake!.range, { start: { line: 3, character: 1 }, end: { line: 3, character: 4 } });
    assert.match(String(mistake!.message), /^operation size not specified/);
    const range = { start: { line: 3, character: 5 }, end: { line: 3, character: 9 } };
    await client.change(uri('boot.asm'), 2, [{ range, text: 'bx' }]);
    await client.diagnosed(uri('boot.asm'), (list) => list.length === 0);
    await client.open(uri('print me.inc'), 'print:\n  mov ah, 0x0e\n  jmp away\n');
    const [inside] = await client.diagnosed(uri('print me.inc'), (list) => list.length === 1);
    assert.equal(String(inside!.message), "symbol `away' not defined");
    const whole = [{ text: 'print:\n  ret\n' }];
    await client.change(uri('print me.inc'), 2, whole);
    await client.diagnosed(uri('print me.inc'), (list) => list.length === 0);
  });

  it('spells paths as URIs and back', () => {
    for (const [location, file] of [
      ['file:///a/b%20c.asm', '/a/b c.asm'],
      ['file:///c%3A/x/y.asm', 'c:/x/y.asm'],
      ['file://server/share/y.asm', '//server/share/y.asm'],
      ['vscode-test-web://mount/a%23b.asm', 'vscode-test-web://mount/a#b.asm'],
    ] as const) {
      assert.equal(pathOf(location), file);
      assert.equal(uriOf(file), location);
    }
  });
});
