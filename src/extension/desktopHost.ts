// Starts the session worker as a Node worker thread.
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { FromWorker, ToWorker } from '../dap/workerProtocol';
import type { Host } from './host';

export const desktopHost: Host = {
  kind: 'desktop',
  startWorker(extension) {
    const worker = new Worker(vscode.Uri.joinPath(extension, 'dist', 'worker.js').fsPath);
    let stopping = false;
    return Promise.resolve({
      post: (message: ToWorker) => worker.postMessage(message),
      onMessage: (listener: (message: FromWorker) => void) => void worker.on('message', listener),
      onFailure(listener: (reason: string) => void) {
        let told = false;
        const tell = (reason: string) => {
          if (!told && !stopping) listener(reason);
          told = true;
        };
        worker.on('error', (error: Error) => tell(error.stack ?? error.message));
        worker.on('exit', (code) => tell(`the worker ended with code ${code}`));
      },
      terminate() {
        stopping = true;
        void worker.terminate();
      },
    });
  },
};
