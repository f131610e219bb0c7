// The cells of CMOS memory that a PC's setup program fills in, and their checksum
// (IBM PC/AT Technical Reference, "CMOS RAM Configuration Information"; later cells as Bochs and QEMU document them).

/** What setup found. */
export interface CmosConfig {
  /** RAM in bytes, base memory included. */
  memory: number;
  /** CMOS types of floppy A and B: 0 none, 1 360K, 2 1.2M, 3 720K, 4 1.44M, 5 2.88M. */
  floppies?: readonly [a: number, b: number];
  /** Hard disks in order, at most two. */
  hardDisks?: readonly { cylinders: number; heads: number; sectorsPerTrack: number }[];
  /** Processors on the board. */
  cpus?: number;
  /** Boot devices in order, at most three: 1 floppy, 2 hard disk, 3 CD-ROM. Default floppy, hard disk, CD-ROM. */
  bootOrder?: readonly (1 | 2 | 3)[];
}

export const CHECKSUM_FIRST = 0x10;
export const CHECKSUM_LAST = 0x2d;
const MEGABYTE = 0x100000;

/** 16-bit sum of cells 0x10-0x2D as cells 0x2E (high) and 0x2F (low) hold it. */
export const cmosChecksum = (cells: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = CHECKSUM_FIRST; i <= CHECKSUM_LAST; i++) sum += cells[i];
  return sum & 0xffff;
};

/** Fills the configuration cells of a 128-byte CMOS image. */
export const writeConfig = (cells: number[], config: CmosConfig): void => {
  const { memory, floppies = [0, 0], hardDisks = [], cpus = 1, bootOrder = [1, 2, 3] } = config;
  const word = (at: number, value: number): void => {
    cells[at] = value & 0xff;
    cells[at + 1] = (value >> 8) & 0xff;
  };
  const [a, b] = floppies;
  const floppyCount = (a ? 1 : 0) + (b ? 1 : 0);
  cells[0x10] = (a << 4) | b;
  cells[0x12] = (hardDisks[0] ? 0xf0 : 0) | (hardDisks[1] ? 0x0f : 0);
  // Equipment: floppies, 80x25 colour or VGA from its own BIOS (00), coprocessor, keyboard and display present.
  cells[0x14] = (floppyCount ? ((floppyCount - 1) << 6) | 1 : 0) | 0x0e;
  word(0x15, 640);
  const extendedKb = Math.min(0xffff, Math.max(0, Math.floor((memory - MEGABYTE) / 1024)));
  word(0x17, extendedKb);
  word(0x30, extendedKb);
  word(0x34, Math.min(0xffff, Math.max(0, Math.floor((memory - 16 * MEGABYTE) / 0x10000))));
  hardDisks.slice(0, 2).forEach(({ cylinders, heads, sectorsPerTrack }, n) => {
    const at = n === 0 ? 0x1b : 0x24;
    cells[0x19 + n] = 47; // user-defined type
    word(at, cylinders);
    cells[at + 2] = heads;
    word(at + 3, 0xffff); // no write precompensation
    cells[at + 5] = heads > 8 ? 0xc8 : 0xc0;
    word(at + 6, cylinders); // landing zone
    cells[at + 8] = sectorsPerTrack;
  });
  const [first = 0, second = 0, third = 0] = bootOrder;
  cells[0x38] = third << 4;
  cells[0x3d] = (second << 4) | first;
  cells[0x5f] = Math.max(0, cpus - 1);
  const sum = cmosChecksum(cells);
  cells[0x2e] = sum >> 8;
  cells[0x2f] = sum & 0xff;
};
