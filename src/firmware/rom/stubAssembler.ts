// Builds the ROM's 64 KB: the few instructions that interrupt stubs are made of, labels with 16-bit and short references,
// and data. Addresses are offsets in segment F000; writing over bytes already placed is a host bug and throws.

const ROM_BYTES = 0x10000;

export class StubAssembler {
  readonly bytes = new Uint8Array(ROM_BYTES).fill(0xff);
  private readonly used = new Uint8Array(ROM_BYTES);
  private readonly labels = new Map<string, number>();
  private readonly references: { at: number; label: string; size: 1 | 2 }[] = [];
  private here = 0;

  /** Goes on at a fixed offset. */
  at(offset: number): this {
    this.here = offset;
    return this;
  }

  label(name: string): this {
    if (this.labels.has(name)) throw new Error(`ROM label '${name}' is defined twice`);
    this.labels.set(name, this.here);
    return this;
  }

  /** Offset of a label. */
  offset(name: string): number {
    const offset = this.labels.get(name);
    if (offset === undefined) throw new Error(`ROM label '${name}' is not defined`);
    return offset;
  }

  data(bytes: ArrayLike<number>): this {
    for (let i = 0; i < bytes.length; i++) {
      if (this.used[this.here]) throw new Error(`ROM offset ${this.here.toString(16)} is used twice`);
      this.used[this.here] = 1;
      this.bytes[this.here++] = bytes[i];
    }
    return this;
  }

  text(text: string): this {
    return this.data([...text].map((character) => character.charCodeAt(0)));
  }

  /** Calls a firmware service: 0F 3F nn. */
  fwcall(service: number): this {
    return this.data([0x0f, 0x3f, service]);
  }
  int(vector: number): this {
    return this.data([0xcd, vector]);
  }
  iret(): this {
    return this.data([0xcf]);
  }
  sti(): this {
    return this.data([0xfb]);
  }
  hlt(): this {
    return this.data([0xf4]);
  }
  stc(): this {
    return this.data([0xf9]);
  }
  pushAx(): this {
    return this.data([0x50]);
  }
  popAx(): this {
    return this.data([0x58]);
  }
  movAh(value: number): this {
    return this.data([0xb4, value]);
  }
  movAl(value: number): this {
    return this.data([0xb0, value]);
  }
  jnc(label: string): this {
    return this.data([0x73]).reference(label, 1);
  }
  jmp(label: string): this {
    return this.data([0xe9]).reference(label, 2);
  }
  jmpFar(segment: number, offset: number): this {
    return this.data([0xea, offset & 0xff, offset >> 8, segment & 0xff, segment >> 8]);
  }

  /** Fills in the references; the image is complete. */
  finish(): Uint8Array {
    for (const { at, label, size } of this.references) {
      const distance = this.offset(label) - (at + size);
      if (size === 1 && (distance < -128 || distance > 127)) throw new Error(`ROM label '${label}' is too far`);
      this.bytes[at] = distance;
      if (size === 2) this.bytes[at + 1] = distance >> 8;
    }
    return this.bytes;
  }

  private reference(label: string, size: 1 | 2): this {
    this.references.push({ at: this.here, label, size });
    return this.data(new Uint8Array(size));
  }
}
