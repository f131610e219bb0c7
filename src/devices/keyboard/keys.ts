// The 102-key keyboard by DOM KeyboardEvent.code: scan code in set 1 and set 2 (0xE0xx = prefixed), and in set 3
// (IBM PS/2 Hardware Interface Technical Reference, "Keyboard (101- and 102-Key)"). Print Screen and Pause, whose
// sequences depend on other keys, are the keyboard's own business; their rows hold the set-3 code only.

export interface Key {
  readonly set1: number;
  readonly set2: number;
  readonly set3: number;
}

/** Columns: code, set 1, set 2, set 3 (absent: the same as set 2). */
const ROWS = `
Escape 01 76 08
Digit1 02 16
Digit2 03 1e
Digit3 04 26
Digit4 05 25
Digit5 06 2e
Digit6 07 36
Digit7 08 3d
Digit8 09 3e
Digit9 0a 46
Digit0 0b 45
Minus 0c 4e
Equal 0d 55
Backspace 0e 66
Tab 0f 0d
KeyQ 10 15
KeyW 11 1d
KeyE 12 24
KeyR 13 2d
KeyT 14 2c
KeyY 15 35
KeyU 16 3c
KeyI 17 43
KeyO 18 44
KeyP 19 4d
BracketLeft 1a 54
BracketRight 1b 5b
Enter 1c 5a
ControlLeft 1d 14 11
KeyA 1e 1c
KeyS 1f 1b
KeyD 20 23
KeyF 21 2b
KeyG 22 34
KeyH 23 33
KeyJ 24 3b
KeyK 25 42
KeyL 26 4b
Semicolon 27 4c
Quote 28 52
Backquote 29 0e
ShiftLeft 2a 12
Backslash 2b 5d 5c
KeyZ 2c 1a
KeyX 2d 22
KeyC 2e 21
KeyV 2f 2a
KeyB 30 32
KeyN 31 31
KeyM 32 3a
Comma 33 41
Period 34 49
Slash 35 4a
ShiftRight 36 59
NumpadMultiply 37 7c 7e
AltLeft 38 11 19
Space 39 29
CapsLock 3a 58 14
F1 3b 05 07
F2 3c 06 0f
F3 3d 04 17
F4 3e 0c 1f
F5 3f 03 27
F6 40 0b 2f
F7 41 83 37
F8 42 0a 3f
F9 43 01 47
F10 44 09 4f
NumLock 45 77 76
ScrollLock 46 7e 5f
Numpad7 47 6c
Numpad8 48 75
Numpad9 49 7d
NumpadSubtract 4a 7b 84
Numpad4 4b 6b
Numpad5 4c 73
Numpad6 4d 74
NumpadAdd 4e 79 7c
Numpad1 4f 69
Numpad2 50 72
Numpad3 51 7a
Numpad0 52 70
NumpadDecimal 53 71
IntlBackslash 56 61 13
F11 57 78 56
F12 58 07 5e
NumpadEnter e01c e05a 79
ControlRight e01d e014 58
NumpadDivide e035 e04a 77
AltRight e038 e011 39
Home e047 e06c 6e
ArrowUp e048 e075 63
PageUp e049 e07d 6f
ArrowLeft e04b e06b 61
ArrowRight e04d e074 6a
End e04f e069 65
ArrowDown e050 e072 60
PageDown e051 e07a 6d
Insert e052 e070 67
Delete e053 e071 64
MetaLeft e05b e01f 8b
MetaRight e05c e027 8c
ContextMenu e05d e02f 8d
PrintScreen 0 0 57
Pause 0 0 62
`;

const parseRow = (row: string): [string, Key] => {
  const [code, ...columns] = row.split(' ');
  const [set1, set2, set3 = set2] = columns.map((digits) => parseInt(digits, 16));
  return [code, { set1, set2, set3 }];
};

/** Every key of the keyboard, by KeyboardEvent.code. */
export const KEYS: ReadonlyMap<string, Key> = new Map(ROWS.trim().split('\n').map(parseRow));

/** Set-2 codes without a key, in the order in which the 8042's table numbers them from 0x59 on. */
const UNASSIGNED =
  '0f 17 1f 27 2f 37 3f 47 4f 56 5e 08 10 18 20 28 30 38 40 48 50 57 6f 13 19 39 51 53 5c 5f 62 63 64 65 67 68 6a 6d 6e';

/** The 8042's translation of keyboard bytes from set 2 to set 1; bytes it does not know pass unchanged. */
export const SET2_TO_SET1: Uint8Array = (() => {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (const { set1, set2 } of KEYS.values()) if (set2) table[set2 & 0xff] = set1 & 0xff;
  UNASSIGNED.split(' ').forEach((digits, i) => (table[parseInt(digits, 16)] = 0x59 + i));
  table[0x00] = 0xff; // overrun marker
  table[0x02] = 0x41;
  table[0x60] = 0x55;
  table[0x7f] = table[0x84] = 0x54; // Alt+SysRq
  return table;
})();
