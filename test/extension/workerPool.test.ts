// Which worker a session gets: the one that was started for it, unless that has died while it waited.
import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import type { Host, WorkerLink } from '../../src/extension/host';
import { WorkerPool } from '../../src/extension/workerPool';

interface Made extends WorkerLink {
  number: number;
  ended: boolean;
  fail(reason: string): void;
}

/** A pool over workers that are only counted; `refuse` makes the next one fail to start. */
const pool = () => {
  const made: Made[] = [];
  const state = { refuse: undefined as string | undefined };
  const startWorker = async (): Promise<WorkerLink> => {
    if (state.refuse !== undefined) throw new Error(state.refuse);
    const failures: ((reason: string) => void)[] = [];
    const worker: Made = {
      number: made.length,
      ended: false,
      post: () => undefined,
      onMessage: () => undefined,
      onFailure: (listener) => failures.push(listener),
      terminate: () => (worker.ended = true),
      fail: (reason) => failures.forEach((listener) => listener(reason)),
    };
    made.push(worker);
    return worker;
  };
  return { made, state, workers: new WorkerPool({ startWorker } as unknown as Host, {} as Uri) };
};
const numberOf = async (taken: Promise<WorkerLink>): Promise<number> => ((await taken) as Made).number;

describe('workers that wait for a session', () => {
  it('are started once, however often a session is foreseen, and taken once', async () => {
    const { made, workers } = pool();
    workers.prepare();
    workers.prepare();
    assert.equal(await numberOf(workers.take()), 0);
    assert.equal(await numberOf(workers.take()), 1);
    assert.equal(made.length, 2);
    workers.dispose();
    assert.deepEqual(made.map(({ ended }) => ended), [false, false], 'those in use are their sessions’'); // prettier-ignore
  });

  it('are not taken when they have died meanwhile', async () => {
    const { made, workers } = pool();
    workers.prepare();
    await Promise.resolve();
    await Promise.resolve();
    made[0]!.fail('out of memory');
    assert.equal(await numberOf(workers.take()), 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(made[0]!.ended);
    workers.dispose();
  });

  it('that died before do not take a living one with them', async () => {
    const { made, workers } = pool();
    workers.prepare();
    await workers.take();
    workers.prepare();
    made[0]!.fail('late');
    assert.equal(await numberOf(workers.take()), 1);
    workers.dispose();
  });

  it('that cannot be started tell whoever takes them', async () => {
    const { state, workers } = pool();
    state.refuse = 'no threads here';
    workers.prepare();
    await assert.rejects(workers.take(), /no threads here/);
    state.refuse = undefined;
    assert.equal(await numberOf(workers.take()), 0);
    workers.dispose();
  });

  it('end with the window, and none is started after', async () => {
    const { made, workers } = pool();
    workers.prepare();
    workers.dispose();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(made[0]!.ended);
    workers.prepare();
    assert.equal(made.length, 1);
  });
});
