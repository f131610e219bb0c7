// Splits a source into logical lines: a backslash right before the end of a line joins the next one to it.

export interface LogicalLine {
  text: string;
  /** 1-based number of the first physical line. */
  line: number;
  /** Start of each further physical line within `text`, ascending; absent when there is only one. */
  joins?: readonly number[] | undefined;
}

/** CR LF, LF, CR and the DOS end-of-file mark (Ctrl-Z) end a line. */
const LINE_END = /\r\n|\n|\r|\x1a/g;
const BACKSLASH = 92;

/** The line is what stands in `source` from `start` to `end`. */
type Make<T> = (source: string, start: number, end: number, line: number, joins: readonly number[] | undefined) => T;

export const logicalLines = (source: string): LogicalLine[] =>
  splitLines(source, (from, start, end, line, joins) => {
    const text = from.slice(start, end);
    return joins ? { text, line, joins } : { text, line };
  });

/** The same, in objects of the caller's making. */
export function splitLines<T>(source: string, make: Make<T>): T[] {
  const lines: T[] = [];
  let number = 1;
  let pending: { text: string; line: number; joins: number[] } | undefined;
  const finishPending = (): void => {
    if (pending) lines.push(make(pending.text, 0, pending.text.length, pending.line, pending.joins));
    pending = undefined;
  };
  const finish = (start: number, end: number, continued: boolean): void => {
    if (pending) {
      pending.joins.push(pending.text.length);
      pending.text += source.slice(start, continued ? end - 1 : end);
      if (!continued) finishPending();
    } else if (continued) pending = { text: source.slice(start, end - 1), line: number, joins: [] };
    else lines.push(make(source, start, end, number, undefined));
    number++;
  };
  const start = /[\r\x1a]/.test(source) ? splitAtAnyEnd(source, finish) : splitAtNewlines(source, finish);
  if (start < source.length) finish(start, source.length, false);
  finishPending();
  return lines;
}

type Finish = (start: number, end: number, continued: boolean) => void;

const endsInBackslash = (source: string, start: number, end: number): boolean =>
  end > start && source.charCodeAt(end - 1) === BACKSLASH;

/** Returns where the last line begins. */
function splitAtAnyEnd(source: string, finish: Finish): number {
  let start = 0;
  LINE_END.lastIndex = 0;
  for (let match = LINE_END.exec(source); match; match = LINE_END.exec(source)) {
    finish(start, match.index, match[0] !== '\x1a' && endsInBackslash(source, start, match.index));
    start = match.index + match[0].length;
  }
  return start;
}

/** The quicker way, for most sources. */
function splitAtNewlines(source: string, finish: Finish): number {
  let start = 0;
  for (let end = source.indexOf('\n'); end >= 0; end = source.indexOf('\n', start)) {
    finish(start, end, endsInBackslash(source, start, end));
    start = end + 1;
  }
  return start;
}
