// The I/O space: 65,536 ports, each with at most one handler. Unclaimed ports read as all ones and ignore writes.
// Accesses wider than a handler takes are split, low byte first, as the ISA bus converters do.

import { maskOf } from '../base/bits';
import type { Device, PortHandler, PortWidth } from '../devices/contract';

const PORTS = 0x10000;

export class PortSpace {
  /** By port. */
  private readonly handlers: (PortHandler | undefined)[] = new Array<PortHandler | undefined>(PORTS).fill(undefined);
  /** Widest access that the handler takes; unclaimed ports answer byte by byte. */
  private readonly widths = new Uint8Array(PORTS).fill(1);

  add(device: Device): void {
    for (const { range, handler } of device.ports) {
      for (let port = range.first; port <= range.last; port++) {
        if (this.handlers[port]) throw new Error(`port 0x${port.toString(16)} is claimed twice (by ${device.name})`);
        this.handlers[port] = handler;
        this.widths[port] = range.width;
      }
    }
  }

  in(port: number, size: number): number {
    if (size === 1) {
      const handler = this.handlers[port];
      return handler ? handler.in(port, 1) & 0xff : 0xff;
    }
    const width = this.widths[port];
    if (size <= width) {
      const handler = this.handlers[port];
      return handler ? (handler.in(port, size as PortWidth) & maskOf(size)) >>> 0 : maskOf(size);
    }
    let value = 0;
    for (let at = 0; at < size; at += width) value |= this.in((port + at) & 0xffff, width) << (8 * at);
    return value >>> 0;
  }

  out(port: number, size: number, value: number): void {
    if (size === 1) {
      this.handlers[port]?.out(port, 1, value & 0xff);
      return;
    }
    const width = this.widths[port];
    if (size <= width) {
      this.handlers[port]?.out(port, size as PortWidth, (value & maskOf(size)) >>> 0);
      return;
    }
    for (let at = 0; at < size; at += width) this.out((port + at) & 0xffff, width, value >>> (8 * at));
  }
}
