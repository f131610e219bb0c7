// The one linear memory of a machine: processor state and engine tables below, guest RAM from RAM_BASE (cpu/layout.ts).

import { MAX_RAM, RAM_BASE } from '../cpu/layout';

const WASM_PAGE = 0x10000;
export const MIN_RAM = 0x100000;
export const DEFAULT_RAM = 64 * 0x100000;

/** Checks a RAM size in bytes; answers the message for the user, or undefined when it can be had. */
export function ramSizeError(bytes: number): string | undefined {
  if (Number.isInteger(bytes) && bytes >= MIN_RAM && bytes <= MAX_RAM && bytes % WASM_PAGE === 0) return undefined;
  return `memory of ${bytes} bytes cannot be had: choose between 1M and 1024M, in steps of 64K`;
}

export function allocateMemory(ramBytes: number): WebAssembly.Memory {
  const problem = ramSizeError(ramBytes);
  if (problem) throw new RangeError(problem);
  const pages = (RAM_BASE + ramBytes) / WASM_PAGE;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`this computer cannot give the guest ${ramBytes / 0x100000}M of memory: ask for less`);
  }
}
