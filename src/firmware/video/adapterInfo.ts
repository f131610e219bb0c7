// INT 10h AH=12 (alternate select), AH=1A (display combination), AH=1B (functionality and state).

import {
  BDA_CRTC_PORT, BDA_CHAR_HEIGHT, BDA_DCC_INDEX, BDA_ROWS, BDA_VIDEO_CONTROL, BDA_VIDEO_FLAGS, BDA_VIDEO_MODE,
  BDA_VIDEO_SWITCHES,
} from '../bda'; // prettier-ignore
import type { Guest } from '../guest';
import { ROM_SEGMENT, VIDEO_FUNCTIONALITY } from '../rom/addresses';
import { videoMode } from './modes';

const SUPPORTED = 0x12;

export function alternateSelect(g: Guest): void {
  const setFlag = (linear: number, bit: number, on: boolean): void => {
    const old = g.read8(linear);
    g.write8(linear, on ? old | bit : old & ~bit);
    g.al = SUPPORTED;
  };
  switch (g.bl) {
    case 0x10: // EGA information
      g.bh = g.read16(BDA_CRTC_PORT) === 0x3b4 ? 1 : 0;
      g.bl = (g.read8(BDA_VIDEO_CONTROL) >> 5) & 3;
      g.ch = 0; // feature connector
      g.cl = g.read8(BDA_VIDEO_SWITCHES) & 0x0f;
      break;
    case 0x30: {
      // scan lines of text modes: kept, but this firmware always sets 400 lines
      if (g.al > 2) return;
      const flags = g.read8(BDA_VIDEO_FLAGS) & ~0x90;
      g.write8(BDA_VIDEO_FLAGS, flags | [0x80, 0, 0x10][g.al]);
      g.al = SUPPORTED;
      break;
    }
    case 0x31: // default palette loading
      setFlag(BDA_VIDEO_FLAGS, 0x08, (g.al & 1) !== 0);
      break;
    case 0x32: // video addressing: bit 1 of the miscellaneous output register
      g.out8(0x3c2, (g.in8(0x3cc) & ~2) | (g.al & 1 ? 0 : 2));
      g.al = SUPPORTED;
      break;
    case 0x33: // grey-scale summing
      setFlag(BDA_VIDEO_FLAGS, 0x02, !(g.al & 1));
      break;
    case 0x34: // cursor emulation
      setFlag(BDA_VIDEO_CONTROL, 0x01, (g.al & 1) !== 0);
      break;
    case 0x36: {
      // screen refresh: sequencer register 1, bit 5
      g.out8(0x3c4, 1);
      const old = g.in8(0x3c5);
      g.out8(0x3c5, g.al & 1 ? old | 0x20 : old & ~0x20);
      g.al = SUPPORTED;
      break;
    }
  }
}

export function displayCombination(g: Guest): void {
  if (g.al === 0) {
    g.bl = g.read8(BDA_DCC_INDEX);
    g.bh = 0;
  } else if (g.al === 1) {
    g.write8(BDA_DCC_INDEX, g.bl);
  } else {
    return;
  }
  g.al = 0x1a;
}

/** The 64-byte table at ES:DI: a pointer to the static facts in ROM, then the BIOS data area's video fields. */
export function functionality(g: Guest): void {
  if (g.bx !== 0) return;
  const table = new Uint8Array(64);
  const view = new DataView(table.buffer);
  view.setUint16(0, VIDEO_FUNCTIONALITY, true);
  view.setUint16(2, ROM_SEGMENT, true);
  table.set(g.readBytes(0x40, BDA_VIDEO_MODE - 0x400, 30), 4);
  table[0x22] = g.read8(BDA_ROWS) + 1;
  view.setUint16(0x23, g.read16(BDA_CHAR_HEIGHT), true);
  table[0x25] = g.read8(BDA_DCC_INDEX);
  const mode = videoMode(g.read8(BDA_VIDEO_MODE));
  if (mode) {
    view.setUint16(0x27, mode.kind === 'text' ? 16 : 1 << mode.bitsPerPixel, true);
    table[0x29] = mode.kind === 'text' ? 8 : Math.max(1, Math.floor(0x10000 / mode.pageBytes));
    table[0x2a] = [200, 350, 400, 480].indexOf(mode.rows * mode.charHeight);
  }
  table[0x2d] = (g.read8(BDA_VIDEO_FLAGS) & 0x0f) | 0x20;
  table[0x31] = 3; // 256 KB
  g.writeBytes(g.es, g.di, table);
  g.al = 0x1b;
}
