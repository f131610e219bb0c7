// Guest memory as the debugger sees it: reads have no side effects (no accessed bits, no MMIO), writes ignore protection.

import { CR0_PG, CR4_PSE, S_A20MASK } from '../cpu/layout';
import type { PcBus } from './bus';
import type { Processor } from './processor';

const PRESENT = 1;
const LARGE = 0x80;

export class MemoryInspector {
  constructor(
    private readonly processor: Processor,
    private readonly bus: PcBus,
  ) {}

  translate(linear: number): number | undefined {
    const { cpu } = this.processor;
    if (!(cpu.cr0 & CR0_PG)) return this.masked(linear);
    const directory = this.entry((cpu.cr3 & ~0xfff) + (linear >>> 22) * 4);
    if (directory === undefined || !(directory & PRESENT)) return undefined;
    if (directory & LARGE && cpu.cr4 & CR4_PSE) return this.masked((directory & 0xffc00000) | (linear & 0x3fffff));
    const table = this.entry((directory & ~0xfff) + ((linear >>> 12) & 0x3ff) * 4);
    if (table === undefined || !(table & PRESENT)) return undefined;
    return this.masked((table & ~0xfff) | (linear & 0xfff));
  }

  read(linear: number, length: number): (number | undefined)[] {
    const bytes: (number | undefined)[] = [];
    for (let i = 0; i < length; i++) {
      const physical = this.translate((linear + i) >>> 0);
      bytes.push(physical === undefined ? undefined : this.byte(physical));
    }
    return bytes;
  }

  readPhysical(physical: number, length: number): (number | undefined)[] {
    return Array.from({ length }, (_, i) => this.byte((physical + i) >>> 0));
  }

  write(linear: number, bytes: Uint8Array): number {
    for (let i = 0; i < bytes.length; i++) {
      const physical = this.translate((linear + i) >>> 0);
      const page = physical === undefined ? -1 : this.bus.hostPage((physical & ~0xfff) >>> 0, true);
      if (physical === undefined || page < 0) return i;
      this.processor.cpu.u8[page + (physical & 0xfff)] = bytes[i];
      this.processor.dropCode(physical, 1);
    }
    return bytes.length;
  }

  private masked(physical: number): number {
    return (physical & this.processor.cpu.u32[S_A20MASK >> 2]) >>> 0;
  }

  private entry(physical: number): number | undefined {
    const page = this.bus.hostPage((physical & ~0xfff) >>> 0, false);
    return page < 0 ? undefined : this.processor.cpu.u32[(page + (physical & 0xffc)) >> 2];
  }

  private byte(physical: number): number | undefined {
    const page = this.bus.hostPage((physical & ~0xfff) >>> 0, false);
    return page < 0 ? undefined : this.processor.cpu.u8[page + (physical & 0xfff)];
  }
}
