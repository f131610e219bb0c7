// A growing byte array.

export class ByteBuffer {
  private bytes = new Uint8Array(1024);
  length = 0;

  private reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  append(data: Uint8Array): void {
    this.reserve(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  /** The few of an instruction. */
  appendShort(data: readonly number[]): void {
    this.reserve(data.length);
    const { bytes, length } = this;
    for (let i = 0; i < data.length; i++) bytes[length + i] = data[i]!;
    this.length = length + data.length;
  }

  fill(count: number, value = 0): void {
    this.reserve(count);
    this.bytes.fill(value, this.length, this.length + count);
    this.length += count;
  }

  /** Little-endian, cut to `size` bytes. */
  appendNumber(value: bigint, size: number): void {
    this.reserve(size);
    if (size <= 4) {
      this.write(this.length, Number(BigInt.asIntN(32, value)), size);
      this.length += size;
      return;
    }
    let rest = value;
    for (let i = 0; i < size; i++) {
      this.bytes[this.length++] = Number(rest & 0xffn);
      rest >>= 8n;
    }
  }

  /** Overwrites `size` bytes, at most four, little-endian. */
  write(at: number, value: number, size: number): void {
    for (let i = 0; i < size; i++) this.bytes[at + i] = value >> (8 * i);
  }

  /** The bytes so far, not a copy. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
