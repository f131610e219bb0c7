// What the benchmark knows of a machine: whether it is there, and how to run an image to its end.

import type { Guest } from '../guests';

export interface ImageRun {
  /** The eight hexadecimal digits that the guest wrote to port 0xE9 or COM1. */
  checksum: string;
  /** Processor time of everything the run took, start-up included, in seconds. */
  seconds: number;
  /** Retired instructions, from the machine that counts them. */
  icount?: number;
}

/** A machine ready to run images one after the other. Runs reject with a sentence when the guest does not end. */
export interface Session {
  run(image: Uint8Array): Promise<ImageRun>;
  /** All runs are in one process, whose compilers need a while for the code that matters. */
  readonly warmsUp?: true;
  close(): void;
}

export interface BenchMachine {
  id: string;
  title: string;
  /** What is missing on this computer to run it, or undefined. */
  missing(): string | undefined;
  version(): string;
  /** It has no 64-bit mode. */
  only32?: true;
  open(guest: Guest): Session;
}

/** No single run may take longer than this many seconds of wall-clock time. */
export const RUN_TIMEOUT = 40;
export const CHECKSUM = /\b[0-9A-F]{8}\b/;
