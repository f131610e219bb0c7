// Guest memory as the debugger sees it: reads have no side effects (no accessed bits, no MMIO), writes ignore protection.

import { canonical, systemLinear } from '../cpu/linear';
import type { Cpu } from '../cpu/cpu';
import { pageWalk, peekBytes, peekTranslate, poke, type PageWalk } from '../cpu/pageWalk';
import { maskA20, peekPhysical } from '../cpu/physical';

/** Last physical address where something may answer. */
const TOP = 0xffffffff;

export class GuestMemory {
  constructor(private readonly cpu: Cpu) {}

  /** Such an address exists in the present mode. */
  private exists(linear: number): boolean {
    return this.cpu.longActive ? canonical(linear) : linear >= 0 && linear <= 0xffffffff;
  }

  /** Every table entry on the way of a linear address. */
  walk(linear: number): PageWalk {
    return pageWalk(this.cpu, linear);
  }

  /** Physical address of a linear one by the tables in force, or undefined when it is not mapped. */
  translate(linear: number): number | undefined {
    if (!this.exists(linear)) return undefined;
    const physical = peekTranslate(this.cpu, systemLinear(this.cpu, linear));
    return physical < 0 ? undefined : physical;
  }

  /** Bytes from a linear address on, cut short at the first that is not mapped or not plain memory. */
  readLinear(linear: number, length: number): Uint8Array {
    if (!this.exists(linear)) return new Uint8Array(0);
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, peekBytes(this.cpu, systemLinear(this.cpu, linear), bytes));
  }

  readPhysical(physical: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      if (physical + i < 0 || physical + i > TOP) return bytes.subarray(0, i);
      const byte = peekPhysical(this.cpu, physical + i);
      if (byte < 0) return bytes.subarray(0, i);
      bytes[i] = byte;
    }
    return bytes;
  }

  /** Answers how many bytes could be written. */
  writeLinear(linear: number, bytes: Uint8Array): number {
    if (!this.exists(linear)) return 0;
    for (let i = 0; i < bytes.length; i++) if (!poke(this.cpu, systemLinear(this.cpu, linear + i), bytes[i])) return i;
    return bytes.length;
  }

  writePhysical(address: number, bytes: Uint8Array): number {
    const { cpu } = this;
    for (let i = 0; i < bytes.length; i++) {
      if (address + i < 0 || address + i > TOP) return i;
      const physical = maskA20(cpu, address + i);
      const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, true);
      if (host < 0) return i;
      cpu.u8[host + (physical & 0xfff)] = bytes[i];
      if (cpu.codePages[physical >>> 12] !== 0) cpu.hooks.codeWritten(physical, 1);
    }
    return bytes.length;
  }
}
