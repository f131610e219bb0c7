// Integer helpers shared by every layer: sign extension, masks, hexadecimal text.

export const u32 = (v: number): number => v >>> 0;
export const s8 = (v: number): number => (v << 24) >> 24;
export const s16 = (v: number): number => (v << 16) >> 16;

/** All ones in the low `bytes` bytes (1, 2 or 4), as an unsigned number. */
export const maskOf = (bytes: number): number => (bytes >= 4 ? 0xffffffff : (1 << (bytes * 8)) - 1);

/** Lower-case hexadecimal, zero-padded to `digits`, without prefix. Accepts negative i32. */
export const hex = (v: number | bigint, digits = 1): string =>
  (typeof v === 'number' && v < 0 ? v >>> 0 : v).toString(16).padStart(digits, '0');

/** `0x`-prefixed hexadecimal. */
export const hex0x = (v: number | bigint, digits = 1): string => `0x${hex(v, digits)}`;

/** Sign-extends the low `bytes` bytes of `v` to a signed 32-bit number. */
export const signExtend = (v: number, bytes: number): number => (bytes === 1 ? s8(v) : bytes === 2 ? s16(v) : v | 0);
