// The keyboard itself: scan code sets 1-3, a 16-byte queue, and the command set of the PS/2 keyboard
// (IBM PS/2 Hardware Interface Technical Reference, "Keyboard (101- and 102-Key)").
// Absent: typematic repeat (hosts repeat press()), per-key make/break types of set 3 (commands are acknowledged),
// the shift codes wrapped around the grey cursor keys. The power-on self-test code is sent only after a reset command.

import { KEYS, SET2_TO_SET1 } from './keys';
import type { Ps2Device } from './ps2Device';

export interface Ps2KeyboardState {
  set: 1 | 2 | 3;
  scanning: boolean;
  leds: number; // 1 scroll, 2 num, 4 caps
  typematic: number;
  awaiting: number; // the command whose argument comes next, or 0
  queue: number[]; // scan codes
  answers: number[]; // command answers, sent first
  last: number; // for resend
  held: string[]; // keys that are down
}

const QUEUE_SIZE = 16;
const ACK = 0xfa;
const RESEND = 0xfe;
const BAT_PASSED = 0xaa;

const initialKeyboard = (): Ps2KeyboardState => ({
  set: 2, scanning: true, leds: 0, typematic: 0x2b, awaiting: 0, queue: [], answers: [], last: 0, held: [],
}); // prettier-ignore

export class Ps2Keyboard implements Ps2Device {
  state = initialKeyboard();

  reset(): void {
    this.state = initialKeyboard();
  }

  get ready(): boolean {
    const { answers, queue, awaiting } = this.state;
    return answers.length > 0 || (queue.length > 0 && awaiting === 0);
  }

  take(): number {
    const s = this.state;
    s.last = (s.answers.length > 0 ? s.answers.shift() : s.queue.shift()) ?? 0;
    return s.last;
  }

  /** A key goes down, or repeats. `code` is a KeyboardEvent.code; answers whether this keyboard has the key. */
  press(code: string): boolean {
    const { held } = this.state;
    if (!KEYS.has(code)) return false;
    this.send(this.sequence(code, true));
    if (!held.includes(code)) held.push(code);
    return true;
  }

  release(code: string): boolean {
    const s = this.state;
    if (!KEYS.has(code)) return false;
    if (!s.held.includes(code)) return true;
    s.held = s.held.filter((other) => other !== code);
    this.send(this.sequence(code, false));
    return true;
  }

  receive(byte: number): void {
    const command = this.state.awaiting;
    this.state.awaiting = 0;
    if (command !== 0 && byte < 0xed) this.argument(command, byte);
    else this.command(byte);
  }

  private command(byte: number): void {
    const { answers, last } = this.state;
    switch (byte) {
      case 0xee:
        answers.push(0xee);
        break;
      case 0xf2:
        answers.push(ACK, 0xab, 0x83);
        break;
      case 0xf4:
        this.state.queue = [];
        this.state.scanning = true;
        answers.push(ACK);
        break;
      case 0xf5:
      case 0xf6:
        this.setDefaults(byte === 0xf6);
        answers.push(ACK);
        break;
      case 0xfe:
        answers.push(last);
        break;
      case 0xff: {
        const { held } = this.state;
        this.state = { ...initialKeyboard(), held, answers: [ACK, BAT_PASSED] };
        break;
      }
      default:
        if (byte >= 0xf7 && byte <= 0xfa) answers.push(ACK);
        else if ([0xed, 0xf0, 0xf3, 0xfb, 0xfc, 0xfd].includes(byte)) {
          this.state.awaiting = byte;
          answers.push(ACK);
        } else answers.push(RESEND);
    }
  }

  private argument(command: number, value: number): void {
    const s = this.state;
    if (command === 0xf0) {
      if (value === 0) s.answers.push(ACK, s.set);
      else if (value === 1 || value === 2 || value === 3) {
        s.set = value;
        s.queue = [];
        s.answers.push(ACK);
      } else s.answers.push(RESEND);
      return;
    }
    if (command === 0xed) s.leds = value & 7;
    if (command === 0xf3) s.typematic = value & 0x7f;
    s.answers.push(ACK);
  }

  private setDefaults(scanning: boolean): void {
    const { answers, held, leds, last } = this.state;
    this.state = { ...initialKeyboard(), answers, held, leds, last, scanning };
  }

  private send(bytes: readonly number[]): void {
    const { queue, scanning, set } = this.state;
    if (!scanning) return;
    const overrun = set === 1 ? 0xff : 0x00;
    if (queue.length + bytes.length <= QUEUE_SIZE) queue.push(...bytes);
    else if (queue[queue.length - 1] !== overrun) queue.push(overrun);
  }

  private sequence(code: string, down: boolean): readonly number[] {
    const { set } = this.state;
    const key = KEYS.get(code)!;
    if (set === 3) return down ? [key.set3] : [0xf0, key.set3];
    const inSet2 = code === 'PrintScreen' || code === 'Pause' ? this.special(code, down) : plain(key.set2, down);
    return set === 2 ? inSet2 : toSet1(inSet2);
  }

  /** Print Screen and Pause change with the modifiers that are down. */
  private special(code: 'PrintScreen' | 'Pause', down: boolean): readonly number[] {
    const isHeld = (name: string): boolean => this.state.held.some((key) => key.startsWith(name));
    if (code === 'Pause') {
      if (!down) return [];
      if (isHeld('Control')) return [...plain(0xe07e, true), ...plain(0xe07e, false)];
      return [0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77];
    }
    if (isHeld('Alt')) return plain(0x84, down);
    if (isHeld('Control') || isHeld('Shift')) return plain(0xe07c, down);
    return down ? [0xe0, 0x12, 0xe0, 0x7c] : [0xe0, 0xf0, 0x7c, 0xe0, 0xf0, 0x12];
  }
}

/** Make or break sequence of a set-2 code. */
const plain = (set2: number, down: boolean): number[] => [
  ...(set2 > 0xff ? [0xe0] : []),
  ...(down ? [] : [0xf0]),
  set2 & 0xff,
];

const toSet1 = (set2: readonly number[]): number[] => {
  const bytes: number[] = [];
  let breakBit = 0;
  for (const byte of set2) {
    if (byte === 0xf0) breakBit = 0x80;
    else {
      bytes.push(SET2_TO_SET1[byte] | breakBit);
      breakBit = 0;
    }
  }
  return bytes;
};
