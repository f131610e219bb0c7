// Answers the worker's requests for files: through VS Code's file systems, so that it works on any workspace.
import * as vscode from 'vscode';
import type { FolderEntry, FromWorker, ToWorker } from '../dap/workerProtocol';
import { fromSessionPath, isSessionPath } from './paths';

type FileRequest = Extract<FromWorker, { type: 'file' }>;
type FileAnswer = Extract<ToWorker, { type: 'file' }>;

const kindOf = (type: vscode.FileType): FolderEntry['kind'] => (type & vscode.FileType.Directory ? 'folder' : 'file');

/** The text as it stands in an editor with unsaved changes, so that one debugs what one sees. */
const unsaved = (uri: vscode.Uri): Uint8Array | undefined => {
  const key = uri.toString();
  const document = vscode.workspace.textDocuments.find((d) => d.isDirty && d.uri.toString() === key);
  return document && new TextEncoder().encode(document.getText());
};

const perform = async (request: FileRequest): Promise<Partial<FileAnswer>> => {
  const uri = fromSessionPath(request.path);
  const { fs } = vscode.workspace;
  switch (request.operation) {
    case 'read':
      return { bytes: unsaved(uri) ?? (await fs.readFile(uri)) };
    case 'list':
      return { entries: (await fs.readDirectory(uri)).map(([name, type]) => ({ name, kind: kindOf(type) })) };
    case 'stat': {
      const { type, size } = await fs.stat(uri);
      return { entries: [{ name: uri.path.split('/').pop() ?? '', kind: kindOf(type), size }] };
    }
    case 'write':
      await fs.writeFile(uri, request.bytes);
      return {};
  }
};

/** Never rejects: a failure is the answer's `error`. */
export const answerFileRequest = async (request: FileRequest): Promise<FileAnswer> => {
  const { id } = request;
  if (!isSessionPath(request.path)) return { type: 'file', id, missing: true, error: `${request.path} does not exist` };
  try {
    return { type: 'file', id, ...(await perform(request)) };
  } catch (error) {
    const missing = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
    const said = error instanceof Error ? error.message : String(error);
    return { type: 'file', id, missing, error: missing ? `${request.path} does not exist` : said };
  }
};
