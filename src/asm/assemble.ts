// Entry point of the assembler: NASM's dialect to a flat binary or an ELF object, with diagnostics, symbols and a source map.
// It never throws for anything a source can say, reads files only through the functions it is given, and always ends.
import type { AssemblyLine } from './assemblyLine';
import { Diagnostics } from './diagnostics';
import { foreignDialect } from './dialect';
import { elfObject } from './emit/elf/object';
import { flatBinary } from './emit/flatBinary';
import { objObject } from './emit/obj/object';
import { writeListing, type ListLine } from './emit/listing';
import { writeMap } from './emit/mapFile';
import type { Section } from './emit/section';
import { AssemblyState } from './emit/state';
import { definedLabels, symbolTable } from './emit/symbols';
import { fileAccess, mainSource } from './files';
import { KnownLines } from './knownLines';
import { DEFAULT_LIMITS } from './limits';
import { runPasses } from './passes';
import { SourceMap, type SourceMapEntry } from './sourceMap';
import { textOf } from './token/token';
import type { AsmSection, AssembleInput, AssembleResult } from './types';

export function assemble(input: AssembleInput): AssembleResult {
  const limits = { ...DEFAULT_LIMITS, ...input.limits };
  const diagnostics = new Diagnostics(limits.errors);
  const lines = input.lines ?? new KnownLines();
  const files = fileAccess(input, lines);
  const state = new AssemblyState(input, limits, diagnostics, files, lines);
  let listing: readonly ListLine[] = [];
  let outputs: readonly AssemblyLine[] = [];
  try {
    ({ listing, outputs } = runPasses(state, mainSource(input)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The only way to get here is nesting that no limit foresaw.
    state.error('the source is nested too deeply here: split the expression or the macro', undefined);
  }
  const labels = definedLabels(state);
  const output = OUTPUTS[state.facts.kind](state);
  const ok = diagnostics.errors === 0;
  const foreign = ok ? undefined : foreignDialect(input.file, input.source);
  // Made when first asked for.
  const symbols = once(() => symbolTable(state, labels));
  const map = once(() => sourceMap(state, output));
  return {
    ok,
    bytes: output.bytes,
    origin: signed(output.origin),
    diagnostics: foreign ? [foreign, ...diagnostics.list] : diagnostics.list,
    get symbols() {
      return symbols();
    },
    sections: output.order.map((section) => describeSection(section, output)),
    get map() {
      return map();
    },
    files: files.used,
    expanded: () =>
      outputs.map(({ reading, origin: { at, stack } }) => ({
        file: at.file,
        line: at.line,
        text: textOf(reading.tokens).trim(),
        macroStack: stack,
      })),
    listing: () => writeListing(listing, state.emissions.list),
    mapFile: () =>
      output.layout
        ? writeMap(
            input.file,
            output.layout,
            labels.filter((label) => !label.external),
          )
        : '',
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Addresses as numbers: those in the upper half of 64-bit space become negative, which keeps them exact. */
const signed = (address: bigint): number => Number(BigInt.asIntN(64, address));

interface Output {
  bytes: Uint8Array;
  origin: bigint;
  /** Sections in the order of the file; none when they could not be placed. */
  order: readonly Section[];
  /** Undefined for a section without bytes in the file. */
  fileOffset(section: Section): number | undefined;
  /** Of a flat binary. */
  layout?: Parameters<typeof writeMap>[1];
}

function flat(state: AssemblyState): Output {
  const made = flatBinary(state);
  if (!made) return { bytes: new Uint8Array(), origin: 0n, order: [], fileOffset: () => undefined };
  const { bytes, layout } = made;
  const { origin, order } = layout;
  return {
    bytes,
    origin,
    order,
    fileOffset: (section) => (section.nobits ? undefined : Number(section.start - origin)),
    layout,
  };
}

function object(state: AssemblyState): Output {
  const { bytes, order, offsets } = elfObject(state);
  return {
    bytes,
    origin: 0n,
    order,
    fileOffset: (section) => (section.nobits ? undefined : offsets.get(section)),
  };
}

function omf(state: AssemblyState): Output {
  const { bytes, order } = objObject(state);
  return { bytes, origin: 0n, order, fileOffset: () => undefined };
}

const OUTPUTS = { flat, elf: object, obj: omf } as const;

function describeSection(section: Section, output: Output): AsmSection {
  const { name, vstart, start, nobits, offset } = section;
  return {
    name,
    vstart: signed(vstart),
    start: signed(start),
    length: offset,
    fileOffset: output.fileOffset(section),
    nobits,
  };
}

function sourceMap(state: AssemblyState, output: Output): SourceMap {
  const entries: SourceMapEntry[] = [];
  for (const { section, offset, length, origin, column, bits, kind } of output.order.length > 0
    ? state.emissions.list
    : []) {
    if (!section || length === 0) continue;
    const file = output.fileOffset(section);
    entries.push({
      address: signed(section.vstart) + offset,
      fileOffset: file === undefined ? -1 : file + offset,
      length,
      file: origin.at.file,
      line: origin.at.line,
      column,
      bits,
      kind,
      macroStack: origin.stack,
      section: section.name,
    });
  }
  entries.sort((a, b) => a.address - b.address || a.fileOffset - b.fileOffset);
  return new SourceMap(entries);
}
