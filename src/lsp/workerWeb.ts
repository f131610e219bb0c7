// Entry point of the Web Worker that holds the language server in a browser.
import { createConnection } from 'vscode-languageserver/browser';
import { transportsOf } from './messagePort';
import { startWorkerServer } from './workerServer';

/** The worker's own end; the DOM library types `self` as a window. */
const scope = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
};

const { reader, writer } = transportsOf({
  post: (message) => scope.postMessage(message),
  onMessage(listener) {
    scope.onmessage = ({ data }) => listener(data);
  },
});
startWorkerServer(createConnection(reader, writer));
