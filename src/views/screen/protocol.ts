// Messages between the Guest Screen's page and the extension.

export interface Frame {
  /** Changes whenever the picture does. */
  generation: number;
  width: number;
  height: number;
  kind: 'text' | 'graphics';
  /** `80x25 text`. */
  description: string;
  /** Up to 256 colours, 0xRRGGBB. */
  palette: readonly number[];
  /** Base64 of width * height palette indices. */
  pixels: string;
  /** Characters of each row, in text modes. */
  text?: readonly string[];
  cursor?: { column: number; row: number };
  /** Height of a pixel over its width; absent = square. */
  pixelAspect?: number;
}

/** A key of the guest's keyboard, by its W3C `KeyboardEvent.code`. */
export interface Key {
  code: string;
  down: boolean;
}

export type ToPage =
  | { type: 'session'; name: string | undefined }
  | { type: 'frame'; frame: Frame }
  | { type: 'running'; running: boolean }
  /** The last picture stays; keys go nowhere. */
  | { type: 'ended' }
  /** Takes or gives back the keyboard. */
  | { type: 'capture'; on: boolean };

export type FromPage =
  | { type: 'ready' }
  /** The frame is on the canvas: the next may come. */
  | { type: 'drawn'; generation: number }
  | { type: 'keys'; keys: readonly Key[] }
  | { type: 'captured'; on: boolean }
  /** A PNG, base64. */
  | { type: 'save'; png: string }
  | { type: 'copy'; text: string }
  | { type: 'paste' };
