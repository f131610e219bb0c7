// Everything an assembly carries from line to line and from pass to pass; the modules of this folder work on it.
// It is also the environment in which expressions are evaluated.
import { EXPRESSION_TERMS } from '../limits';
import type { Diagnostics, Origin } from '../diagnostics';
import type { KnownLines } from '../knownLines';
import type { StoredLine } from '../preproc/state';
import { Cursor } from '../expr/cursor';
import type { Environment, SymbolValue } from '../expr/evaluate';
import { evaluate } from '../expr/evaluate';
import { ExpressionParser } from '../expr/parser';
import { FAR_ABSOLUTE, NO_SEGMENT, type Value } from '../expr/value';
import type { FloatMode } from '../text/floats';
import type { Token } from '../token/token';
import { assemblerTokens } from '../token/rescan';
import type { CodeBits } from '../sourceMap';
import type { AssembleInput, AssembleLimits, OutputFormat } from '../types';
import { Emissions } from './emissions';
import { FORMATS, type FormatFacts } from './formats';
import { LabelTable, type Decorations } from './labels';
import { ObjModule, baseOf } from './obj/module';
import { Section } from './section';

/** Names that nasm takes for registers and this assembler does not. */
const LATER_REGISTERS = /^(zmm([12]?\d|3[01])|[xy]mm(1[6-9]|2\d|3[01])|k[1-7])$/i;

export type PassKind = 'first' | 'optimise' | 'final';

export const DEFAULT_CPU = 1000;

export class AssemblyState implements Environment {
  readonly sections: Section[] = [];
  readonly labels: LabelTable;
  kind: PassKind = 'first';
  /** Counts from 1. */
  pass = 0;
  bits: CodeBits = 16;
  /** Generation of the `cpu` directive: 86, 186, ... 686; DEFAULT_CPU accepts everything. */
  cpu = DEFAULT_CPU;
  defaultRelative = false;
  floatMode: FloatMode = { rounding: 'near', flushDenormals: false };
  /** From org, unsigned. */
  programOrigin?: bigint;
  /** The current section; undefined in absolute space. */
  section: Section | undefined;
  absoluteSegment = NO_SEGMENT;
  absoluteOffset = 0;
  /** `$` of the statement at hand. */
  here = 0;
  /** Where the statement at hand comes from. */
  place: Origin = { at: { file: '', line: 0 }, stack: [] };
  listIndex = 0;
  emissions = new Emissions();
  /** Bytes that label content is known for: filled in the final pass. */
  outputSize = 0;
  stopped = false;
  /** `[list -]` is in force. */
  listOff = false;
  /** Numbers of the output format's special symbols, as `wrt` has them. */
  readonly specials = new Map<string, number>();
  readonly format: OutputFormat;
  readonly facts: FormatFacts;
  /** From the `osabi` directive. */
  osAbi = 0;
  /** How many sections are part of the ELF object. */
  elfSections = 0;
  abiVersion = 0;
  /** Of the names of symbols in an ELF object. */
  readonly decorations: Decorations = {};
  /** What an OMF object says. */
  readonly obj = new ObjModule();
  private nextSegment = 0;
  private readonly bySegment = new Map<number, Section>();
  private readonly byName = new Map<string, Section>();

  constructor(
    readonly input: AssembleInput,
    readonly limits: AssembleLimits,
    readonly diagnostics: Diagnostics,
    readonly files: FileAccess,
    readonly lines: KnownLines,
  ) {
    this.format = input.format ?? 'bin';
    this.facts = FORMATS[this.format];
    const reporter = {
      clean: () => diagnostics.errors === 0,
      error: (message: string, origin: Origin, token?: Token): void => diagnostics.add('error', message, origin, token),
      info: (message: string, origin: Origin, token?: Token): void => diagnostics.add('info', message, origin, token),
      warn: (code: string, message: string, origin: Origin, token?: Token): void =>
        diagnostics.add('warning', message, origin, token, code),
    };
    this.labels = new LabelTable(reporter, () => this.allocateSegment());
    this.createSection(this.facts.firstSection).type = 'progbits';
    for (const name of this.facts.special) this.specials.set(name, this.defineSpecial(name));
  }

  /** `..got` and its kin stand for segments of their own, on which `wrt` hangs. */
  private defineSpecial(name: string): number {
    const base = this.allocateSegment() + 1;
    this.labels.defineBackend(name, base);
    return base;
  }

  /** Even; the odd number after it is the segment's base. */
  allocateSegment(): number {
    const segment = this.nextSegment;
    this.nextSegment += 2;
    return segment;
  }

  createSection(name: string): Section {
    const section = new Section(name, this.allocateSegment(), this.allocateSegment());
    section.previous = this.sections.at(-1);
    this.sections.push(section);
    this.byName.set(name, section);
    this.bySegment.set(section.segment, section).set(section.startSegment, section);
    return section;
  }

