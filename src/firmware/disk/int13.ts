// INT 13h (and 40h for floppies): disk services (IBM PS/2 and PC BIOS Interface Technical Reference, "Interrupt 13h";
// Phoenix EDD 3.0 for AH=41-48). Transfers take no time. Absent: CD-ROM emulation (AH=4A-4E), formatting of hard disks.

import { SECTOR } from '../blockDevice';
import { BDA_DISK_COUNT, BDA_DISK_STATUS, BDA_FLOPPY_CALIBRATED, BDA_FLOPPY_STATUS, BDA_FLOPPY_TIMEOUT } from '../bda';
import type { Guest } from '../guest';
import type { FirmwareHost } from '../host';
import { DISKETTE_TABLE, ROM_SEGMENT } from '../rom/addresses';
import { FIRST_HARD_DISK, logicalDrive, type LogicalDrive } from './drives';
import { extendedService } from './edd';
import {
  ANSWERED,
  BAD_COMMAND,
  CHANGE_UNKNOWN,
  OK,
  SECTOR_NOT_FOUND,
  UNSUPPORTED_MEDIA,
  WRITE_PROTECTED,
} from './status';
import { readSectors, writeSectors } from './transfer';

type Service = (g: Guest, drive: LogicalDrive, host: FirmwareHost) => number;

const MAX_SECTORS = 128;
const MOTOR_TICKS = 0x25;
const FORMAT_FILL = 0xf6;

const SERVICES: Readonly<Record<number, Service>> = {
  0x00: reset,
  0x02: (g, drive) => transfer(g, drive, readSectors),
  0x03: (g, drive) => (drive.device.readOnly ? WRITE_PROTECTED : transfer(g, drive, writeSectors)),
  0x04: (g, drive) => transfer(g, drive, () => true),
  0x05: format,
  0x08: parameters,
  0x09: hardDiskOnly,
  0x0c: hardDiskOnly,
  0x0d: hardDiskOnly,
  0x10: hardDiskOnly,
  0x11: hardDiskOnly,
  0x14: hardDiskOnly,
  0x15: driveType,
  0x16: (_g, drive) => (drive.isFloppy ? CHANGE_UNKNOWN : BAD_COMMAND),
  0x17: floppyOnly,
  0x18: mediaType,
};

export function diskService(g: Guest, host: FirmwareHost): void {
  const number = g.dl;
  const statusAt = number < FIRST_HARD_DISK ? BDA_FLOPPY_STATUS : BDA_DISK_STATUS;
  if (g.ah === 0x01) {
    finish(g, statusAt, g.read8(statusAt));
    return;
  }
  const drive = logicalDrive(host, number);
  if (!drive) {
    absentDrive(g, statusAt);
    return;
  }
  if (drive.isFloppy) g.write8(BDA_FLOPPY_TIMEOUT, MOTOR_TICKS);
  const status =
    g.ah >= 0x41 && g.ah <= 0x48 ? extendedService(g, drive) : (SERVICES[g.ah]?.(g, drive, host) ?? BAD_COMMAND);
  if (status !== ANSWERED) finish(g, statusAt, status);
}

function finish(g: Guest, statusAt: number, status: number): void {
  g.write8(statusAt, status);
  g.ah = status;
  g.carry = status !== OK;
}

function absentDrive(g: Guest, statusAt: number): void {
  if (g.ah === 0x15) {
    g.ah = 0; // "no such drive" is an answer, not an error
    g.carry = false;
    return;
  }
  finish(g, statusAt, BAD_COMMAND);
}

function reset(g: Guest, drive: LogicalDrive): number {
  if (drive.isFloppy) g.write8(BDA_FLOPPY_CALIBRATED, g.read8(BDA_FLOPPY_CALIBRATED) | (1 << (g.dl & 1)));
  return OK;
}

function hardDiskOnly(_g: Guest, drive: LogicalDrive): number {
  return drive.isFloppy ? BAD_COMMAND : OK;
}

