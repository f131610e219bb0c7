// Random instruction bytes in which prefixes and two-byte opcodes are frequent; the same on every run.
const PREFIXES = [0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x64, 0x48, 0x26, 0x36, 0x3e, 0x65, 0x41, 0x4f, 0x66, 0x67];

/** What the pieces have in common after their prefixes. */
export type CodeKind = 'bytes' | 'two and three-byte opcodes' | 'VEX prefixes';

/** Endless 16-byte pieces; the same array is filled again for each. */
export function* randomCode(seed: number, kind: CodeKind = 'bytes'): Generator<Uint8Array> {
  let state = seed >>> 0;
  const byte = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const code = new Uint8Array(16);
  for (;;) {
    for (let i = 0; i < code.length; i++) code[i] = byte();
    let at = 0;
    while (at < 4 && byte() < 50) code[at++] = PREFIXES[byte() & 15]!;
    if (kind === 'VEX prefixes') {
      if (byte() < 230) at = 0;
      const long = byte() < 160;
      code[at++] = long ? 0xc4 : 0xc5;
      if (long) code[at++] = (byte() & 0xe0) | (byte() < 240 ? 1 + (byte() % 3) : byte() & 31);
      if (byte() < 128) code[at] = (code[at]! & 0x87) | 0x78; // vvvv unused
    } else if (kind !== 'bytes') {
      const mandatory = [0x66, 0xf2, 0xf3, 0][byte() & 3]!;
      if (mandatory) code[at++] = mandatory;
      if (byte() < 60) code[at++] = 0x40 | (byte() & 15); // REX in 64-bit code
      code[at++] = 0x0f;
      if (byte() < 120) code[at] = byte() < 128 ? 0x38 : 0x3a;
    } else if (byte() < 90) code[at] = 0x0f;
    yield code;
  }
}
