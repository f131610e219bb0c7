// Files on this computer's disks.

import { readdir, readFile, stat } from 'node:fs/promises';
import type { FileSystem } from '../debugger/load/files';
import { assembleGnu } from './gnuAssembler';

const missing = (error: unknown): undefined => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
};

export const nodeFiles: FileSystem = {
  assembleGnu,
  read: async (path) => readFile(path).then((bytes) => new Uint8Array(bytes), missing),
  list: async (path) =>
    readdir(path, { withFileTypes: true }).then(
      (entries) =>
        entries.map((entry) => ({
          name: entry.name,
          kind: entry.isDirectory() ? ('folder' as const) : ('file' as const),
        })),
      missing,
    ),
  stat: async (path) =>
    stat(path).then(
      (found) => ({
        name: path,
        kind: found.isDirectory() ? ('folder' as const) : ('file' as const),
        size: found.size,
      }),
      missing,
    ),
};