function floppyOnly(_g: Guest, drive: LogicalDrive): number {
  return drive.isFloppy ? OK : BAD_COMMAND;
}

/** Number of the sector that CH, CL and DH name, or -1. */
function addressed(g: Guest, drive: LogicalDrive): number {
  const cylinder = g.ch | ((g.cl & 0xc0) << 2);
  const sector = g.cl & 0x3f;
  if (sector === 0 || sector > drive.sectorsPerTrack) return -1;
  if (g.dh >= drive.heads || cylinder >= drive.cylinders) return -1;
  return (cylinder * drive.heads + g.dh) * drive.sectorsPerTrack + sector - 1;
}

/** AL sectors from CHS on, to or from ES:BX. AL says how many were done. */
function transfer(
  g: Guest,
  drive: LogicalDrive,
  move: (g: Guest, drive: LogicalDrive, sector: number, count: number, linear: number) => boolean,
): number {
  const count = g.al;
  const first = addressed(g, drive);
  if (count === 0 || count > MAX_SECTORS || first < 0) return BAD_COMMAND;
  const held = Math.max(0, Math.min(count, drive.device.sectors - first));
  move(g, drive, first, held, g.es * 16 + g.bx);
  g.al = held;
  return held === count ? OK : SECTOR_NOT_FOUND;
}

/** A track of a floppy is filled; ES:BX has cylinder, head, sector and size code of each sector. */
function format(g: Guest, drive: LogicalDrive): number {
  if (!drive.isFloppy) return BAD_COMMAND;
  if (drive.device.readOnly) return WRITE_PROTECTED;
  const { cylinders, heads, sectorsPerTrack } = drive;
  if (g.ch >= cylinders || g.dh >= heads) return BAD_COMMAND;
  const fill = new Uint8Array(SECTOR).fill(FORMAT_FILL);
  for (let sector = 0; sector < sectorsPerTrack; sector++) {
    drive.device.write((g.ch * heads + g.dh) * sectorsPerTrack + sector, fill);
  }
  return OK;
}

/** Hard disks keep their last cylinder to themselves, as AT firmware does for diagnostics. */
function parameters(g: Guest, drive: LogicalDrive, host: FirmwareHost): number {
  const last = Math.max(0, drive.cylinders - (drive.isFloppy ? 1 : 2));
  g.al = 0;
  g.ch = last;
  g.cl = ((last >> 2) & 0xc0) | drive.sectorsPerTrack;
  g.dh = drive.heads - 1;
  if (drive.isFloppy) {
    g.dl = host.floppies.length;
    g.bx = drive.device.geometry.cmosType;
    g.es = ROM_SEGMENT;
    g.di = DISKETTE_TABLE;
  } else {
    g.dl = g.read8(BDA_DISK_COUNT);
  }
  return OK;
}

/** AH=15 answers in AH: 1 floppy without change line, 3 hard disk with CX:DX sectors. */
function driveType(g: Guest, drive: LogicalDrive): number {
  if (drive.isFloppy) g.ah = 1;
  else {
    const sectors = Math.max(1, drive.cylinders - 1) * drive.heads * drive.sectorsPerTrack;
    g.ah = 3;
    g.cx = sectors >>> 16;
    g.dx = sectors & 0xffff;
  }
  g.carry = false;
  return ANSWERED;
}

/** AH=18: whether the drive can format that many tracks and sectors; the table to use at ES:DI. */
function mediaType(g: Guest, drive: LogicalDrive): number {
  if (!drive.isFloppy) return BAD_COMMAND;
  const cylinder = g.ch | ((g.cl & 0xc0) << 2);
  if (cylinder !== drive.cylinders - 1 || (g.cl & 0x3f) !== drive.sectorsPerTrack) return UNSUPPORTED_MEDIA;
  g.es = ROM_SEGMENT;
  g.di = DISKETTE_TABLE;
  return OK;
}
