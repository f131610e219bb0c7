// Drive numbers of INT 13h, and the geometry that callers see: a floppy's own, a hard disk's translated so that 1,024
// cylinders reach as far as possible (Phoenix EDD 3.0, "LBA-assist" translation).

import type { BlockDevice } from '../blockDevice';
import type { FirmwareHost } from '../host';

export const FIRST_HARD_DISK = 0x80;
const MAX_CYLINDERS = 1024;
const TRANSLATED_SECTORS = 63;
const HEADS = [16, 32, 64, 128, 255];

export interface LogicalDrive {
  readonly device: BlockDevice;
  readonly isFloppy: boolean;
  readonly cylinders: number;
  readonly heads: number;
  readonly sectorsPerTrack: number;
}

/** Undefined when there is no such drive. */
export function logicalDrive(host: FirmwareHost, number: number): LogicalDrive | undefined {
  const isFloppy = number < FIRST_HARD_DISK;
  const device = isFloppy ? host.floppies[number] : host.disks[number - FIRST_HARD_DISK];
  if (!device) return undefined;
  const { cylinders, heads, sectorsPerTrack } = device.geometry;
  if (isFloppy || cylinders <= MAX_CYLINDERS) return { device, isFloppy, cylinders, heads, sectorsPerTrack };
  const translated = HEADS.find((n) => device.sectors / (n * TRANSLATED_SECTORS) <= MAX_CYLINDERS) ?? 255;
  const fit = Math.floor(device.sectors / (translated * TRANSLATED_SECTORS));
  return {
    device,
    isFloppy,
    cylinders: Math.min(MAX_CYLINDERS, fit),
    heads: translated,
    sectorsPerTrack: TRANSLATED_SECTORS,
  };
}
