// The shape of the vector operations in this folder.
import type { Cpu } from '../cpu';

/** Operands and result are in V_A and so on (layout.ts). False with an exception in cpu.fault. */
export type VectorFunction = (cpu: Cpu, argument: number) => boolean;
