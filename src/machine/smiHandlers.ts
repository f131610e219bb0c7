// What firmware does for system management at start-up: SMRAM enabled and closed, a handler for each processor that only returns.
import type { Cpu } from '../cpu/cpu';
import { RAM_BASE, S_SMBASE } from '../cpu/layout';
import type { PcBoard } from './boards/pc';
import type { Processors } from './processors';

/** SMBASE of the first processor, and the distance to the next one's. */
const SMRAM_BASE = 0xa0000;
const SMRAM_STEP = 0x800;
const RSM = [0x0f, 0xaa];

export function installSmiHandlers(cpu: Cpu, processors: Processors, board: PcBoard): void {
  for (let n = 0; n < processors.count; n++) {
    const base = SMRAM_BASE + n * SMRAM_STEP;
    cpu.u8.set(RSM, RAM_BASE + base + 0x8000);
    processors.with(n, () => (cpu.u32[S_SMBASE >> 2] = base));
  }
  board.smram.enable();
}
