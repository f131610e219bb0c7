// The VGA's 256 KB behind the processor's window: address decoding, latches, write modes 0-3, read modes 0 and 1
// (IBM PS/2 Hardware Interface Technical Reference, "Video Subsystem: Graphics Controller").
// Plane p at offset o is one byte; where it lies in the array depends on the layout, chosen so that the addressing in use
// is plain memory from offset 0: then the board can map the array itself. Deviation: odd/even addressing clears A0 and
// never replaces it by the page bit of the miscellaneous register.

import type { MmioHandler, PortWidth } from '../contract';
import { isGraphics, type VgaRegisters } from './registers';

export type VgaLayout = 'planar' | 'oddEven' | 'chain4';

export interface VgaMemoryState {
  latches: number; // plane p in byte p
  layout: VgaLayout;
}

/** The part of A0000-BFFFF that is plain memory: physical addresses, and the offset of `first` in video memory. */
export interface LinearWindow {
  first: number;
  end: number;
  offset: number;
}

/** Position of byte `offset` of `plane` in the array. */
const INDEX: Readonly<Record<VgaLayout, (plane: number, offset: number) => number>> = {
  planar: (plane, offset) => (offset << 2) | plane,
  oddEven: (plane, offset) => (plane < 2 ? ((offset & 1) << 16) | (offset & 0xfffe) | plane : (plane << 16) | offset),
  chain4: (plane, offset) => ((offset & 3) << 16) | (offset & 0xfffc) | plane,
};

/** Four bits to four bytes: bit p fills byte p. */
const SPREAD = Int32Array.from({ length: 16 }, (_, bits) =>
  [0, 1, 2, 3].reduce((sum, plane) => sum | ((bits >> plane) & 1 ? 0xff << (8 * plane) : 0), 0),
);
const REPEAT = 0x01010101;

const WINDOWS = [
  { first: 0xa0000, end: 0xc0000 },
  { first: 0xa0000, end: 0xb0000 },
  { first: 0xb0000, end: 0xb8000 },
  { first: 0xb8000, end: 0xc0000 },
] as const;

export class VgaMemory implements MmioHandler {
  state: VgaMemoryState = { latches: 0, layout: 'planar' };

  /** @param bytes the 256 KB. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly registers: () => VgaRegisters,
  ) {
    if (bytes.length !== 0x40000) throw new Error(`video memory is 256 KB, not ${bytes.length} bytes`);
  }

  read(physical: number, width: PortWidth): number {
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = ((value << 8) | this.readByte(physical + i)) >>> 0;
    return value;
  }

  write(physical: number, width: PortWidth, value: number): void {
    for (let i = 0; i < width; i++) this.writeByte(physical + i, (value >>> (8 * i)) & 0xff);
  }

  plane(plane: number, offset: number): number {
    return this.bytes[INDEX[this.state.layout](plane, offset & 0xffff)];
  }

  setPlane(plane: number, offset: number, value: number): void {
    this.bytes[INDEX[this.state.layout](plane, offset & 0xffff)] = value;
  }

  /** All four planes at an offset, plane p in byte p, as a signed 32-bit number. */
  fetch(offset: number): number {
    const index = INDEX[this.state.layout];
    const at = offset & 0xffff;
    const { bytes } = this;
    return bytes[index(0, at)] | (bytes[index(1, at)] << 8) | (bytes[index(2, at)] << 16) | (bytes[index(3, at)] << 24);
  }

  /** The window that needs no decoding with these registers, once prepare() has arranged the memory for it. */
  linearWindow(): LinearWindow | undefined {
    const layout = this.linearLayout();
    if (!layout) return undefined;
    const { first, end } = WINDOWS[(this.registers().graphics[6] >> 2) & 3];
    return { first, end, offset: 0 };
  }

  /** Rearranges the memory for the addressing in use; the bytes of each plane stay what they are. */
  prepare(): void {
    const linear = this.linearLayout();
    if (linear) this.relayout(linear);
    else if (isGraphics(this.registers()) && !this.chained) this.relayout('planar');
  }

  private get chained(): boolean {
    return (this.registers().sequencer[4] & 8) !== 0;
  }

