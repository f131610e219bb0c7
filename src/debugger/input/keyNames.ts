// Keys by the names that people write in angle brackets, as W3C codes ("UI Events KeyboardEvent code Values").

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
  caps: 'CapsLock',
  shift: 'ShiftLeft',
  ctrl: 'ControlLeft',
  alt: 'AltLeft',
};
const MODIFIERS: Readonly<Record<string, string>> = {
  shift: 'ShiftLeft',
  ctrl: 'ControlLeft',
  alt: 'AltLeft',
};

/** `esc`, `f1`, `ctrl-c`, `alt-f4`: the keys to hold down together, modifiers first; undefined for an unknown name. */
export function namedStroke(name: string): readonly string[] | undefined {
  const parts = name.toLowerCase().split('-');
  const last = parts.pop()!;
  const held = parts.map((part) => MODIFIERS[part]);
  if (held.some((code) => code === undefined)) return undefined;
  const code =
    NAMES[last] ??
    (/^f([1-9]|1[0-2])$/.test(last) ? last.toUpperCase() : undefined) ??
    (/^[a-z]$/.test(last) ? `Key${last.toUpperCase()}` : /^[0-9]$/.test(last) ? `Digit${last}` : undefined);
  return code === undefined ? undefined : [...(held as string[]), code];
}
