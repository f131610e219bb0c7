// The extensions of INT 13h for linear block addresses (Phoenix EDD 3.0): hard disks only.

import { SECTOR } from '../blockDevice';
import { Guest } from '../guest';
import type { LogicalDrive } from './drives';
import { ANSWERED, BAD_COMMAND, OK, SECTOR_NOT_FOUND, WRITE_PROTECTED } from './status';
import { readSectors, writeSectors } from './transfer';

const VERSION_3_0 = 0x30;
/** Fixed disk access, locking and ejecting, enhanced disk drive support. */
const SUBSETS = 0x07;
const QUESTION = 0x55aa;
const ANSWER = 0xaa55;
const PACKET_BYTES = 0x10;
const PACKET_BYTES_64 = 0x18;
const RESULT_1 = 0x1a;
const RESULT_2 = 0x1e;
const GEOMETRY_VALID = 0x02;

/** Answers the status. */
export function extendedService(g: Guest, drive: LogicalDrive): number {
  if (drive.isFloppy) return BAD_COMMAND;
  switch (g.ah) {
    case 0x41:
      return installationCheck(g);
    case 0x42:
      return transfer(g, drive, readSectors);
    case 0x43:
      return drive.device.readOnly ? WRITE_PROTECTED : transfer(g, drive, writeSectors);
    case 0x44:
      return transfer(g, drive, () => true);
    case 0x47:
      return transfer(g, drive, undefined);
    case 0x48:
      return driveParameters(g, drive);
    default:
      return BAD_COMMAND;
  }
}

function installationCheck(g: Guest): number {
  if (g.bx !== QUESTION) return BAD_COMMAND;
  g.bx = ANSWER;
  g.cx = SUBSETS;
  g.ah = VERSION_3_0;
  g.carry = false;
  return ANSWERED;
}

/** The packet at DS:SI: size, 0, sectors, buffer offset and segment, 64-bit block; with FFFF:FFFF a 64-bit buffer address. */
function transfer(
  g: Guest,
  drive: LogicalDrive,
  move: ((g: Guest, drive: LogicalDrive, sector: number, count: number, linear: number) => boolean) | undefined,
): number {
  const packet = Guest.linear(g.ds, g.si);
  const size = g.read8(packet);
  if (size < PACKET_BYTES) return BAD_COMMAND;
  const count = g.read16(packet + 2);
  const [offset, segment] = [g.read16(packet + 4), g.read16(packet + 6)];
  const block = g.read32(packet + 8) + g.read32(packet + 12) * 0x1_0000_0000;
  if (block >= drive.device.sectors) return BAD_COMMAND;
  if (!move) return OK;
  const flat = offset === 0xffff && segment === 0xffff && size >= PACKET_BYTES_64;
  const linear = flat ? g.read32(packet + 0x10) : segment * 16 + offset;
  const held = Math.min(count, drive.device.sectors - block);
  move(g, drive, block, held, linear);
  g.write16(packet + 2, held);
  return held === count ? OK : SECTOR_NOT_FOUND;
}

/** The result buffer at DS:SI; its first word is its size, which decides how much is filled in. */
function driveParameters(g: Guest, drive: LogicalDrive): number {
  const at = Guest.linear(g.ds, g.si);
  const size = g.read16(at);
  if (size < RESULT_1) return BAD_COMMAND;
  const { cylinders, heads, sectorsPerTrack } = drive.device.geometry;
  const filled = size >= RESULT_2 ? RESULT_2 : RESULT_1;
  g.write16(at, filled);
  g.write16(at + 2, GEOMETRY_VALID);
  g.write32(at + 4, cylinders);
  g.write32(at + 8, heads);
  g.write32(at + 12, sectorsPerTrack);
  g.write32(at + 16, drive.device.sectors);
  g.write32(at + 20, 0);
  g.write16(at + 24, SECTOR);
  if (filled === RESULT_2) g.write32(at + 26, 0xffffffff); // no device parameter table extension
  return OK;
}
