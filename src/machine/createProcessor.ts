// Makes the execution engine of a machine.

import type { Bus } from '../cpu/bus';
import type { Processor } from './processor';

export interface ProcessorParts {
  readonly memory: WebAssembly.Memory;
  readonly bus: Bus;
  readonly ramBytes: number;
}

export function createProcessor(_parts: ProcessorParts): Processor {
  throw new Error('the execution engine is not in this build yet');
}
