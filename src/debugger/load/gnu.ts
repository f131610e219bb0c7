// Programs that the GNU assembler made: what is asked of whoever can start it, and the program made of the answer.

import { SourceMap, type SourceMapEntry } from '../../asm/sourceMap';
import type { Diagnostic } from '../../asm/types';
import { BOOT_ADDRESS, Program } from '../program';

export type { Diagnostic };

export interface GnuOptions {
  includePaths: readonly string[];
  defines: Readonly<Record<string, string>>;
  /** Address of the first byte. */
  origin: number;
}

export interface GnuLine {
  file: string;
  /** Undefined where the code of a section ends. */
  line: number | undefined;
  address: number;
}

export interface GnuSymbol {
  name: string;
  address: number;
  kind: 'code' | 'data' | 'constant';
}

export interface GnuBuild {
  image: Uint8Array;
  /** Ascending by address. */
  lines: readonly GnuLine[];
  symbols: readonly GnuSymbol[];
  /** With an error among them, there is nothing else. */
  diagnostics: readonly Diagnostic[];
}

/** A boot sector, as nothing in such a source says where it runs. */
export const GNU_ORIGIN = BOOT_ADDRESS;

export function gnuProgram(name: string, path: string, built: GnuBuild, source: string): Program {
  const files = new Set([path, ...built.lines.map((line) => line.file)]);
  return new Program({
    name,
    image: built.image,
    map: new SourceMap(entries(built, source)),
    files: [...files],
    symbols: built.symbols.map(({ name: symbol, address, kind }) => ({ name: symbol, value: address, kind })),
  });
}

/** `.code16` and its kin by line; the source's first one holds before it, too. */
function bitsByLine(source: string): (line: number) => 16 | 32 | 64 {
  const changes: [number, 16 | 32 | 64][] = [];
  source.split('\n').forEach((text, index) => {
    const match = /^\s*\.code(16|32|64)/.exec(text);
    if (match) changes.push([index + 1, Number(match[1]) as 16 | 32 | 64]);
  });
  return (line) => changes.findLast(([at]) => at <= line)?.[1] ?? changes[0]?.[1] ?? 32;
}

function entries({ lines, image }: GnuBuild, source: string): SourceMapEntry[] {
  const bits = bitsByLine(source);
  const out: SourceMapEntry[] = [];
  lines.forEach(({ file, line, address }, index) => {
    const end = lines.slice(index + 1).find((next) => next.address > address)?.address;
    const offset = address - GNU_ORIGIN;
    if (line === undefined || end === undefined || offset < 0 || offset >= image.length) return;
    out.push({
      address,
      fileOffset: offset,
      length: end - address,
      file,
      line,
      column: 1,
      bits: bits(line),
      kind: 'code',
      macroStack: [],
      section: '.text',
    });
  });
  return out;
}
