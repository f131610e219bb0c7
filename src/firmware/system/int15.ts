// INT 15h: system services (IBM PS/2 and PC BIOS Interface Technical Reference, "Interrupt 15h"; ACPI specification,
// "System Address Map Interfaces"; APM 1.2). Absent: cassette, joystick (AH=84), protected-mode switch (AH=89), the pointing
// device (AH=C2 answers "interface error"), 16 and 32-bit protected-mode APM.

import { EBDA_SEGMENT } from '../bda';
import type { Guest } from '../guest';
import type { FirmwareHost } from '../host';
import { CONFIG_TABLE, ROM_SEGMENT } from '../rom/addresses';
import { powerManagement } from './apm';
import { moveBlock } from './blockMove';
import { extendedKilobytes, memoryMap, splitExtended } from './memoryMap';
import type { SystemAnswer } from './answer';
import { cancelWait, OWN_FLAG, startWait } from './wait';

const UNSUPPORTED = 0x86;
const WAIT_RUNNING = 0x83;
const MOUSE_INTERFACE_ERROR = 0x03;
const SMAP = 0x534d4150;
const MAP_ENTRY_BYTES = 20;
const SYSTEM_CONTROL = 0x92;
const A20_BIT = 2;
const A20_BY_KEYBOARD_OR_PORT_92 = 3;

export function systemService(g: Guest, host: FirmwareHost): SystemAnswer {
  switch (g.ah) {
    case 0x24:
      return gateA20(g);
    case 0x4f: // keyboard intercept: the scan code in AL is to be processed
      g.carry = true;
      return 'done';
    case 0x53:
      return powerManagement(g);
    case 0x80: // device open, close, program termination
    case 0x81:
    case 0x82:
    case 0x85: // SysReq key
      return succeed(g, 0);
    case 0x90: // device busy: nothing else to do meanwhile
    case 0x91: // interrupt complete
      g.carry = false;
      return 'done';
    case 0x83:
      return eventWait(g);
    case 0x86:
      if (startWait(g, OWN_FLAG, g.cx * 0x10000 + g.dx)) return 'wait';
      return fail(g, WAIT_RUNNING);
    case 0x87:
      return succeed(g, moveBlock(g));
    case 0x88:
      g.ax = extendedKilobytes(host.ramBytes);
      g.carry = false;
      return 'done';
    case 0xc0:
      g.es = ROM_SEGMENT;
      g.bx = CONFIG_TABLE;
      return succeed(g, 0);
    case 0xc1:
      g.es = EBDA_SEGMENT;
      g.carry = false;
      return 'done';
    case 0xc2:
      return fail(g, MOUSE_INTERFACE_ERROR);
    case 0xe8:
      return memorySize(g, host);
    default:
      return fail(g, UNSUPPORTED);
  }
}

function succeed(g: Guest, ah: number): SystemAnswer {
  g.ah = ah;
  g.carry = false;
  return 'done';
}

function fail(g: Guest, ah: number): SystemAnswer {
  g.ah = ah;
  g.carry = true;
  return 'done';
}

function gateA20(g: Guest): SystemAnswer {
  const control = g.in8(SYSTEM_CONTROL);
  switch (g.al) {
    case 0:
      g.out8(SYSTEM_CONTROL, control & ~A20_BIT & ~1);
      return succeed(g, 0);
    case 1:
      g.out8(SYSTEM_CONTROL, (control | A20_BIT) & ~1);
      return succeed(g, 0);
    case 2:
      g.al = control & A20_BIT ? 1 : 0;
      return succeed(g, 0);
    case 3:
      g.bx = A20_BY_KEYBOARD_OR_PORT_92;
      return succeed(g, 0);
    default:
      return fail(g, UNSUPPORTED);
  }
}

function eventWait(g: Guest): SystemAnswer {
  if (g.al === 1) {
    cancelWait(g);
    g.carry = false;
    return 'done';
  }
  if (g.al !== 0) return fail(g, UNSUPPORTED);
  const started = startWait(g, { segment: g.es, offset: g.bx }, g.cx * 0x10000 + g.dx);
  if (!started) return fail(g, UNSUPPORTED);
  g.carry = false;
  return 'done';
}

function memorySize(g: Guest, host: FirmwareHost): SystemAnswer {
  const { kilobytes, blocks } = splitExtended(host.ramBytes);
  switch (g.al) {
    case 0x01:
      g.ax = g.cx = kilobytes;
      g.bx = g.dx = blocks;
      g.carry = false;
      return 'done';
    case 0x81:
      g.eax = g.ecx = kilobytes;
      g.ebx = g.edx = blocks;
      g.carry = false;
      return 'done';
    case 0x20:
      return addressMap(g, host);
    default:
      return fail(g, UNSUPPORTED);
  }
}

/** One entry of the map at ES:DI; EBX is the number of the entry, 0 in the answer that holds the last one. */
function addressMap(g: Guest, host: FirmwareHost): SystemAnswer {
  const ranges = memoryMap(host.ramBytes);
  const range = ranges[g.ebx];
  if (g.edx !== SMAP || g.ecx < MAP_ENTRY_BYTES || !range) return fail(g, UNSUPPORTED);
  const entry = new DataView(new ArrayBuffer(MAP_ENTRY_BYTES));
  entry.setUint32(0, range.base, true);
  entry.setUint32(8, range.length, true);
  entry.setUint32(16, range.type, true);
  g.writeBytes(g.es, g.di, new Uint8Array(entry.buffer));
  g.eax = SMAP;
  g.ebx = g.ebx + 1 < ranges.length ? g.ebx + 1 : 0;
  g.ecx = MAP_ENTRY_BYTES;
  g.carry = false;
  return 'done';
}
