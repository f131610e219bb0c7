// Places in a text as editors count them: lines and characters from 0, characters in UTF-16 units, ends exclusive.

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Location {
  path: string;
  range: Range;
}

export interface TextEdit {
  range: Range;
  text: string;
}

/** A range within one line. */
export const lineRange = (line: number, from: number, to: number): Range => ({
  start: { line, character: from },
  end: { line, character: to },
});

export const contains = (range: Range, { line, character }: Position): boolean =>
  (line > range.start.line || (line === range.start.line && character >= range.start.character)) &&
  (line < range.end.line || (line === range.end.line && character <= range.end.character));
