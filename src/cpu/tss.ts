// The layouts of 16-bit and 32-bit task state segments (Intel SDM vol. 3, "Task Management Data Structures"),
// and reading or writing a task's state there.
import type { Cpu } from './cpu';
import { probeWrite, readSystem, writeSystem } from './memory';
import { Seg } from '../isa/types';

export interface TssLayout {
  wide: boolean;
  /** Smallest limit. */
  limit: number;
  ip: number;
  flags: number;
  /** Eight general registers in hardware order. */
  gpr: number;
  /** ES CS SS DS (FS GS). */
  segments: number;
  segmentStep: number;
  segmentCount: number;
  ldt: number;
}

export const TSS32: TssLayout = {
  wide: true,
  limit: 0x67,
  ip: 0x20,
  flags: 0x24,
  gpr: 0x28,
  segments: 0x48,
  segmentStep: 4,
  segmentCount: 6,
  ldt: 0x60,
};
export const TSS16: TssLayout = {
  wide: false,
  limit: 0x2b,
  ip: 0x0e,
  flags: 0x10,
  gpr: 0x12,
  segments: 0x22,
  segmentStep: 2,
  segmentCount: 4,
  ldt: 0x2a,
};
export const TSS_CR3 = 0x1c;
export const TSS_TRAP = 0x64;
export const TSS_IO_MAP = 0x66;

export const layoutOf = (kind: number): TssLayout => ((kind & 8) !== 0 ? TSS32 : TSS16);

/** What a task switch takes out of the new TSS. */
export class TaskState {
  ip = 0;
  flags = 0;
  cr3 = 0;
  ldt = 0;
  trap = false;
  readonly gpr = new Uint32Array(8);
  readonly selectors = new Uint16Array(6);
}

/** Reads a whole task state; undefined with a page fault in cpu.fault. */
export function readTask(cpu: Cpu, base: number, layout: TssLayout): TaskState | undefined {
  const task = new TaskState();
  const size = layout.wide ? 4 : 2;
  let failed = false;
  const read = (at: number, bytes: number): number => {
    const value = failed ? 0 : readSystem(cpu, (base + at) >>> 0, bytes);
    if (value < 0) failed = true;
    return value;
  };
  task.ip = read(layout.ip, size);
  task.flags = read(layout.flags, size);
  for (let n = 0; n < 8; n++) {
    // What a 16-bit task finds in the upper halves is undefined.
    task.gpr[n] = layout.wide ? read(layout.gpr + n * 4, 4) : read(layout.gpr + n * 2, 2) | 0xffff0000;
  }
  for (let n = 0; n < layout.segmentCount; n++) task.selectors[n] = read(layout.segments + n * layout.segmentStep, 2);
  task.ldt = read(layout.ldt, 2);
  if (layout.wide) {
    task.cr3 = read(TSS_CR3, 4);
    task.trap = (read(TSS_TRAP, 2) & 1) !== 0;
  }
  return failed ? undefined : task;
}

/** Makes sure that `saveTask` cannot fault. */
export const probeTask = (cpu: Cpu, base: number, layout: TssLayout): boolean =>
  probeWrite(cpu, base, layout.limit + 1, false);

/** Writes the running task's state; LDT and CR3 are not part of it. */
export function saveTask(cpu: Cpu, base: number, layout: TssLayout, ip: number, flags: number): void {
  const size = layout.wide ? 4 : 2;
  writeSystem(cpu, (base + layout.ip) >>> 0, size, ip);
  writeSystem(cpu, (base + layout.flags) >>> 0, size, flags);
  for (let n = 0; n < 8; n++) writeSystem(cpu, (base + layout.gpr + n * size) >>> 0, size, cpu.reg32(n));
  for (let n = Seg.ES; n < layout.segmentCount; n++) {
    writeSystem(cpu, (base + layout.segments + n * layout.segmentStep) >>> 0, 2, cpu.selector(n));
  }
}
