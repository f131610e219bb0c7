// INT 09h: scan codes become shift states and codes in the buffer (IBM PC/AT Technical Reference, BIOS listing "KB_INT_1").
// The stub offers each code to INT 15h AH=4F between readKey and handleKey. Absent: switching the keyboard's lights, and Pause,
// which stopped the machine inside this interrupt.

import {
  BDA_ALT_KEYPAD,
  BDA_BREAK,
  BDA_KEY_LEDS,
  BDA_KEY_MODE,
  BDA_SHIFT_FLAGS,
  BDA_SHIFT_KEYS,
  BDA_SOFT_RESET,
} from '../bda';
import type { Guest } from '../guest';
import { emptyKeys, storeKey } from './keyBuffer';
import { keyCodes, keypadDigit, type KeyCodes } from './keyCodes';

/** What the stub does after a scan code beyond acknowledging the interrupt. */
export type KeyAction = 'none' | 'break' | 'print-screen' | 'sysreq-down' | 'sysreq-up' | 'reboot';

const RIGHT_SHIFT = 1, LEFT_SHIFT = 2, CTRL = 4, ALT = 8, SCROLL = 0x10, NUM = 0x20, CAPS = 0x40, INSERT = 0x80; // prettier-ignore
const SHIFT = RIGHT_SHIFT | LEFT_SHIFT;
/** Second byte of flags: keys held. */
const LEFT_CTRL_HELD = 1, LEFT_ALT_HELD = 2, SYSREQ_HELD = 4; // prettier-ignore
/** Keyboard mode byte. */
const E1_SEEN = 1, E0_SEEN = 2, RIGHT_CTRL_HELD = 4, RIGHT_ALT_HELD = 8; // prettier-ignore
const SCAN_CTRL = 0x1d, SCAN_LEFT_SHIFT = 0x2a, SCAN_RIGHT_SHIFT = 0x36, SCAN_PRINT = 0x37, SCAN_ALT = 0x38; // prettier-ignore
const SCAN_CAPS = 0x3a, SCAN_NUM = 0x45, SCAN_SCROLL = 0x46, SCAN_INSERT = 0x52, SCAN_DELETE = 0x53, SCAN_SYSREQ = 0x54; // prettier-ignore
const WARM_START = 0x1234;
const LOCK_KEYS: Readonly<Record<number, number>> = { [SCAN_CAPS]: CAPS, [SCAN_NUM]: NUM, [SCAN_SCROLL]: SCROLL };

const has = (g: Guest, at: number, bits: number): boolean => (g.read8(at) & bits) !== 0;
const change = (g: Guest, at: number, bits: number, on: boolean): void => {
  const old = g.read8(at);
  g.write8(at, on ? old | bits : old & ~bits);
};

export function handleKey(g: Guest, byte: number): KeyAction {
  if (byte === 0xe0 || byte === 0xe1) {
    change(g, BDA_KEY_MODE, byte === 0xe0 ? E0_SEEN : E1_SEEN, true);
    return 'none';
  }
  const mode = g.read8(BDA_KEY_MODE);
  const [extended, pauseSequence] = [(mode & E0_SEEN) !== 0, (mode & E1_SEEN) !== 0];
  const scan = byte & 0x7f;
  const down = byte < 0x80;
  change(g, BDA_KEY_MODE, E0_SEEN, false);
  if (pauseSequence) {
    // Pause sends E1 1D 45: the E1 state ends with the 45.
    if (scan !== SCAN_CTRL) change(g, BDA_KEY_MODE, E1_SEEN, false);
    return 'none';
  }
  return modifier(g, scan, down, extended) ? 'none' : down ? press(g, scan, extended) : release(g, scan);
}

