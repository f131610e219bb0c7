// The video modes of INT 10h AH=00 and the register values that make them (IBM VGA hardware reference, "Video Subsystem":
// CRT controller, sequencer, graphics and attribute controllers).

export type ModeKind =
  | 'text' // character and attribute bytes at B0000 or B8000
  | 'cga' // two interleaved banks at B8000, 2 bits or 1 bit a pixel
  | 'planar' // planes at A0000
  | 'linear'; // one byte a pixel at A0000

export type PaletteKind = 'text' | 'mono' | 'graphics' | 'vga256';

export interface VideoMode {
  readonly number: number;
  readonly kind: ModeKind;
  readonly columns: number;
  /** Text rows. */
  readonly rows: number;
  readonly charHeight: 8 | 14 | 16;
  /** Bytes of a page in the display window. */
  readonly pageBytes: number;
  readonly bitsPerPixel: number;
  readonly palette: PaletteKind;
  readonly misc: number;
  readonly sequencer: Uint8Array;
  readonly crtc: Uint8Array;
  readonly graphics: Uint8Array;
  readonly attribute: Uint8Array;
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (byte) => parseInt(byte, 16));

const CRTC = {
  text40: '2d 27 28 90 2b a0 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 14 1f 96 b9 a3 ff',
  text80: '5f 4f 50 82 55 81 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 28 1f 96 b9 a3 ff',
  mono80: '5f 4f 50 82 55 81 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 28 0f 96 b9 a3 ff',
  cga320: '2d 27 28 90 2b 80 bf 1f 00 c1 00 00 00 00 00 00 9c 8e 8f 14 00 96 b9 a2 ff',
  cga640: '5f 4f 50 82 54 80 bf 1f 00 c1 00 00 00 00 00 00 9c 8e 8f 28 00 96 b9 c2 ff',
  ega320: '2d 27 28 90 2b 80 bf 1f 00 c0 00 00 00 00 00 00 9c 8e 8f 14 00 96 b9 e3 ff',
  ega640: '5f 4f 50 82 54 80 bf 1f 00 c0 00 00 00 00 00 00 9c 8e 8f 28 00 96 b9 e3 ff',
  ega350: '5f 4f 50 82 54 80 bf 1f 00 40 00 00 00 00 00 00 83 85 5d 28 0f 63 ba e3 ff',
  vga480: '5f 4f 50 82 54 80 0b 3e 00 40 00 00 00 00 00 00 ea 8c df 28 00 e7 04 e3 ff',
  vga256: '5f 4f 50 82 54 80 bf 1f 00 41 00 00 00 00 00 00 9c 8e 8f 28 40 96 b9 a3 ff',
};
const GRAPHICS = {
  text: '00 00 00 00 00 10 0e 00 ff',
  mono: '00 00 00 00 00 10 0a 00 ff',
  cga320: '00 00 00 00 00 30 0f 00 ff',
  cga640: '00 00 00 00 00 00 0d 00 ff',
  planar: '00 00 00 00 00 00 05 0f ff',
  vga256: '00 00 00 00 00 40 05 0f ff',
};
const SIXTEEN = '00 01 02 03 04 05 14 07 38 39 3a 3b 3c 3d 3e 3f';
const SIXTEEN_CGA = '00 01 02 03 04 05 06 07 10 11 12 13 14 15 16 17';
const ATTRIBUTE = {
  text: `${SIXTEEN} 0c 00 0f 08 00`,
  mono: '00 08 08 08 08 08 08 08 10 18 18 18 18 18 18 18 0e 00 0f 08 00',
  cga320: '00 13 15 17 02 04 06 07 10 11 12 13 14 15 16 17 01 00 03 00 00',
  cga640: '00 17 17 17 17 17 17 17 17 17 17 17 17 17 17 17 01 00 01 00 00',
  ega: `${SIXTEEN_CGA} 01 00 0f 00 00`,
  mono350: '00 08 00 00 18 18 00 00 00 08 00 00 00 18 00 00 0b 00 05 00 00',
  vga: `${SIXTEEN} 01 00 0f 00 00`,
  mono480: '00 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 01 00 0f 00 00',
  vga256: '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 41 00 0f 00 00',
};

