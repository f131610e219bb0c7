// The program under debugging: image, source map, symbols, and where its bytes lie in the guest. A flat binary does not say
// where it runs, so several places are possible for one byte: at its assembled address, in the boot sector at 7C00h, or
// where a disk read put it. Guest memory decides: a place counts when the bytes there are those of the image.

import type { SourceMapEntry, SourceMap } from '../asm/sourceMap';
import type { AsmSection, AssembleResult } from '../asm/types';
import { SymbolTable, type SymbolHit, type SymbolRecord } from '../symbols/symbolTable';

export const BOOT_ADDRESS = 0x7c00;
const SECTOR = 512;
/** Bytes around an address that are compared with the image; self-modified operands must not matter. */
const BEFORE = 16;
const AFTER = 48;
const ENOUGH = 0.6;
const MOST_PLACEMENTS = 1000;

export type ReadMemory = (linear: number, length: number) => Uint8Array;

/** Guest memory as the program is looked for in it. */
export interface MemoryView {
  readonly read: ReadMemory;
  /** Physical address behind a linear one, while paging is on: code may be mapped anywhere. */
  physical?(linear: number): number | undefined;
  /** The mapping that the present code runs in: its linear address minus the assembled one. */
  shift?(): number | undefined;
}

/** Where bytes of the image were put. */
export interface Placement {
  fileOffset: number;
  length: number;
  linear: number;
}

export interface SourceLocation {
  file: string;
  line: number;
  column: number;
  entry: SourceMapEntry;
  /** Linear address of the entry's first byte. */
  linear: number;
}

/** An address as symbols have theirs. */
export interface SymbolPlace {
  address: number;
  section: string | undefined;
}

const placeIn = ({ entry, linear: begin }: SourceLocation, linear: number): SymbolPlace => ({
  address: entry.address + linear - begin,
  section: entry.section,
});

export interface ProgramParts {
  name: string;
  image: Uint8Array;
  map?: SourceMap;
  symbols?: readonly SymbolRecord[];
  sections?: readonly AsmSection[];
  files?: readonly string[];
}

export class Program {
  readonly name: string;
  readonly image: Uint8Array;
  readonly map: SourceMap | undefined;
  readonly symbols: SymbolTable;
  readonly sections: readonly AsmSection[];
  readonly files: readonly string[];
  private readonly byOffset: readonly SourceMapEntry[];
  private placements: Placement[] = [];

  constructor(parts: ProgramParts) {
    this.name = parts.name;
    this.image = parts.image;
    this.map = parts.map;
    this.symbols = new SymbolTable(parts.symbols ?? []);
    this.sections = parts.sections ?? [];
    this.files = parts.files ?? [];
    this.byOffset = (parts.map?.entries ?? [])
      .filter((entry) => entry.fileOffset >= 0 && entry.length > 0)
      .sort((a, b) => a.fileOffset - b.fileOffset);
  }

  static fromAssembly(name: string, result: AssembleResult): Program {
    return new Program({
      name,
      image: result.bytes,
      map: result.map,
      sections: result.sections,
      files: result.files,
      symbols: result.symbols.flatMap((s): SymbolRecord[] => {
        if (s.kind === 'extern' || s.kind === 'common') return [];
        const place = s.kind === 'label' && s.structure === undefined;
        return [
          {
            name: s.name,
            value: place ? Number(BigInt.asIntN(64, BigInt(s.value))) : Number(s.value),
            ...(place ? {} : { exact: BigInt(s.value) }),
            kind: !place ? 'constant' : s.content === 'code' ? 'code' : 'data',
            ...(s.section === undefined ? {} : { section: s.section }),
            ...(s.unit === undefined ? {} : { unit: s.unit }),
            ...(s.count === undefined ? {} : { count: s.count }),
            file: s.file,
            line: s.line,
            column: s.column,
          },
        ];
      }),
    });
  }

  /**
   * A disk read brought part of the image into memory. The latest placements count first. False when that is nothing new:
   * the bytes went where they belong anyway.
   */
  placed(placement: Placement): boolean {
    if (
      this.placements.some(
        (p) => p.fileOffset === placement.fileOffset && p.linear === placement.linear && p.length >= placement.length,
      )
    )
      return false;
    this.placements = this.placements.filter(
      (p) => p.linear + p.length <= placement.linear || placement.linear + placement.length <= p.linear,
    );
    this.placements.unshift(placement);
    if (this.placements.length > MOST_PLACEMENTS) this.placements.pop();
    return true;
  }

  /** Forgets where things were put: the machine starts anew. */
  reset(): void {
    this.placements = [];
  }

  /** Every linear address at which this byte of the image may be executed. */
  places(address: number, fileOffset: number): number[] {
    const found = this.placements
      .filter((p) => fileOffset >= p.fileOffset && fileOffset < p.fileOffset + p.length)
      .map((p) => p.linear + fileOffset - p.fileOffset);
    found.push(address, ...this.loadAddress(fileOffset));
    if (fileOffset >= 0 && fileOffset < SECTOR) found.push(BOOT_ADDRESS + fileOffset);
    else if (fileOffset >= 0 && this.origin === 0) found.push(BOOT_ADDRESS + fileOffset);
    return [...new Set(found)];
  }

