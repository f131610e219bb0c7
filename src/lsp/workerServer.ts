// The server beside an editor: files come from the extension, which alone can reach a workspace that is not on a disk.
import type { Connection } from 'vscode-languageserver';
import { FILE_REQUEST, type FileAccess, type FileReply } from './fileAccess';
import { HANDLERS } from './handlers/all';
import { Server } from './server';
import { uriOf } from './uris';

const isPlain = (path: string): boolean => !/^[a-z][a-z0-9+.-]+:/i.test(path);

export function startWorkerServer(connection: Connection): void {
  const ask = (operation: 'read' | 'list', path: string): Promise<FileReply> =>
    connection.sendRequest(FILE_REQUEST, { operation, path: isPlain(path) ? path : uriOf(path) });
  const files: FileAccess = {
    read: async (path) => (await ask('read', path)).bytes,
    list: async (path) => (await ask('list', path)).entries ?? [],
  };
  new Server(connection, files, HANDLERS);
  connection.listen();
}
