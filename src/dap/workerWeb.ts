// Entry point of the Web Worker that holds machine and session in a browser.

import { startWorkerSession } from './workerSession';
import type { FromWorker, ToWorker } from './workerProtocol';

/** The worker's own end; the DOM library types `self` as a window. */
const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  close(): void;
  onmessage: ((event: { data: ToWorker }) => void) | null;
};

// A message to oneself comes after those that are already waiting, and without the 4 ms of nested timers.
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

const receive = startWorkerSession({
  post: (message) => scope.postMessage(message),
  now: () => performance.now(),
  unixTime: () => Math.floor(Date.now() / 1000),
  yield: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }),
  close: () => scope.close(),
});
scope.onmessage = ({ data }) => receive(data);
