// A client of `ringside lsp` on stdio, as an editor is one: requests, notifications, and the diagnostics it was told.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { Diagnostic, InitializeResult, ProtocolConnection } from 'vscode-languageserver/node';

const ROOT = path.resolve(import.meta.dirname, '../../..');

export class LspClient {
  readonly diagnostics = new Map<string, Diagnostic[]>();
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly child: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly server: InitializeResult,
  ) {
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
      this.diagnostics.set(uri, diagnostics);
      for (const wake of this.waiting) wake();
    });
  }

  /** Starts the command from its source, opens `folder` (a file: URI). */
  static async start(folder: string, capabilities: object = {}, options: object = {}): Promise<LspClient> {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'src/cli/main.ts'), 'lsp', '--stdio'], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout!),
      new StreamMessageWriter(child.stdin!),
    );
    connection.listen();
    const server: InitializeResult = await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: folder,
      workspaceFolders: [{ uri: folder, name: 'w' }],
      capabilities,
      initializationOptions: options,
    });
    const client = new LspClient(child, connection, server);
    await connection.sendNotification('initialized', {});
    return client;
  }

  open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, text, version: 1, languageId: 'nasm' };
    return this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  change(uri: string, version: number, contentChanges: readonly object[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  /** A request about a document, with whatever else it needs. */
  ask<T>(method: string, uri: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest(method, { textDocument: { uri }, ...more });
  }

  /** Waits until the diagnostics of a file are as wanted. */
  async diagnosed(uri: string, wanted: (list: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    const end = Date.now() + 20_000;
    for (;;) {
      const list = this.diagnostics.get(uri);
      if (list && wanted(list)) return list;
      if (Date.now() > end) throw new Error(`${uri} has ${JSON.stringify(list)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 1000);
        const { waiting } = this;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  /** Ends the server as the protocol says; resolves with its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', (code) => resolve(code)));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    const code = await ended;
    clearTimeout(timer);
    this.connection.dispose();
    return code;
  }
}
