// Messages between the extension host and the worker that holds machine and debug session: DAP messages, and the worker's
// access to files, which only the host can grant (a workspace need not be on a disk). Sent with postMessage in both kinds of
// worker, so bytes travel as they are.

/** To the worker. */
export type ToWorker =
  /** A DAP request of the client, or its answer to a reverse request. */
  | { type: 'dap'; message: unknown }
  /** Answer to a `file` message. `error` is a sentence for people; `missing` says that the file does not exist. */
  | {
      type: 'file';
      id: number;
      bytes?: Uint8Array;
      entries?: readonly FolderEntry[];
      error?: string;
      missing?: boolean;
    };

/** From the worker. */
export type FromWorker =
  /** A DAP response, event or reverse request. */
  | { type: 'dap'; message: unknown }
  /**
   * Wants a file or folder of the host. `path` is a file path, or a URI string when the workspace is not on disk: take what
   * the launch request gave and join names with `/`. `write` makes folders as needed.
   */
  | { type: 'file'; id: number; operation: 'read' | 'list' | 'stat'; path: string }
  | { type: 'file'; id: number; operation: 'write'; path: string; bytes: Uint8Array };

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder';
  /** Bytes; only in the answer to `stat`, which has one entry. */
  size?: number;
}
