// Reading ELF files (System V ABI, "Object Files"): the header, what is to be loaded, sections and symbols. Little-endian
// files of both classes. A file that is damaged gives a sentence instead.

export const ELF_EXECUTABLE = 2;
export const MACHINE_386 = 3;
export const MACHINE_X86_64 = 62;

export interface ElfSegment {
  readonly virtual: number;
  readonly physical: number;
  readonly fileOffset: number;
  readonly fileSize: number;
  /** At least `fileSize`; the rest is zero. */
  readonly memorySize: number;
}

export interface ElfSection {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly fileOffset: number;
  /** It has no bytes in the file. */
  readonly nobits: boolean;
  readonly code: boolean;
}

export interface ElfSymbol {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly type: 'none' | 'object' | 'function';
  /** Undefined for absolute symbols. */
  readonly section: ElfSection | undefined;
}

export interface ElfFile {
  readonly bits: 32 | 64;
  /** ELF_EXECUTABLE and others. */
  readonly type: number;
  readonly machine: number;
  readonly entry: number;
  /** Bytes at the beginning that hold the file's own headers. */
  readonly headerBytes: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  /** Those with a name and a place, in the file's order. */
  readonly symbols: readonly ElfSymbol[];
}

const LOAD = 1; // p_type
const SYMBOL_TABLE = 2,
  NOBITS = 8; // sh_type
const EXECUTABLE_SECTION = 4; // sh_flags
const FIRST_RESERVED = 0xff00,
  ABSOLUTE = 0xfff1; // section numbers
const TYPES = ['none', 'object', 'function'] as const;

/** A number that a file says is a place or size of its own does not lie in it. */
class Damage extends Error {}

export const isElf = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/** Answers a sentence without subject about what is wrong, such as "is cut short". */
export function readElf(bytes: Uint8Array): ElfFile | string {
  if (!isElf(bytes)) return 'is not an ELF file';
  const [, , , , fileClass, order] = bytes;
  if (order !== 1 || (fileClass !== 1 && fileClass !== 2))
    return 'is not an ELF file for a PC: it must be little-endian';
  try {
    return new Reader(bytes, fileClass === 2).file();
  } catch (error) {
    if (error instanceof Damage) return error.message;
    throw error;
  }
}

interface SectionHeader {
  readonly nameAt: number;
  readonly type: number;
  readonly link: number;
  readonly section: ElfSection;
}

class Reader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly wide: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  file(): ElfFile {
    const { wide } = this;
    const word = wide ? 8 : 4;
    const tables = 24 + word; // e_phoff, e_shoff
    const counts = 24 + 3 * word + 6; // after e_flags and e_ehsize
    const sections = this.sections(
      this.word(tables + word),
      this.half(counts + 4),
      this.half(counts + 6),
      this.half(counts + 8),
    );
    return {
      bits: wide ? 64 : 32,
      type: this.half(16),
      machine: this.half(18),
      entry: this.word(24),
      headerBytes: this.word(tables) + this.half(counts) * this.half(counts + 2),
      segments: this.segments(this.word(tables), this.half(counts), this.half(counts + 2)),
      sections: sections.map(({ section }) => section),
      symbols: sections.filter(({ type }) => type === SYMBOL_TABLE).flatMap((header) => this.symbols(header, sections)),
    };
  }

  private segments(table: number, size: number, count: number): ElfSegment[] {
    const found: ElfSegment[] = [];
    for (let n = 0; n < count; n++) {
      const at = table + n * size;
      if (this.long(at) !== LOAD) continue;
      const field = (index: number): number => this.word(at + (this.wide ? 8 + 8 * index : 4 + 4 * index));
      const [fileOffset, virtual, physical, fileSize, memorySize] = [0, 1, 2, 3, 4].map(field) as [
        number,
        number,
        number,
        number,
        number,
      ];
      if (fileOffset + fileSize > this.bytes.length) throw new Damage('is cut short: a segment ends beyond the file');
      if (memorySize < fileSize) throw new Damage('is damaged: a segment is larger in the file than in memory');
      if (memorySize > 0) found.push({ virtual, physical, fileOffset, fileSize, memorySize });
    }
    return found;
  }

  private sections(table: number, size: number, count: number, namesIndex: number): SectionHeader[] {
    const plain = Array.from({ length: table === 0 ? 0 : count }, (_, n) => this.sectionHeader(table + n * size));
    const names = plain[namesIndex]?.section;
    return plain.map((header) => ({
      ...header,
      section: { ...header.section, name: names ? this.text(names, header.nameAt) : '' },
    }));
  }

  private sectionHeader(at: number): SectionHeader {
    const word = this.wide ? 8 : 4;
    const type = this.long(at + 4);
    return {
      nameAt: this.long(at),
      type,
      link: this.long(at + 8 + 4 * word),
      section: {
        name: '',
        code: (this.long(at + 8) & EXECUTABLE_SECTION) !== 0,
        address: this.word(at + 8 + word),
        fileOffset: this.word(at + 8 + 2 * word),
        size: this.word(at + 8 + 3 * word),
        nobits: type === NOBITS,
      },
    };
  }

  private symbols({ section: table, link }: SectionHeader, sections: readonly SectionHeader[]): ElfSymbol[] {
    const names = sections[link]?.section;
    if (!names) return [];
    const size = this.wide ? 24 : 16;
    const found: ElfSymbol[] = [];
    for (let at = table.fileOffset; at + size <= table.fileOffset + table.size; at += size) {
      const info = this.byte(at + (this.wide ? 4 : 12));
      const index = this.half(at + (this.wide ? 6 : 14));
      const name = this.text(names, this.long(at));
      const type = TYPES[info & 15];
      const placed = (index > 0 && index < FIRST_RESERVED) || index === ABSOLUTE;
      if (name === '' || type === undefined || !placed) continue;
      found.push({
        name,
        type,
        value: this.word(at + (this.wide ? 8 : 4)),
        size: this.word(at + (this.wide ? 16 : 8)),
        section: index === ABSOLUTE ? undefined : sections[index]?.section,
      });
    }
    return found;
  }

  private text(table: ElfSection, at: number): string {
    const start = table.fileOffset + at;
    const end = this.bytes.indexOf(0, start);
    if (end < 0) throw new Damage('is cut short: a name ends beyond the file');
    return new TextDecoder('latin1').decode(this.bytes.subarray(start, end));
  }

  private byte(at: number): number {
    return this.checked(at, 1).getUint8(at);
  }
  private half(at: number): number {
    return this.checked(at, 2).getUint16(at, true);
  }
  private long(at: number): number {
    return this.checked(at, 4).getUint32(at, true);
  }
  /** An address or size: as wide as the file's class. Beyond 2^53 it loses its lowest bits, which no file uses. */
  private word(at: number): number {
    return this.wide ? Number(this.checked(at, 8).getBigUint64(at, true)) : this.long(at);
  }
  private checked(at: number, size: number): DataView {
    if (at + size > this.bytes.length) throw new Damage('is cut short: a table ends beyond the file');
    return this.view;
  }
}
