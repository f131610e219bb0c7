// The registry of vector operations in plain TypeScript: the engine calls them by number, with operands in V_A, V_B, V_C and
// the result in V_R or V_OUT (layout.ts).
import type { Cpu } from '../cpu';
import { checkPending, raisePending } from '../fpu/unit';
import { raise, raiseGP, raiseUD } from '../raise';
import { NEXT } from '../sys';
import { CR0_EM, CR4_OSFXSR, NM, S_MXCSR, S_SCRATCH, CR0_TS } from '../layout';
import { CRYPTO_FUNCTIONS } from './crypto';
import { FLOAT_FUNCTIONS } from './floating';
import { INTEGER_FUNCTIONS } from './integer';
import { STRING_FUNCTIONS } from './strings';
import type { VectorFunction } from './vectorFunction';
import { VEX_FUNCTIONS } from './vex';

/** Says why MMX (bit 0 of the argument) or SSE (bit 1) cannot be used: Intel SDM vol. 3, chapters 12 and 13. */
function unavailable(cpu: Cpu, argument: number): boolean {
  if ((cpu.cr0 & CR0_EM) !== 0) raiseUD(cpu, 'vector-emulation', { cr0: cpu.cr0 });
  else if ((argument & 2) !== 0 && (cpu.cr4 & CR4_OSFXSR) === 0) raiseUD(cpu, 'vector-disabled', { cr4: cpu.cr4 });
  else if ((cpu.cr0 & CR0_TS) !== 0) raise(cpu, NM, -1, 'vector-task-switched', { cr0: cpu.cr0 });
  else if (checkPending(cpu) === NEXT) return true;
  else raisePending(cpu); // with CR0.NE clear the processor would wait for the interrupt that FERR# asks for
  return false;
}

/** The linear address is in S_SCRATCH; the argument is what it should be a multiple of. */
function misaligned(cpu: Cpu, argument: number): boolean {
  raiseGP(cpu, 0, 'operand-alignment', { linear: cpu.signed64(S_SCRATCH), alignment: argument });
  return false;
}

const MXCSR_MASK = 0xffff;
/** LDMXCSR; the argument is the value. */
function loadMxcsr(cpu: Cpu, argument: number): boolean {
  if ((argument & ~MXCSR_MASK) !== 0) {
    raiseGP(cpu, 0, 'mxcsr-reserved', { value: argument >>> 0, allowed: MXCSR_MASK });
    return false;
  }
  cpu.i32[S_MXCSR >> 2] = argument;
  return true;
}

const FUNCTIONS: Readonly<Record<string, VectorFunction>> = {
  unavailable,
  misaligned,
  loadMxcsr,
  ...FLOAT_FUNCTIONS,
  ...INTEGER_FUNCTIONS,
  ...CRYPTO_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...VEX_FUNCTIONS,
};

const NAMES = Object.keys(FUNCTIONS);
export const VECTOR_FUNCTIONS: readonly VectorFunction[] = NAMES.map((name) => FUNCTIONS[name]);
export const VECTOR_UNAVAILABLE = 0;
export const VECTOR_MISALIGNED = 1;

/** Number of an operation. */
export function vectorFunction(name: string): number {
  const number = NAMES.indexOf(name);
  if (number < 0) throw new Error(`no vector operation ${name}`);
  return number;
}

export const COMMIT_FLAGS = vectorFunction('commitDeferred');
/** In the argument: floating-point exceptions wait for the other lanes (V_FLAGS). */
export const DEFER = 0x40000000;
export const VEX_UNAVAILABLE = vectorFunction('vexUnavailable');
