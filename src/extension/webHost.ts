// Starts the session worker and the language server as Web Workers. A script of another origin may not be started directly, so its text is fetched
// and started from a blob; `workspace.fs` serves the cases where the page's policy forbids the fetch.
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { FromWorker, ToWorker } from '../dap/workerProtocol';
import { transportsOf } from '../lsp/messagePort';
import type { Host } from './host';

const scriptText = async (script: vscode.Uri): Promise<string> => {
  try {
    const response = await fetch(script.toString(true));
    if (response.ok) return await response.text();
  } catch {
    // tried again below
  }
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(script));
};

const start = async (extension: vscode.Uri, script: string, name: string): Promise<{ worker: Worker; url: string }> => {
  const text = await scriptText(vscode.Uri.joinPath(extension, 'dist', 'web', script));
  const url = URL.createObjectURL(new Blob([text], { type: 'application/javascript' }));
  return { worker: new Worker(url, { name }), url };
};

export const webHost: Host = {
  kind: 'web',
  async startWorker(extension) {
    const { worker, url } = await start(extension, 'worker.js', 'Ringside');
    return {
      post: (message: ToWorker) => worker.postMessage(message),
      onMessage(listener: (message: FromWorker) => void) {
        worker.onmessage = (event: MessageEvent<FromWorker>) => listener(event.data);
      },
      onFailure(listener: (reason: string) => void) {
        worker.onerror = (event) => listener(event.message || 'the worker could not be started');
      },
      terminate() {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  },
  async startLanguageServer(extension) {
    const { worker, url } = await start(extension, 'languageServer.js', 'Ringside language server');
    return {
      post: (message: unknown) => worker.postMessage(message),
      onMessage(listener: (message: unknown) => void) {
        worker.onmessage = (event: MessageEvent<unknown>) => listener(event.data);
      },
      terminate() {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  },
  languageClient: (connect, options) =>
    new LanguageClient('ringside', 'Ringside Language Server', async () => transportsOf(await connect()), options),
};
