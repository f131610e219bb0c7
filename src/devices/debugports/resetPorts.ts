// Reset and A20 through the chipset: system control port A at 0x92 (IBM PS/2 Hardware Interface Technical Reference,
// "System Control Port A") and the reset control register at 0xCF9 (Intel 82371, "RC - Reset Control Register").

import type { A20Gate, Device, ResetKind } from '../contract';

/** Bit 0, 0 to 1: fast processor reset. Bit 1: A20. The other writable bits (disk lights, CMOS lock) only read back. */
export class SystemControlPortA implements Device {
  readonly name = 'port92';
  private latch = 0;
  readonly ports: Device['ports'] = [
    {
      range: { first: 0x92, last: 0x92, width: 1 },
      handler: {
        in: () => (this.latch & ~2) | (this.a20.get() ? 2 : 0),
        out: (_port, _width, value) => this.write(value),
      },
    },
  ];

  constructor(
    private readonly a20: A20Gate,
    private readonly onReset: (kind: ResetKind) => void,
  ) {}

  reset(): void {
    this.latch = 0;
  }
  getState(): { latch: number } {
    return { latch: this.latch };
  }
  setState(state: unknown): void {
    this.latch = (state as { latch: number }).latch;
  }

  private write(value: number): void {
    const pulse = (value & ~this.latch & 1) !== 0;
    this.latch = value & 0xc9;
    this.a20.set((value & 2) !== 0);
    if (pulse) this.onReset('cpu');
  }
}

/** Bit 2, 0 to 1: reset; bit 1 chooses the whole system over the processor alone. */
export class ResetControl implements Device {
  readonly name = 'cf9';
  private latch = 0;
  readonly ports: Device['ports'] = [
    {
      range: { first: 0xcf9, last: 0xcf9, width: 1 },
      handler: { in: () => this.latch, out: (_port, _width, value) => this.write(value) },
    },
  ];

  constructor(private readonly onReset: (kind: ResetKind) => void) {}

  reset(): void {
    this.latch = 0;
  }
  getState(): { latch: number } {
    return { latch: this.latch };
  }
  setState(state: unknown): void {
    this.latch = (state as { latch: number }).latch;
  }

  private write(value: number): void {
    const pulse = (value & ~this.latch & 4) !== 0;
    this.latch = value & 0x0e;
    if (pulse) this.onReset(value & 2 ? 'system' : 'cpu');
  }
}