interface Row {
  readonly kind: ModeKind;
  /** Columns, rows, character height. */
  readonly text: readonly [number, number, 8 | 14 | 16];
  readonly pageBytes: number;
  readonly bpp?: number;
  readonly palette: PaletteKind;
  readonly misc: number;
  readonly seq: string;
  readonly crtc: keyof typeof CRTC;
  readonly gc: keyof typeof GRAPHICS;
  readonly ac: keyof typeof ATTRIBUTE;
}

const text = (columns: number, seq: string, crtc: 'text40' | 'text80', pageBytes: number): Row => ({
  kind: 'text', text: [columns, 25, 16], pageBytes, palette: 'text', misc: 0x67, seq, crtc, gc: 'text', ac: 'text',
}); // prettier-ignore
const cga = (columns: number, bpp: number, seq: string, mode: 'cga320' | 'cga640'): Row => ({
  kind: 'cga', text: [columns, 25, 8], pageBytes: 0x4000, bpp, palette: 'graphics', misc: 0x63, seq,
  crtc: mode, gc: mode, ac: mode,
}); // prettier-ignore
const planar = (row: Pick<Row, 'text' | 'pageBytes' | 'misc' | 'crtc' | 'ac'> & Partial<Row>): Row => ({
  kind: 'planar', bpp: 4, palette: 'text', seq: '03 01 0f 00 06', gc: 'planar', ...row,
}); // prettier-ignore

const ROWS: Readonly<Record<number, Row>> = {
  0x00: text(40, '03 08 03 00 02', 'text40', 0x800),
  0x01: text(40, '03 08 03 00 02', 'text40', 0x800),
  0x02: text(80, '03 00 03 00 02', 'text80', 0x1000),
  0x03: text(80, '03 00 03 00 02', 'text80', 0x1000),
  0x04: cga(40, 2, '03 09 03 00 02', 'cga320'),
  0x05: cga(40, 2, '03 09 03 00 02', 'cga320'),
  0x06: cga(80, 1, '03 01 01 00 06', 'cga640'),
  0x07: { ...text(80, '03 00 03 00 02', 'text80', 0x1000), palette: 'mono', misc: 0x66, crtc: 'mono80', gc: 'mono', ac: 'mono' },
  0x0d: planar({ text: [40, 25, 8], pageBytes: 0x2000, misc: 0x63, seq: '03 09 0f 00 06', crtc: 'ega320', ac: 'ega', palette: 'graphics' }),
  0x0e: planar({ text: [80, 25, 8], pageBytes: 0x4000, misc: 0x63, crtc: 'ega640', ac: 'ega', palette: 'graphics' }),
  0x0f: planar({ text: [80, 25, 14], pageBytes: 0x8000, misc: 0xa2, crtc: 'ega350', ac: 'mono350', palette: 'mono' }),
  0x10: planar({ text: [80, 25, 14], pageBytes: 0x8000, misc: 0xa3, crtc: 'ega350', ac: 'vga' }),
  0x11: planar({ text: [80, 30, 16], pageBytes: 0xa000, misc: 0xe3, crtc: 'vga480', ac: 'mono480' }),
  0x12: planar({ text: [80, 30, 16], pageBytes: 0xa000, misc: 0xe3, crtc: 'vga480', ac: 'vga' }),
  0x13: {
    kind: 'linear', text: [40, 25, 8], pageBytes: 0x2000, bpp: 8, palette: 'vga256', misc: 0x63,
    seq: '03 01 0f 00 0e', crtc: 'vga256', gc: 'vga256', ac: 'vga256',
  },
}; // prettier-ignore

const MODES = new Map<number, VideoMode>(
  Object.entries(ROWS).map(([key, row]) => {
    const [columns, rows, charHeight] = row.text;
    const { kind, pageBytes, palette, misc } = row;
    const registers = {
      sequencer: bytes(row.seq),
      crtc: bytes(CRTC[row.crtc]),
      graphics: bytes(GRAPHICS[row.gc]),
      attribute: bytes(ATTRIBUTE[row.ac]),
    };
    const shape = { columns, rows, charHeight, pageBytes, bitsPerPixel: row.bpp ?? 0 };
    return [Number(key), { number: Number(key), kind, palette, misc, ...shape, ...registers }];
  }),
);

/** Undefined when there is no such mode. */
export const videoMode = (number: number): VideoMode | undefined => MODES.get(number & 0x7f);
