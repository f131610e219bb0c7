// Files as the server gets them: from a disk when it runs by itself, from the editor's workspace when it runs beside one.

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder';
}

export interface FileAccess {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Empty when there is no such folder. */
  list(path: string): Promise<readonly FolderEntry[]>;
}

/** The request by which the server asks the editor's extension for a file or a folder. */
export const FILE_REQUEST = 'ringside/file';

export interface FileQuery {
  operation: 'read' | 'list';
  path: string;
}

export interface FileReply {
  bytes?: Uint8Array;
  entries?: readonly FolderEntry[];
}

const SOURCES = /\.(asm|nasm|inc|mac|s)$/i;
const SKIPPED = /^(\.|node_modules$|out$|dist$|build$|target$)/;
const LARGEST = 2_000_000;

export interface ScanLimits {
  files: number;
  depth: number;
}

/** Assembly sources of a folder and those below, breadth first, up to a limit. */
export async function findSources(
  folder: string,
  files: FileAccess,
  limits: ScanLimits,
): Promise<{ path: string; bytes: Uint8Array }[]> {
  const paths: string[] = [];
  let level = [folder];
  for (let depth = 0; depth < limits.depth && level.length > 0; depth++) {
    const lists = await Promise.all(level.map(async (at) => ({ at, entries: await files.list(at) })));
    level = [];
    for (const { at, entries } of lists) {
      for (const { name, kind } of entries) {
        if (kind === 'folder' && !SKIPPED.test(name)) level.push(`${at}/${name}`);
        else if (kind === 'file' && SOURCES.test(name) && paths.length < limits.files) paths.push(`${at}/${name}`);
      }
    }
  }
  const read = await Promise.all(paths.map(async (path) => ({ path, bytes: await files.read(path) })));
  return read.flatMap(({ path, bytes }) => (bytes && bytes.length <= LARGEST ? [{ path, bytes }] : []));
}
