// Recognises sources written for other assemblers, so that hundreds of errors begin with the one that explains them.
// A guess from whole lines that NASM's dialect has no use for; it is made only when a source has errors.
import type { Diagnostic } from './types';

interface Dialect {
  name: string;
  tells: readonly RegExp[];
  /** Lines that must tell. */
  least: number;
}

const GNU: Dialect = {
  name: 'the GNU assembler',
  tells: [
    /^\s*\.(code(16|32|64)(gcc)?|intel_syntax|att_syntax)\b(?!:)/,
    /^\s*(\w+:\s*)?\.(globa?l|section|word|byte|long|asciz|ascii|align|balign|org|set|equ|type|fill|skip|macro|include)\s+[^\s:]/,
    /^\s*(\w+:\s*)?[a-z]\w*\s.*%(e?[abcd]x|[abcd][lh]|e?(si|di|sp|bp)|[cdefgs]s|cr[0-4]|r\d+|r[a-ds][xip])\b/i,
    /^\s*#\s*(include|define|if|ifdef|ifndef)\b/,
  ],
  least: 2,
};

const FASM: Dialect = {
  name: 'fasm',
  tells: [
    /^\s*format\s+(binary|elf(64)?|mz|pe(64)?|coff)\b/i,
    /^\s*(include|file)\s+['"]/i,
    /^\s*(macro|struc)\s+\w[^;]*\{/i,
    /^\s*@@:|\s@[fb]\b/i,
    /^\s*\w+\s*=\s*\S/,
    /^\s*(proc|struct|endp|ends|stdcall|ccall|c?invoke|mcall|restore|purge)\s+\w/i,
    /^\s*(virtual\s+at\b|end\s+(if|virtual|repeat|while|struc)\b|rept\s|irps?\s)/i,
    /^\s*(else\s+)?if\s+(defined|used|~|\w+\s*(=|eq\b|in\b|<|>))/i,
    /\b(lods|stos|movs|scas|cmps)\s+(byte|word|dword)\b/i,
  ],
  least: 2,
};

const MASM: Dialect = {
  name: 'MASM or TASM',
  tells: [
    /^\s*\.(model\s+(tiny|small|compact|medium|large|huge|flat)|stack\b|[1-6]86p?\b)/i,
    /^\s*\w+\s+(proc|endp|segment|ends)\b/i,
    /^\s*assume\s+\w+\s*:/i,
  ],
  least: 2,
};

/** Whether a source is the GNU assembler's. */
export const looksGnu = (source: string): boolean => tellingLines(GNU, source.split(/\r?\n/)).length >= GNU.least;

const tellingLines = ({ tells }: Dialect, lines: readonly string[]): number[] =>
  lines.flatMap((line, index) => (tells.some((tell) => tell.test(line)) ? [index] : []));

/** An error at the first line that gives the other assembler away; undefined when nothing does. */
export function foreignDialect(file: string, source: string): Diagnostic | undefined {
  const lines = source.split(/\r?\n/);
  for (const dialect of [GNU, FASM, MASM]) {
    const { name, least } = dialect;
    const found = tellingLines(dialect, lines);
    if (found.length < least) continue;
    const text = lines[found[0]!]!;
    return {
      severity: 'error',
      message: `this looks like a source for ${name}; only NASM's dialect is assembled here`,
      file,
      line: found[0]! + 1,
      column: text.search(/\S/) + 1,
      endColumn: text.trimEnd().length + 1,
      macroStack: [],
    };
  }
  return undefined;
}
