// What differs between the desktop's Node extension host and the browser's web worker extension host: how a worker starts.
import type { Uri } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { FromWorker, ToWorker } from '../dap/workerProtocol';
import type { MessageLink } from '../lsp/messagePort';

/** The worker that holds one machine and its debug session. */
export interface WorkerLink {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once when the worker has died by itself; `reason` is a sentence. */
  onFailure(listener: (reason: string) => void): void;
  terminate(): void;
}

export interface LanguageServerLink extends MessageLink {
  terminate(): void;
}

export interface Host {
  readonly kind: 'desktop' | 'web';
  /** Starts `dist/worker.js` or `dist/web/worker.js` of the extension. */
  startWorker(extension: Uri): Promise<WorkerLink>;
  /** Starts `dist/languageServer.js` or `dist/web/languageServer.js`. */
  startLanguageServer(extension: Uri): Promise<LanguageServerLink>;
  languageClient(connect: () => Promise<LanguageServerLink>, options: LanguageClientOptions): BaseLanguageClient;
}
