// Everything that makes a processor what it is at an instruction boundary, as data: for snapshots, and for processors that
// take turns in one engine. What the board shares among them (A20) is not part of a turn.
import type { Cpu } from './cpu';
import type { Fault } from './fault';
import {
  IF,
  MONITOR_MASKED,
  MONITOR_WAITS,
  S_A20MASK,
  S_ATTN,
  S_EFLAGS,
  S_END,
  S_MONITOR,
  S_MONITOR_LINE,
  S_SMM,
} from './layout';
import { updateBreakpointPages } from './watch';

export interface ProcessorState {
  /** State words of layout.ts, 0 to S_END. */
  readonly words: Uint8Array;
  halted: boolean;
  shutdown: boolean;
  inhibitUntil: number;
  trapsHeldUntil: number;
  intr: boolean;
  nmi: boolean;
  nmiBlocked: boolean;
  smi: boolean;
  pendingDebug: number;
  readonly shutdownCause: readonly Fault[];
  readonly msrs: readonly (readonly [number, bigint])[];
  readonly tscOffset: bigint;
  readonly testRegisters: Uint32Array;
}

export function takeProcessor(cpu: Cpu): ProcessorState {
  return {
    words: cpu.u8.slice(0, S_END),
    halted: cpu.halted,
    shutdown: cpu.shutdown,
    inhibitUntil: cpu.inhibitUntil,
    trapsHeldUntil: cpu.trapsHeldUntil,
    intr: cpu.intr,
    nmi: cpu.nmi,
    nmiBlocked: cpu.nmiBlocked,
    smi: cpu.smi,
    pendingDebug: cpu.pendingDebug,
    shutdownCause: [...cpu.shutdownCause],
    msrs: [...cpu.msrs],
    tscOffset: cpu.tscOffset,
    testRegisters: cpu.testRegisters.slice(),
  };
}

/** An exception that was held back before its delivery is not kept: its instruction raises it again. */
export function restoreProcessor(cpu: Cpu, state: ProcessorState): void {
  const { words, shutdownCause, msrs, testRegisters, ...fields } = state;
  cpu.u8.set(words, 0);
  Object.assign(cpu, fields);
  cpu.fault = undefined;
  cpu.shutdownCause = [...shutdownCause];
  cpu.msrs.clear();
  for (const [number, value] of msrs) cpu.msrs.set(number, value);
  cpu.testRegisters.set(testRegisters);
  updateBreakpointPages(cpu);
}

/** A processor that waits for its turn. The shadows of STI and MOV SS are lengths here, as time passes without it. */
export interface ParkedProcessor extends ProcessorState {
  fault: Fault | undefined;
}

const left = (until: number, now: number): number => (until > now ? until - now : -1);

export function park(cpu: Cpu, now: number): ParkedProcessor {
  const state = takeProcessor(cpu);
  state.inhibitUntil = left(state.inhibitUntil, now);
  state.trapsHeldUntil = left(state.trapsHeldUntil, now);
  return { ...state, fault: cpu.fault };
}

/** Its turn has come: `now` is the present instruction count. */
export function unpark(cpu: Cpu, { fault, ...state }: ParkedProcessor, now: number): void {
  const a20 = cpu.i32[S_A20MASK >> 2]!;
  const attention = cpu.i32[S_ATTN >> 2]!;
  restoreProcessor(cpu, state);
  cpu.i32[S_A20MASK >> 2] = a20;
  cpu.i32[S_ATTN >> 2] = attention;
  if (state.inhibitUntil > 0) cpu.inhibitUntil = now + state.inhibitUntil;
  if (state.trapsHeldUntil > 0) cpu.trapsHeldUntil = now + state.trapsHeldUntil;
  cpu.fault = fault;
}

/** Interrupts are not masked, or end its MWAIT all the same. */
export const parkedListens = ({ words }: ProcessorState): boolean =>
  (words[S_EFLAGS + 1]! & (IF >> 8)) !== 0 || (words[S_MONITOR]! & MONITOR_MASKED) !== 0;

/** As restEnds of boundary.ts, for a parked one. */
export const parkedRestEnds = (state: ProcessorState): boolean =>
  (state.nmi && !state.nmiBlocked) || (state.smi && state.words[S_SMM] === 0) || (state.intr && parkedListens(state));

/** As lineWritten of monitor.ts. */
export function parkedLineWritten(state: ProcessorState, line: number): void {
  const { words } = state;
  const at = new DataView(words.buffer, words.byteOffset);
  if (words[S_MONITOR] === 0 || at.getUint32(S_MONITOR_LINE, true) !== line) return;
  if ((words[S_MONITOR]! & MONITOR_WAITS) !== 0) state.halted = false;
  words[S_MONITOR] = 0;
}