  renameSection(section: Section, name: string): void {
    this.byName.delete(section.name);
    this.byName.set(name, section);
    section.name = name;
  }

  /** What SEG of an address in that segment is: in an OMF object the base of its group, or of its frame. */
  segmentBase(segment: number): number {
    const home = this.bySegment.get(segment)?.obj;
    if (home?.absolute !== undefined) return FAR_ABSOLUTE + home.absolute;
    const frame = home?.group ?? this.obj.frames.get(segment);
    return frame ? baseOf(frame) : segment + 1;
  }

  /** The section that a segment number, of its run or load address, belongs to. */
  sectionOf(segment: number): Section | undefined {
    return this.bySegment.get(segment);
  }

  sectionNamed(name: string): Section | undefined {
    return this.byName.get(name);
  }

  get final(): boolean {
    return this.kind === 'final';
  }

  startPass(kind: PassKind): void {
    this.kind = kind;
    this.pass++;
    this.bits = this.facts.bits;
    this.cpu = DEFAULT_CPU;
    this.defaultRelative = false;
    this.floatMode = { rounding: 'near', flushDenormals: false };
    this.programOrigin = undefined;
    this.absoluteSegment = NO_SEGMENT;
    this.absoluteOffset = 0;
    this.outputSize = 0;
    this.listOff = false;
    this.emissions = new Emissions();
    this.labels.startPass(this.pass, this.final);
    this.diagnostics.startPass();
    for (const section of this.sections) section.startPass();
    this.section = this.sections[0];
    this.obj.current = undefined;
    if (kind !== 'first' && this.facts.kind === 'flat') this.defineSectionLabels();
  }

  /** section.NAME.start and section.NAME.vstart. */
  private defineSectionLabels(): void {
    for (const section of this.sections) {
      const options = { opensScope: false, final: false };
      const name = `section.${section.name}`;
      if (this.labels.labels.get(`${name}.start`)?.definedIn) continue;
      this.labels.define(`${name}.start`, section.startSegment, 0n, this.place, undefined, options);
      this.labels.define(`${name}.vstart`, section.segment, 0n, this.place, undefined, options);
    }
  }

  // The place of assembly.

  get offset(): number {
    return this.section ? this.section.offset : this.absoluteOffset;
  }

  advance(bytes: number): void {
    if (this.section) this.section.offset += bytes;
    else this.absoluteOffset += bytes;
    if (!this.section || this.section.nobits || bytes === 0) return;
    this.outputSize += bytes;
    if (this.outputSize <= this.limits.bytes || this.stopped) return;
    this.stopped = true;
    this.error(`the output grows beyond ${this.limits.bytes} bytes: check times, resb and incbin`, undefined);
  }

  // Environment of expressions.

  get critical(): boolean {
    return this.final || this.forceCritical;
  }

  private forceCritical = false;

  get hereOffset(): bigint {
    return BigInt(this.here);
  }

  get hereSegment(): number {
    return this.section ? this.section.segment : this.absoluteSegment;
  }

  get currentSegment(): number {
    return this.section ? this.section.segment : NO_SEGMENT;
  }

  lookup(name: string): SymbolValue | undefined {
    return this.labels.lookup(name);
  }

  undefinedMessage(name: string): string {
    const when = this.kind === 'first' ? ' before use' : '';
    const hint = LATER_REGISTERS.test(name) ? ': registers of AVX-512 are not known to this assembler' : '';
    return `symbol \`${this.labels.fullName(name)}' not defined${when}${hint}`;
  }

  error(message: string, token: Token | undefined): void {
    this.diagnostics.add('error', message, this.place, token);
  }

  warn(code: string, message: string, token: Token | undefined): void {
    this.diagnostics.add('warning', message, this.place, token, code);
  }

  /** A warning that only the code that is really generated deserves. */
  warnFinal(code: string, message: string, token: Token | undefined): void {
    if (this.final) this.warn(code, message, token);
  }

  /** Parses and evaluates tokens; every symbol must be known. */
  evaluateCritical(tokens: readonly Token[], fallback: Token): Value | undefined {
    const words = assemblerTokens(tokens);
    if (words.length > EXPRESSION_TERMS * 2) {
      this.error('expression too long', fallback);
      return undefined;
    }
    const cursor = new Cursor(words, (message, token) => this.error(message, token ?? words.at(-1) ?? fallback));
    const expr = new ExpressionParser(cursor).parse();
    return expr && this.critically(() => evaluate(expr, this));
  }

  critically<T>(run: () => T): T {
    const before = this.forceCritical;
    this.forceCritical = true;
    try {
      return run();
    } finally {
      this.forceCritical = before;
    }
  }
}

/** Files by written path, tried through the include path; what was read is remembered for the whole run. */
export interface FileAccess {
  source(path: string, from: string): { path: string; lines: StoredLine[] } | undefined;
  binary(path: string, from: string): { path: string; bytes: Uint8Array } | undefined;
  readonly used: readonly string[];
}
