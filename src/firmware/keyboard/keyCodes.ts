// From set-1 scan codes to the words that INT 16h gives (scan code in the high byte, character in the low one), for the US
// layout (IBM PS/2 and PC BIOS Interface Technical Reference, "Keyboard Keystrokes").

export interface KeyCodes {
  readonly plain: number;
  readonly shift: number;
  /** 0: the combination gives nothing. */
  readonly ctrl: number;
  readonly alt: number;
  /** Caps Lock swaps plain and shift. */
  readonly letter?: true;
  /** Num Lock swaps plain and shift. */
  readonly keypad?: true;
}

const KEYS = new Map<number, KeyCodes>();
/** Keys whose scan code comes after E0. */
const EXTENDED = new Map<number, KeyCodes>();

const LETTER_ROWS: readonly (readonly [first: number, letters: string])[] = [
  [0x10, 'qwertyuiop'],
  [0x1e, 'asdfghjkl'],
  [0x2c, 'zxcvbnm'],
];
for (const [first, letters] of LETTER_ROWS) {
  [...letters].forEach((letter, n) => {
    const scan = (first + n) << 8;
    const code = letter.charCodeAt(0);
    KEYS.set(first + n, {
      plain: scan | code,
      shift: scan | (code - 0x20),
      ctrl: scan | (code & 0x1f),
      alt: scan,
      letter: true,
    });
  });
}

/** Scan code, plain and shifted character, control character (-1: none). */
const SYMBOLS: readonly (readonly [scan: number, faces: string, control: number])[] = [
  [0x1a, '[{', 0x1b], [0x1b, ']}', 0x1d], [0x27, ';:', -1], [0x28, '\'"', -1], [0x29, '`~', -1], [0x2b, '\\|', 0x1c],
  [0x33, ',<', -1], [0x34, '.>', -1], [0x35, '/?', -1],
]; // prettier-ignore
for (const [scan, faces, control] of SYMBOLS) {
  KEYS.set(scan, {
    plain: (scan << 8) | faces.charCodeAt(0),
    shift: (scan << 8) | faces.charCodeAt(1),
    ctrl: control < 0 ? 0 : (scan << 8) | control,
    alt: scan << 8,
  });
}

const DIGITS = '1234567890-=';
const SHIFTED_DIGITS = '!@#$%^&*()_+';
const CONTROL_DIGITS: Readonly<Record<string, number>> = { '2': 0x0300, '6': 0x071e, '-': 0x0c1f };
[...DIGITS].forEach((digit, n) => {
  const scan = (2 + n) << 8;
  KEYS.set(2 + n, {
    plain: scan | digit.charCodeAt(0),
    shift: scan | SHIFTED_DIGITS.charCodeAt(n),
    ctrl: CONTROL_DIGITS[digit] ?? 0,
    alt: (0x78 + n) << 8,
  });
});

const key = (scan: number, plain: number, shift: number, ctrl: number, alt: number): void => {
  KEYS.set(scan, { plain, shift, ctrl, alt });
};
key(0x01, 0x011b, 0x011b, 0x011b, 0x0100); // Esc
key(0x0e, 0x0e08, 0x0e08, 0x0e7f, 0x0e00); // Backspace
key(0x0f, 0x0f09, 0x0f00, 0x9400, 0xa500); // Tab
key(0x1c, 0x1c0d, 0x1c0d, 0x1c0a, 0x1c00); // Enter
key(0x37, 0x372a, 0x372a, 0x9600, 0x3700); // keypad *
key(0x39, 0x3920, 0x3920, 0x3920, 0x3920); // Space
key(0x4a, 0x4a2d, 0x4a2d, 0x8e00, 0x4a00); // keypad -
key(0x4e, 0x4e2b, 0x4e2b, 0x9000, 0x4e00); // keypad +
key(0x56, 0x565c, 0x567c, 0, 0); // the 102nd key
key(0x57, 0x8500, 0x8700, 0x8900, 0x8b00); // F11
key(0x58, 0x8600, 0x8800, 0x8a00, 0x8c00); // F12
for (let n = 0; n < 10; n++) key(0x3b + n, (0x3b + n) << 8, (0x54 + n) << 8, (0x5e + n) << 8, (0x68 + n) << 8);

/** Keypad: digit, Ctrl code; and Alt code of the grey key with the same scan code (its plain code has E0 as character). */
const KEYPAD: readonly (readonly [scan: number, face: string, ctrl: number, greyAlt: number])[] = [
  [0x47, '7', 0x77, 0x97], [0x48, '8', 0x8d, 0x98], [0x49, '9', 0x84, 0x99], [0x4b, '4', 0x73, 0x9b],
  [0x4c, '5', 0x8f, 0], [0x4d, '6', 0x74, 0x9d], [0x4f, '1', 0x75, 0x9f], [0x50, '2', 0x91, 0xa0],
  [0x51, '3', 0x76, 0xa1], [0x52, '0', 0x92, 0xa2], [0x53, '.', 0x93, 0xa3],
]; // prettier-ignore
for (const [scan, face, ctrl, greyAlt] of KEYPAD) {
  const plain = scan << 8;
  KEYS.set(scan, { plain, shift: plain | face.charCodeAt(0), ctrl: ctrl << 8, alt: 0, keypad: true });
  if (!greyAlt) continue;
  const grey = plain | 0xe0;
  EXTENDED.set(scan, { plain: grey, shift: grey, ctrl: (ctrl << 8) | 0xe0, alt: greyAlt << 8 });
}
EXTENDED.set(0x1c, { plain: 0xe00d, shift: 0xe00d, ctrl: 0xe00a, alt: 0xa600 }); // keypad Enter
EXTENDED.set(0x35, { plain: 0xe02f, shift: 0xe02f, ctrl: 0x9500, alt: 0xa400 }); // keypad /

/** Undefined for keys that give no code. */
export const keyCodes = (scan: number, extended: boolean): KeyCodes | undefined =>
  (extended ? EXTENDED : KEYS).get(scan);

/** Digit of a keypad scan code (Alt with the keypad types character codes), or undefined. */
export const keypadDigit = (scan: number): number | undefined => {
  const row = KEYPAD.find(([code]) => code === scan);
  return row && row[1] !== '.' ? Number(row[1]) : undefined;
};
