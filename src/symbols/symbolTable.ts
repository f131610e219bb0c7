// Labels by name and by address. Addresses are those of the symbol file (a section's own addressing, origin included);
// where a section really lies in the guest is the debugger's business.

export interface SymbolRecord {
  /** Full name: `.loop` under `main` is `main.loop`. */
  name: string;
  /** An address of the upper half is negative. */
  value: number;
  /** Of a constant, with all its bits. */
  exact?: bigint;
  /** `constant`: a number, not a place. */
  kind: 'code' | 'data' | 'constant';
  section?: string;
  /** Declared element size and count of data. */
  unit?: number;
  count?: number;
  file?: string;
  line?: number;
  column?: number;
}

export interface SymbolHit {
  symbol: SymbolRecord;
  /** Bytes from the label on. */
  offset: number;
}

/** Name of a symbol with displacement, such as `main+0x4`. */
export const symbolText = ({ symbol, offset }: SymbolHit): string =>
  offset === 0 ? symbol.name : `${symbol.name}+0x${offset.toString(16)}`;

export class SymbolTable {
  private readonly byName = new Map<string, SymbolRecord>();
  private readonly byLowerName = new Map<string, SymbolRecord>();
  /** Places in address order. */
  private readonly places: readonly SymbolRecord[];

  constructor(readonly all: readonly SymbolRecord[]) {
    for (const symbol of all) {
      if (!this.byName.has(symbol.name)) this.byName.set(symbol.name, symbol);
      const lower = symbol.name.toLowerCase();
      if (!this.byLowerName.has(lower)) this.byLowerName.set(lower, symbol);
    }
    this.places = all.filter((s) => s.kind !== 'constant').sort((a, b) => a.value - b.value);
  }

  /**
   * The symbol of that name; exact spelling first, then any letter case. A name that begins with a dot is looked for under
   * `parent`, a full label name.
   */
  find(name: string, parent?: string): SymbolRecord | undefined {
    if (name.startsWith('.') && parent !== undefined) {
      const scope = nonLocalName(parent);
      const local = this.byName.get(scope + name);
      if (local) return local;
    }
    return this.byName.get(name) ?? this.byLowerName.get(name.toLowerCase());
  }

  /** The last label at or before `address`; with `section`, only of that section; with `global`, no local labels. */
  nearest(address: number, section?: string, global = false): SymbolHit | undefined {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.places[mid]!.value <= address) low = mid + 1;
      else high = mid;
    }
    for (let i = low - 1; i >= 0; i--) {
      const symbol = this.places[i]!;
      if (section !== undefined && symbol.section !== section) continue;
      if (global && isLocalName(symbol.name)) continue;
      return { symbol, offset: address - symbol.value };
    }
    return undefined;
  }
}

/** `main.loop` and `.loop` are local; `..start` and `..@5.x` are not. */
export const isLocalName = (name: string): boolean => !name.startsWith('..') && name.includes('.');

const nonLocalName = (name: string): string => {
  if (name.startsWith('..')) return name;
  const dot = name.indexOf('.', 1);
  return dot < 0 ? name : name.slice(0, dot);
};
