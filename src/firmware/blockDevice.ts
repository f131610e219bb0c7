// What INT 13h sees of a drive: 512-byte sectors by number and the physical geometry.

export const SECTOR = 512;

export interface BlockDevice {
  readonly kind: 'floppy' | 'ide';
  readonly readOnly: boolean;
  /** Total number of 512-byte sectors. */
  readonly sectors: number;
  readonly geometry: {
    readonly cylinders: number;
    readonly heads: number;
    readonly sectorsPerTrack: number;
    /** CMOS type of a floppy drive that takes this disk (1-5), 0 for hard disks. */
    readonly cmosType: number;
  };
  /** Copies one sector to `into[offset..offset+511]`. */
  read(sector: number, into: Uint8Array, offset?: number): void;
  write(sector: number, from: Uint8Array, offset?: number): void;
  /** Told where a read has put its sectors; for debuggers. */
  loaded?(sector: number, count: number, linear: number): void;
}