  /**
   * The likeliest linear address now: where memory holds the image's bytes, preferably in the mapping that the present code runs
   * in; without any, where they belong.
   */
  placeNow(address: number, fileOffset: number, view: MemoryView): number {
    const places = this.places(address, fileOffset);
    const shift = view.shift?.();
    const alias = shift === undefined ? undefined : address + shift;
    const same = alias !== undefined && places.includes(view.physical?.(alias) ?? NaN);
    if (same && this.holds(alias, fileOffset, view)) return alias;
    const held = places.find((linear) => this.holds(linear, fileOffset, view));
    return held ?? (this.origin === 0 ? places.at(-1)! : places[0]!);
  }

  /** Whether memory at `linear` looks like the image at `fileOffset`. */
  holds(linear: number, fileOffset: number, { read }: MemoryView): boolean {
    if (fileOffset < 0) return true;
    const before = Math.min(BEFORE, fileOffset, linear < 0 ? BEFORE : linear);
    // what lies before may be on a page that is not mapped
    return this.compares(linear, fileOffset, before, read) ?? this.compares(linear, fileOffset, 0, read) ?? false;
  }

  /** Undefined when the place itself cannot be read. */
  private compares(linear: number, fileOffset: number, before: number, read: ReadMemory): boolean | undefined {
    const wanted = this.image.subarray(fileOffset - before, fileOffset + AFTER);
    const memory = read(linear - before, wanted.length);
    if (memory.length <= before) return undefined;
    let same = 0;
    for (let i = 0; i < memory.length; i++) if (memory[i] === wanted[i]) same++;
    return same >= wanted.length * ENOUGH;
  }

  /** The source behind an executed address. `offset` is the address within CS. */
  locate(linear: number, offset: number, view: MemoryView): SourceLocation | undefined {
    if (!this.map) return undefined;
    for (const entry of this.candidates(linear, offset, view.physical?.(linear))) {
      const start = linear - entry.at;
      if (!this.holds(start, entry.entry.fileOffset, view)) continue;
      const { file, line, column } = entry.entry;
      return { file, line, column, entry: entry.entry, linear: start };
    }
    return undefined;
  }

  /** Linear address of a label as things stand; a constant has none. */
  linearOf(symbol: SymbolRecord, view: MemoryView): number | undefined {
    if (symbol.kind === 'constant') return undefined;
    return this.placeNow(symbol.value, this.fileOffsetOf(symbol.value, symbol.section), view);
  }

  fileOffsetOf(address: number, section: string | undefined): number {
    const home = this.sections.find((s) => s.name === section);
    return home?.fileOffset === undefined ? -1 : home.fileOffset + address - home.vstart;
  }

  /** Label at or before an executed address; `offset` is the address within CS. */
  labelAt(linear: number, offset: number, view: MemoryView): SymbolHit | undefined {
    const place = this.placeOf(linear, offset, view);
    return place && this.symbols.nearest(place.address, place.section);
  }

  /** An executed address in the addressing of the symbols: by the source map, or without one by the sections. */
  placeOf(
    linear: number,
    offset: number,
    view: MemoryView,
    location = this.locate(linear, offset, view),
  ): SymbolPlace | undefined {
    if (location) return placeIn(location, linear);
    if (this.map) return undefined;
    for (const at of new Set([linear, view.physical?.(linear) ?? linear]))
      for (const { name, vstart, start, length, fileOffset } of this.sections)
        for (const base of new Set([vstart, start]))
          if (at >= base && at < base + length) {
            const into = at - base;
            if (this.holds(linear, fileOffset === undefined ? -1 : fileOffset + into, view))
              return { address: vstart + into, section: name };
          }
    return undefined;
  }

  /** Where a loader puts a byte of the image, if that is known. */
  private loadAddress(fileOffset: number): number[] {
    const home = this.sections.find(
      (s) => s.fileOffset !== undefined && fileOffset >= s.fileOffset && fileOffset < s.fileOffset + s.length,
    );
    return home ? [home.start + fileOffset - home.fileOffset!] : [];
  }

  private get origin(): number {
    return this.byOffset[0]?.address ?? BOOT_ADDRESS;
  }

  private *candidates(
    linear: number,
    offset: number,
    physical = linear,
  ): Generator<{ entry: SourceMapEntry; at: number }> {
    const places = new Set([linear, physical]);
    for (const place of places)
      for (const p of this.placements) {
        if (place < p.linear || place >= p.linear + p.length) continue;
        const entry = this.entryAtOffset(p.fileOffset + place - p.linear);
        if (entry) yield entry;
      }
    for (const address of new Set([linear, offset, physical])) {
      const entry = this.map!.at(address);
      if (entry) yield { entry, at: address - entry.address };
    }
    for (const place of places) {
      const entry = this.entryAtOffset(place - BOOT_ADDRESS);
      if (entry) yield entry;
    }
  }

  private entryAtOffset(fileOffset: number): { entry: SourceMapEntry; at: number } | undefined {
    let low = 0;
    let high = this.byOffset.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.byOffset[mid]!.fileOffset <= fileOffset) low = mid + 1;
      else high = mid;
    }
    const entry = this.byOffset[low - 1];
    if (!entry || fileOffset >= entry.fileOffset + entry.length) return undefined;
    return { entry, at: fileOffset - entry.fileOffset };
  }
}
