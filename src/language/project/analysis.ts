// A program assembled for its editor: what the assembler found, by file and by line.
import { assemble } from '../../asm/assemble';
import { isIncludeName } from '../../asm/fileNames';
import type { SourceMapEntry } from '../../asm/sourceMap';
import type { AsmSymbol, AssembleInput, AssembleResult, Diagnostic, OutputFormat } from '../../asm/types';

/** More than this helps nobody while typing. */
const MOST_ERRORS = 200;

/** What only other object formats than ELF can have (segments and groups of OMF, COFF's imports). */
const OBJECT_ONLY =
  /output format|object format|flat binar|section attribute|segment attribute|unknown section|special symbol/i;

/** What an include file on its own may be judged by: its form, not what its includer would have defined. */
const FORM_ONLY = /^(unterminated|expect|end of file|`%end|mismatched|parser(?!: instruction expected))/i;

/** What the assembler says first of a source for another one. */
const FOREIGN = /^this looks like a source for /;

/**
 * Instructions that nasm 2.16 has and the table may not have yet: AVX-512, AMX, CET, MPX, SGX, LWP and others
 * (NASM manual, appendix "Instruction List").
 */
const NASM_ONLY = new RegExp(
  '`(v[a-z]{3,}\\w*|k(add|and|andn|mov|not|or|ortest|shift[lr]|test|unpck|xnor|xor)[bwdq]*|(ld|st)tilecfg|tile\\w+|tdp\\w+|' +
    'm(onitor|wait)x|enqcmds?|cldemote|pconfig|wbnoinvd|serialize|xsusldtrk|xresldtrk|hreset|ptwrite|' +
    '(rd|wr)pkru|bnd\\w+|gf2p8\\w+|clrssbsy|(inc|rd)ssp[dq]|rstorssp|saveprevssp|setssbsy|wru?ss[dq]|' +
    'encl[suv]|getsec|stui|clui|testui|uiret|senduipi|[ls]lwpcb|lwp(val|ins)|pfrcpv|pfrsqrtv|' +
    "pmulhrwc|blc\\w+|bls(fill|ic)|t1mskc|tzmsk)' is not an instruction|`([xyz]mm(1[6-9]|2\\d|3[01])|zmm\\d|k[0-7]|tmm[0-7]|bnd[0-3])' not defined",
  'i',
);

export class Analysis {
  readonly symbols: ReadonlyMap<string, AsmSymbol>;
  private expansions: Map<string, string[]> | undefined;

  constructor(
    readonly root: string,
    readonly result: AssembleResult,
    readonly format: OutputFormat,
    private readonly alone: boolean,
  ) {
    this.symbols = new Map(result.symbols.map((symbol) => [symbol.name, symbol]));
  }

  symbol(key: string): AsmSymbol | undefined {
    return this.symbols.get(key);
  }

  /** What the preprocessor left of a line, 0-based: several lines for a macro's call. */
  expandedAt(path: string, line: number): readonly string[] {
    if (!this.expansions) {
      this.expansions = new Map();
      for (const { file, line: at, text } of this.result.expanded()) {
        const key = `${at} ${file}`;
        const list = this.expansions.get(key);
        if (list) list.push(text);
        else this.expansions.set(key, [text]);
      }
    }
    return this.expansions.get(`${line + 1} ${path}`) ?? [];
  }

  /** What the assembler says of a file, without what only a flat binary refuses. */
  diagnosticsOf(path: string): Diagnostic[] {
    return this.diagnostics().filter(({ file }) => file === path);
  }

  private shown: Diagnostic[] | undefined;
  diagnostics(): readonly Diagnostic[] {
    if (this.shown) return this.shown;
    const { diagnostics } = this.result;
    // The message that explains all others is enough.
    const foreign = diagnostics.filter(({ message }) => FOREIGN.test(message));
    const told = foreign.length > 0 ? foreign : diagnostics.flatMap((diagnostic) => this.judge(diagnostic));
    return (this.shown = told);
  }

  private judge(diagnostic: Diagnostic): Diagnostic[] {
    const { message, severity } = diagnostic;
    if (this.format !== 'bin' && OBJECT_ONLY.test(message)) return [];
    if (this.alone && !FORM_ONLY.test(message)) return [];
    if (severity === 'error' && /incbin/.test(message) && /open|read|find/.test(message))
      return [{ ...diagnostic, severity: 'warning' }];
    if (NASM_ONLY.test(message)) return [{ ...diagnostic, severity: 'info' }];
    return [diagnostic];
  }

  /** What a line produced, 0-based; from its own text first, and in a macro's body from its expansions. */
  entriesOf(path: string, line: number): readonly SourceMapEntry[] {
    return this.result.map.ofLine(path, line + 1);
  }

  /** What was written on the line itself (or by the macro called there). */
  ownEntries(path: string, line: number): readonly SourceMapEntry[] {
    return this.entriesOf(path, line).filter((entry) => entry.file === path && entry.line === line + 1);
  }

  bytesOf(entry: SourceMapEntry): Uint8Array {
    return entry.fileOffset < 0
      ? new Uint8Array()
      : this.result.bytes.subarray(entry.fileOffset, entry.fileOffset + entry.length);
  }
}

export interface AnalysisInput {
  root: string;
  text: string;
  /** Outputs that the source may be meant for, the likeliest first. */
  formats: readonly OutputFormat[];
  /** Nothing includes it, although it is made to be included. */
  orphan: boolean;
  input: Omit<AssembleInput, 'file' | 'source' | 'limits' | 'format'>;
}

/** Complaints that another output may not have: it begins in another mode, or has what a flat binary lacks. */
const OF_THE_FORMAT = /in (16|32|64)-bit mode|output format|external ref|not defined|not supported|section|relocat/i;

/** Assembles for the first output that the source has no errors for, or else for the one with the fewest. */
export function analyse({ root, text, formats, orphan, input }: AnalysisInput): Analysis {
  let best: Analysis | undefined;
  let least = Infinity;
  for (const format of formats) {
    const result = assemble({ ...input, file: root, source: text, format, limits: { errors: MOST_ERRORS } });
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length < least) {
      least = errors.length;
      best = new Analysis(root, result, format, orphan && isIncludeName(root));
    }
    if (!errors.some(({ message }) => OF_THE_FORMAT.test(message))) break;
  }
  return best!;
}
