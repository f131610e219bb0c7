// Disassembly around an address, in both directions. Backwards there is no certain start: known starts (source map, labels)
// are used where they exist, else the reading that most of the possible starts agree on.

import { decode } from '../../isa/decode';
import { format } from '../../isa/format';
import type { CodeBits, Insn } from '../../isa/types';
import { symbolText } from '../../symbols/symbolTable';
import { isLong, LINEAR_TOP } from '../linear';
import type { SourceLocation } from '../program';
import type { DebugTarget } from '../target';
import type { CodeReader } from './reader';

export interface DisassembledLine {
  linear: number;
  bytes: Uint8Array;
  text: string;
  bits: CodeBits;
  /** Label at exactly this address. */
  label?: string;
  location?: SourceLocation;
  /** No instruction: data, an undefined encoding, or nothing mapped. */
  invalid?: boolean;
}

const LONGEST = 15;
/** Average guess for the first attempt backwards. */
const TYPICAL = 5;
const DATA_PER_LINE = 8;

export class Disassembler {
  /** What is known of addresses during one answer. */
  private readonly located = new Map<number, SourceLocation | undefined>();

  constructor(private readonly code: CodeReader) {}

  /** `count` lines; the line at `linear` is at index `-offset` when `offset` is negative. */
  around(linear: number, offset: number, count: number): DisassembledLine[] {
    this.located.clear();
    const before = offset < 0 ? this.before(linear, -offset) : [];
    const wanted = before.slice(0, count);
    if (wanted.length < count) wanted.push(...this.forward(linear, offset > 0 ? offset : 0, count - wanted.length));
    return wanted;
  }

  /** Text of one instruction. */
  line(linear: number, bits?: CodeBits): DisassembledLine {
    this.located.clear();
    const location = this.locate(linear);
    return this.decodeLine(linear, bits ?? this.bitsAt(linear), location, Infinity);
  }

  private forward(linear: number, skip: number, count: number): DisassembledLine[] {
    const lines: DisassembledLine[] = [];
    const end = endOfSpace(this.code.target, linear);
    for (let at = linear; lines.length < skip + count;) {
      if (at >= end) {
        lines.push(unmapped(at));
        at++;
        continue;
      }
      const line = this.lineAt(at, end);
      lines.push(line);
      at += line.bytes.length || 1;
    }
    return lines.slice(skip);
  }

  /** Exactly `count` lines that end at `linear`. */
  private before(linear: number, count: number): DisassembledLine[] {
    for (let span = count * TYPICAL + 64; ; span *= 2) {
      const enough = span >= count * LONGEST + 64;
      const floor = linear < 0 ? -LINEAR_TOP : 0;
      const start = Math.max(floor, linear - span);
      const lines = this.sweep(start, linear);
      if (lines.length >= count) return lines.slice(-count);
      if (!enough && start > floor) continue;
      const first = lines[0]?.linear ?? linear;
      const missing = count - lines.length;
      return [...Array.from({ length: missing }, (_, i) => unmapped(first - missing + i)), ...lines];
    }
  }

  /** Lines from `start` to `end`, in step with known starts and with `end`. */
  private sweep(start: number, end: number): DisassembledLine[] {
    const lines: DisassembledLine[] = [];
    let at = start;
    while (at < end) {
      const known = this.locate(at);
      if (known) {
        const line = this.lineAt(at, end);
        lines.push(line);
        at += line.bytes.length;
        continue;
      }
      let stop = at;
      while (stop < end && (stop === at || !this.isKnown(stop))) stop++;
      lines.push(...this.unknown(at, stop));
      at = stop;
    }
    return lines;
  }

  /** Code without source between two places: of the possible starts, the one that arrives at `end` with fewest bad bytes. */
  private unknown(start: number, end: number): DisassembledLine[] {
    const bytes = this.code.read(start, end - start);
    if (bytes.length < end - start) {
      // A hole: what is mapped after it may still be readable.
      const hole = start + bytes.length;
      let after = hole + 1;
      while (after < end && this.code.read(after, 1).length === 0) after = Math.min(end, (after | 0xfff) + 1);
      const first = bytes.length ? this.unknown(start, hole) : [];
      return [...first, unmapped(hole), ...(after < end ? this.unknown(after, end) : [])];
    }
    const bits = this.code.bitsAt(start);
    let best: number[] = [];
    let fewest = Infinity;
    for (let first = 0; first < Math.min(LONGEST, bytes.length); first++) {
      const starts: number[] = [];
      let bad = first;
      let at = first;
      while (at < bytes.length) {
        const insn = decode(bytes, at, bits);
        starts.push(at);
        if (!insn.row) bad += 2;
        at += insn.row ? insn.len : 1;
      }
      if (at !== bytes.length) bad += 1000;
      if (bad >= fewest) continue;
      fewest = bad;
      best = first > 0 ? [0, ...starts] : starts;
    }
    return best.map((offset, i) => {
      const next = best[i + 1] ?? bytes.length;
      return this.decodeLine(start + offset, bits, undefined, start + next);
    });
  }

