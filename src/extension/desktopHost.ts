// Starts the session worker and the language server as Node worker threads.
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import type { FromWorker, ToWorker } from '../dap/workerProtocol';
import { transportsOf } from '../lsp/messagePort';
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
  startLanguageServer(extension) {
    const script = vscode.Uri.joinPath(extension, 'dist', 'languageServer.js').fsPath;
    // Each assembly leaves much behind at once: a larger nursery halves what collecting it costs.
    const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: 96 } });
    return Promise.resolve({
      post: (message: unknown) => worker.postMessage(message),
      onMessage: (listener: (message: unknown) => void) => void worker.on('message', listener),
      terminate: () => void worker.terminate(),
    });
  },
  languageClient: (connect, options) =>
    new LanguageClient('ringside', 'Ringside Language Server', async () => transportsOf(await connect()), options),
};
