// Characters as a terminal shows them: bell, backspace, line feed and carriage return act, the rest is written and moves
// the cursor on; the screen scrolls at the bottom. The bell has no sound here.

import type { Screen } from './screen';

const BELL = 7, BACKSPACE = 8, LINE_FEED = 10, CARRIAGE_RETURN = 13; // prettier-ignore
/** Of the line that comes in at the bottom, as today's firmware has it (IBM's took the attribute at the cursor). */
const BLANK_ATTRIBUTE = 0x07;

/**
 * @param attribute for text modes; undefined keeps the cell's own.
 * @param colour for graphics modes.
 */
export function teletype(
  screen: Screen,
  page: number,
  character: number,
  attribute: number | undefined,
  colour: number,
): void {
  let { row, column } = screen.cursor(page);
  if (character === BELL) return;
  if (character === BACKSPACE) column = Math.max(0, column - 1);
  else if (character === CARRIAGE_RETURN) column = 0;
  else if (character === LINE_FEED) row++;
  else {
    screen.surface.put(page, row, column, character, screen.isText ? attribute : colour, 1);
    if (++column >= screen.columns) {
      column = 0;
      row++;
    }
  }
  if (row >= screen.rows) {
    row = screen.rows - 1;
    const bottom = screen.rows - 1;
    const blank = screen.isText ? BLANK_ATTRIBUTE : 0;
    screen.surface.scroll(page, { top: 0, left: 0, bottom, right: screen.columns - 1 }, 1, blank);
  }
  screen.setCursor(page, row, column);
}
