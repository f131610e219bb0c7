// INT 15h AH=53: Advanced Power Management 1.2, real-mode interface: enough to idle and to switch the machine off.

import type { Guest } from '../guest';
import type { SystemAnswer } from './answer';

const SIGNATURE = 0x504d; // 'PM'
const VERSION = 0x0102;
const REAL_MODE_ONLY = 0;
const ALL_DEVICES = 0x0001;
const OFF = 0x0003;
/** Error codes. */
const NOT_CONNECTED_MODE = 0x06, UNRECOGNIZED_DEVICE = 0x09, NO_EVENT = 0x80, UNSUPPORTED = 0x0c; // prettier-ignore
const PM1A_CONTROL = 0x604;
const SOFT_OFF = 0x2000;

export function powerManagement(g: Guest): SystemAnswer {
  switch (g.al) {
    case 0x00: // installation check
      g.ax = VERSION;
      g.bx = SIGNATURE;
      g.cx = REAL_MODE_ONLY;
      break;
    case 0x01: // connect and disconnect, real mode
    case 0x04:
    case 0x06: // CPU busy
    case 0x08: // enable or disable
    case 0x0d:
    case 0x0f: // engage or disengage
      break;
    case 0x02: // protected-mode connections
    case 0x03:
      return error(g, NOT_CONNECTED_MODE);
    case 0x05: // CPU idle
      g.carry = false;
      return 'idle';
    case 0x07: // set power state
      if (g.bx !== ALL_DEVICES) return error(g, UNRECOGNIZED_DEVICE);
      if (g.cx === OFF) g.out16(PM1A_CONTROL, SOFT_OFF);
      break;
    case 0x0a: // power status: on line, no battery
      g.bx = 0x01ff;
      g.cx = 0x80ff;
      g.dx = 0xffff;
      break;
    case 0x0b:
      return error(g, NO_EVENT);
    case 0x0e: // driver version
      g.ax = VERSION;
      break;
    default:
      return error(g, UNSUPPORTED);
  }
  g.carry = false;
  return 'done';
}

function error(g: Guest, code: number): SystemAnswer {
  g.ah = code;
  g.carry = true;
  return 'done';
}
