// A segment or gate descriptor as it lies in a descriptor table (Intel SDM vol. 3, "Segment Descriptors", "Call Gates").

export class Descriptor {
  selector = 0;
  /** Linear address of its eight bytes. */
  linear = 0;
  low = 0;
  high = 0;

  get type(): number {
    return (this.high >>> 8) & 15;
  }
  /** S and type together: 0x10 and up for code and data, below for system descriptors. */
  get kind(): number {
    return (this.high >>> 8) & 31;
  }
  get dpl(): number {
    return (this.high >>> 13) & 3;
  }
  get present(): boolean {
    return (this.high & 0x8000) !== 0;
  }
  get base(): number {
    return ((this.low >>> 16) | ((this.high & 0xff) << 16) | (this.high & 0xff000000)) >>> 0;
  }
  /** In bytes, granularity applied. */
  get limit(): number {
    const raw = (this.low & 0xffff) | (this.high & 0xf0000);
    return (this.high & 0x800000) !== 0 ? ((raw << 12) | 0xfff) >>> 0 : raw;
  }
  /** In the form of the segment caches (layout.ts). */
  get attr(): number {
    return (this.high >>> 8) & 0xf0ff;
  }
  get isCode(): boolean {
    return (this.high & 0x1800) === 0x1800;
  }
  /** 64-bit code: L set, D clear. */
  get isLong(): boolean {
    return (this.high & 0x600000) === 0x200000;
  }
  /** L and D together are reserved. */
  get hasBothSizes(): boolean {
    return (this.high & 0x600000) === 0x600000;
  }
  get isConforming(): boolean {
    return (this.high & 0x0400) !== 0;
  }
  get isWritableData(): boolean {
    return (this.high & 0x1a00) === 0x1200;
  }
  /** Gates: the target. */
  get gateSelector(): number {
    return this.low >>> 16;
  }
  get gateOffset(): number {
    return ((this.low & 0xffff) | (this.high & 0xffff0000)) >>> 0;
  }
}
