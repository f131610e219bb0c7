// Which code a source line stands for. A line that expands to several instructions (a macro call) is entered at its first;
// a line inside a macro's body is entered at each expansion. A line without code moves on to the next one that has some.

import type { SourceMapEntry } from '../../asm/sourceMap';
import { sameFile } from '../../base/paths';
import type { Program } from '../program';

export interface LinePlaces {
  line: number;
  entries: readonly SourceMapEntry[];
  /** Something worth knowing, although the line was found. */
  note?: string;
}

/** File name as the source map has it, for a client's spelling of it. */
export const fileInProgram = (program: Program, file: string): string | undefined => {
  const files = program.map?.files() ?? [];
  return files.includes(file) ? file : files.find((f) => sameFile(f, file));
};

/** Code of the line, or a sentence saying why there is none. */
export function resolveLine(program: Program, file: string, line: number): LinePlaces | string {
  const known = fileInProgram(program, file);
  if (known === undefined) {
    if (program.files.some((f) => sameFile(f, file))) return 'this file produces no code';
    return `this file is not part of ${program.name}`;
  }
  const map = program.map!;
  const exact = map.ofLine(known, line);
  const found = executable(exact);
  if (found.length) return { line, entries: firstOfEach(found) };
  const data = exact.filter((e) => e.fileOffset >= 0 && e.length > 0);
  if (data.length)
    return { line, entries: firstOfEach(data), note: 'this line is data: it stops only when the guest executes it' };
  for (let next = map.nextLine(known, line + 1); next; next = map.nextLine(known, next.line + 1)) {
    const code = executable(next.entries);
    if (code.length) return { line: next.line, entries: firstOfEach(code) };
  }
  return 'there is no code on this line or after it';
}

const executable = (entries: readonly SourceMapEntry[]): SourceMapEntry[] =>
  entries.filter((e) => e.kind === 'code' && e.length > 0);

/** Leaves out entries that continue another one of the same line of source. */
function firstOfEach(entries: readonly SourceMapEntry[]): SourceMapEntry[] {
  return entries.filter(
    (e) => !entries.some((p) => p.section === e.section && p.address + p.length === e.address && sameLine(p, e)),
  );
}

/** Whether two entries come from one execution of one line: same line outside, and the same expansion. */
export const sameLine = (a: SourceMapEntry, b: SourceMapEntry): boolean =>
  a.file === b.file && a.line === b.line && a.column === b.column;
