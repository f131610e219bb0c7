// Little-endian bytes of firmware tables, and the checksums that they carry: all bytes of a table sum to 0.

export class TableBytes {
  private readonly data: number[] = [];

  get length(): number {
    return this.data.length;
  }
  text(text: string, length = text.length): this {
    for (let i = 0; i < length; i++) this.data.push(i < text.length ? text.charCodeAt(i) : 0x20);
    return this;
  }
  u8(...values: readonly number[]): this {
    this.data.push(...values.map((value) => value & 0xff));
    return this;
  }
  u16(...values: readonly number[]): this {
    for (const value of values) this.u8(value, value >> 8);
    return this;
  }
  u32(...values: readonly number[]): this {
    for (const value of values) this.u8(value, value >> 8, value >> 16, value >> 24);
    return this;
  }
  zeros(count: number): this {
    for (let i = 0; i < count; i++) this.data.push(0);
    return this;
  }
  add(other: TableBytes): this {
    this.data.push(...other.data);
    return this;
  }
  /** Puts the checksum of everything into the byte at `at`. */
  finish(at: number): Uint8Array {
    this.data[at] = 0;
    this.data[at] = -this.data.reduce((sum, byte) => sum + byte, 0) & 0xff;
    return Uint8Array.from(this.data);
  }
}
