// What kind of thing a file is that somebody wants to boot, and whether the firmware would boot it.

import { emptyImage, imageTooLarge, kindComesLater, notBootable } from './loadError';

export const LARGEST_FLOPPY = 2880 * 1024;
const SECTOR = 512;
const ISO_MARK = 0x8001;
const HEADER_MARK = 0x202;

const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** Kinds that are recognised but not booted yet. */
function laterKind(bytes: Uint8Array): string | undefined {
  if (ascii(bytes, 0, 4) === '\x7fELF') return 'an ELF file';
  if (ascii(bytes, ISO_MARK, 5) === 'CD001') return 'an ISO image';
  if (ascii(bytes, HEADER_MARK, 4) === 'HdrS') return 'a Linux kernel';
  return undefined;
}

/** Throws LoadError when the image cannot boot. `source`: it was assembled, so the advice is about the source. */
export function checkBootable(name: string, bytes: Uint8Array, source: boolean): void {
  if (bytes.length === 0) throw emptyImage(name);
  const later = source ? undefined : laterKind(bytes);
  if (later) throw kindComesLater(name, later);
  if (bytes.length < SECTOR || bytes[510] !== 0x55 || bytes[511] !== 0xaa)
    throw notBootable(name, bytes.length, source);
}

export type DriveKind = 'floppy' | 'ide';

/** The drive for an image: as asked, else a floppy up to 2.88 MB. */
export function driveKind(name: string, bytes: number, wanted: DriveKind | undefined): DriveKind {
  if (wanted === 'floppy' && bytes > LARGEST_FLOPPY) throw imageTooLarge(name, bytes);
  return wanted ?? (bytes <= LARGEST_FLOPPY ? 'floppy' : 'ide');
}
