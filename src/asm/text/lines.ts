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

type Make<T> = (text: string, line: number, joins: readonly number[] | undefined) => T;

export const logicalLines = (source: string): LogicalLine[] =>
  splitLines(source, (text, line, joins) => (joins ? { text, line, joins } : { text, line }));

/** The same, in objects of the caller's making. */
export function splitLines<T>(source: string, make: Make<T>): T[] {
  const lines: T[] = [];
  let number = 1;
  let pending: { text: string; line: number; joins: number[] } | undefined;
  const finish = (text: string, continued: boolean): void => {
    if (pending) {
      pending.joins.push(pending.text.length);
      pending.text += continued ? text.slice(0, -1) : text;
      if (!continued) {
        lines.push(make(pending.text, pending.line, pending.joins));
        pending = undefined;
      }
    } else if (continued) pending = { text: text.slice(0, -1), line: number, joins: [] };
    else lines.push(make(text, number, undefined));
    number++;
  };
  const start = /[\r\x1a]/.test(source) ? splitAtAnyEnd(source, finish) : splitAtNewlines(source, finish);
  if (start < source.length) finish(source.slice(start), false);
  if (pending) lines.push(make(pending.text, pending.line, pending.joins));
  return lines;
}

type Finish = (text: string, continued: boolean) => void;

/** Returns where the last line begins. */
function splitAtAnyEnd(source: string, finish: Finish): number {
  let start = 0;
  LINE_END.lastIndex = 0;
  for (let match = LINE_END.exec(source); match; match = LINE_END.exec(source)) {
    const text = source.slice(start, match.index);
    finish(text, match[0] !== '\x1a' && text.endsWith('\\'));
    start = match.index + match[0].length;
  }
  return start;
}

/** The quicker way, for most sources. */
function splitAtNewlines(source: string, finish: Finish): number {
  let start = 0;
  for (let end = source.indexOf('\n'); end >= 0; end = source.indexOf('\n', start)) {
    finish(source.slice(start, end), end > start && source.charCodeAt(end - 1) === BACKSLASH);
    start = end + 1;
  }
  return start;
}
