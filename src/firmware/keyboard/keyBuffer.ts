// The ring of 16 words in the BIOS data area between the keyboard interrupt and INT 16h; one word stays free.

import { BDA_KEY_BUFFER_END, BDA_KEY_BUFFER_START, BDA_KEY_HEAD, BDA_KEY_TAIL } from '../bda';
import type { Guest } from '../guest';

const BDA_SEGMENT = 0x400;

function next(g: Guest, at: number): number {
  return at + 2 >= g.read16(BDA_KEY_BUFFER_END) ? g.read16(BDA_KEY_BUFFER_START) : at + 2;
}

/** False when the buffer is full. */
export function storeKey(g: Guest, code: number): boolean {
  const tail = g.read16(BDA_KEY_TAIL);
  const after = next(g, tail);
  if (after === g.read16(BDA_KEY_HEAD)) return false;
  g.write16(BDA_SEGMENT + tail, code);
  g.write16(BDA_KEY_TAIL, after);
  return true;
}

/** The oldest code, or undefined when there is none. */
export function peekKey(g: Guest): number | undefined {
  const head = g.read16(BDA_KEY_HEAD);
  return head === g.read16(BDA_KEY_TAIL) ? undefined : g.read16(BDA_SEGMENT + head);
}

export function dropKey(g: Guest): void {
  g.write16(BDA_KEY_HEAD, next(g, g.read16(BDA_KEY_HEAD)));
}

export function emptyKeys(g: Guest): void {
  g.write16(BDA_KEY_HEAD, g.read16(BDA_KEY_BUFFER_START));
  g.write16(BDA_KEY_TAIL, g.read16(BDA_KEY_BUFFER_START));
}
