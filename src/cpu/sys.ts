// The contract between the engine's lowering and the plain TypeScript routines for the hard cases (far transfers, task
// switches, descriptor loads, control registers). The engine has stored RIP (of this instruction), canonical flags and the
// clock before the call. A routine either commits everything and returns NEXT/JUMPED, or changes nothing and returns FAULT.
import type { Insn } from '../isa/types';
import type { Cpu } from './cpu';

/** Go on after this instruction (the engine sets RIP). */
export const NEXT = 0;
/** S_RIP (and perhaps CS and everything else) was set by the routine. */
export const JUMPED = 1;
/** cpu.fault holds the exception; nothing was committed. */
export const FAULT = 2;
/** HLT: RIP goes to the next instruction, then the processor waits for an interrupt. */
export const HALTED = 3;
/** The instruction is to be executed again (firmware waiting for input). RIP stays; interrupts may come in between. */
export const RETRY = 4;
/** As RETRY, but in the middle of a chunk of repetitions: no instruction has retired. */
export const UNFINISHED = 5;
export type SysResult = 0 | 1 | 2 | 3 | 4 | 5;

export type SysRoutine = (cpu: Cpu, insn: Insn) => SysResult;