/** Shift, Ctrl, Alt and the locks. True when the key was one of them. */
function modifier(g: Guest, scan: number, down: boolean, extended: boolean): boolean {
  if (scan === SCAN_LEFT_SHIFT || scan === SCAN_RIGHT_SHIFT) {
    // With E0 they are made up by the keyboard around grey keys.
    if (!extended) change(g, BDA_SHIFT_FLAGS, scan === SCAN_LEFT_SHIFT ? LEFT_SHIFT : RIGHT_SHIFT, down);
    return true;
  }
  if (scan === SCAN_CTRL || scan === SCAN_ALT) {
    const ctrl = scan === SCAN_CTRL;
    if (extended) change(g, BDA_KEY_MODE, ctrl ? RIGHT_CTRL_HELD : RIGHT_ALT_HELD, down);
    else change(g, BDA_SHIFT_KEYS, ctrl ? LEFT_CTRL_HELD : LEFT_ALT_HELD, down);
    const left = has(g, BDA_SHIFT_KEYS, ctrl ? LEFT_CTRL_HELD : LEFT_ALT_HELD);
    const right = has(g, BDA_KEY_MODE, ctrl ? RIGHT_CTRL_HELD : RIGHT_ALT_HELD);
    change(g, BDA_SHIFT_FLAGS, ctrl ? CTRL : ALT, left || right);
    if (!ctrl && !left && !right) finishAltKeypad(g);
    return true;
  }
  const lock = extended ? undefined : LOCK_KEYS[scan];
  if (lock === undefined || (has(g, BDA_SHIFT_FLAGS, CTRL) && scan !== SCAN_CAPS)) return false;
  const held = has(g, BDA_SHIFT_KEYS, lock);
  change(g, BDA_SHIFT_KEYS, lock, down);
  if (down && !held) {
    g.write8(BDA_SHIFT_FLAGS, g.read8(BDA_SHIFT_FLAGS) ^ lock);
    g.write8(BDA_KEY_LEDS, (g.read8(BDA_KEY_LEDS) & ~7) | ((g.read8(BDA_SHIFT_FLAGS) >> 4) & 7));
  }
  return true;
}

function release(g: Guest, scan: number): KeyAction {
  if (scan === SCAN_INSERT) change(g, BDA_SHIFT_KEYS, INSERT, false);
  if (scan !== SCAN_SYSREQ) return 'none';
  change(g, BDA_SHIFT_KEYS, SYSREQ_HELD, false);
  return 'sysreq-up';
}

function press(g: Guest, scan: number, extended: boolean): KeyAction {
  const flags = g.read8(BDA_SHIFT_FLAGS);
  const [ctrl, alt] = [(flags & CTRL) !== 0, (flags & ALT) !== 0];
  if (scan === SCAN_DELETE && ctrl && alt) {
    g.write16(BDA_SOFT_RESET, WARM_START);
    return 'reboot';
  }
  if (scan === SCAN_SCROLL && ctrl) return breakKey(g);
  if (scan === SCAN_NUM && ctrl) return 'none'; // pause
  if (scan === SCAN_SYSREQ) {
    if (has(g, BDA_SHIFT_KEYS, SYSREQ_HELD)) return 'none';
    change(g, BDA_SHIFT_KEYS, SYSREQ_HELD, true);
    return 'sysreq-down';
  }
  if (scan === SCAN_PRINT && extended) return ctrl || alt ? 'none' : 'print-screen';
  if (scan === SCAN_INSERT && !alt && !(flags & (NUM | SHIFT)) && !has(g, BDA_SHIFT_KEYS, INSERT)) {
    change(g, BDA_SHIFT_KEYS, INSERT, true);
    g.write8(BDA_SHIFT_FLAGS, flags ^ INSERT);
  }
  const digit = alt && !extended ? keypadDigit(scan) : undefined;
  if (digit !== undefined) {
    g.write8(BDA_ALT_KEYPAD, g.read8(BDA_ALT_KEYPAD) * 10 + digit);
    return 'none';
  }
  const codes = keyCodes(scan, extended);
  const code = codes && choose(codes, flags);
  if (code) storeKey(g, code);
  return 'none';
}

function choose(codes: KeyCodes, flags: number): number {
  if (flags & ALT) return codes.alt;
  if (flags & CTRL) return codes.ctrl;
  let shifted = (flags & SHIFT) !== 0;
  if (codes.letter && flags & CAPS) shifted = !shifted;
  if (codes.keypad && flags & NUM) shifted = !shifted;
  return shifted ? codes.shift : codes.plain;
}

/** A character code typed on the keypad with Alt down. */
function finishAltKeypad(g: Guest): void {
  const character = g.read8(BDA_ALT_KEYPAD);
  g.write8(BDA_ALT_KEYPAD, 0);
  if (character) storeKey(g, character);
}

/** Ctrl-Break empties the buffer and leaves a zero word in it. */
function breakKey(g: Guest): KeyAction {
  g.write8(BDA_BREAK, 0x80);
  emptyKeys(g);
  storeKey(g, 0);
  return 'break';
}
