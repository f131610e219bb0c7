// What the interpreter calls for vector operations that are done in TypeScript (cpu/simd).
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { VECTOR_FUNCTIONS } from '../cpu/simd/functions';
import * as R from './record';
import type { SlowPath } from './slowPath';

export const vectorImports = (cpu: Cpu, slow: SlowPath): WebAssembly.ModuleImports => ({
  /** 1 with an exception in cpu.fault. */
  vector: (p: number, b: number, fn: number, argument: number): number => {
    slow.record = p;
    slow.budget = b;
    cpu.u32[L.S_RIP >> 2] = cpu.u32[(p + R.R_IP) >> 2];
    return VECTOR_FUNCTIONS[fn](cpu, argument) ? 0 : 1;
  },
});
