// Entry point of the worker thread that holds the language server on a desktop.
import { parentPort } from 'node:worker_threads';
import { createConnection } from 'vscode-languageserver/node';
import { transportsOf } from './messagePort';
import { startWorkerServer } from './workerServer';

const port = parentPort;
if (!port) throw new Error('this is the entry point of a worker thread');

const { reader, writer } = transportsOf({
  post: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', listener),
});
startWorkerServer(createConnection(reader, writer));
