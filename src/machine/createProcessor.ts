// Makes the execution engine of a machine.

import type { Bus } from '../cpu/bus';
import { Engine } from '../engine/engine';
import type { Processor } from './processor';

export interface ProcessorParts {
  readonly memory: WebAssembly.Memory;
  readonly bus: Bus;
  readonly ramBytes: number;
}

export const createProcessor = (parts: ProcessorParts): Processor => new Engine(parts);
