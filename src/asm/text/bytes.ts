// Source text is handled as JavaScript strings, but strings in a source stand for bytes (db, %strlen, %substr).
// UTF-8 is the encoding of sources. A byte that is not valid UTF-8 (code page 437 art, say) is kept as the lone surrogate
// U+DC00 + byte, so that decoding and encoding lose nothing. "Byte strings" are strings whose units are 0..255.

/** Decodes UTF-8; every stray byte becomes U+DC80..U+DCFF. */
export function decodeSource(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const valid = (start: number, end: number): string => strict.decode(bytes.subarray(start, end));
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    if (i > from) parts.push(valid(from, i));
    parts.push(String.fromCharCode(0xdc00 + bytes[i]!));
    from = ++i;
  }
  if (bytes.length > from) parts.push(valid(from, bytes.length));
  return parts.join('');
}

/** Length of the well-formed UTF-8 sequence at `i`, 0 when there is none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const b = bytes[i]!;
  if (b < 0x80) return 1;
  const length = b >= 0xc2 && b <= 0xdf ? 2 : b >= 0xe0 && b <= 0xef ? 3 : b >= 0xf0 && b <= 0xf4 ? 4 : 0;
  if (length === 0 || i + length > bytes.length) return 0;
  for (let k = 1; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return 0;
  const second = bytes[i + 1]!;
  if (b === 0xe0 && second < 0xa0) return 0;
  if (b === 0xed && second > 0x9f) return 0;
  if (b === 0xf0 && second < 0x90) return 0;
  if (b === 0xf4 && second > 0x8f) return 0;
  return length;
}

/** UTF-8 of a code point, as nasm writes it: up to six bytes, for values to 2^31. */
export function utf8(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  let tail = '';
  let rest = codePoint;
  let limit = 0x3f;
  let lead = 0x80;
  for (;;) {
    tail = String.fromCharCode(0x80 | (rest & 0x3f)) + tail;
    rest = Math.floor(rest / 64);
    limit >>= 1;
    lead = (lead >> 1) | 0x80;
    if (rest <= limit || lead === 0xfc) return String.fromCharCode((lead | rest) & 0xff) + tail;
  }
}

/** Source text to a byte string. */
export function toByteString(text: string): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    out += text.slice(from, i);
    if (code >= 0xdc80 && code <= 0xdcff) {
      out += String.fromCharCode(code - 0xdc00);
    } else {
      const point = text.codePointAt(i)!;
      if (point > 0xffff) i++;
      out += utf8(point);
    }
    from = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

export const byteStringToBytes = (value: string): Uint8Array => {
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) bytes[i] = value.charCodeAt(i);
  return bytes;
};

/** A byte string back to source text. */
export function fromByteString(value: string): string {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) >= 0x80) return decodeSource(byteStringToBytes(value));
  return value;
}
