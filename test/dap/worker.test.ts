// The session in a worker thread, as the extension runs it: messages by postMessage, files by request to the host.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { FromWorker, ToWorker } from '../../src/dap/workerProtocol';
import { bootSector } from '../debugger/support/debugGuest';
import { CLIENT, ROOT } from './support/client';

/** A workspace that is not on a disk. */
const FILES: Record<string, string> = {
  'memfs:/p/boot.asm': `%include "sub/value.inc"\n${bootSector('        mov dx, 0x3f8\n        mov al, VALUE\nsend:   out dx, al\n        cli\n        hlt\n')}`,
  'memfs:/p/sub/value.inc': "VALUE equ 'W'\n",
};

type Message = Record<string, unknown> & { body: Record<string, unknown> };

describe('debug session in a worker thread', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-worker-'));
  let worker: Worker;
  let messages: Message[];
  let asked: string[];
  let arrived: (() => void) | undefined;
  let seq = 0;

  before(() => {
    buildSync({
      entryPoints: [path.join(ROOT, 'src/dap/workerNode.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: path.join(folder, 'worker.cjs'),
      logLevel: 'error',
    });
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    messages = [];
    asked = [];
    worker = new Worker(path.join(folder, 'worker.cjs'));
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'dap') messages.push(message.message as Message);
      else answer(message);
      arrived?.();
    });
  });
  afterEach(() => worker.terminate());

  const post = (message: ToWorker): void => worker.postMessage(message);
  function answer({ id, operation, path: wanted }: Extract<FromWorker, { type: 'file' }>): void {
    asked.push(`${operation} ${wanted}`);
    const text = FILES[wanted];
    if (wanted.endsWith('locked.asm')) return post({ type: 'file', id, error: 'permission denied' });
    if (text === undefined) return post({ type: 'file', id, missing: true, error: 'no such file' });
    if (operation === 'stat')
      return post({ type: 'file', id, entries: [{ name: 'x', kind: 'file', size: text.length }] });
    post({ type: 'file', id, bytes: new TextEncoder().encode(text) });
  }
  async function until(wanted: (message: Message) => boolean): Promise<Message> {
    const end = Date.now() + 20_000;
    for (;;) {
      const found = messages.find(wanted);
      if (found) return found;
      if (Date.now() > end) throw new Error(`not among ${JSON.stringify(messages)}`);
      await new Promise<void>((resolve) => {
        arrived = resolve;
        setTimeout(resolve, 500);
      });
    }
  }
  async function ask(command: string, args: unknown = {}): Promise<Message> {
    const own = ++seq;
    post({ type: 'dap', message: { seq: own, type: 'request', command, arguments: args } });
    return until((m) => m['type'] === 'response' && m['request_seq'] === own);
  }
  const event = (name: string): Promise<Message> => until((m) => m['event'] === name);

  it('assembles, runs and debugs from files that only the host can read', async () => {
    await ask('initialize', CLIENT);
    const launched = await ask('launch', { program: 'memfs:/p/boot.asm' });
    assert.equal(launched['success'], true, JSON.stringify(launched));
    assert.ok(asked.includes('read memfs:/p/sub/value.inc'));
    await event('initialized');
    const line = FILES['memfs:/p/boot.asm']!.split('\n').findIndex((text) => text.startsWith('send:')) + 1;
    const set = await ask('setBreakpoints', { source: { path: 'memfs:/p/boot.asm' }, breakpoints: [{ line }] });
    assert.equal((set.body['breakpoints'] as { verified: boolean }[])[0]!.verified, true);
    await ask('configurationDone');
    assert.equal((await event('stopped')).body['reason'], 'breakpoint');
    const { body } = await ask('stackTrace', { threadId: 1 });
    const [top] = body['stackFrames'] as { source: { path: string }; line: number }[];
    assert.deepEqual([top!.source.path, top!.line], ['memfs:/p/boot.asm', line]);
    messages = [];
    await ask('continue', { threadId: 1 });
    assert.equal((await event('stopped')).body['reason'], 'halted');
    assert.deepEqual((await event('ringside/serial')).body, { port: 1, data: 'W' });
    assert.ok(
      !messages.some((m) => m['event'] === 'output' && m.body['category'] === 'stdout'),
      'the terminal shows it',
    );
  });

  it('reports files that cannot be read', async () => {
    await ask('initialize', CLIENT);
    assert.match(
      (await ask('launch', { program: 'memfs:/p/none.asm' }))['message'] as string,
      /none\.asm does not exist/,
    );
    assert.match((await ask('launch', { program: 'memfs:/p/locked.asm' }))['message'] as string, /permission denied/);
  });

  it('ends its thread on disconnect', async () => {
    await ask('initialize', CLIENT);
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    await ask('disconnect');
    assert.equal(await exited, 0);
  });
});
