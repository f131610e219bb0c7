// Which mode the processor is in (Intel SDM vol. 3, "Modes of Operation").
import { Seg } from '../isa/types';
import { CR0_PE, EFER_LMA, S_CR0, S_EFER, S_EFLAGS, S_SMM, VM } from './layout';

/** What tells the mode of a processor. */
export interface ModeState {
  readonly i32: Int32Array;
  attr(seg: number): number;
}

export const protectedEnabled = (cpu: ModeState): boolean => (cpu.i32[S_CR0 >> 2]! & CR0_PE) !== 0;
export const realMode = (cpu: ModeState): boolean => (cpu.i32[S_CR0 >> 2]! & CR0_PE) === 0;
export const v8086 = (cpu: ModeState): boolean => protectedEnabled(cpu) && (cpu.i32[S_EFLAGS >> 2]! & VM) !== 0;
/** Protected mode proper: not real, not v8086. */
export const protectedMode = (cpu: ModeState): boolean => protectedEnabled(cpu) && (cpu.i32[S_EFLAGS >> 2]! & VM) === 0;
/** Segment registers hold paragraphs: real or v8086 mode. */
export const paragraphMode = (cpu: ModeState): boolean => !protectedMode(cpu);

export const systemManagement = (cpu: ModeState): boolean => cpu.i32[S_SMM >> 2] !== 0;

/** IA-32e mode is active: 64-bit or compatibility mode. */
export const longActive = (cpu: ModeState): boolean => (cpu.i32[S_EFER >> 2]! & EFER_LMA) !== 0;
const longCode = (cpu: ModeState): boolean => longActive(cpu) && (cpu.attr(Seg.CS) & 0x2000) !== 0;

export const codeBits = (cpu: ModeState): 16 | 32 | 64 =>
  longCode(cpu) ? 64 : (cpu.attr(Seg.CS) & 0x4000) !== 0 ? 32 : 16;
export const stackBits = (cpu: ModeState): 16 | 32 | 64 =>
  longCode(cpu) ? 64 : (cpu.attr(Seg.SS) & 0x4000) !== 0 ? 32 : 16;
/** Mask of the stack pointer. */
export const stackMask = (cpu: ModeState): number => ((cpu.attr(Seg.SS) & 0x4000) !== 0 ? 0xffffffff : 0xffff);

/** Compact mode numbers for the transition log; the order is part of its format. */
export const MODE_NAMES = ['real', 'v8086', 'protected16', 'protected32', 'compatibility', '64-bit', 'smm'] as const;
export type ModeName = (typeof MODE_NAMES)[number];

export function modeNumber(cpu: ModeState): number {
  if (cpu.i32[S_SMM >> 2] !== 0) return 6;
  if (realMode(cpu)) return 0;
  if ((cpu.i32[S_EFLAGS >> 2]! & VM) !== 0) return 1;
  if (longActive(cpu)) return longCode(cpu) ? 5 : 4;
  return codeBits(cpu) === 32 ? 3 : 2;
}

export const modeOf = (cpu: ModeState): ModeName => MODE_NAMES[modeNumber(cpu)]!;
