// The memory-mapped registers of the board: physical ranges with a handler each, besides the display window (bus.ts).

import type { Device, MmioRange } from '../devices/contract';

export class MmioSpace {
  private readonly ranges: MmioRange[] = [];

  add(device: Device): void {
    for (const range of device.mmio ?? []) {
      const other = this.ranges.find(({ first, last }) => range.first <= last && first <= range.last);
      if (other) throw new Error(`address 0x${range.first.toString(16)} is claimed twice (by ${device.name})`);
      this.ranges.push(range);
    }
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  find(physical: number): MmioRange | undefined {
    return this.ranges.find(({ first, last }) => physical >= first && physical <= last);
  }
}
