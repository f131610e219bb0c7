// What the interpreter calls for vector operations that are done in TypeScript (cpu/simd).
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { DEFER, VECTOR_FUNCTIONS } from '../cpu/simd/functions';
import type { SlowPath } from './slowPath';

export const vectorImports = (cpu: Cpu, slow: SlowPath): WebAssembly.ModuleImports => ({
  /** 1 with an exception in cpu.fault. */
  vector: (p: number, b: number, fn: number, argument: number): number => {
    slow.record = p;
    slow.budget = b;
    if ((argument & DEFER) === 0) return VECTOR_FUNCTIONS[fn](cpu, argument) ? 0 : 1;
    cpu.i32[L.V_DEFER >> 2] = 1;
    const done = VECTOR_FUNCTIONS[fn](cpu, argument & ~DEFER);
    cpu.i32[L.V_DEFER >> 2] = 0;
    return done ? 0 : 1;
  },
});
