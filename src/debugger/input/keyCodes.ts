// Keys by their W3C names ("UI Events KeyboardEvent code Values") as scan code set 2, the set a PS/2 keyboard speaks, and
// the keys that type the characters of a US layout.

/** Make codes, prefix bytes included. */
const MAKE: Readonly<Record<string, readonly number[]>> = {
  ...letters('A', [0x1c, 0x32, 0x21, 0x23, 0x24, 0x2b, 0x34, 0x33, 0x43, 0x3b, 0x42, 0x4b, 0x3a]),
  ...letters('N', [0x31, 0x44, 0x4d, 0x15, 0x2d, 0x1b, 0x2c, 0x3c, 0x2a, 0x1d, 0x22, 0x35, 0x1a]),
  ...numbered('Digit', 0, [0x45, 0x16, 0x1e, 0x26, 0x25, 0x2e, 0x36, 0x3d, 0x3e, 0x46]),
  ...numbered('Numpad', 0, [0x70, 0x69, 0x72, 0x7a, 0x6b, 0x73, 0x74, 0x6c, 0x75, 0x7d]),
  ...numbered('F', 1, [0x05, 0x06, 0x04, 0x0c, 0x03, 0x0b, 0x83, 0x0a, 0x01, 0x09, 0x78, 0x07]),
  Backquote: [0x0e],
  Minus: [0x4e],
  Equal: [0x55],
  Backslash: [0x5d],
  IntlBackslash: [0x61],
  BracketLeft: [0x54],
  BracketRight: [0x5b],
  Semicolon: [0x4c],
  Quote: [0x52],
  Comma: [0x41],
  Period: [0x49],
  Slash: [0x4a],
  Backspace: [0x66],
  Space: [0x29],
  Tab: [0x0d],
  Enter: [0x5a],
  Escape: [0x76],
  CapsLock: [0x58],
  NumLock: [0x77],
  ScrollLock: [0x7e],
  ShiftLeft: [0x12],
  ShiftRight: [0x59],
  ControlLeft: [0x14],
  ControlRight: [0xe0, 0x14],
  AltLeft: [0x11],
  AltRight: [0xe0, 0x11],
  MetaLeft: [0xe0, 0x1f],
  MetaRight: [0xe0, 0x27],
  ContextMenu: [0xe0, 0x2f],
  Insert: [0xe0, 0x70],
  Delete: [0xe0, 0x71],
  Home: [0xe0, 0x6c],
  End: [0xe0, 0x69],
  PageUp: [0xe0, 0x7d],
  PageDown: [0xe0, 0x7a],
  ArrowUp: [0xe0, 0x75],
  ArrowDown: [0xe0, 0x72],
  ArrowLeft: [0xe0, 0x6b],
  ArrowRight: [0xe0, 0x74],
  NumpadDivide: [0xe0, 0x4a],
  NumpadMultiply: [0x7c],
  NumpadSubtract: [0x7b],
  NumpadAdd: [0x79],
  NumpadEnter: [0xe0, 0x5a],
  NumpadDecimal: [0x71],
};

function letters(first: string, codes: readonly number[]): Record<string, number[]> {
  const start = first.charCodeAt(0);
  return Object.fromEntries(codes.map((code, i) => [`Key${String.fromCharCode(start + i)}`, [code]]));
}

function numbered(prefix: string, first: number, codes: readonly number[]): Record<string, number[]> {
  return Object.fromEntries(codes.map((code, i) => [`${prefix}${first + i}`, [code]]));
}

/** Scan codes of a key going down or up; undefined for a key that a PC keyboard does not have. */
export function scanCodes(code: string, down: boolean): readonly number[] | undefined {
  if (code === 'PrintScreen') return down ? [0xe0, 0x12, 0xe0, 0x7c] : [0xe0, 0xf0, 0x7c, 0xe0, 0xf0, 0x12];
  if (code === 'Pause') return down ? [0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77] : [];
  const make = MAKE[code];
  if (!make || down) return make;
  return [...make.slice(0, -1), 0xf0, make.at(-1)!];
}

/** Characters without and with Shift, key by key. */
const LAYOUT: readonly (readonly [string, string, string])[] = [
  ['Backquote', '`', '~'],
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ['Space', ' ', ' '],
  ['Enter', '\n', '\n'],
  ['Tab', '\t', '\t'],
  ['Backspace', '\b', '\b'],
  ['Escape', '\x1b', '\x1b'],
  ...[...')!@#$%^&*('].map((shifted, n): [string, string, string] => [`Digit${n}`, String(n), shifted]),
  ...[...'abcdefghijklmnopqrstuvwxyz'].map((c): [string, string, string] => [
    `Key${c.toUpperCase()}`,
    c,
    c.toUpperCase(),
  ]),
];

export interface Stroke {
  code: string;
  /** Modifier keys held down, by their codes. */
  held: readonly string[];
}

const STROKES: ReadonlyMap<string, Stroke> = new Map(
  [...LAYOUT].reverse().flatMap(([code, plain, shifted]): [string, Stroke][] => [
    [shifted, { code, held: ['ShiftLeft'] }],
    [plain, { code, held: [] }],
  ]),
);

/** The key that types a character on a US keyboard. */
export const strokeOf = (character: string): Stroke | undefined => STROKES.get(character === '\r' ? '\n' : character);

const NAMES: Readonly<Record<string, string>> = {
  esc: 'Escape',
  escape: 'Escape',
  enter: 'Enter',
  return: 'Enter',
  tab: 'Tab',
  space: 'Space',
  backspace: 'Backspace',
  bs: 'Backspace',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  home: 'Home',
  end: 'End',
  pgup: 'PageUp',
  pageup: 'PageUp',
  pgdn: 'PageDown',
  pagedown: 'PageDown',
  ins: 'Insert',
  insert: 'Insert',
  del: 'Delete',
  delete: 'Delete',
  lt: 'Comma',
  caps: 'CapsLock',
  shift: 'ShiftLeft',
  ctrl: 'ControlLeft',
  alt: 'AltLeft',
};
const MODIFIERS: Readonly<Record<string, string>> = {
  shift: 'ShiftLeft',
  s: 'ShiftLeft',
  ctrl: 'ControlLeft',
  c: 'ControlLeft',
  alt: 'AltLeft',
  a: 'AltLeft',
};

/** `<esc>`, `<f1>`, `<ctrl-c>`, `<alt-f4>`: the stroke between the brackets, or undefined. */
export function namedStroke(name: string): Stroke | undefined {
  const parts = name.toLowerCase().split('-');
  const last = parts.pop()!;
  const held = parts.map((part) => MODIFIERS[part]);
  if (held.some((code) => code === undefined)) return undefined;
  if (last === 'lt' && held.length === 0) return strokeOf('<');
  const code = NAMES[last] ?? (/^f([1-9]|1[0-2])$/.test(last) ? last.toUpperCase() : strokeOf(last)?.code);
  return code === undefined ? undefined : { code, held: held as string[] };
}
