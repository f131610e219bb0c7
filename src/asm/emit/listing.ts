// The listing, in the columns of nasm's -l: line number, offset, bytes, macro level, source. Addresses that the layout of
// the sections changes stand in brackets, unrelocated; relative ones in parentheses.
import { textOf, type Token } from '../token/token';
import type { Emission } from './emissions';
import type { Section } from './section';

/** A line read or expanded, in order. */
export interface ListLine {
  text: string | readonly Token[];
  line: number;
  /** Depth of includes and macro expansions; none when absent. */
  level?: number;
}

const HEX_COLUMNS = 18;

class ListingWriter {
  readonly out: string[] = [];
  private data = '';
  private offset = 0;
  private text: string | undefined;
  private line = 0;
  private level = 0;

  startLine(line: ListLine): void {
    this.flush();
    this.line = line.line;
    this.level = line.level ?? 0;
    this.text = typeof line.text === 'string' ? line.text : textOf(line.text);
  }

  flush(): void {
    if (this.text === undefined && this.data === '') return;
    const number = String(this.line).padStart(6);
    const place =
      this.data === ''
        ? ' '.repeat(HEX_COLUMNS + 10)
        : `${(this.offset >>> 0).toString(16).toUpperCase().padStart(8, '0')} ${this.data.padEnd(HEX_COLUMNS + 1)}`;
    const level =
      this.level > 0 ? `${this.level < 10 ? ' ' : ''}<${this.level}>` : this.text === undefined ? '' : '    ';
    this.out.push(`${number} ${place}${level}${this.text === undefined ? '' : ` ${this.text}`}`);
    this.text = undefined;
    this.data = '';
  }

  put(offset: number, text: string): void {
    if (this.data.length + text.length > HEX_COLUMNS) {
      this.data += '-';
      this.flush();
    }
    if (this.data === '') this.offset = offset;
    this.data += text;
  }

  /** `<rep 10h>` and kin stand wherever the bytes before them end. */
  size(tag: string, size: number): void {
    this.put(this.data === '' ? this.offset : this.offset, `<${tag} ${size.toString(16).toUpperCase()}h>`);
  }

  setOffset(offset: number): void {
    this.offset = offset;
  }
}

const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

export function writeListing(lines: readonly ListLine[], emissions: readonly Emission[]): string {
  const writer = new ListingWriter();
  let next = 0;
  lines.forEach((line, index) => {
    writer.startLine(line);
    for (; next < emissions.length && emissions[next]!.listIndex <= index + 1; next++) {
      if (emissions[next]!.listIndex === index + 1) writeEmission(writer, emissions[next]!);
    }
  });
  writer.flush();
  return writer.out.map((line) => `${line}\n`).join('');
}

function writeEmission(writer: ListingWriter, emission: Emission): void {
  const { section, offset } = emission;
  if (emission.incbin) {
    writer.setOffset(offset);
    writer.size('bin', emission.unitLength);
  } else {
    let at = offset;
    for (const piece of emission.pieces) {
      if (piece < 0) writeSpace(writer, at, -piece);
      else if (section && !section.nobits) writeBytes(writer, section, at, piece);
      at += Math.abs(piece);
    }
  }
  if (emission.times > 1) writer.size('rep', emission.times);
}

function writeSpace(writer: ListingWriter, offset: number, size: number): void {
  if (size > 8) writer.put(offset, `<res ${size.toString(16).toUpperCase()}h>`);
  else writer.put(offset, '??'.repeat(size));
}

function writeBytes(writer: ListingWriter, section: Section, offset: number, length: number): void {
  const bytes = section.contents.view();
  let index = firstRelocation(section, offset);
  for (let at = offset; at < offset + length;) {
    const relocation = section.relocations[index];
    if (relocation?.at !== at) {
      writer.put(at, hexByte(bytes[at] ?? 0));
      at++;
      continue;
    }
    let hex = '';
    for (let i = 0; i < relocation.size; i++) hex += hexByte(Number((relocation.shown >> BigInt(8 * i)) & 0xffn));
    writer.put(at, relocation.relative ? `(${hex})` : `[${hex}]`);
    at += relocation.size;
    index++;
  }
}

/** Relocations are in ascending order of place. */
function firstRelocation(section: Section, offset: number): number {
  let low = 0;
  let high = section.relocations.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (section.relocations[mid]!.at < offset) low = mid + 1;
    else high = mid;
  }
  return low;
}
