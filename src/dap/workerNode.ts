// Entry point of the worker thread that holds machine and session on a desktop.

import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { assembleGnu } from './gnuAssembler';
import { startWorkerSession } from './workerSession';
import type { ToWorker } from './workerProtocol';

const port = parentPort;
if (!port) throw new Error('this is the entry point of a worker thread');

const receive = startWorkerSession({
  post: (message) => port.postMessage(message),
  now: () => performance.now(),
  unixTime: () => Math.floor(Date.now() / 1000),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
  close: () => port.close(),
  assembleGnu,
});
port.on('message', (message: ToWorker) => receive(message));
