// INT 16h: keyboard services (IBM PS/2 and PC BIOS Interface Technical Reference, "Interrupt 16h"). Reading waits in the ROM
// stub with interrupts open. AH=03 (typematic rate) is accepted without effect.

import { BDA_KEY_MODE, BDA_SHIFT_FLAGS, BDA_SHIFT_KEYS } from '../bda';
import type { Guest } from '../guest';
import { dropKey, peekKey, storeKey } from './keyBuffer';

/** `wait`: no key yet, the stub halts and asks again. */
export type KeyboardAnswer = 'done' | 'wait';

const KEYBOARD_ID = 0x41ab;
/** AH=09: the functions 05, 03, 0A, 10-12 exist. */
const CAPABILITIES = 0x30;

export function keyboardService(g: Guest): KeyboardAnswer {
  switch (g.ah) {
    case 0x00:
      return read(g, classic);
    case 0x01:
      return look(g, classic);
    case 0x02:
      g.al = g.read8(BDA_SHIFT_FLAGS);
      break;
    case 0x05:
      g.al = storeKey(g, g.cx) ? 0 : 1;
      break;
    case 0x09:
      g.al = CAPABILITIES;
      break;
    case 0x0a:
      g.bx = KEYBOARD_ID;
      break;
    case 0x10:
      return read(g, enhanced);
    case 0x11:
      return look(g, enhanced);
    case 0x12:
      g.al = g.read8(BDA_SHIFT_FLAGS);
      g.ah = extendedShiftState(g);
      break;
    case 0x92: // callers probe for the enhanced functions: 80 in AH says they exist
      g.ah = 0x80;
      break;
  }
  return 'done';
}

const enhanced = (code: number): number => ((code & 0xff) === 0xf0 && code >> 8 ? code & 0xff00 : code);

/** Codes of the 101-key keyboard as the 84-key one would give them. */
function classic(code: number): number {
  const [scan, character] = [code >> 8, code & 0xff];
  if (scan === 0xe0) return ((character === 0x2f ? 0x35 : 0x1c) << 8) | character;
  return character === 0xe0 && scan ? code & 0xff00 : enhanced(code);
}

function read(g: Guest, convert: (code: number) => number): KeyboardAnswer {
  const code = peekKey(g);
  if (code === undefined) return 'wait';
  dropKey(g);
  g.ax = convert(code);
  return 'done';
}

function look(g: Guest, convert: (code: number) => number): KeyboardAnswer {
  const code = peekKey(g);
  g.zero = code === undefined;
  if (code !== undefined) g.ax = convert(code);
  return 'done';
}

/** Bits 0-1 left Ctrl and Alt, 2-3 right Ctrl and Alt, 4-6 locks held, 7 SysReq held. */
const extendedShiftState = (g: Guest): number => {
  const held = g.read8(BDA_SHIFT_KEYS);
  return (held & 0x73) | (g.read8(BDA_KEY_MODE) & 0x0c) | ((held & 4) << 5);
};
