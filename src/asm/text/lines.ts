// Splits a source into logical lines: a backslash right before the end of a line joins the next one to it.

export interface LogicalLine {
  text: string;
  /** 1-based number of the first physical line. */
  line: number;
  /** Start of each further physical line within `text`, ascending; absent when there is only one. */
  joins?: readonly number[];
}

/** CR LF, LF, CR and the DOS end-of-file mark (Ctrl-Z) end a line. */
const LINE_END = /\r\n|\n|\r|\x1a/g;

export function logicalLines(source: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let start = 0;
  let number = 1;
  let pending: { text: string; line: number; joins: number[] } | undefined;
  const finish = (text: string, continued: boolean): void => {
    if (pending) {
      pending.joins.push(pending.text.length);
      pending.text += continued ? text.slice(0, -1) : text;
      if (!continued) {
        lines.push(pending);
        pending = undefined;
      }
    } else if (continued) pending = { text: text.slice(0, -1), line: number, joins: [] };
    else lines.push({ text, line: number });
    number++;
  };
  LINE_END.lastIndex = 0;
  for (let match = LINE_END.exec(source); match; match = LINE_END.exec(source)) {
    const text = source.slice(start, match.index);
    finish(text, match[0] !== '\x1a' && text.endsWith('\\'));
    start = match.index + match[0].length;
  }
  if (start < source.length) finish(source.slice(start), false);
  if (pending) lines.push(pending);
  return lines;
}
