// The VGA's indexed registers through their ports (IBM VGA hardware reference, "VGA Programming").

import { BDA_CRTC_PORT } from '../bda';
import type { Guest } from '../guest';

export const SEQUENCER = 0x3c4;
export const GRAPHICS = 0x3ce;
const ATTRIBUTE = 0x3c0;
const ATTRIBUTE_READ = 0x3c1;
/** Bit 5 of the attribute index: the palette drives the screen, not the processor. */
const PALETTE_ON = 0x20;

export const crtcPort = (g: Guest): number => g.read16(BDA_CRTC_PORT);

export function readIndexed(g: Guest, port: number, index: number): number {
  g.out8(port, index);
  return g.in8(port + 1);
}

export function writeIndexed(g: Guest, port: number, index: number, value: number): void {
  g.out8(port, index);
  g.out8(port + 1, value);
}

/** Reading input status 1 makes the next write to the attribute port an index. */
const resetFlipFlop = (g: Guest): number => g.in8(crtcPort(g) + 6);

export function readAttribute(g: Guest, index: number): number {
  resetFlipFlop(g);
  g.out8(ATTRIBUTE, index & 0x1f);
  const value = g.in8(ATTRIBUTE_READ);
  enableAttribute(g);
  return value;
}

export function writeAttribute(g: Guest, index: number, value: number): void {
  resetFlipFlop(g);
  g.out8(ATTRIBUTE, index & 0x1f);
  g.out8(ATTRIBUTE, value);
  enableAttribute(g);
}

function enableAttribute(g: Guest): void {
  resetFlipFlop(g);
  g.out8(ATTRIBUTE, PALETTE_ON);
}
