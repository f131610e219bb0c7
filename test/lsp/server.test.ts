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

describe('lsp: requests on stdio', () => {
  let folder: string;
  let client: LspClient;
  let uri: string;
  const SOURCE = `org 0x7c00
%include "lib.inc"
start: mov ax,5
.again: call print
  jnz .again
  jmp start
%macro twice 1
  inc %1
%endmacro
  twice ax
`;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ringside-lsp-'));
    writeFileSync(path.join(folder, 'lib.inc'), '; Prints.\nprint:\n  ret\n');
    client = await LspClient.start(pathToFileURL(folder).href, {}, { inlayHints: { address: true } });
    uri = pathToFileURL(path.join(folder, 'boot.asm')).href;
    await client.open(uri, SOURCE);
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });
  const at = (line: number, character: number) => ({ position: { line, character } });
  /* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked at field by field */
  const ask = (method: string, more: object = {}) => client.ask<any>(`textDocument/${method}`, uri, more);

  it('announces what it can', () => {
    for (const name of ['hover', 'completion', 'rename', 'inlayHint', 'codeLens', 'callHierarchy', 'inlineValue'])
      assert.ok(client.server.capabilities[`${name}Provider` as keyof object], name);
  });

  it('answers hover, completion and signature help', async () => {
    const hover = await ask('hover', at(3, 14));
    assert.match(hover.contents.value, /\*\*print\*\* at[^]*Prints\./);
    assert.deepEqual(hover.range.start, { line: 3, character: 13 });
    const items = await ask('completion', at(4, 8));
    assert.ok(items.some((item: any) => item.label === '.again' && item.textEdit.range.start.character === 6));
    const help = await ask('signatureHelp', at(2, 14));
    assert.equal(help.activeParameter, 1);
  });

  it('answers definition, references, highlights and rename over files', async () => {
    const [definition] = await ask('definition', at(3, 14));
    assert.match(definition.uri, /lib\.inc$/);
    const references = await ask('references', { ...at(3, 14), context: { includeDeclaration: true } });
    assert.equal(references.length, 2);
    assert.equal((await ask('documentHighlight', at(4, 7))).length, 2);
    assert.equal((await ask('prepareRename', at(3, 14))).placeholder, 'print');
    const { changes } = await ask('rename', { ...at(3, 14), newName: 'show' });
    assert.equal(Object.keys(changes).length, 2);
    await assert.rejects(ask('rename', { ...at(3, 14), newName: 'mov' }), /reserved word/);
  });

  it('answers outline, colours, folding, links and symbols of the workspace', async () => {
    const outline = await ask('documentSymbol');
    assert.deepEqual(
      outline.map((item: any) => item.name),
      ['start', 'twice'],
    );
    const { data } = await ask('semanticTokens/full');
    assert.equal(data.length % 5, 0);
    assert.ok(data.length >= 30);
    assert.ok((await ask('foldingRange')).some((block: any) => block.startLine === 6 && block.endLine === 8));
    assert.match((await ask('documentLink'))[0].target, /lib\.inc$/);
    const symbols = await client.connection.sendRequest<any[]>('workspace/symbol', { query: 'print' });
    assert.equal(symbols[0].containerName, 'lib.inc');
  });

  it('answers hints, lenses, actions, formatting, calls and values', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await ask('inlayHint', { range });
    assert.ok(hints.some((hint: any) => hint.label === '7C01 '));
    assert.ok((await ask('codeLens')).some((lens: any) => lens.command.title === '1 reference'));
    const place = { start: { line: 9, character: 3 }, end: { line: 9, character: 3 } };
    const actions = await ask('codeAction', { range: place, context: { diagnostics: [] } });
    assert.equal(actions.find((action: any) => /Expand/.test(action.title)).edit.changes[uri][0].newText, '  inc ax');
    const edits = await ask('formatting', { options: { tabSize: 8, insertSpaces: true } });
    assert.ok(edits.some((edit: any) => edit.newText.includes('mov ax, 5')));
    const [item] = await ask('prepareCallHierarchy', at(3, 14));
    const calls = await client.connection.sendRequest<any[]>('callHierarchy/incomingCalls', { item });
    assert.deepEqual(
      calls.map((call) => call.from.name),
      ['start'],
    );
    const values = await ask('inlineValue', {
      range,
      context: { frameId: 1, stoppedLocation: { ...range, start: at(4, 0).position } },
    });
    assert.ok(values.some((value: any) => value.expression === '(zf) == 0'));
  });
});
