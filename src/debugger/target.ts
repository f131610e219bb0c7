// What the debugger needs of a machine, and nothing more; machineTarget.ts gives it for the real one, tests for small fakes.
// Linear and physical addresses are numbers (linear.ts); register values are bigint, so that 64-bit registers need no second path.

import type { PageWalk } from '../machine/processorFacts';
import type { Mode, StopFilters, StopReason, Watchpoint } from '../machine/types';

/** Numbers of the segment caches: ES CS SS DS FS GS LDTR TR. */
export const enum SegIndex {
  ES = 0,
  CS = 1,
  SS = 2,
  DS = 3,
  FS = 4,
  GS = 5,
  LDTR = 6,
  TR = 7,
}

/** A segment register with its hidden descriptor cache. */
export interface SegmentCache {
  selector: number;
  /** The base that counts: 0 for ES, CS, SS and DS in 64-bit code, whatever the cache holds. */
  base: number;
  /** In bytes, after granularity. */
  limit: number;
  /** Descriptor type, bits 0-3. */
  type: number;
  /** S bit: code or data, not system. */
  codeOrData: boolean;
  dpl: number;
  present: boolean;
  /** D/B: 32-bit default size. */
  big: boolean;
  /** L: 64-bit code. */
  long: boolean;
  granular: boolean;
  /** Null selector or otherwise not usable. */
  unusable: boolean;
}

/** One entry of the machine's history of transitions. */
export interface TransitionView {
  index: number;
  icount: number;
  kind: string;
  vector: number | undefined;
  from: TransitionEnd;
  to: TransitionEnd;
  /** Selector of the call or task gate, or index of the IDT entry times 8. */
  gate: number | undefined;
  /** Selector of the TSS that gave the new stack or task. */
  tss: number | undefined;
  errorCode: number | undefined;
  /** Number of the processor, where there are several. */
  processor?: number;
}

export interface TransitionEnd {
  cpl: number;
  mode: Mode;
  cs: number;
  rip: number;
  ss: number;
  rsp: number;
}

/** Sums over a run of consecutive entries. */
export interface TransitionTotals {
  first: number;
  count: number;
  firstIcount: number;
  lastIcount: number;
  /** Per kind (in the order of `kinds`), then per edge: lane it leaves times the number of lanes, plus lane it enters. */
  totals: ArrayLike<number>;
}

export type ScanVisitor = (
  index: number,
  icount: number,
  kind: number,
  from: number,
  to: number,
  processor: number,
) => void;

export interface TransitionHistory {
  /** Entries ever recorded; those before `dropped` survive only in the totals. */
  readonly count: number;
  readonly dropped: number;
  /** Names of the kinds, in the order of the totals. */
  readonly kinds: readonly string[];
  get(index: number): TransitionView | undefined;
  /** Index of the first kept entry at or after `icount`. */
  indexAt(icount: number): number;
  /**
   * Visits the kept entries from `first` up to `end` as plain numbers: the kind's position in `kinds`, lanes 0 to 3 for rings, 4
   * for real mode, 5 for v8086 mode, 6 for system management mode, and the
   * processor.
   */
  scan(first: number, end: number, visit: ScanVisitor): void;
  allTotals(): readonly TransitionTotals[];
}

/** An exception as the processor raised it, with the reason in words. */
export interface ExceptionView {
  vector: number;
  errorCode: number | undefined;
  cr2: number | undefined;
  /** Linear address of the instruction that raised it, when it is known. */
  linear: number | undefined;
  /** Which check failed, one sentence. */
  reason: string;
  /** The error code in words. */
  errorWords: string | undefined;
  /** The numbers behind the check, `name = value`. */
  facts: readonly string[];
  /** Where the manual has it. */
  section: string | undefined;
}

/** What a processor does, in short. */
export interface ProcessorView {
  mode: Mode;
  cpl: number;
  /** Executes nothing: in HLT, or waits for its start-up message. */
  rests: 'halted' | 'start-up' | undefined;
  paging: boolean;
  cs: number;
  /** Signed in 64-bit code. */
  ip: number;
  bits: 16 | 32 | 64;
}

export interface DebugTarget {
  /** How many processors there are. Everything about a processor is about `processor`: after a stop, the one that stopped. */
  readonly processors: number;
  readonly processor: number;
  /** Looks at another one, and steps it; the machine's own order does not change. */
  select(processor: number): void;
  describe(processor: number): ProcessorView;
  readonly icount: number;
  readonly mode: Mode;
  readonly cpl: number;
  readonly paging: boolean;

  /** Virtual nanoseconds since power-on. */
  readonly timeNs: number;
  /** In HLT, waiting for an interrupt. */
  readonly halted: boolean;

  /**
   * Executes at most `max` instructions and not past virtual time `untilNs`. A breakpoint on the very first instruction
   * counts, unless that is where the last run or step stopped for another reason than its limit.
   */
  run(max: number, untilNs?: number): StopReason;
  /**
   * Executes one instruction, ignoring breakpoints there; `limit` when nothing else happened. A fault that it raises ends
   * the step at the first instruction of the handler; an interrupt that was due before it is delivered first.
   */
  step(): StopReason;
  /** Power-on state. */
  reset(): void;

  /** By physical address, code is found wherever it is mapped. */
  setBreakpoints(linear: ReadonlySet<number>, physical: ReadonlySet<number>): void;
  setWatchpoints(watchpoints: readonly Watchpoint[]): void;
  setFilters(filters: StopFilters): void;

  /** Whole registers by name: rax..r15, rip, eflags, es..gs, ldtr, tr, cr0..cr8, dr0..dr7, gdtr.base and the like. */
  getRegister(name: string): bigint | undefined;
  /** A sentence when the value cannot be set. */
  setRegister(name: string, value: bigint): string | undefined;
  segment(index: SegIndex): SegmentCache;

  /** Every table entry on the way of a linear address. Has no side effect. */
  walk(linear: number): PageWalk;
  /** Physical address behind a linear one by the tables in force, or undefined. Has no side effect. */
  translate(linear: number): number | undefined;
  /** Bytes at a linear address, cut short where nothing is mapped. Has no side effect on devices. */
  readLinear(linear: number, length: number): Uint8Array;
  /** Returns the number of bytes written. */
  writeLinear(linear: number, bytes: Uint8Array): number;
  readPhysical(physical: number, length: number): Uint8Array;
  writePhysical(physical: number, bytes: Uint8Array): number;

  readonly transitions: TransitionHistory;
  /** The exception of the last stop before an exception, else the last one delivered, when it is known. */
  lastException(): ExceptionView | undefined;
  /** The two exceptions that became the last double fault; empty when there was none. */
  doubleFaultCause(): readonly ExceptionView[];
  /** The exceptions that ended in shutdown, the first one first; empty otherwise. */
  shutdownCause(): readonly ExceptionView[];
}
