// A bench for chips without a processor: a hand-driven clock, the event scheduler, a port bus that splits accesses
// as the board's bus does, and recording IRQ lines.

import type { Device, IrqLine, PortHandler, PortRange, PortWidth } from '../../src/devices/contract';
import { EventScheduler } from '../../src/devices/scheduler';

export class TestBench {
  time = 0;
  readonly scheduler = new EventScheduler(() => this.time);
  private readonly claims: { range: PortRange; handler: PortHandler }[] = [];

  add<T extends Device>(device: T): T {
    this.claims.push(...device.ports);
    return device;
  }

  /** Runs every event up to the absolute virtual time `ns` and stops there. */
  runTo(ns: number): void {
    for (let due = this.scheduler.nextDue(); due !== undefined && due <= ns; due = this.scheduler.nextDue()) {
      this.time = Math.max(this.time, due);
      this.scheduler.runDue(this.time);
    }
    this.time = ns;
  }

  run(ns: number): void {
    this.runTo(this.time + ns);
  }

  in(port: number, width: PortWidth = 1): number {
    const claim = this.claim(port);
    if (!claim) return (2 ** (width * 8) - 1) >>> 0;
    if (width <= claim.range.width) return claim.handler.in(port, width);
    let value = 0;
    for (let i = 0; i < width; i++) value += this.in(port + i, 1) * 2 ** (8 * i);
    return value;
  }

  out(port: number, value: number, width: PortWidth = 1): void {
    const claim = this.claim(port);
    if (!claim) return;
    if (width <= claim.range.width) claim.handler.out(port, width, value);
    else for (let i = 0; i < width; i++) this.out(port + i, (value >>> (8 * i)) & 0xff, 1);
  }

  private claim(port: number): { range: PortRange; handler: PortHandler } | undefined {
    return this.claims.find(({ range }) => port >= range.first && port <= range.last);
  }
}

/** An IRQ line that remembers its level and counts rising edges. */
export class TestLine implements IrqLine {
  level = false;
  rises = 0;
  set(level: boolean): void {
    if (level && !this.level) this.rises++;
    this.level = level;
  }
}

/** A small seeded generator (xorshift32) for reproducible random traffic. */
export const randomFrom = (seed: number): ((below: number) => number) => {
  let x = seed | 0 || 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
};
