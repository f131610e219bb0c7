// What a debug session needs of the program it runs in: a worker thread, a Web Worker, or a process on stdio or TCP.

import type { FileSystem } from '../debugger/load/files';

export interface SessionHost {
  readonly files: FileSystem;
  /** Folder that relative paths start from; empty when there is none. */
  readonly folder: string;
  /** Sends one protocol message. */
  send(message: unknown): void;
  /** Milliseconds of a steady clock. */
  now(): number;
  /** Unix seconds: the value of `startTime: "now"`. */
  unixTime(): number;
  /** Resolves after the messages that have arrived by now were handed over. */
  yield(): Promise<void>;
  /** Resolves after so many milliseconds, or earlier. */
  sleep(milliseconds: number): Promise<void>;
  /** The session is over. */
  close(): void;
  /** The client shows the guest's serial ports itself; else their output goes to the debug console. */
  readonly hasViews: boolean;
}
