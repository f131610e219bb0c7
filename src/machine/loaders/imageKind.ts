// What kind of thing a file is that somebody wants to boot, by its contents (ELF specification; ECMA-119; Linux x86 boot
// protocol; Multiboot specification; the PC's partition table).

import { SECTOR } from '../../firmware/blockDevice';
import { isBootSector } from '../../firmware/boot/boot';
import { isElf } from '../../base/elf';
import { isFloppySize, LARGEST_FLOPPY } from '../geometry';
import type { DriveOptions } from '../types';
import { multibootHeader } from './multibootHeader';

/** `unsigned`: nothing known, and no 55 AA at offset 510 either. */
export type ImageKind = 'bootable' | 'empty' | 'elf' | 'iso' | 'linux' | 'multiboot' | 'unsigned';

const ISO_MARK = 0x8001;
const LINUX_MARK = 0x202;
const PARTITIONS = 446;
const PARTITION_BYTES = 16;

export function imageKind(bytes: Uint8Array): ImageKind {
  if (bytes.length === 0) return 'empty';
  if (isElf(bytes)) return 'elf';
  if (ascii(bytes, ISO_MARK, 5) === 'CD001') return 'iso';
  if (ascii(bytes, LINUX_MARK, 4) === 'HdrS') return 'linux';
  if (bytes.length >= SECTOR && isBootSector(bytes)) return 'bootable';
  return multibootHeader(bytes) ? 'multiboot' : 'unsigned';
}

/**
 * The drive that an image is for: a floppy when it has the size of one, or is not larger than one and has no partition
 * table; else a hard disk.
 */
export function mediumOf(bytes: Uint8Array): DriveOptions['kind'] {
  if (isFloppySize(bytes.length)) return 'floppy';
  return bytes.length <= LARGEST_FLOPPY && !hasPartitionTable(bytes) ? 'floppy' : 'ide';
}

/** Four entries that make sense, at least one of them in use. Boot code at that place hardly ever looks like it. */
function hasPartitionTable(bytes: Uint8Array): boolean {
  if (bytes.length < SECTOR || !isBootSector(bytes)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SECTOR);
  let used = 0;
  for (let n = 0; n < 4; n++) {
    const at = PARTITIONS + n * PARTITION_BYTES;
    const status = view.getUint8(at);
    const type = view.getUint8(at + 4);
    const [start, length] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
    if (type === 0 && start === 0 && length === 0) continue;
    if ((status !== 0 && status !== 0x80) || type === 0 || start === 0 || length === 0) return false;
    used++;
  }
  return used > 0;
}

const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
