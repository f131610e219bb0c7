// What the assembler takes and gives: input with its resolver, diagnostics, symbols, source map, listing.
// Pure data: lines and columns are 1-based, columns count UTF-16 units, addresses are bigint where they may exceed 2^53
// (symbol values) and number elsewhere. Addresses in the upper half of 64-bit space are negative, as signed 64-bit numbers,
// so that a kernel at 0xffffffff80000000 keeps exact addresses. Nothing here names an editor or a protocol.

import type { Optimization } from '../isa/encodeTypes';
import type { KnownLines } from './knownLines';
import type { MacroFrame, SourceMap } from './sourceMap';

export type { Optimization } from '../isa/encodeTypes';
export type { MacroFrame } from './sourceMap';
export type OutputFormat = 'bin' | 'elf32' | 'elf64' | 'obj';

export interface AssembleInput {
  /** Name of the main source, as it shall appear in diagnostics and in the source map (a path or a URI). */
  file: string;
  source: string;
  /** Folders for `%include` and `incbin`, tried in order after the name as written (a trailing slash is added when missing). */
  includePaths?: readonly string[];
  /** `-D NAME=VALUE`; an empty value defines the name as empty. */
  defines?: Readonly<Record<string, string>>;
  /** Text of a file, or undefined when it does not exist. Paths are those written in the source, after an include path. */
  read(path: string): string | undefined;
  readBinary(path: string): Uint8Array | undefined;
  /**
   * Joins the folder of the including file with a written path. The default leaves the path as written, as nasm does;
   * with it set, that candidate is tried first, and the path beside the main source last.
   */
  resolve?(fromFile: string, path: string): string;
  /**
   * Version that the source is told (`__?NASM_VER?__`); default '2.16', whose quirks are followed either way. With '3',
   * prefixes are written in the order of NASM 3.
   */
  compat?: '2.16' | '3';
  /** What to write: a flat binary (default), a relocatable ELF object, or an OMF object as DOS linkers take it. */
  format?: OutputFormat;
  /** Lines known from earlier runs; an editor keeps one for all of its runs. */
  lines?: KnownLines;
  /** How far instructions are made shorter: nasm's -Ox (default), -O1 and -O0. */
  optimize?: Optimization;
  /** Line information for debuggers in an ELF object; default none. */
  debug?: 'dwarf';
  /** Value of the date and time macros, seconds since 1970 UTC; default 0 (1970-01-01), so that builds are reproducible. */
  time?: number;
  /** Environment for `%!NAME` and `%ifenv`; default none. */
  environment?: Readonly<Record<string, string>>;
  /** Caps against endless sources; defaults in limits.ts. */
  limits?: Partial<AssembleLimits>;
}

export interface AssembleLimits {
  /** Optimisation passes before giving up. */
  passes: number;
  /** Lines produced by the preprocessor. */
  lines: number;
  /** Iterations of one `%rep`. */
  rep: number;
  /** Depth of nested macro expansions and includes. */
  depth: number;
  /** Bytes of output. */
  bytes: number;
  /** Errors reported before the run is cut short. */
  errors: number;
}

export type Severity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  severity: Severity;
  message: string;
  file: string;
  line: number;
  /** First column and the column after the last, both 1-based. */
  column: number;
  endColumn: number;
  /** Innermost macro first; `file`/`line` of the diagnostic is where the outermost macro was called. */
  macroStack: readonly MacroFrame[];
  /** Warning class as nasm names it (`label-orphan`, `number-overflow`), for warnings. */
  code?: string;
}

export type SymbolKind = 'label' | 'equ' | 'absolute' | 'extern' | 'common';

export interface AsmSymbol {
  /** Full name: `.loop` under `main` is `main.loop`. */
  name: string;
  /** Address (vstart based) of a label, value of an equ. */
  value: bigint;
  /** Section name; undefined for equ and absolute symbols. */
  section?: string;
  /** Bytes up to the next label of the section, when it is a label followed by something. */
  size?: number;
  kind: SymbolKind;
  global: boolean;
  file: string;
  line: number;
  column: number;
  /** Set by the label of a `struc` member or of the structure's size. */
  structure?: string;
  /** What stands at a label: `code`, or the unit of the data declared there (`db` 1, `dw` 2, ...). */
  content?: 'code' | 'data' | 'space';
  unit?: number;
  /** Declared elements of `unit` bytes at a data label. */
  count?: number;
}

export interface AsmSection {
  name: string;
  /** Address its labels count from; 0 in objects. */
  vstart: number;
  /** Address at which its bytes are loaded (`start=`), origin included. */
  start: number;
  length: number;
  /** Offset in the output file; undefined for nobits sections. */
  fileOffset?: number;
  nobits: boolean;
}

export interface ExpandedLine {
  file: string;
  line: number;
  text: string;
  macroStack: readonly MacroFrame[];
}

export interface AssembleResult {
  /** True when there was no error; `bytes` is then complete. With errors, it is what could be assembled. */
  ok: boolean;
  bytes: Uint8Array;
  /** From `org`, 0 by default and in objects. */
  origin: number;
  diagnostics: readonly Diagnostic[];
  symbols: readonly AsmSymbol[];
  sections: readonly AsmSection[];
  map: SourceMap;
  /** Files read: main source, includes, incbins, in order of first use. */
  files: readonly string[];
  /** The lines left to assemble after preprocessing, in order: `file` and `line` as in diagnostics. */
  expanded(): readonly ExpandedLine[];
  /** nasm's `-l` listing, without the lines that repeat messages. */
  listing(): string;
  /** nasm's `[map all]` text; empty for objects. */
  mapFile(): string;
}
