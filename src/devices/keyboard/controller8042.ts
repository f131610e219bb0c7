// The AT/PS/2 keyboard controller: an 8042 at 0x60/0x64 with its command set, set-2 to set-1 translation, the A20 and
// reset outputs (IBM PS/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device Controller").
// Deviations: commands take no time (the input buffer is never seen full); bytes from the devices take 40 us, not the
// cable's 0.8 ms, so that guests with short time-outs see their answers. Power-on leaves the command byte as POST does.
// Absent: passwords and security, diagnostic dump, reads of the test port.

import type { A20Gate, Device, IrqLine, ResetKind, Scheduler, Timer } from '../contract';
import { SET2_TO_SET1 } from './keys';
import { Ps2Keyboard, type Ps2KeyboardState } from './ps2Keyboard';
import { Ps2Mouse, type Ps2MouseState } from './ps2Mouse';
import { strokeOf } from './usLayout';

export interface KeyboardControllerState {
  ram: number[]; // 32 bytes; byte 0 is the command byte
  data: number; // output buffer; keeps its value after it is read
  full: boolean;
  fromMouse: boolean;
  lastWasCommand: boolean;
  awaiting: number; // controller command whose argument comes next at port 0x60, or -1
  replies: { data: number; fromMouse: boolean }[];
  breakSeen: boolean; // translation saw the break prefix
  typing: { code: string; down: boolean }[];
  keyboard: Ps2KeyboardState;
  mouse: Ps2MouseState;
}

export interface KeyboardControllerLines {
  irq1: IrqLine;
  irq12: IrqLine;
  a20: A20Gate;
  onReset: (kind: ResetKind) => void;
}

const KEYBOARD_INTERRUPT = 1, MOUSE_INTERRUPT = 2, SYSTEM_FLAG = 4, KEYBOARD_OFF = 0x10, MOUSE_OFF = 0x20, TRANSLATE = 0x40; // prettier-ignore
const BYTE_NS = 40_000;
/** Between the key events of type(); a whole stroke takes two to four of them. */
const TYPING_NS = 5_000_000;

const initialState = (): Omit<KeyboardControllerState, 'keyboard' | 'mouse'> => ({
  ram: [KEYBOARD_INTERRUPT | SYSTEM_FLAG | MOUSE_OFF | TRANSLATE, ...Array<number>(31).fill(0)],
  data: 0, full: false, fromMouse: false, lastWasCommand: false, awaiting: -1, replies: [], breakSeen: false, typing: [],
}); // prettier-ignore