  private linearLayout(): VgaLayout | undefined {
    const { sequencer, graphics, misc, enabled } = this.registers();
    const mode = graphics[5];
    const plain =
      enabled && misc & 2 && !(mode & 0x0b) && !graphics[1] && !(graphics[3] & 0x1f) && graphics[8] === 0xff;
    if (!plain) return undefined;
    const map = (graphics[6] >> 2) & 3;
    if (this.chained) return map === 1 && (sequencer[2] & 15) === 15 ? 'chain4' : undefined;
    const oddEven = !(sequencer[4] & 4) && mode & 0x10 && graphics[6] & 2 && !(graphics[4] & 2);
    return oddEven && map !== 0 && (sequencer[2] & 15) === 3 ? 'oddEven' : undefined;
  }

  private relayout(layout: VgaLayout): void {
    const { state, bytes } = this;
    if (layout === state.layout) return;
    const from = INDEX[state.layout];
    const to = INDEX[layout];
    const old = bytes.slice();
    for (let plane = 0; plane < 4; plane++) {
      for (let offset = 0; offset < 0x10000; offset++) bytes[to(plane, offset)] = old[from(plane, offset)];
    }
    state.layout = layout;
  }

  /** Offset of a physical address in the decoded window, or -1 outside it. */
  private decode(physical: number): number {
    const { graphics, misc, enabled } = this.registers();
    const { first, end } = WINDOWS[(graphics[6] >> 2) & 3];
    return enabled && misc & 2 && physical >= first && physical < end ? physical - first : -1;
  }

  private readByte(physical: number): number {
    const at = this.decode(physical);
    if (at < 0) return 0xff;
    const { graphics } = this.registers();
    const oddEven = !this.chained && (graphics[5] & 0x10) !== 0;
    const offset = this.chained ? at & 0xfffc : oddEven ? at & 0xfffe : at & 0xffff;
    const latches = this.fetch(offset);
    this.state.latches = latches;
    if (graphics[5] & 8) return this.compare(latches);
    const plane = this.chained ? at & 3 : oddEven ? (graphics[4] & 2) | (at & 1) : graphics[4] & 3;
    return (latches >> (8 * plane)) & 0xff;
  }

  /** Read mode 1: a bit is 1 where every plane that the don't-care register names has its bit of the compare colour. */
  private compare(latches: number): number {
    const { graphics } = this.registers();
    const different = (latches ^ SPREAD[graphics[2] & 15]) & SPREAD[graphics[7] & 15];
    return ~(different | (different >> 8) | (different >> 16) | (different >> 24)) & 0xff;
  }

  private writeByte(physical: number, value: number): void {
    const at = this.decode(physical);
    if (at < 0) return;
    const { sequencer } = this.registers();
    let planes = sequencer[2] & 15;
    let offset = at & 0xffff;
    if (this.chained) {
      planes &= 1 << (at & 3);
      offset &= 0xfffc;
    } else if (!(sequencer[4] & 4)) {
      planes &= at & 1 ? 0x0a : 0x05;
      offset &= 0xfffe;
    }
    if (planes === 0) return;
    const index = INDEX[this.state.layout];
    const data = this.combine(value);
    for (let plane = 0; plane < 4; plane++) {
      if ((planes >> plane) & 1) this.bytes[index(plane, offset)] = data >> (8 * plane);
    }
  }

  /** The four bytes that a processor byte becomes, by write mode. */
  private combine(value: number): number {
    const { graphics } = this.registers();
    const { latches } = this.state;
    const mode = graphics[5] & 3;
    if (mode === 1) return latches;
    const turn = graphics[3] & 7;
    const rotated = ((value >> turn) | (value << (8 - turn))) & 0xff;
    const setReset = SPREAD[graphics[0] & 15];
    if (mode === 3) return this.merge(setReset, rotated & graphics[8]);
    if (mode === 2) return this.merge(SPREAD[value & 15], graphics[8]);
    const enabled = SPREAD[graphics[1] & 15];
    return this.merge((Math.imul(rotated, REPEAT) & ~enabled) | (setReset & enabled), graphics[8]);
  }

  /** The logical function with the latches, then the latches again where the bit mask is 0. */
  private merge(data: number, bitMask: number): number {
    const { latches } = this.state;
    const how = (this.registers().graphics[3] >> 3) & 3;
    const result = how === 0 ? data : how === 1 ? data & latches : how === 2 ? data | latches : data ^ latches;
    const mask = Math.imul(bitMask, REPEAT);
    return (result & mask) | (latches & ~mask);
  }
}
