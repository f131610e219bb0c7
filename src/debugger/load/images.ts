// Whether the firmware would boot an image, how, and the drive that it goes into.

import { LARGEST_FLOPPY } from '../../machine/geometry';
import { imageKind, mediumOf, type ImageKind } from '../../machine/loaders/imageKind';
import { emptyImage, imageTooLarge, kindComesLater, notBootable } from './loadError';

/** Kinds that are recognised but not booted yet. */
const LATER: Partial<Record<ImageKind, string>> = {
  iso: 'an ISO image',
  linux: 'a Linux kernel',
};

/** Throws LoadError when the image cannot boot. `source`: it was assembled, so the advice is about the source. */
export function bootKind(name: string, bytes: Uint8Array, source: boolean): 'drive' | 'kernel' {
  const kind = imageKind(bytes);
  if (kind === 'bootable') return 'drive';
  if (kind === 'elf' || kind === 'multiboot') return 'kernel';
  if (kind === 'empty') throw emptyImage(name);
  const later = source ? undefined : LATER[kind];
  throw later ? kindComesLater(name, later) : notBootable(name, bytes.length, source);
}

export type DriveKind = 'floppy' | 'ide';

/** The drive for an image: as asked, else by its size and partition table. */
export function driveKind(name: string, bytes: Uint8Array, wanted: DriveKind | undefined): DriveKind {
  if (wanted === 'floppy' && bytes.length > LARGEST_FLOPPY) throw imageTooLarge(name, bytes.length);
  return wanted ?? mediumOf(bytes);
}
