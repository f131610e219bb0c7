// Finds lines of a sample by their text, so that tests do not depend on line numbers.
import { readFileSync } from 'node:fs';

/** Number (from 1) of the line with `text`, the first at or after the line with `after` if that is given. */
export const lineOf = (file: string, text: string, after?: string): number => {
  const lines = readFileSync(file, 'utf8').split('\n');
  const from = after === undefined ? 0 : lines.findIndex((line) => line.includes(after));
  const found = lines.findIndex((line, index) => index >= from && line.includes(text));
  if (from < 0 || found < 0) throw new Error(`${file} has no line with "${from < 0 ? after : text}"`);
  return found + 1;
};
