// What the interpreter calls for vector operations that are done in TypeScript (cpu/simd).
import type { Cpu } from '../cpu/cpu';
import { VECTOR_FUNCTIONS } from '../cpu/simd/functions';
import type { SlowPath } from './slowPath';

export const vectorImports = (cpu: Cpu, slow: SlowPath): WebAssembly.ModuleImports => ({
  /** 1 with an exception in cpu.fault. */
  vector: (p: number, b: number, fn: number, argument: number): number => {
    slow.record = p;
    slow.budget = b;
    return VECTOR_FUNCTIONS[fn](cpu, argument) ? 0 : 1;
  },
});
