// Collects diagnostics: places them on the source, drops repeats (every pass meets the same line again), filters warnings.
import { OWN_LINE, type SourceLine, type Token } from './token/token';
import type { Diagnostic, MacroFrame, Severity } from './types';

/** Where an assembled line comes from. */
export interface Origin {
  /** The source line: of the outermost macro call when the text comes out of a macro. */
  readonly at: SourceLine;
  readonly stack: readonly MacroFrame[];
  /** The macro's name in the outermost call. */
  readonly call?: Token;
}

/** Warning classes that nasm 2.16 leaves off. */
const OFF_BY_DEFAULT = ['float-denorm', 'float-underflow', 'label-redef', 'phase', 'reloc', 'unknown-warning'];

export class Diagnostics {
  readonly list: Diagnostic[] = [];
  errors = 0;
  /** How often anything was reported, repeats and what is switched off included. */
  added = 0;
  private readonly seen = new Set<string>();
  private off = new Set(OFF_BY_DEFAULT);
  private saved: Set<string>[] = [];

  constructor(private readonly most: number) {}

  get full(): boolean {
    return this.errors >= this.most;
  }

  /** Restores the warning classes for a new pass. */
  startPass(): void {
    this.off = new Set(OFF_BY_DEFAULT);
    this.saved = [];
  }

  isOff(code: string): boolean {
    return this.off.has(code) || this.off.has('all');
  }

  /** `[warning ...]`: push, pop, +class, -class, *class. */
  warningDirective(argument: string): void {
    const text = argument.trim().toLowerCase();
    if (text === 'push') this.saved.push(new Set(this.off));
    else if (text === 'pop') this.off = this.saved.pop() ?? new Set(OFF_BY_DEFAULT);
    else if (text.startsWith('-')) this.off.add(text.slice(1).trim());
    else if (text.startsWith('*')) this.reset(text.slice(1).trim());
    else this.on(text.replace(/^\+/, '').trim());
  }

  private on(code: string): void {
    if (code === 'all') this.off.clear();
    else this.off.delete(code);
  }

  private reset(code: string): void {
    if (code === 'all') this.off = new Set(OFF_BY_DEFAULT);
    else if (OFF_BY_DEFAULT.includes(code)) this.off.add(code);
    else this.off.delete(code);
  }

  add(severity: Severity, message: string, origin: Origin, token?: Token, code?: string): void {
    this.added++;
    if (severity === 'warning' && code !== undefined && this.isOff(code)) return;
    const place = locate(origin, token);
    const key = `${severity}|${place.file}|${place.line}|${place.column}|${message.replace(/ before use(?=$|: )/, '')}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (severity === 'error') {
      if (this.full) return;
      this.errors++;
    }
    this.list.push({ severity, message, ...place, macroStack: origin.stack, ...(code === undefined ? {} : { code }) });
    if (this.full && severity === 'error') {
      const note = `too many errors (${this.most}); fix these first`;
      this.list.push({ severity: 'info', message: note, ...place, macroStack: [] });
    }
  }
}

const head = (line: SourceLine): SourceLine => line.head ?? line;

/** File, line and columns: the token's own when it stands on the origin's line, else those of the macro call. */
function locate(origin: Origin, token: Token | undefined): Pick<Diagnostic, 'file' | 'line' | 'column' | 'endColumn'> {
  for (const candidate of [token, origin.call]) {
    if (!candidate?.at) continue;
    const at = candidate.at === OWN_LINE ? origin.at : candidate.at;
    if (head(at) === head(origin.at)) {
      const { column, endColumn } = candidate;
      return { file: at.file, line: at.line, column, endColumn: Math.max(endColumn, column + 1) };
    }
  }
  return { file: origin.at.file, line: origin.at.line, column: 1, endColumn: 2 };
}
