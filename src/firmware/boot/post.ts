// What POST leaves behind: interrupt controllers, timer and clock programmed, vectors and BIOS data area filled in, the
// screen in mode 3 (IBM PC/AT Technical Reference, "System BIOS"; the values are those of current PC firmware).

import type { Bus } from '../../cpu/bus';
import type { Cpu } from '../../cpu/cpu';
import { initFpu } from '../../cpu/fpu/state';
import { CR0_CD, CR0_NW, S_CR0 } from '../../cpu/layout';
import { hasFeature } from '../../cpu/models';
import {
  BDA_COM_PORTS, BDA_COM_TIMEOUTS, BDA_DISK_CONTROL, BDA_DISK_COUNT, BDA_EBDA_SEGMENT, BDA_END, BDA_EQUIPMENT,
  BDA_FLOPPY_CALIBRATED, BDA_FLOPPY_HARDWARE, BDA_FLOPPY_MEDIA, BDA_KEY_BUFFER_END, BDA_KEY_BUFFER_START, BDA_KEY_HEAD,
  BDA_KEY_MODE, BDA_KEY_TAIL, BDA_LPT_TIMEOUTS, BDA_MEMORY_KB, BDA_RESET_VECTOR, BDA_TICKS, EBDA, EBDA_BYTES, EBDA_FDPT,
  EBDA_SEGMENT,
} from '../bda'; // prettier-ignore
import { logicalDrive } from '../disk/drives';
import type { Guest } from '../guest';
import type { FirmwareHost } from '../host';
import { AT_IRET, DISKETTE_TABLE, ROM_SEGMENT } from '../rom/addresses';
import type { Rom } from '../rom/rom';
import { readCmos, writeCmos } from '../system/cmos';
import { TICKS_PER_DAY } from '../system/int1a';
import { initializeVideoData, setMode } from '../video/setMode';

const CMOS_SHUTDOWN = 0x0f;
/** Shutdown codes that resume at the pointer in 0040:0067: with and without an end of interrupt. */
const RESUME_WITH_EOI = 0x05;
const RESUME = 0x0a;
const BASE_KB = 639;
const COM_PORTS = [0x3f8, 0x2f8];
const COM_INTERRUPT_ENABLE = 1, COM_LINE_CONTROL = 3, COM_SCRATCH = 7; // prettier-ignore
const EIGHT_BITS = 3;
const KEY_BUFFER = 0x1e;
const ENHANCED_KEYBOARD = 0x10;
const TEXT_MODE = 3;
/** Vectors that programs use for themselves are left zero. */
const USER_VECTORS = new Set([0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x79]);

/** Master and slave: edge-triggered, cascade on IRQ 2, 8086 mode; vectors 08h and 70h. */
const PIC_WORDS: readonly (readonly [port: number, value: number])[] = [
  [0x20, 0x11], [0x21, 0x08], [0x21, 0x04], [0x21, 0x01],
  [0xa0, 0x11], [0xa1, 0x70], [0xa1, 0x02], [0xa1, 0x01],
  [0x21, 0xb8], [0xa1, 0x8e],
]; // prettier-ignore
/** Counter 0: every 65,536 clocks in mode 2; counter 1: refresh every 18; counter 2: mode 3 for the speaker. */
const TIMER_WORDS: readonly (readonly [port: number, value: number])[] = [
  [0x43, 0x34], [0x40, 0], [0x40, 0],
  [0x43, 0x54], [0x41, 0x12],
  [0x43, 0xb6],
]; // prettier-ignore

/** Switched on with spurious vector FF; LINT0 external interrupts, LINT1 NMI. */
const LOCAL_APIC = 0xfee00000;
const LOCAL_APIC_WORDS: readonly (readonly [register: number, value: number])[] = [
  [0xf0, 0x1ff], [0x350, 0x8700], [0x360, 0x8400],
]; // prettier-ignore

/** After a reset that a program asked for to leave protected mode (286 style): where it wants to go on. */
export function resumeAddress(g: Guest): { segment: number; offset: number } | undefined {
  const code = readCmos(g, CMOS_SHUTDOWN);
  writeCmos(g, CMOS_SHUTDOWN, 0);
  if (code !== RESUME && code !== RESUME_WITH_EOI) return undefined;
  if (code === RESUME_WITH_EOI) {
    g.out8(0xa0, 0x20);
    g.out8(0x20, 0x20);
  }
  return { segment: g.read16(BDA_RESET_VECTOR + 2), offset: g.read16(BDA_RESET_VECTOR) };
}

