// A guest as a session or a command sees it: what the debugger looks into, and its keyboard, serial ports and screen.

import type { Emitter } from '../base/events';
import type { DebugTarget } from './target';
import type { Typist } from './input/typist';

export interface SerialOutput {
  /** 1 = COM1. */
  port: number;
  byte: number;
}

/** What the display shows. */
export interface ScreenPicture {
  /** Changes whenever the picture does. */
  generation: number;
  kind: 'text' | 'graphics';
  description: string;
  width: number;
  height: number;
  /** 0xRRGGBB. */
  palette: readonly number[];
  /** One palette index per pixel, row by row. */
  pixels: Uint8Array;
  text?: readonly string[];
  cursor?: { column: number; row: number };
  pixelAspect?: number;
}

export interface Guest {
  readonly target: DebugTarget;
  readonly typist: Typist;
  readonly onSerial: Emitter<SerialOutput>;
  /** Bytes written to port E9. */
  readonly onDebugByte: Emitter<number>;
  /** Makes the present or next slice of execution end early. */
  requestStop(): void;
  /** Bytes arriving at a serial port; 1 = COM1. */
  sendSerial(port: number, bytes: readonly number[]): void;
  /** Scan codes of set 2, as the keyboard sends them. */
  sendKeys(codes: readonly number[]): void;
  /** Undefined when the picture still is the one of that generation. */
  screen(known?: number): ScreenPicture | undefined;
}
