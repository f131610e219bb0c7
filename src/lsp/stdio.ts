// The server for any editor: LSP on streams, files from the disk.
import { readFile, readdir } from 'node:fs/promises';
import { createConnection } from 'vscode-languageserver/node';
import type { FileAccess } from './fileAccess';
import { HANDLERS } from './handlers/all';
import { Server } from './server';

const disk: FileAccess = {
  read: (path) => readFile(path).catch(() => undefined),
  async list(path) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
  },
};

/** Serves one client; the process ends with the client's `exit`, or when the input ends. */
export function serveLsp(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const connection = createConnection(input, output);
    new Server(connection, disk, HANDLERS);
    connection.onExit(() => resolve());
    input.on('end', () => resolve());
    connection.listen();
  });
}
