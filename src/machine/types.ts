// What the layers above see of the machine: how to build one, run it, stop it and look inside. Implemented by Machine
// (machine.ts); everything is synchronous and deterministic: run() executes at most so many instructions and says why it stopped.

import type { CpuModel } from '../cpu/models';

export type { CpuModel } from '../cpu/models';

export interface DriveOptions {
  /** Whole image. Writes go to a copy-on-write overlay; the bytes here are never changed. */
  image: Uint8Array;
  kind: 'floppy' | 'ide';
  readOnly?: boolean;
  /** For messages. */
  name: string;
}

export interface KernelOptions {
  /** The whole file: with a Multiboot header, or ELF for 32 bits. */
  image: Uint8Array;
  /** For messages. */
  name: string;
  commandLine?: string;
  modules?: readonly { bytes: Uint8Array; commandLine: string }[];
}

/** Devices that a PC does not have by itself; see devices/fwcfg and devices/testdev. */
export const EXTRA_DEVICES = ['fw-cfg', 'testdev'] as const;
export type ExtraDevice = (typeof EXTRA_DEVICES)[number];

export interface MachineOptions {
  /** RAM in bytes, 1 MB to 1 GB, default 64 MB. */
  memory?: number;
  cpu?: CpuModel;
  /** 1 (default) to 8; more than one only with local APICs, which x86-64 has. */
  processors?: number;
  drives?: readonly DriveOptions[];
  /** Started by the built-in firmware instead of a drive's boot sector. */
  kernel?: KernelOptions;
  devices?: readonly ExtraDevice[];
  /** Replacement firmware image (up to 256 KB, placed below 1 MB and at the top of 4 GB); default: built-in services. */
  bios?: Uint8Array;
  /** Clock of the CMOS at power-on, Unix seconds; an input of the machine, never read from the host below the cli/dap layers. */
  startTime?: number;
  /** Where the numbers of RDRAND and RDSEED come from (64 bits each); default: a generator that gives the same ones in every run. */
  random?: () => bigint;
  /** Virtual speed: instructions per virtual second (default 100e6). */
  instructionsPerSecond?: number;
}

export interface WatchpointStop {
  kind: 'watchpoint';
  linear: number;
  size: number;
  access: 'read' | 'write';
  pc: number;
  /** What was read or written, and what was there before a write; cut short where there is no plain memory. */
  value: Uint8Array;
  before?: Uint8Array;
}

/** A breakpoint on executing at a linear address. Kept outside guest memory; survives the code being overwritten. */
export type StopReason =
  | { kind: 'limit' } // the requested number of instructions has retired
  | { kind: 'breakpoint'; linear: number } // before executing the instruction there
  | WatchpointStop // after the access
  | { kind: 'exception'; vector: number } // an armed exception filter matched, before delivery (INT3, INTO, double fault: after it)
  | { kind: 'transition'; index: number } // an armed transition filter matched, after it
  | { kind: 'halted' } // HLT with interrupts off: nothing can wake the processor
  | { kind: 'waiting' } // HLT waiting for outside input only (no timer due); time does not advance
  | { kind: 'shutdown'; cause: 'triple-fault' | 'port' } // triple fault, or a shutdown port
  | { kind: 'debug-exit'; code: number } // isa-debug-exit port 0xF4, code as written (guest value)
  | { kind: 'reset' } // the guest asked for a reset, the machine has performed it (StopFilters.reset)
  | { kind: 'others' } // step(): other processors have run, the one to be stepped has not had its turn yet
  | { kind: 'paused' }; // requestStop() was called from a callback (e.g. serial pattern matched)

export interface Watchpoint {
  linear: number;
  length: number;
  access: 'read' | 'write' | 'readWrite';
}

export interface StopFilters {
  /** Vectors 0..31 whose delivery stops the machine before it happens. */
  exceptions?: ReadonlySet<number>;
  /** Stop after any change of CPL / of mode. */
  ringChange?: boolean;
  modeChange?: boolean;
  /** Stop after a reset that the guest asked for was performed. Default false: it goes on. */
  reset?: boolean;
  /** Stop instead of resetting on triple fault (always reported as shutdown). Default true. */
  tripleFault?: boolean;
}

export type Mode = 'real' | 'v8086' | 'protected16' | 'protected32' | 'compatibility' | '64-bit' | 'smm';
