// Starts the session worker as a Web Worker. A script of another origin may not be started directly, so its text is fetched
// and started from a blob; `workspace.fs` serves the cases where the page's policy forbids the fetch.
import * as vscode from 'vscode';
import type { FromWorker, ToWorker } from '../dap/workerProtocol';
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

export const webHost: Host = {
  kind: 'web',
  async startWorker(extension) {
    const text = await scriptText(vscode.Uri.joinPath(extension, 'dist', 'web', 'worker.js'));
    const url = URL.createObjectURL(new Blob([text], { type: 'application/javascript' }));
    const worker = new Worker(url, { name: 'Ringside' });
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
};
