// Source map of a flat binary: which source line stands behind an address, and which addresses a line produced.
// Addresses are those the guest sees if the sections run at their vstart (org included); file offsets index the output.
// Entries are sorted by address, then file offset; overlapping sections (equal vstart) are allowed, hence list answers.

export type CodeBits = 16 | 32 | 64;

export interface MacroFrame {
  /** The macro's name as defined. */
  macro: string;
  /** The line inside the macro's body. */
  file: string;
  line: number;
}

export interface SourceMapEntry {
  /** vstart-based address of the first byte. */
  address: number;
  /** Offset of the first byte in the output, or -1 in a nobits section. */
  fileOffset: number;
  length: number;
  file: string;
  line: number;
  column: number;
  /** `bits` in force. */
  bits: CodeBits;
  kind: 'code' | 'data' | 'space';
  /** Innermost macro first; `file`/`line` is where the outermost macro was called. */
  macroStack: readonly MacroFrame[];
  section: string;
}

export class SourceMap {
  private lineIndex: Map<string, Map<number, SourceMapEntry[]>> | undefined;

  /** `entries` must be sorted by address. */
  constructor(readonly entries: readonly SourceMapEntry[]) {}

  /** Entries by file and line; made when first asked for. */
  private get byFile(): ReadonlyMap<string, ReadonlyMap<number, readonly SourceMapEntry[]>> {
    if (this.lineIndex) return this.lineIndex;
    this.lineIndex = new Map();
    for (const entry of this.entries) {
      this.index(this.lineIndex, entry.file, entry.line, entry);
      for (const frame of entry.macroStack) this.index(this.lineIndex, frame.file, frame.line, entry);
    }
    return this.lineIndex;
  }

  /** Entry that covers `address`; of several (overlapping sections), the last one that is in the file. */
  at(address: number): SourceMapEntry | undefined {
    const all = this.allAt(address);
    return all.filter((entry) => entry.fileOffset >= 0).at(-1) ?? all.at(-1);
  }

  /** Every entry that covers `address`. */
  allAt(address: number): SourceMapEntry[] {
    const found: SourceMapEntry[] = [];
    for (let i = this.upperBound(address) - 1; i >= 0; i--) {
      const entry = this.entries[i]!;
      if (address < entry.address + entry.length) found.unshift(entry);
      if (this.reach[i]! <= address) break;
    }
    return found;
  }

  /** Entries of a line, in address order: written there, expanded there, or coming from a macro body's line. */
  ofLine(file: string, line: number): readonly SourceMapEntry[] {
    return this.byFile.get(file)?.get(line) ?? [];
  }

  /** The first line at or after `line` that produced code or data, and its entries. */
  nextLine(file: string, line: number): { line: number; entries: readonly SourceMapEntry[] } | undefined {
    const lines = this.byFile.get(file);
    if (!lines) return undefined;
    let best = Infinity;
    for (const candidate of lines.keys()) if (candidate >= line && candidate < best) best = candidate;
    return best === Infinity ? undefined : { line: best, entries: lines.get(best)! };
  }

  files(): string[] {
    return [...this.byFile.keys()];
  }

  private index(
    files: Map<string, Map<number, SourceMapEntry[]>>,
    file: string,
    line: number,
    entry: SourceMapEntry,
  ): void {
    let lines = files.get(file);
    if (!lines) files.set(file, (lines = new Map<number, SourceMapEntry[]>()));
    const list = lines.get(line);
    if (!list) lines.set(line, [entry]);
    else if (list.at(-1) !== entry) list.push(entry);
  }

  /** First index whose address is above `address`. */
  private upperBound(address: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.entries[mid]!.address <= address) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  private reachCache: number[] | undefined;
  /** Highest end address of entries 0..i: bounds the backward search of `allAt`. */
  private get reach(): number[] {
    if (this.reachCache) return this.reachCache;
    let end = -Infinity;
    return (this.reachCache = this.entries.map((entry) => (end = Math.max(end, entry.address + entry.length))));
  }
}
