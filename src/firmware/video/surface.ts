// What a screen needs of its memory, and what the memory needs to know of the screen: one implementation for text, one for
// each kind of graphics memory.

import type { Guest } from '../guest';
import type { VideoMode } from './modes';

/** The geometry of the present screen. */
export interface SurfaceGeometry {
  readonly g: Guest;
  readonly mode: VideoMode;
  readonly columns: number;
  readonly charHeight: number;
  readonly pageBytes: number;
}

/** An area of character cells, both corners included. */
export interface CellWindow {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Surface {
  /** Writes `count` cells from (row, column) on. An undefined attribute keeps the cells' own (text only). */
  put(page: number, row: number, column: number, character: number, attribute: number | undefined, count: number): void;
  /** Character and attribute; character 0 when a graphics cell shows nothing known. */
  get(page: number, row: number, column: number): { character: number; attribute: number };
  /** Moves the contents of a window up by `lines` (down when negative) and blanks what comes in. */
  scroll(page: number, window: CellWindow, lines: number, attribute: number): void;
}
