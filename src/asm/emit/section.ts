// A section of the flat binary, its attributes, and what was assembled into it.
import type { Origin } from '../diagnostics';
import type { Token } from '../token/token';
import { ByteBuffer } from './buffer';
import type { ObjSegment } from './obj/segment';

/** A value in the section's bytes to which the addresses of sections are added once they are known. */
export interface Relocation {
  at: number;
  size: number;
  /** Segment whose address is added, and the one whose address is subtracted; -1 for none. */
  plus: number;
  minus: number;
  /** How a listing shows it: [address] or (relative), and the number it shows. */
  relative: boolean;
  shown: bigint;
  /** What an object needs besides: the value without any address, the special symbol of `wrt`, whether it is sign-extended. */
  value: bigint;
  wrt?: number;
  signed?: true;
  place: Origin;
  token: Token;
}

/** What an ELF object says of a section; numbers as in the section header. */
export interface ElfSection {
  /** Index in the section header table. */
  index: number;
  type: number;
  flags: number;
  align: number;
  entrySize: number;
}

export interface Attributes {
  /** Addresses are unsigned 64-bit. */
  start?: bigint;
  align?: number;
  follows?: string;
  vstart?: bigint;
  valign?: number;
  vfollows?: string;
}

export class Section {
  /** Kept over the passes: progbits or nobits, once decided. */
  type?: 'progbits' | 'nobits';
  attributes: Attributes = {};
  /** Where the next byte goes. */
  offset = 0;
  contents = new ByteBuffer();
  relocations: Relocation[] = [];
  /** Largest alignment that `sectalign` ever asked for. */
  knownAlignment = 0;
  /** Set by the layout. */
  start = 0n;
  vstart = 0n;
  /** The section whose end this one takes as its beginning, unless told otherwise; `.bss` has none. */
  previous?: Section;
  /** In an ELF object, once it is part of it. */
  elf?: ElfSection;
  /** In an OMF object. */
  obj?: ObjSegment;
  /** Reserved space in the bytes, ascending: an OMF object has no record for it. */
  holes: { at: number; length: number }[] = [];
  /** Where it was first mentioned. */
  declared?: Origin;

  constructor(
    public name: string,
    /** Segment numbers of labels at its run address and at its load address. */
    readonly segment: number,
    readonly startSegment: number,
  ) {}

  startPass(): void {
    this.offset = 0;
    this.contents = new ByteBuffer();
    this.relocations = [];
    this.holes = [];
    const { follows, vfollows } = this.attributes;
    this.attributes = {
      ...(follows === undefined ? {} : { follows }),
      ...(vfollows === undefined ? {} : { vfollows }),
    };
  }

  get nobits(): boolean {
    return this.type === 'nobits';
  }
}