export class KeyboardController implements Device {
  readonly name = 'keyboard';
  readonly ports: Device['ports'];
  private readonly keyboard = new Ps2Keyboard();
  private readonly mouse = new Ps2Mouse();
  private readonly byteTimer: Timer;
  private readonly typingTimer: Timer;
  private state = initialState();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly lines: KeyboardControllerLines,
  ) {
    this.byteTimer = scheduler.timer('keyboard.byte', () => this.byteArrived());
    this.typingTimer = scheduler.timer('keyboard.typing', () => this.typeNext());
    this.ports = [
      {
        range: { first: 0x60, last: 0x60, width: 1 },
        handler: { in: () => this.readData(), out: (_port, _width, value) => this.writeData(value & 0xff) },
      },
      {
        range: { first: 0x64, last: 0x64, width: 1 },
        handler: { in: () => this.status(), out: (_port, _width, value) => this.command(value & 0xff) },
      },
    ];
  }

  /** A key goes down (or repeats), by KeyboardEvent.code. Answers false when the keyboard has no such key. */
  press(code: string): boolean {
    const known = this.keyboard.press(code);
    this.pump();
    return known;
  }

  release(code: string): boolean {
    const known = this.keyboard.release(code);
    this.pump();
    return known;
  }

  /** Types text on the US layout, one key event every 5 ms. Answers the characters that the layout cannot type. */
  type(text: string): string {
    let unknown = '';
    for (const character of text) {
      const stroke = strokeOf(character);
      if (!stroke) unknown += character;
      else this.strike(stroke);
    }
    return unknown;
  }

  /** Presses keys in order and releases them in reverse, paced like type(). */
  strike(codes: readonly string[]): void {
    this.state.typing.push(...codes.map((code) => ({ code, down: true })));
    this.state.typing.push(...[...codes].reverse().map((code) => ({ code, down: false })));
    if (this.typingTimer.due === undefined) this.typingTimer.at(this.scheduler.now() + TYPING_NS);
  }

  /** Whether text given to type() is still to come. */
  get typing(): boolean {
    return this.state.typing.length > 0;
  }

  /** Keyboard lights: 1 scroll lock, 2 num lock, 4 caps lock. */
  get leds(): number {
    return this.keyboard.state.leds;
  }

  /** Mouse movement in counts, right and down positive; wheel in notches; buttons 1 left, 2 right, 4 middle. */
  moveMouse(dx: number, dy: number, wheel: number, buttons: number): void {
    this.mouse.move(dx, dy, wheel, buttons);
    this.pump();
  }

  reset(): void {
    this.state = initialState();
    this.keyboard.reset();
    this.mouse.reset();
    this.byteTimer.cancel();
    this.typingTimer.cancel();
    this.lines.a20.set(true);
    this.update();
  }

  getState(): KeyboardControllerState {
    return structuredClone({ ...this.state, keyboard: this.keyboard.state, mouse: this.mouse.state });
  }

  setState(state: unknown): void {
    const { keyboard, mouse, ...own } = structuredClone(state as KeyboardControllerState);
    this.state = own;
    this.keyboard.state = keyboard;
    this.mouse.state = mouse;
  }

  private get commandByte(): number {
    return this.state.ram[0];
  }

  private status(): number {
    const s = this.state;
    const unlocked = 0x10;
    return (
      (s.full ? 1 : 0) |
      (this.commandByte & SYSTEM_FLAG) |
      (s.lastWasCommand ? 8 : 0) |
      unlocked |
      (s.full && s.fromMouse ? 0x20 : 0)
    );
  }

  private readData(): number {
    const { data, full } = this.state;
    if (full) {
      this.state.full = false;
      this.update();
      this.pump();
    }
    return data;
  }

  private writeData(value: number): void {
    const s = this.state;
    const command = s.awaiting;
    s.awaiting = -1;
    s.lastWasCommand = false;
    if (command >= 0x60 && command <= 0x7f) this.writeRam(command & 0x1f, value);
    else if (command === 0xd1) this.writeOutputPort(value);
    else if (command === 0xd2) this.reply(value);
    else if (command === 0xd3) this.reply(value, true);
    else if (command === 0xd4) this.mouse.receive(value);
    else if (command < 0) {
      s.ram[0] &= ~KEYBOARD_OFF; // sending to the keyboard turns its clock on
      this.keyboard.receive(value);
    }
    this.pump();
  }

  private command(value: number): void {
    const s = this.state;
    s.lastWasCommand = true;
    s.awaiting = -1;
    if (value >= 0x20 && value <= 0x3f) this.reply(s.ram[value & 0x1f]);
    else if ((value >= 0x60 && value <= 0x7f) || (value >= 0xd1 && value <= 0xd4)) s.awaiting = value;
    else if (value >= 0xf0) this.pulse(value & 0x0f);
    else this.simpleCommand(value);
    this.pump();
  }

  private simpleCommand(value: number): void {
    switch (value) {
      case 0xa4: // test password: none installed
        return this.reply(0xf1);
      case 0xa7:
      case 0xa8:
        return this.writeRam(0, value === 0xa7 ? this.commandByte | MOUSE_OFF : this.commandByte & ~MOUSE_OFF);
      case 0xa9: // interface tests: no fault
      case 0xab:
        return this.reply(0x00);
      case 0xaa: // self test passed; it leaves both interfaces off
        this.state.replies = [];
        this.state.full = false;
        this.writeRam(0, (this.commandByte & ~3) | SYSTEM_FLAG | KEYBOARD_OFF | MOUSE_OFF);
        return this.reply(0x55);
      case 0xad:
      case 0xae:
        return this.writeRam(0, value === 0xad ? this.commandByte | KEYBOARD_OFF : this.commandByte & ~KEYBOARD_OFF);
      case 0xc0: // input port: keyboard not locked
        return this.reply(0x80);
      case 0xd0:
        return this.reply(this.outputPort());
      case 0xdd:
      case 0xdf:
        return this.lines.a20.set(value === 0xdf);
      case 0xe0:
        return this.reply(0x00);
    }
  }

  private writeRam(address: number, value: number): void {
    this.state.ram[address] = value;
    this.update();
  }

  private outputPort(): number {
    const { full, fromMouse } = this.state;
    return 0xc1 | (this.lines.a20.get() ? 2 : 0) | (full && !fromMouse ? 0x10 : 0) | (full && fromMouse ? 0x20 : 0);
  }

  private writeOutputPort(value: number): void {
    this.lines.a20.set((value & 2) !== 0);
    if (!(value & 1)) this.lines.onReset('cpu');
  }

  /** Output port bits whose mask bit is 0 go low for 6 us; bit 0 is the processor's reset. */
  private pulse(mask: number): void {
    if (!(mask & 1)) this.lines.onReset('cpu');
  }

  private reply(data: number, fromMouse = false): void {
    this.state.replies.push({ data, fromMouse });
  }

  /** Moves what waits towards the output buffer: the controller's own replies at once, device bytes by the timer. */
  private pump(): void {
    const s = this.state;
    if (s.full) return;
    const reply = s.replies.shift();
    if (reply) this.fill(reply.data, reply.fromMouse);
    else if (this.byteTimer.due === undefined && this.sender()) this.byteTimer.at(this.scheduler.now() + BYTE_NS);
  }

  private sender(): Ps2Keyboard | Ps2Mouse | undefined {
    if (this.keyboard.ready && !(this.commandByte & KEYBOARD_OFF)) return this.keyboard;
    if (this.mouse.ready && !(this.commandByte & MOUSE_OFF)) return this.mouse;
    return undefined;
  }

  private byteArrived(): void {
    const sender = this.state.full ? undefined : this.sender();
    if (sender === this.mouse) this.fill(this.mouse.take(), true);
    else if (sender) {
      const data = this.translated(this.keyboard.take());
      if (data >= 0) this.fill(data, false);
    }
    this.pump();
  }

  /** The byte as the host sees it, or -1 for a break prefix that translation folds into the next byte. */
  private translated(byte: number): number {
    const s = this.state;
    if (!(this.commandByte & TRANSLATE)) return byte;
    if (byte === 0xf0) {
      s.breakSeen = true;
      return -1;
    }
    const data = SET2_TO_SET1[byte] | (s.breakSeen ? 0x80 : 0);
    s.breakSeen = false;
    return data;
  }

  private fill(data: number, fromMouse: boolean): void {
    Object.assign(this.state, { data, fromMouse, full: true });
    this.update();
  }

  private update(): void {
    const { full, fromMouse } = this.state;
    const on = (wanted: number, off: number): boolean => full && (this.commandByte & (wanted | off)) === wanted;
    this.lines.irq1.set(!fromMouse && on(KEYBOARD_INTERRUPT, KEYBOARD_OFF));
    this.lines.irq12.set(fromMouse && on(MOUSE_INTERRUPT, MOUSE_OFF));
  }

  private typeNext(): void {
    // A guest that does not read holds the typist up rather than losing keys.
    const next = this.keyboard.ready || this.state.full ? undefined : this.state.typing.shift();
    if (next?.down) this.press(next.code);
    else if (next) this.release(next.code);
    if (this.typing) this.typingTimer.at(this.scheduler.now() + TYPING_NS);
  }
}
