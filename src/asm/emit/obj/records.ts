// Records of OMF objects: type, length, fields, checksum. A record that grows too long goes on in another one of its kind, which
// begins with the same head; an entry is never divided. Offsets of one record are all of 16 or all of 32 bits, which the lowest
// bit of its type tells (TIS OMF 1.1, "Record Format").

/** Bytes between the length and the checksum that a record may have: 1,024 with everything. */
export const ROOM = 1021;

export type Field =
  number | { word: number } | { bytes: Uint8Array } | { name: string } | { index: number } | { offset: number };

/** Whether an offset among them needs 32 bits. */
const isWide = (fields: readonly Field[]): boolean =>
  fields.some((field) => typeof field === 'object' && 'offset' in field && field.offset > 0xffff);

export class RecordWriter {
  private readonly done: Uint8Array[] = [];

  constructor(private readonly uppercase: boolean) {}

  /** A record of one entry. */
  record(type: number, ...fields: Field[]): void {
    const open = this.open(type);
    open.add(...fields);
    open.close();
  }

  /** A record that takes entries; `head` is asked for at the start of each part. */
  open(type: number, head: () => readonly Field[] = () => []): OpenRecord {
    return new OpenRecord(type, head, this.uppercase, (bytes) => this.done.push(bytes));
  }

  append(records: readonly Uint8Array[]): void {
    this.done.push(...records);
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.done.reduce((sum, record) => sum + record.length, 0));
    let at = 0;
    for (const record of this.done) {
      all.set(record, at);
      at += record.length;
    }
    return all;
  }
}

export class OpenRecord {
  private data: number[] = [];
  private begun = false;
  /** Bits of the offsets in it; 0 = there was none yet. */
  private width: 0 | 16 | 32 = 0;

  constructor(
    private readonly type: number,
    private readonly head: () => readonly Field[],
    private readonly uppercase: boolean,
    private readonly emit: (record: Uint8Array) => void,
  ) {}

  /** Adds an entry as a whole. */
  add(...fields: readonly Field[]): void {
    let entry = this.prepared(fields);
    if (this.data.length + entry.length > ROOM) {
      this.close();
      entry = this.prepared(fields);
    }
    this.data.push(...entry);
  }

  /** All offsets from here on have this width. */
  force(width: 16 | 32): void {
    if (this.width !== 0 && this.width !== width) {
      this.close();
      this.begin();
    }
    this.width = width;
  }

  /** Bytes that still fit, with at least one. */
  get room(): number {
    this.begin();
    if (this.data.length >= ROOM) {
      this.close();
      this.begin();
    }
    return ROOM - this.data.length;
  }

  close(): void {
    if (!this.begun) return;
    const { data } = this;
    const type = this.width === 32 ? this.type | 1 : this.type;
    const length = data.length + 1;
    const record = Uint8Array.from([type, length & 0xff, length >> 8, ...data, 0]);
    record[record.length - 1] = -record.reduce((sum, byte) => sum + byte, 0);
    this.emit(record);
    this.data = [];
    this.begun = false;
    this.width = 0;
  }

  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    const head = this.head();
    if (isWide(head)) this.width = 32;
    this.data.push(...this.encode(head));
  }

  private prepared(fields: readonly Field[]): number[] {
    this.begin();
    if (isWide(fields)) this.force(32);
    return this.encode(fields);
  }

  private encode(fields: readonly Field[]): number[] {
    return fields.flatMap((field) => this.field(field));
  }

  private field(field: Field): number[] {
    if (typeof field === 'number') return [field & 0xff];
    if ('word' in field) return [field.word & 0xff, field.word >> 8];
    if ('bytes' in field) return [...field.bytes];
    if ('name' in field) return this.name(field.name);
    if ('index' in field) return field.index < 0x80 ? [field.index] : [(field.index >> 8) | 0x80, field.index & 0xff];
    if (this.width === 0) this.width = (this.type & 1) === 1 ? 32 : 16;
    const { offset } = field;
    const low = [offset & 0xff, (offset >> 8) & 0xff];
    return this.width === 16 ? low : [...low, (offset >> 16) & 0xff, offset >>> 24];
  }

  private name(text: string): number[] {
    const written = (this.uppercase ? text.toUpperCase() : text).slice(0, 255);
    return [written.length, ...Array.from(written, (character) => character.charCodeAt(0) & 0xff)];
  }
}
