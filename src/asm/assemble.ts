// Entry point of the assembler: NASM's dialect to a flat binary, with diagnostics, symbols and a source map.
// It never throws for anything a source can say, reads files only through the functions it is given, and always ends.
import { Diagnostics } from './diagnostics';
import { foreignDialect } from './dialect';
import { fileImage, layOut, type Layout } from './emit/layout';
import { writeListing, type ListLine } from './emit/listing';
import { writeMap } from './emit/mapFile';
import type { Section } from './emit/section';
import { AssemblyState } from './emit/state';
import { definedLabels, symbolTable } from './emit/symbols';
import { fileAccess, mainSource } from './files';
import { DEFAULT_LIMITS } from './limits';
import { runPasses } from './passes';
import type { OutputLine } from './preproc/preprocessor';
import { SourceMap, type SourceMapEntry } from './sourceMap';
import { textOf } from './token/token';
import type { AsmSection, AssembleInput, AssembleResult } from './types';

export function assemble(input: AssembleInput): AssembleResult {
  const limits = { ...DEFAULT_LIMITS, ...input.limits };
  const diagnostics = new Diagnostics(limits.errors);
  const files = fileAccess(input);
  const state = new AssemblyState(input, limits, diagnostics, files);
  let listing: readonly ListLine[] = [];
  let outputs: readonly OutputLine[] = [];
  try {
    ({ listing, outputs } = runPasses(state, mainSource(input)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The only way to get here is nesting that no limit foresaw.
    state.error('the source is nested too deeply here: split the expression or the macro', undefined);
  }
  const layout = place(state);
  const bytes = layout ? image(state, layout) : new Uint8Array();
  const labels = definedLabels(state);
  const ok = diagnostics.errors === 0;
  const foreign = ok ? undefined : foreignDialect(input.file, input.source);
  return {
    ok,
    bytes,
    origin: signed(layout?.origin ?? 0n),
    diagnostics: foreign ? [foreign, ...diagnostics.list] : diagnostics.list,
    symbols: symbolTable(state, labels),
    sections: layout ? layout.order.map((section) => describeSection(section, layout)) : [],
    map: sourceMap(state, layout),
    files: files.used,
    expanded: () =>
      outputs.map(({ tokens, origin: { at, stack } }) => ({
        file: at.file,
        line: at.line,
        text: textOf(tokens).trim(),
        macroStack: stack,
      })),
    listing: () => writeListing(listing, state.emissions),
    mapFile: () =>
      layout
        ? writeMap(
            input.file,
            layout,
            labels.filter((label) => !label.external),
          )
        : '',
  };
}

/** Addresses as numbers: those in the upper half of 64-bit space become negative, which keeps them exact. */
const signed = (address: bigint): number => Number(BigInt.asIntN(64, address));

function place(state: AssemblyState): Layout | undefined {
  const layout = layOut(state.sections, state.programOrigin);
  if (!('message' in layout)) return layout;
  state.place = layout.section.declared ?? { at: { file: state.input.file, line: 1 }, stack: [] };
  state.error(layout.message, undefined);
  return undefined;
}

/** Adds the sections' addresses where they are due and puts the sections together. */
function image(state: AssemblyState, layout: Layout): Uint8Array {
  const address = (segment: number): bigint => {
    const section = state.sectionOf(segment);
    if (!section) return 0n;
    return segment === section.startSegment ? section.start : section.vstart;
  };
  const contents = (section: Section): Uint8Array => {
    const bytes = section.contents.view().slice();
    for (const { at, size, plus, minus } of section.relocations) {
      let value = 0n;
      for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0);
      value += address(plus) - address(minus);
      for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
    return bytes;
  };
  const bytes = fileImage(layout, contents, state.limits.bytes);
  if (bytes) return bytes;
  state.place = { at: { file: state.input.file, line: 1 }, stack: [] };
  state.error(
    `the file would be larger than ${state.limits.bytes} bytes: check the start addresses of the sections`,
    undefined,
  );
  return new Uint8Array();
}

const fileOffset = (section: Section, layout: Layout): number | undefined =>
  section.nobits ? undefined : Number(section.start - layout.origin);

function describeSection(section: Section, layout: Layout): AsmSection {
  const { name, vstart, start, nobits, offset } = section;
  return {
    name,
    vstart: signed(vstart),
    start: signed(start),
    length: offset,
    fileOffset: fileOffset(section, layout),
    nobits,
  };
}

function sourceMap(state: AssemblyState, layout: Layout | undefined): SourceMap {
  const entries: SourceMapEntry[] = [];
  for (const { section, offset, length, origin, column, bits, kind } of layout ? state.emissions : []) {
    if (!section || length === 0) continue;
    const file = fileOffset(section, layout!);
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
