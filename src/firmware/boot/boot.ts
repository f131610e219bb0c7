// INT 19h: the first sector of the first bootable drive goes to 0000:7C00 and gets control, with the registers as PC firmware
// leaves them (SP is what SeaBIOS leaves). INT 18h: nothing could be booted.

import { setEflags } from '../../cpu/flags';
import { IF } from '../../cpu/layout';
import { setParagraph } from '../../cpu/segments';
import { SECTOR, type BlockDevice } from '../blockDevice';
import { FIRST_HARD_DISK } from '../disk/drives';
import type { Guest } from '../guest';
import type { FirmwareHost } from '../host';
import { Screen } from '../video/screen';
import { teletype } from '../video/teletype';

export const BOOT_ADDRESS = 0x7c00;
const BOOT_STACK = 0x6f04;
const SIGNATURE = 0xaa55;
const ATTRIBUTE = 0x07;
const SEGMENTS = 6;

/** What a drive needs to be booted: 55 AA at offset 510 of its first sector. */
export const isBootSector = (sector: Uint8Array): boolean => sector[510] === 0x55 && sector[511] === 0xaa;

/** False when no drive is bootable; otherwise the processor is at the boot sector. */
export function boot(g: Guest, host: FirmwareHost): boolean {
  for (const kind of host.bootOrder) {
    const device: BlockDevice | undefined = (kind === 'floppy' ? host.floppies : host.disks)[0];
    if (!device) continue;
    const sector = new Uint8Array(SECTOR);
    device.read(0, sector);
    if (!isBootSector(sector)) continue;
    g.writeBytes(0, BOOT_ADDRESS, sector);
    enter(g, kind === 'floppy' ? 0 : FIRST_HARD_DISK);
    return true;
  }
  return false;
}

export function reportNoBoot(g: Guest): void {
  const screen = new Screen(g);
  for (const character of 'No bootable device.\r\n') {
    teletype(screen, screen.activePage, character.charCodeAt(0), ATTRIBUTE, ATTRIBUTE);
  }
}

function enter(g: Guest, drive: number): void {
  const { cpu } = g;
  const [AX, , DX, , SP] = [0, 1, 2, 3, 4];
  for (let register = 0; register < 8; register++) cpu.setReg32(register, 0);
  cpu.setReg32(AX, SIGNATURE);
  cpu.setReg32(DX, drive);
  cpu.setReg32(SP, BOOT_STACK);
  for (let segment = 0; segment < SEGMENTS; segment++) setParagraph(cpu, segment, 0);
  setEflags(cpu, IF);
  cpu.eip = BOOT_ADDRESS;
}