  private lineAt(linear: number, end: number): DisassembledLine {
    const location = this.locate(linear);
    const stop = location ? Math.min(end, location.linear + location.entry.length) : end;
    if (location && location.entry.kind !== 'code' && linear !== this.code.pc) return this.data(linear, stop, location);
    return this.decodeLine(linear, this.bitsAt(linear), location, stop);
  }

  private decodeLine(
    linear: number,
    bits: CodeBits,
    location: SourceLocation | undefined,
    end: number,
  ): DisassembledLine {
    const bytes = this.code.read(linear, LONGEST);
    if (bytes.length === 0) return unmapped(linear);
    const insn = decode(bytes, 0, bits);
    if (!insn.row || linear + insn.len > end) {
      const shown = bytes.slice(0, Math.max(1, Math.min(insn.row ? end - linear : insn.len, end - linear)));
      return this.finish({ linear, bytes: shown, text: dataText(shown), bits, invalid: true }, location);
    }
    const shown = bytes.slice(0, insn.len);
    return this.finish({ linear, bytes: shown, text: this.text(insn, linear, location, shown), bits }, location);
  }

  private data(linear: number, end: number, location: SourceLocation): DisassembledLine {
    const bytes = this.code.read(linear, Math.min(DATA_PER_LINE, end - linear));
    if (bytes.length === 0) return unmapped(linear);
    return this.finish({ linear, bytes, text: dataText(bytes), bits: location.entry.bits, invalid: true }, location);
  }

  private finish(line: DisassembledLine, location: SourceLocation | undefined): DisassembledLine {
    const place = this.code.placeOf(line.linear, location);
    const hit = place && this.code.program()!.symbols.nearest(place.address, place.section);
    return { ...line, ...(location && { location }), ...(hit?.offset === 0 ? { label: hit.symbol.name } : {}) };
  }

  /** Branch targets and addresses by label. In the program's code offsets are those of its symbols, else those within CS. */
  private text(insn: Insn, linear: number, location: SourceLocation | undefined, bytes: Uint8Array): string {
    const program = this.code.program();
    const place = this.code.placeOf(linear, location);
    const ip = place?.address ?? this.code.offset(linear);
    const symbolize = (offset: bigint, use: 'code' | 'data'): string | undefined => {
      const hit = place && program!.symbols.nearest(Number(offset), use === 'code' ? place.section : undefined);
      if (!hit || (use === 'data' && hit.offset !== 0) || hit.offset > 0xffff) return undefined;
      return symbolText(hit);
    };
    return format(insn, { ip, symbolize, bytes });
  }

  /** Something begins there: a line of the source, or a label. */
  private isKnown(linear: number): boolean {
    if (this.locate(linear)) return true;
    const place = this.code.placeOf(linear, undefined);
    return place !== undefined && this.code.program()!.symbols.nearest(place.address, place.section)?.offset === 0;
  }

  private bitsAt(linear: number): CodeBits {
    const location = linear === this.code.pc ? undefined : this.locate(linear);
    return location?.entry.kind === 'code' ? location.entry.bits : this.code.bitsAt(linear);
  }

  private locate(linear: number): SourceLocation | undefined {
    if (this.located.has(linear)) return this.located.get(linear);
    const found = this.code.locate(linear);
    this.located.set(linear, found);
    return found;
  }
}

/** First address behind the part of the address space that `linear` is in: 4 GB, a half of the canonical ones, or all. */
const endOfSpace = (target: DebugTarget, linear: number): number =>
  linear < 0 ? 0 : isLong(target) ? LINEAR_TOP : 0x100000000;

const dataText = (bytes: Uint8Array): string =>
  `db ${[...bytes].map((b) => `0x${b.toString(16).padStart(2, '0')}`).join(', ')}`;

const unmapped = (linear: number): DisassembledLine => ({
  linear,
  bytes: new Uint8Array(0),
  text: '(not mapped)',
  bits: 16,
  invalid: true,
});
