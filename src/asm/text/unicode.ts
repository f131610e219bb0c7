// String functions __?utf16?__, __?utf32?__ and their le/be forms: UTF-8 in, UTF-16 or UTF-32 out, as byte strings.
// Quirk kept for equal bytes: nasm 2.16 writes the low surrogate first in __?utf16be?__.

export type StringFunction = 'utf16' | 'utf16le' | 'utf16be' | 'utf32' | 'utf32le' | 'utf32be';

/** Undefined when the input is not well-formed UTF-8. */
export function transformString(bytes: string, name: StringFunction): string | undefined {
  const points = codePoints(bytes);
  if (!points) return undefined;
  const big = name.endsWith('be');
  const unit = (value: number, size: number): string => {
    let out = '';
    for (let i = 0; i < size; i++) {
      const byte = String.fromCharCode(Math.floor(value / 2 ** (8 * i)) & 0xff);
      out = big ? byte + out : out + byte;
    }
    return out;
  };
  if (name.startsWith('utf32')) return points.map((point) => unit(point, 4)).join('');
  return points
    .map((point) => {
      if (point < 0x10000) return unit(point, 2);
      const rest = point - 0x10000;
      const high = unit(0xd800 | (rest >> 10), 2);
      const low = unit(0xdc00 | (rest & 0x3ff), 2);
      return big ? low + high : high + low;
    })
    .join('');
}

function codePoints(bytes: string): number[] | undefined {
  const array = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(array);
    return Array.from(text, (character) => character.codePointAt(0)!);
  } catch {
    return undefined;
  }
}
