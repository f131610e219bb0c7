// Text to keystrokes on the US layout, for hosts that type into the guest.

/** Unshifted and shifted character of each key that types one. */
const FACES: readonly (readonly [code: string, plain: string, shifted: string])[] = [
  ...'abcdefghijklmnopqrstuvwxyz'
    .split('')
    .map((c): [string, string, string] => [`Key${c.toUpperCase()}`, c, c.toUpperCase()]),
  ...')!@#$%^&*('.split('').map((c, digit): [string, string, string] => [`Digit${digit}`, String(digit), c]),
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Backquote', '`', '~'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ['Space', ' ', ' '],
];

const STROKES = new Map<string, readonly string[]>();
for (let letter = 1; letter <= 26; letter++) {
  STROKES.set(String.fromCharCode(letter), ['ControlLeft', `Key${String.fromCharCode(64 + letter)}`]);
}
for (const [code, plain, shifted] of FACES) {
  STROKES.set(shifted, ['ShiftLeft', code]);
  STROKES.set(plain, [code]);
}
const CONTROLS = { '\b': 'Backspace', '\t': 'Tab', '\n': 'Enter', '\r': 'Enter', '\x1b': 'Escape', '\x7f': 'Delete' };
for (const [character, code] of Object.entries(CONTROLS)) STROKES.set(character, [code]);

/** Keys to hold down together for a character (modifier first), or undefined when the layout cannot type it. */
export const strokeOf = (character: string): readonly string[] | undefined => STROKES.get(character);
