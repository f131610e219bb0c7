// Cylinders, heads and sectors of an image. Floppies have the size of a standard format, or the smallest one that holds
// the image (a bare boot sector becomes a 1.44 MB disk). Hard disks take 16 heads and 63 sectors per track, as an IDE drive
// reports them; the BIOS translation (EDD, "LBA assist") lives in the firmware.

import { SECTOR } from '../firmware/blockDevice';
import type { DriveOptions } from './types';

export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectorsPerTrack: number;
  /** CMOS drive type of a floppy: 1 360K, 2 1.2M, 3 720K, 4 1.44M, 5 2.88M; 0 for hard disks. */
  readonly cmosType: number;
}

const floppy = (cylinders: number, heads: number, sectorsPerTrack: number, cmosType: number): Geometry => ({
  cylinders,
  heads,
  sectorsPerTrack,
  cmosType,
});

const HD_144 = floppy(80, 2, 18, 4);
const ED_288 = floppy(80, 2, 36, 5);

/** Standard formats by image size in bytes. */
const FLOPPIES: ReadonlyMap<number, Geometry> = new Map([
  [160 * 1024, floppy(40, 1, 8, 1)],
  [180 * 1024, floppy(40, 1, 9, 1)],
  [320 * 1024, floppy(40, 2, 8, 1)],
  [360 * 1024, floppy(40, 2, 9, 1)],
  [720 * 1024, floppy(80, 2, 9, 3)],
  [1200 * 1024, floppy(80, 2, 15, 2)],
  [1440 * 1024, HD_144],
  [2880 * 1024, ED_288],
]);

export const LARGEST_FLOPPY = 2880 * 1024;

export const isFloppySize = (bytes: number): boolean => FLOPPIES.has(bytes);

export function driveGeometry(kind: DriveOptions['kind'], bytes: number): Geometry {
  if (kind === 'floppy') return FLOPPIES.get(bytes) ?? (bytes <= 1440 * 1024 ? HD_144 : ED_288);
  const sectors = Math.ceil(bytes / SECTOR);
  const cylinders = Math.min(16383, Math.max(2, Math.floor(sectors / (16 * 63))));
  return { cylinders, heads: 16, sectorsPerTrack: 63, cmosType: 0 };
}
