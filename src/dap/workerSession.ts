// A session behind postMessage, the same in a worker thread and in a Web Worker: DAP messages come and go as objects, files
// are asked of the host (workerProtocol.ts).

import type { FileSystem, FolderEntry } from '../debugger/load/files';
import type { SessionHost } from './host';
import { REQUESTS } from './requests/all';
import { Session } from './session';
import { warmUp } from './warmUp';
import type { FromWorker, ToWorker } from './workerProtocol';

type FileAnswer = Extract<ToWorker, { type: 'file' }>;

export interface WorkerSide {
  post(message: FromWorker, transfer?: Transferable[]): void;
  now(): number;
  unixTime(): number;
  /** Resolves after messages that have arrived were handed over. */
  yield(): Promise<void>;
  close(): void;
  /** Where programs can be started. */
  assembleGnu?: FileSystem['assembleGnu'];
}

/** Answers the function that takes the host's messages. */
export function startWorkerSession(side: WorkerSide): (message: ToWorker) => void {
  const files = new HostFiles((message) => side.post(message), side.assembleGnu);
  const host: SessionHost = {
    files,
    folder: '',
    send: (message) => side.post({ type: 'dap', message }),
    now: () => side.now(),
    unixTime: () => side.unixTime(),
    yield: () => side.yield(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    close: () => side.close(),
    hasViews: true,
  };
  const session = new Session(host, REQUESTS);
  let used = false;
  void side
    .yield()
    .then(() => (used ? undefined : warmUp()))
    .catch(() => undefined); // a launch will tell
  return (message) => {
    used = true;
    if (message.type === 'dap') session.receive(message.message);
    else files.answered(message);
  };
}

class HostFiles implements FileSystem {
  private readonly waiting = new Map<number, (answer: FileAnswer) => void>();
  private next = 1;

  constructor(
    private readonly post: (message: FromWorker) => void,
    readonly assembleGnu: FileSystem['assembleGnu'],
  ) {}

  answered(answer: FileAnswer): void {
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.ask('read', path, ({ bytes }) => bytes);
  }

  list(path: string): Promise<readonly FolderEntry[] | undefined> {
    return this.ask('list', path, ({ entries }) => entries);
  }

  stat(path: string): Promise<FolderEntry | undefined> {
    return this.ask('stat', path, ({ entries }) => entries?.[0]);
  }

  private ask<T>(
    operation: 'read' | 'list' | 'stat',
    path: string,
    take: (answer: FileAnswer) => T,
  ): Promise<T | undefined> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (answer) => {
        if (answer.missing) resolve(undefined);
        else if (answer.error !== undefined) reject(new Error(answer.error));
        else resolve(take(answer));
      });
      this.post({ type: 'file', id, operation, path });
    });
  }
}
