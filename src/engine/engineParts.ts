// What an engine is made of.
import type { Bus } from '../cpu/bus';

export interface EngineParts {
  memory: WebAssembly.Memory;
  bus: Bus;
  ramBytes: number;
}
