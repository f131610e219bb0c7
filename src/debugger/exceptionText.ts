// Why the guest stopped, in words: exceptions with their cause, triple faults with the whole chain.

import type { CodeReader } from './code/reader';
import { Disassembler } from './code/disassembly';
import type { ExceptionView } from './target';
import { exceptionVector, vectorName } from './vectors';

export interface ExceptionText {
  /** `#GP`. */
  id: string;
  /** One line. */
  description: string;
  /** Several lines. */
  details: string;
}

const hex = (v: number): string => `0x${v.toString(16)}`;

export function exceptionText(code: CodeReader, vector: number, view: ExceptionView | undefined): ExceptionText {
  const known = exceptionVector(vector);
  const lines = [`${vectorName(vector)}${known ? `: ${known.meaning}.` : '.'}`];
  if (view) {
    lines.push(...view.words);
    if (view.errorCode !== undefined)
      lines.push(`Error code ${hex(view.errorCode)}: ${errorCodeWords(vector, view.errorCode)}.`);
    if (view.cr2 !== undefined) lines.push(`Linear address ${hex(view.cr2)} (CR2).`);
  }
  const line = new Disassembler(code).line(view?.linear ?? code.pc);
  lines.push(`At ${hex(line.linear)}: ${line.text}`);
  return {
    id: known?.mnemonic ?? `vector ${hex(vector)}`,
    description: view?.words[0] ?? lines[0]!,
    details: lines.join('\n'),
  };
}

export function tripleFaultText(code: CodeReader, view: ExceptionView | undefined): ExceptionText {
  const chain = view?.chain ?? [];
  const steps = chain.map(({ vector, words }, i) => `${i + 1}. ${vectorName(vector)}. ${words.join(' ')}`.trim());
  const names = chain.map(({ vector }) => exceptionVector(vector)?.mnemonic ?? `vector ${hex(vector)}`);
  const line = new Disassembler(code).line(view?.linear ?? code.pc);
  const description = names.length
    ? `Triple fault: ${names.join(', then ')}; the last could not be delivered either.`
    : 'Triple fault: a double fault could not be delivered.';
  const rest = 'The processor has shut down; a PC would reset now.';
  return {
    id: 'triple fault',
    description,
    details: [description, ...steps, `At ${hex(line.linear)}: ${line.text}`, rest].join('\n'),
  };
}

/** Error code in words (Intel SDM vol. 3, "Error Code" and "Page-Fault Exception"). */
export function errorCodeWords(vector: number, code: number): string {
  if (vector === 14) {
    const what = code & 1 ? 'the page does not allow it' : 'the page is not present';
    return `${what}, ${code & 16 ? 'instruction fetch' : code & 2 ? 'write' : 'read'} from ${code & 4 ? 'user mode' : 'supervisor mode'}`;
  }
  if (vector === 8 || vector === 17 || code === 0) return 'no selector';
  const table = code & 2 ? 'IDT' : code & 4 ? 'LDT' : 'GDT';
  const entry =
    code & 2
      ? `IDT entry 0x${(code >> 3).toString(16)}`
      : `selector ${(code & 0xfffc).toString(16).padStart(4, '0')} in the ${table}`;
  return `${entry}${code & 1 ? ', while delivering an event from outside' : ''}`;
}
