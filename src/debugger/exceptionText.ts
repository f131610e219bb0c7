// Why the guest stopped, in words: exceptions with their cause, triple faults with the whole chain.

import { Disassembler } from './code/disassembly';
import type { CodeReader } from './code/reader';
import { linearText } from './linear';
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

const DOUBLE_FAULT = 8;
const hex = linearText;

export function exceptionText(code: CodeReader, vector: number, view: ExceptionView | undefined): ExceptionText {
  const known = exceptionVector(vector);
  const meaning = `${vectorName(vector)}${known ? `: ${known.meaning}.` : '.'}`;
  const lines = [meaning, ...(view ? reasonLines(view) : []), place(code, view?.linear)];
  return {
    id: known?.mnemonic ?? `vector ${hex(vector)}`,
    description: view ? `${vectorName(vector)}: ${view.reason}` : meaning,
    details: lines.join('\n'),
  };
}

/** A double fault by the two exceptions that it comes from, and the stack that its handler got. */
export function doubleFaultText(code: CodeReader, causes: readonly ExceptionView[], stack: string): ExceptionText {
  const names = causes.map(({ vector }) => exceptionVector(vector)?.mnemonic ?? vectorName(vector));
  const description = `${vectorName(DOUBLE_FAULT)}: ${names.join(', and while it was being delivered ')}.`;
  const steps = causes.map((view, i) => `${i + 1}. ${vectorName(view.vector)}. ${reasonLines(view).join(' ')}`);
  const lines = [description, ...steps, ...(stack ? [stack] : []), place(code, causes[0]?.linear)];
  return { id: '#DF', description, details: lines.join('\n') };
}

export function tripleFaultText(code: CodeReader, chain: readonly ExceptionView[]): ExceptionText {
  const alone = chain.find(({ vector }) => vector < 0);
  if (alone) {
    const lines = [...reasonLines(alone), place(code, undefined), 'The processor has shut down; a PC would reset now.'];
    return { id: 'shutdown', description: `Shutdown: ${alone.reason}`, details: lines.join('\n') };
  }
  const names = chain.map(({ vector }) => exceptionVector(vector)?.mnemonic ?? `vector ${hex(vector)}`);
  const description = names.length
    ? `Triple fault: ${names.join(', then ')}; the last could not be delivered either.`
    : 'Triple fault: a double fault could not be delivered.';
  const steps = chain.map((view, i) => `${i + 1}. ${vectorName(view.vector)}. ${reasonLines(view).join(' ')}`);
  const rest = 'The processor has shut down; a PC would reset now.';
  const lines = [description, ...steps, place(code, chain[0]?.linear), rest];
  return { id: 'triple fault', description, details: lines.join('\n') };
}

function reasonLines({ reason, errorCode, errorWords, cr2, facts, section }: ExceptionView): string[] {
  return [
    reason,
    ...(errorCode === undefined ? [] : [`Error code ${hex(errorCode)}${errorWords ? `: ${errorWords}` : ''}.`]),
    ...(cr2 === undefined ? [] : [`CR2 = ${hex(cr2)}.`]),
    ...(facts.length ? [`(${facts.join(', ')})`] : []),
    ...(section ? [`${section}.`] : []),
  ];
}

function place(code: CodeReader, linear: number | undefined): string {
  const line = new Disassembler(code).line(linear ?? code.pc);
  const where = line.location ? ` (${line.location.file}:${line.location.line})` : '';
  return `At ${hex(line.linear)}: ${line.text}${where}`;
}
