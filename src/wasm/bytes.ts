// A growing byte buffer with LEB128 integers, as the WebAssembly binary format writes them.

export class ByteWriter {
  private buffer = new Uint8Array(256);
  length = 0;

  u8(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }
  /** Unsigned LEB128. */
  unsigned(value: number): void {
    value >>>= 0;
    while (value > 127) {
      this.u8((value & 127) | 128);
      value >>>= 7;
    }
    this.u8(value);
  }
  /** Signed LEB128, 32-bit. */
  signed32(value: number): void {
    value |= 0;
    for (;;) {
      const byte = value & 127;
      value >>= 7;
      if ((value === 0 && !(byte & 64)) || (value === -1 && byte & 64)) return this.u8(byte);
      this.u8(byte | 128);
    }
  }
  /** Signed LEB128, 64-bit. */
  signed64(value: bigint): void {
    for (;;) {
      const byte = Number(value & 127n);
      value >>= 7n;
      if ((value === 0n && !(byte & 64)) || (value === -1n && byte & 64)) return this.u8(byte);
      this.u8(byte | 128);
    }
  }
  bytes(data: Uint8Array): void {
    this.reserve(data.length);
    this.buffer.set(data, this.length);
    this.length += data.length;
  }
  append(other: ByteWriter): void {
    this.bytes(other.buffer.subarray(0, other.length));
  }
  /** Length-prefixed ASCII name. */
  name(text: string): void {
    this.unsigned(text.length);
    for (let i = 0; i < text.length; i++) this.u8(text.charCodeAt(i));
  }
  toUint8Array(): Uint8Array<ArrayBuffer> {
    return this.buffer.slice(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + count));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}
