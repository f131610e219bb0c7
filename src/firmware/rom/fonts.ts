// Where the character sets lie in the ROM (offsets in segment F000): 256 characters each, and the lower half of the 8x8 set
// once more at its PC address.

export const FONT_SEGMENT = 0xf000;
export const ROM_FONTS = { 16: 0x0000, 14: 0x1000, 8: 0x1e00 } as const;
export const FONT_8X8_PC = 0xfa6e;

/** 256 characters a set, a byte a scan line, by the height of the cell. */
export type CharacterSets = Readonly<Record<8 | 14 | 16, Uint8Array>>;
