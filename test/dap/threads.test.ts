// Several processors in the debug adapter: a thread each, with its own stack, registers and steps.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { lineOf, sample, stdioClient, type TestClient } from './support/client';

const SMP = sample('smp');
const SOURCE = readFileSync(SMP, 'utf8');
const line = (text: string): number => lineOf(SOURCE, text);
const AP_FIRST = line('jmp 0:.here             ; the start-up message');
const AP_UP = line('mov si, text_up');
const ON_MESSAGE = line('mov si, text_message');

describe('debug adapter with several processors', function () {
  this.timeout(30_000);
  let c: TestClient;
  beforeEach(async () => {
    c = await stdioClient();
  });
  afterEach(() => c.stop());

  const names = async (): Promise<string[]> => (await c.threadsRequest()).body.threads.map(({ name }) => name);
  const stack = async (threadId: number): Promise<DebugProtocol.StackFrame[]> =>
    (await c.stackTraceRequest({ threadId })).body.stackFrames;
  const value = async (expression: string, frameId: number): Promise<string> =>
    (await c.evaluateRequest({ expression, frameId, context: 'watch' })).body.result;
  const launch = (lines: number[]): Promise<DebugProtocol.StoppedEvent['body']> =>
    c.launchTo({ program: SMP, cpu: 'x86-64', cpus: 4 }, { [SMP]: lines });

  it('lists a thread for each; a stop names its own', async () => {
    let stopped = await launch([line('mov si, text_first'), AP_FIRST]);
    assert.deepEqual([stopped.threadId, stopped.allThreadsStopped], [1, true]);
    assert.deepEqual(await names(), ['vCPU 0: real, ring 0', ...[1, 2, 3].map((n) => `vCPU ${n}: waits for start-up`)]);
    const order: (number | undefined)[] = [];
    for (let n = 1; n <= 3; n++) {
      stopped = await c.stopAfter(c.continueRequest({ threadId: 1 }));
      order.push(stopped.threadId);
    }
    assert.deepEqual(order, [2, 3, 4]);
    const [top] = await stack(4);
    assert.equal(top!.line, AP_FIRST);
    assert.equal(top!.instructionPointerReference, '0x8001');
    assert.deepEqual(
      await names(),
      [0, 1, 2, 3].map((n) => `vCPU ${n}: real, ring 0`),
    );
  });

  it('shows stack, registers and expressions of the thread that is asked for', async () => {
    const stopped = await launch([AP_UP]);
    assert.equal(stopped.threadId, 2);
    const [own] = await stack(2);
    const [first] = await stack(1);
    assert.equal(own!.line, AP_UP);
    assert.notEqual(first!.line, AP_UP);
    assert.notEqual(own!.id, first!.id);
    assert.match(await value('sp', own!.id), /7000/);
    assert.match(await value('sp', first!.id), /7c00|7bf/);
    // a scope is its frame's, whatever was looked at since
    const { scopes } = (await c.scopesRequest({ frameId: own!.id })).body;
    const reference = scopes.find((scope) => scope.name === 'General')!.variablesReference;
    await stack(1);
    const { variables } = (await c.variablesRequest({ variablesReference: reference })).body;
    assert.match(variables.find((v) => /sp$/i.test(v.name))!.value, /7000/);
    await c.refused('stackTrace', { threadId: 5 });
  });

  it('steps the thread that is asked to', async () => {
    await launch([AP_UP]);
    await c.setBreakpointsRequest({ source: { path: SMP }, breakpoints: [] }); // the others would come to it
    const [before] = await stack(1);
    const stopped = await c.stopAfter(c.send('stepIn', { threadId: 1, granularity: 'instruction' }));
    assert.deepEqual([stopped.reason, stopped.threadId], ['step', 1]);
    const [after] = await stack(1);
    assert.notEqual(after!.instructionPointerReference, before!.instructionPointerReference);
    const [other] = await stack(2);
    const again = await c.stopAfter(c.send('stepIn', { threadId: 2, granularity: 'instruction' }));
    assert.deepEqual([again.reason, again.threadId], ['step', 2]);
    assert.notEqual((await stack(2))[0]!.instructionPointerReference, other!.instructionPointerReference);
  });

  it('stops in the handler of the processor that got the message', async () => {
    const stopped = await launch([ON_MESSAGE]);
    assert.equal(stopped.threadId, 2);
    const next = await c.stopAfter(c.continueRequest({ threadId: 2 }));
    assert.equal(next.threadId, 3);
    assert.match((await names())[3]!, /^vCPU 3: real, ring 0, halted$/);
  });

  it('refuses a number of processors that cannot be had', async () => {
    assert.match(await c.refused('launch', { program: SMP, cpu: 'pentium', cpus: 4 }), /"cpus" above 1 needs/);
    assert.match(await c.refused('launch', { program: SMP, cpu: 'x86-64', cpus: 9 }), /from 1 to 8/);
  });
});
