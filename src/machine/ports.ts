// The I/O space: 65,536 ports, each with at most one handler. Unclaimed ports read as all ones and ignore writes.
// Accesses wider than a handler takes are split, low byte first, as the ISA bus converters do.

import { maskOf } from '../base/bits';
import type { Device, PortHandler, PortRange, PortWidth } from '../devices/contract';

interface Claim {
  readonly range: PortRange;
  readonly handler: PortHandler;
}

export class PortSpace {
  private readonly claims: Claim[] = [];
  /** Index into claims + 1 by port. */
  private readonly owner = new Uint8Array(0x10000);

  add(device: Device): void {
    for (const claim of device.ports) {
      if (this.claims.push(claim) > 255) throw new Error('too many port ranges on the board');
      for (let port = claim.range.first; port <= claim.range.last; port++) {
        if (this.owner[port]) throw new Error(`port 0x${port.toString(16)} is claimed twice (by ${device.name})`);
        this.owner[port] = this.claims.length;
      }
    }
  }

  in(port: number, size: number): number {
    const claim = this.claims[this.owner[port] - 1];
    const width = claim ? claim.range.width : 1;
    if (size <= width) return claim ? (claim.handler.in(port, size as PortWidth) & maskOf(size)) >>> 0 : maskOf(size);
    let value = 0;
    for (let at = 0; at < size; at += width) value |= this.in((port + at) & 0xffff, width) << (8 * at);
    return value >>> 0;
  }

  out(port: number, size: number, value: number): void {
    const claim = this.claims[this.owner[port] - 1];
    const width = claim ? claim.range.width : 1;
    if (size <= width) {
      claim?.handler.out(port, size as PortWidth, (value & maskOf(size)) >>> 0);
      return;
    }
    for (let at = 0; at < size; at += width) this.out((port + at) & 0xffff, width, value >>> (8 * at));
  }
}
