// Sectors to and from guest memory, by linear address (offsets do not wrap at 64 KB: no ISA DMA is involved).

import { SECTOR } from '../blockDevice';
import type { Guest } from '../guest';
import type { LogicalDrive } from './drives';

export function readSectors(g: Guest, drive: LogicalDrive, sector: number, count: number, linear: number): boolean {
  const buffer = new Uint8Array(SECTOR);
  const words = new DataView(buffer.buffer);
  for (let n = 0; n < count; n++) {
    drive.device.read(sector + n, buffer);
    for (let i = 0; i < SECTOR; i += 4) g.write32((linear + n * SECTOR + i) >>> 0, words.getUint32(i, true));
  }
  drive.device.loaded?.(sector, count, linear);
  return true;
}

export function writeSectors(g: Guest, drive: LogicalDrive, sector: number, count: number, linear: number): boolean {
  const buffer = new Uint8Array(SECTOR);
  const words = new DataView(buffer.buffer);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < SECTOR; i += 4) words.setUint32(i, g.read32((linear + n * SECTOR + i) >>> 0), true);
    drive.device.write(sector + n, buffer);
  }
  return true;
}