export function powerOnSelfTest(g: Guest, host: FirmwareHost, rom: Rom): void {
  enableCaches(host.cpu);
  enableX87(host.cpu);
  // The controllers come last: programming them forgets the edge that the timer's output made.
  for (const [port, value] of [...TIMER_WORDS, ...PIC_WORDS]) g.out8(port, value);
  if (hasFeature(host.cpu, 'apic')) connectPic(host.bus);
  fillVectors(g, rom);
  for (let at = 0x400; at < BDA_END; at += 4) g.write32(at, 0);
  for (let at = 0; at < EBDA_BYTES; at += 4) g.write32(EBDA + at, 0);
  g.write8(EBDA, EBDA_BYTES / 1024);
  g.write16(BDA_EBDA_SEGMENT, EBDA_SEGMENT);
  g.write16(BDA_MEMORY_KB, BASE_KB);
  g.write16(BDA_KEY_HEAD, KEY_BUFFER);
  g.write16(BDA_KEY_TAIL, KEY_BUFFER);
  g.write16(BDA_KEY_BUFFER_START, KEY_BUFFER);
  g.write16(BDA_KEY_BUFFER_END, KEY_BUFFER + 32);
  g.write8(BDA_KEY_MODE, ENHANCED_KEYBOARD);
  const serialPorts = findSerialPorts(g);
  describeDrives(g, host);
  g.write16(BDA_EQUIPMENT, equipment(host, serialPorts));
  g.write32(BDA_LPT_TIMEOUTS, 0x14141414);
  g.write32(BDA_COM_TIMEOUTS, 0x0a0a0a0a);
  g.write32(BDA_TICKS, ticksOfDay(g));
  initializeVideoData(g);
  setMode(g, TEXT_MODE);
}

/** Reset leaves them off from the 486 on. */
function enableCaches(cpu: Cpu): void {
  cpu.u32[S_CR0 >> 2] = (cpu.cr0 & ~(CR0_CD | CR0_NW)) >>> 0;
}

/** FNINIT; errors come as IRQ 13, since CR0.NE stays clear, as MP does on other firmware. */
function enableX87(cpu: Cpu): void {
  if (hasFeature(cpu, 'fpu')) initFpu(cpu);
}

/** Virtual wire mode: the 8259 pair reaches the processor through its local APIC, as LINT0. */
function connectPic(bus: Bus): void {
  for (const [register, value] of LOCAL_APIC_WORDS) bus.write(LOCAL_APIC + register, 4, value);
}

function fillVectors(g: Guest, rom: Rom): void {
  for (let vector = 0; vector < 256; vector++) {
    const offset = rom.vectors.get(vector) ?? AT_IRET;
    g.write32(vector * 4, USER_VECTORS.has(vector) ? 0 : ROM_SEGMENT * 0x10000 + offset);
  }
  g.write32(0x1e * 4, ROM_SEGMENT * 0x10000 + DISKETTE_TABLE);
}

/** A port is there when its scratch register holds what is written to it. */
function findSerialPorts(g: Guest): number {
  const found = COM_PORTS.filter((base) => {
    g.out8(base + COM_SCRATCH, 0x5a);
    return g.in8(base + COM_SCRATCH) === 0x5a;
  });
  found.forEach((base, n) => {
    g.out8(base + COM_INTERRUPT_ENABLE, 0);
    g.out8(base + COM_SCRATCH, 0);
    // 8N1: programs that send without setting up the port mean eight bits.
    g.out8(base + COM_LINE_CONTROL, EIGHT_BITS);
    g.write16(BDA_COM_PORTS + 2 * n, base);
  });
  return found.length;
}

/** Bits: 0 floppy there, 1 x87, 4-5 video (10: 80x25 colour), 6-7 floppies - 1, 9-11 serial ports. */
function equipment(host: FirmwareHost, serialPorts: number): number {
  const floppies = host.floppies.length;
  const x87 = hasFeature(host.cpu, 'fpu') ? 2 : 0;
  return (floppies ? 1 | ((floppies - 1) << 6) : 0) | x87 | 0x20 | (serialPorts << 9);
}

function describeDrives(g: Guest, host: FirmwareHost): void {
  g.write8(BDA_DISK_COUNT, host.disks.length);
  g.write8(BDA_DISK_CONTROL, 0xc0);
  host.floppies.forEach((_, n) => {
    g.write8(BDA_FLOPPY_MEDIA + n, 0x17); // 1.44 MB medium in a 1.44 MB drive, established
    g.write8(BDA_FLOPPY_CALIBRATED, g.read8(BDA_FLOPPY_CALIBRATED) | (1 << n));
  });
  if (host.floppies.length) g.write8(BDA_FLOPPY_HARDWARE, 0x07);
  host.disks.slice(0, EBDA_FDPT.length).forEach((_, n) => {
    const drive = logicalDrive(host, 0x80 + n)!;
    const table = EBDA + EBDA_FDPT[n];
    g.write16(table, drive.cylinders);
    g.write8(table + 2, drive.heads);
    g.write16(table + 5, 0xffff); // no write precompensation
    g.write8(table + 8, drive.heads > 8 ? 0xc8 : 0xc0);
    g.write16(table + 12, drive.cylinders); // landing zone
    g.write8(table + 14, drive.sectorsPerTrack);
    g.write32((n === 0 ? 0x41 : 0x46) * 4, EBDA_SEGMENT * 0x10000 + EBDA_FDPT[n]);
  });
}

/** The tick counter continues from the clock chip's time. */
function ticksOfDay(g: Guest): number {
  const bcd = (value: number): number => (value >> 4) * 10 + (value & 15);
  const seconds = bcd(readCmos(g, 4)) * 3600 + bcd(readCmos(g, 2)) * 60 + bcd(readCmos(g, 0));
  return Math.floor((seconds * TICKS_PER_DAY) / 86400);
}
