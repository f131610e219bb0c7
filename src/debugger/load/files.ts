// Files as the debugger gets them: from a disk, or from an editor's workspace by messages. Everything may take its time.

import type { GnuBuild, GnuOptions } from './gnu';

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder';
  /** Bytes, when known. */
  size?: number;
}

export interface FileSystem {
  /** Undefined when the file does not exist; rejects with a sentence when it cannot be read. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Undefined when the folder does not exist. */
  list(path: string): Promise<readonly FolderEntry[] | undefined>;
  /** Assembles a source of the GNU assembler, where this computer's programs can be started. */
  assembleGnu?(path: string, source: string, options: GnuOptions): Promise<GnuBuild>;
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FolderEntry | undefined>;
}
