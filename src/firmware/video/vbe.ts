// INT 10h AH=4F: the VESA BIOS extension as far as this adapter goes: it says what it is and offers no VESA mode
// (VBE Core Functions Standard 3.0). Mode numbers below 100h select the standard modes.

import { BDA_VIDEO_CONTROL, BDA_VIDEO_MODE } from '../bda';
import { Guest } from '../guest';
import { ROM_SEGMENT, VBE_MODES, VBE_OEM_TEXT } from '../rom/addresses';
import { setMode } from './setMode';

const DONE = 0x004f;
const FAILED = 0x014f;
/** AL other than 4F: there is no such function. */
const UNKNOWN = 0x0100;
const VERSION = 0x0200;
const MEMORY_64K = 4;
const SIGNATURE_VBE2 = 0x32454256; // 'VBE2'
const KEEP_MEMORY = 0x8000;

export function vbeServices(g: Guest): void {
  if (g.al === 0) controllerInformation(g);
  else if (g.al === 2) g.ax = selectMode(g) ? DONE : FAILED;
  else if (g.al === 3) {
    g.bx = g.read8(BDA_VIDEO_MODE) | (g.read8(BDA_VIDEO_CONTROL) & 0x80 ? KEEP_MEMORY : 0);
    g.ax = DONE;
  } else g.ax = g.al === 1 ? FAILED : UNKNOWN;
}

/** 256 bytes at ES:DI, 512 when the caller asks for VBE 2 by a 'VBE2' signature. */
function controllerInformation(g: Guest): void {
  const wide = g.read32(Guest.linear(g.es, g.di)) === SIGNATURE_VBE2;
  const block = new Uint8Array(wide ? 512 : 256);
  const view = new DataView(block.buffer);
  block.set([0x56, 0x45, 0x53, 0x41]); // 'VESA'
  view.setUint16(4, VERSION, true);
  const pointer = (at: number, offset: number): void => {
    view.setUint16(at, offset, true);
    view.setUint16(at + 2, ROM_SEGMENT, true);
  };
  pointer(6, VBE_OEM_TEXT);
  pointer(14, VBE_MODES);
  view.setUint16(18, MEMORY_64K, true);
  if (wide) for (const at of [22, 26, 30]) pointer(at, VBE_OEM_TEXT);
  g.writeBytes(g.es, g.di, block);
  g.ax = DONE;
}

function selectMode(g: Guest): boolean {
  const mode = g.bx & 0x3fff;
  return mode < 0x100 && setMode(g, mode | (g.bx & KEEP_MEMORY ? 0x80 : 0));
}
