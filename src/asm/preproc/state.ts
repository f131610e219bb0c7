// What the parts of the preprocessor share. The parts are modules of functions over this state; preprocessor.ts owns it.
import type { OutputFormat } from '../types';
import type { Expr } from '../expr/ast';
import type { Value } from '../expr/value';
import type { Origin } from '../diagnostics';
import type { KnownLine, KnownLines } from '../knownLines';
import type { Expansions } from '../expansions';
import { splitLines } from '../text/lines';
import { FileLine, type SourceLine, type Token } from '../token/token';
import type { AssembleLimits } from '../types';
import type { SingleMacroTable } from './singleMacros';

/** A context of %push ... %pop. */
export interface Context {
  name?: string;
  number: number;
  macros: SingleMacroTable;
}

/** A stored line of a macro's or a %rep's body. */
export interface BodyLine {
  tokens: readonly Token[];
  where: SourceLine;
  expansions?: Expansions;
}

export interface MultiMacro {
  name: string;
  caseSensitive: boolean;
  least: number;
  /** Infinity for `*`. */
  most: number;
  /** `+`: the last parameter takes the rest. */
  greedy: boolean;
  /** `.nolist`: neither listed nor shown in macro stacks. */
  silent: boolean;
  defaults: readonly (readonly Token[])[];
  body: BodyLine[];
  /** The body uses %00. */
  capturesLabel: boolean;
  /** `%rmacro`. */
  recursive: boolean;
  active: number;
  /** A macro of the assembler itself: gives the lines that stand for the call. */
  native?: (call: Invocation) => readonly (readonly Token[])[];
}

/** A call of a multi-line macro under way. */
export interface Invocation {
  macro: MultiMacro;
  /** Name as written. */
  name: Token;
  /** [0] is the label in front, when the macro captures it. */
  parameters: (readonly Token[])[];
  /** Number of parameters given, defaults included. */
  count: number;
  rotation: number;
  /** Number of %%labels. */
  unique: number;
  callAt: SourceLine;
  outer?: Invocation;
}

/** Lines being replayed: a macro's expansion or a %rep. */
export interface Block {
  lines: readonly BodyLine[];
  index: number;
  /** For a %rep: repetitions left plus one; 0 after %exitrep. For a macro: 1. */
  remaining: number;
  /** The macro call that this block is. */
  invocation?: Invocation;
  /** Innermost macro call around or at this block. */
  macro?: Invocation;
  /** %if levels opened inside. */
  conditions: number;
  /** Where reading goes on afterwards. */
  returnTo: SourceLine;
  silent: boolean;
}

export type ConditionState = 'true' | 'false' | 'done' | 'elseTrue' | 'elseFalse' | 'never';

/** A line of a source, with what the last reading of it gave. */
export class StoredLine extends FileLine {
  /** Where it says to be: elsewhere when %line moved it. Undefined before it is read again. */
  where: FileLine | undefined = this;
  tokens: readonly Token[] | undefined = undefined;

  constructor(
    file: string,
    line: number,
    readonly known: KnownLine,
    readonly joins: readonly number[] | undefined,
  ) {
    super(file, line);
  }

  get text(): string {
    return this.known.text;
  }
}

export const storedLines = (file: string, source: string, known: KnownLines): StoredLine[] =>
  splitLines(source, (from, start, end, line, joins) => new StoredLine(file, line, known.at(from, start, end), joins));

/** A source being read. */
export interface Frame {
  file: string;
  lines: readonly StoredLine[];
  index: number;
  /** Added to physical line numbers, and the step per line: `%line`. */
  lineBase: number;
  lineStep: number;
  blocks: Block[];
  conditions: { state: ConditionState; origin: Origin; word: Token }[];
  where: SourceLine;
}

/** A macro or %rep whose body is being collected. */
export interface Definition {
  macro?: MultiMacro;
  /** For a %rep. */
  repetitions: number;
  silent: boolean;
  lines: BodyLine[];
  outer?: Definition;
  where: SourceLine;
}

/** What the preprocessor asks of the assembler. */
export interface PreprocessorHost {
  readonly bits: 16 | 32 | 64;
  readonly finalPass: boolean;
  /** Number of reports so far. */
  readonly reports: number;
  readonly limits: AssembleLimits;
  /** Evaluates with every symbol required to be known. */
  evaluate(expr: Expr, state: PreprocessorState): Value | undefined;
  report(severity: 'error' | 'warning' | 'info', message: string, origin: Origin, token?: Token, code?: string): void;
  /** Listing hooks: a line was read, a macro or include begins or ends. */
  listLine(text: string | readonly Token[], line: number): void;
  listStored(line: StoredLine): void;
  listLevel(change: 1 | -1): void;
  /** A file's lines by the written path, tried through the include path; with the path found. They are kept over the passes. */
  readSource(path: string, from: string): { path: string; lines: readonly StoredLine[] } | undefined;
  /** Path of a binary on the include path, or undefined. */
  findBinary(path: string, from: string): string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly time: number;
  readonly compat: '2.16' | '3';
  readonly format: OutputFormat;
  readonly debug?: string;
}

export interface PreprocessorState {
  readonly host: PreprocessorHost;
  readonly macros: SingleMacroTable;
  /** Multi-line macros by lower-cased name, newest first. */
  readonly multi: Map<string, MultiMacro[]>;
  /** Innermost last. */
  readonly contexts: Context[];
  readonly frames: Frame[];
  readonly used: Set<string>;
  readonly required: Set<string>;
  definition?: Definition;
  /** %macro (and, in a %rep, %rep) levels inside the body being collected. */
  nestedMacros: number;
  nestedReps: number;
  unique: number;
  /** Macro calls since the top level was last reached. */
  calls: number;
  /** `%[...]` inside one another at the moment. */
  indirections: number;
  sanePragma: boolean;
  stack: { size: number; pointer: string; argument: number; local: number };
  /** The source uses __?PASS?__. */
  passDependent: boolean;
  /** %error and %warning of a pass that is not final. */
  readonly deferred: (() => void)[];
  /** How often something decided on what a line gives that is neither its text nor a definition, or may be another at any time. */
  unsteady: number;
  /** Set by %fatal and by errors that nothing can follow. */
  stopped: boolean;

  /** Multi-line macros of that name in any letter case. */
  multiNamed(name: string): readonly MultiMacro[] | undefined;
  frame(): Frame;
  origin(): Origin;
  error(message: string, token?: Token): void;
  warn(code: string, message: string, token?: Token): void;
  /** Ends the run after this error. */
  fatal(message: string, token?: Token): void;

  /** Asks about the line at hand, unless the answer for its text still stands. */
  steadily(ask: () => boolean | undefined): boolean | undefined;
  /** Expands single-line macros. */
  expand(tokens: readonly Token[]): Token[];
  /** Expands %1, %%label and %[...]. */
  expandParameters(tokens: readonly Token[]): Token[];
  tokenize(text: string, place?: Token): Token[];
  /** Value of a whole token list; undefined after an error. Warns about anything after the expression. */
  evaluate(tokens: readonly Token[]): Value | undefined;
  /** The same for a plain number; `complaint` is the error for anything else. */
  evaluateNumber(tokens: readonly Token[], complaint: string): bigint | undefined;
  /** `%$name`: its context and the bare name; undefined after an error. */
  context(text: string): { context: Context; name: string } | undefined;
  /** Table and name for a macro name, `%$name` included. */
  macroScope(text: string): { table: SingleMacroTable; name: string } | undefined;
}
