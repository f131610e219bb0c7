// Ports that talk to whoever runs the guest: the 0xE9 text port of Bochs and QEMU, the isa-debug-exit port,
// the power-off ports that guests know from QEMU, Bochs, VirtualBox and Cloud Hypervisor, and the POST code at 0x80.

import { Emitter } from '../../base/events';
import type { Device, PortHandler, PortWidth } from '../contract';
import { PortLatch } from '../portLatch';

/** Text output at port 0xE9; reading it gives 0xE9, by which guests detect it. */
export class DebugConsole implements Device {
  readonly name = 'debugconsole';
  readonly onByte = new Emitter<number>();
  readonly ports: Device['ports'] = [
    {
      range: { first: 0xe9, last: 0xe9, width: 1 },
      handler: { in: () => 0xe9, out: (_port, _width, value) => this.onByte.fire(value & 0xff) },
    },
  ];
  reset(): void {}
  getState(): unknown {
    return {};
  }
  setState(): void {}
}

/** isa-debug-exit: a write of 1, 2 or 4 bytes ends the run with the value written. */
export class DebugExit implements Device {
  readonly name = 'debugexit';
  readonly ports: Device['ports'];

  /** @param onExit receives the value as written, without QEMU's `(value << 1) | 1`. */
  constructor(onExit: (value: number) => void, base = 0xf4) {
    const handler: PortHandler = { in: () => 0, out: (_port, _width, value) => onExit(value >>> 0) };
    this.ports = [{ range: { first: base, last: base + 3, width: 4 }, handler }];
  }
  reset(): void {}
  getState(): unknown {
    return {};
  }
  setState(): void {}
}

/** Port, widths and value that mean "power off" (ACPI S5 with the sleep type each machine uses). */
const POWER_OFF: readonly { port: number; width: PortWidth; value: number }[] = [
  { port: 0x604, width: 2, value: 0x2000 }, // QEMU, PM1a control
  { port: 0xb004, width: 2, value: 0x2000 }, // Bochs and old QEMU, PM1a control
  { port: 0x4004, width: 2, value: 0x3400 }, // VirtualBox, PM1a control
  { port: 0x600, width: 1, value: 0x34 }, // Cloud Hypervisor, ACPI sleep control
];

export class PowerPorts implements Device {
  readonly name = 'power';
  readonly ports: Device['ports'];

  constructor(onPowerOff: () => void) {
    this.ports = POWER_OFF.map(({ port, width, value }) => ({
      range: { first: port, last: port + width - 1, width },
      handler: {
        in: () => 0,
        out: (at: number, wide: PortWidth, written: number) => {
          if (at === port && wide === width && written === value) onPowerOff();
        },
      },
    }));
  }
  reset(): void {}
  getState(): unknown {
    return {};
  }
  setState(): void {}
}

const POST = 0x80;

/** The manufacturing checkpoint latch. */
export class PostCode implements Device {
  readonly name = 'post';
  readonly ports: Device['ports'] = [
    {
      range: { first: POST, last: POST, width: 1 },
      handler: {
        in: () => this.latch.value(POST),
        out: (_port, _width, value) => this.latch.answer(POST, value & 0xff),
      },
    },
  ];

  constructor(private readonly latch = new PortLatch()) {
    latch.keep(POST, true);
    this.reset();
  }
  reset(): void {
    this.latch.answer(POST, 0);
  }
  getState(): { code: number } {
    return { code: this.latch.value(POST) };
  }
  setState(state: unknown): void {
    this.latch.answer(POST, (state as { code: number }).code);
  }
}
