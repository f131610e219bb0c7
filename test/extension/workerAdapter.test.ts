// The pipe between the editor and a session's worker: what either sees of the other, and what the editor is told when the
// worker is not there.
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import './support/fakeEditor';
import type { WorkerLink } from '../../src/extension/host';
import type { FromWorker, ToWorker } from '../../src/dap/workerProtocol';
import { WorkerAdapter } from '../../src/extension/workerAdapter';

interface Message {
  seq: number;
  type: string;
  command?: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

/** An adapter, what its editor has heard, and the worker's end. */
const session = (worker?: Promise<WorkerLink>) => {
  const posted: Message[] = [];
  let ended = false;
  let say: (message: FromWorker) => void = () => assert.fail('nobody listens to the worker');
  let die: (reason: string) => void = () => assert.fail('nobody waits for a failure');
  const link: WorkerLink = {
    post: (message: ToWorker) => message.type === 'dap' && posted.push(message.message as Message),
    onMessage: (listener) => (say = listener),
    onFailure: (listener) => (die = listener),
    terminate: () => (ended = true),
  };
  const adapter = new WorkerAdapter(worker ?? Promise.resolve(link));
  const heard: Message[] = [];
  adapter.onDidSendMessage((message) => heard.push(message as Message));
  let seq = 0;
  return {
    adapter,
    heard,
    posted,
    ended: () => ended,
    ask: (command: string) =>
      adapter.handleMessage({ seq: ++seq, type: 'request', command } as vscode.DebugProtocolMessage),
    say: (message: Omit<Message, 'seq'>) => say({ type: 'dap', message: { seq: 0, ...message } } as FromWorker),
    die: (reason: string) => die(reason),
  };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));
const event = (name: string, body: unknown = {}) => ({ type: 'event', event: name, body });
const answer = (request: Message, body: unknown = {}) => ({
  type: 'response',
  request_seq: request.seq,
  command: request.command,
  success: true,
  body,
});
const events = (messages: Message[]) => messages.map((each) => each.event ?? each.command);

describe('the adapter that the editor talks to', () => {
  it('keeps requests for a worker that is still starting, in their order', async () => {
    const { ask, posted } = session();
    ask('initialize');
    ask('launch');
    assert.deepEqual(posted, []);
    await turn();
    ask('threads');
    assert.deepEqual(posted.map(({ command }) => command), ['initialize', 'launch', 'threads']); // prettier-ignore
  });

  it('gives answers to whoever asked, and keeps events for the views from the editor', async () => {
    const { adapter, ask, say, posted, heard } = session();
    await turn();
    const seen: string[] = [];
    adapter.events.on(({ event: name }) => seen.push(name));
    ask('threads');
    const frame = adapter.request('ringside/screen');
    const failing = adapter.request('ringside/key');
    const [threads, screen, key] = posted;
    say(event('ringside/state', { running: false }));
    say(event('stopped'));
    say(answer(screen!, { frame: 7 }));
    say({ ...answer(key!), success: false, message: 'no such key' });
    say(answer(threads!));
    assert.deepEqual(await frame, { frame: 7 });
    await assert.rejects(failing, /no such key/);
    assert.deepEqual(events(heard), ['stopped', 'threads']);
    assert.deepEqual(seen, ['ringside/state', 'stopped']);
  });

  it('lets a response be changed before the editor sees it', async () => {
    const { adapter, ask, say, posted, heard } = session();
    await turn();
    ask('launch');
    adapter.filterResponse = (response) => void (response.body = { changed: true });
    say(answer(posted[0]!));
    assert.deepEqual(heard[0]!.body, { changed: true });
  });

  it('repeats the last stop while the guest stands there', async () => {
    const { adapter, say, heard } = session();
    await turn();
    adapter.repeatStop();
    assert.equal(heard.length, 0, 'there was none yet');
    say(event('stopped', { reason: 'breakpoint' }));
    adapter.repeatStop();
    assert.deepEqual(heard.map(({ body }) => body), [{ reason: 'breakpoint' }, { reason: 'breakpoint' }]); // prettier-ignore
    assert.notEqual(heard[0]!.seq, heard[1]!.seq);
    say(event('ringside/state', { running: true }));
    adapter.repeatStop();
    assert.equal(heard.length, 2);
  });

  it('lets the views fetch what they keep before the session ends, but not for long', async () => {
    for (const ready of [() => Promise.resolve(), () => Promise.reject(new Error('no')), () => new Promise(() => {})]) {
      const { adapter, say, heard } = session();
      await turn();
      adapter.beforeEnd = ready;
      const began = Date.now();
      say(event('terminated'));
      assert.deepEqual(heard, []);
      while (heard.length === 0 && Date.now() - began < 5000) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(events(heard), ['terminated']);
    }
  });

  for (const [name, worker] of [
    ['died', undefined],
    ['could not be started', Promise.reject(new Error('no memory\nat line 1'))],
  ] as const) {
    worker?.catch(() => undefined);
    it(`says that the worker ${name}, answers what was asked, and ends the session`, async () => {
      const { adapter, ask, heard, die } = session(worker as Promise<WorkerLink> | undefined);
      ask('launch');
      const own = assert.rejects(adapter.request('ringside/screen'), /the session has ended/);
      await turn();
      if (!worker) die('no memory\nat line 1');
      assert.deepEqual(events(heard), ['output', 'launch', 'terminated']);
      const [output, launch] = heard;
      assert.match((output!.body as { output: string }).output, /stopped unexpectedly.*\nno memory\nat line 1\n/);
      assert.equal(launch!.success, false);
      assert.equal(launch!.message, "Ringside's machine is not running: no memory");
      await own;
      await assert.rejects(adapter.request('ringside/key'), /the session has ended/);
      ask('threads');
      ask('disconnect');
      const [threads, disconnect] = heard.slice(3);
      assert.deepEqual(
        [threads!.success, disconnect!.success],
        [false, true],
        'nothing keeps the editor from ending it',
      );
    });
  }

  it('finds nothing wrong with a worker that ends after the session, however late the editor lets go of it', async () => {
    const { adapter, ask, say, posted, heard, die } = session();
    await turn();
    const own = assert.rejects(adapter.request('ringside/screen'), /the session has ended/);
    ask('variables');
    ask('disconnect');
    say(answer(posted.find(({ command }) => command === 'disconnect')!));
    await own;
    die('the worker ended with code 0');
    ask('threads');
    assert.deepEqual(
      heard.map(({ command, success }) => [command, success]).sort(),
      [['disconnect', true], ['threads', false], ['variables', false]], // prettier-ignore
    );
    await assert.rejects(adapter.request('ringside/screen'), /the session has ended/);
  });

  it('ends the worker with itself, also one that comes late', async () => {
    const late = session();
    late.adapter.dispose();
    await turn();
    assert.ok(late.ended());
    const known = session();
    await turn();
    const own = known.adapter.request('ringside/screen');
    known.adapter.dispose();
    known.adapter.dispose();
    assert.ok(known.ended());
    await assert.rejects(own, /the session has ended/);
    known.say(event('stopped'));
    assert.deepEqual(known.heard, []);
  });
});
