// A serial port with the 16550A's registers (National PC16550D datasheet): FIFOs, all interrupt sources in their
// priority, modem lines with deltas, loopback, break. OUT2 gates the interrupt as on every PC adapter.
// Characters take their time on the line (divisor, data, parity and stop bits in virtual time) unless `instant`: then
// output leaves at once and input waits until the guest has room, so nothing overruns.
// Absent: DMA signalling (RXRDY, TXRDY); parity errors never occur on the host's side.

import { Emitter } from '../../base/events';
import type { Device, IrqLine, Scheduler, Timer } from '../contract';
import { PortLatch } from '../portLatch';

export interface UartOptions {
  /** Stable name on the board, e.g. `com1`. */
  name: string;
  base: number;
  instant?: boolean;
  latch?: PortLatch;
}

export interface UartState {
  ier: number;
  fcr: number;
  lcr: number;
  mcr: number;
  scratch: number;
  divisor: number;
  overrun: boolean;
  rx: number[]; // received characters: byte, and LSR error bits at 8 and up
  lastRead: number;
  tx: number[]; // holding register or FIFO
  shifting: number; // byte in the transmit shift register, or -1
  threPending: boolean;
  timeoutPending: boolean;
  lineStatusPending: boolean;
  modem: number; // inputs in MSR positions: CTS 0x10, DSR 0x20, RI 0x40, DCD 0x80
  delta: number;
  waiting: number[]; // host input that has not reached the line's end
}

const LINE_STATUS = 5;
const SCRATCH = 7;
const FIFO_SIZE = 16;
const TRIGGER = [1, 4, 8, 14];
const FCR_ENABLE = 1, FCR_CLEAR_RX = 2, FCR_CLEAR_TX = 4; // prettier-ignore
const LSR_DR = 1, LSR_OE = 2, LSR_FE = 8, LSR_BI = 0x10, LSR_THRE = 0x20, LSR_TEMT = 0x40, LSR_FIFO = 0x80; // prettier-ignore
const MCR_OUT2 = 8, MCR_LOOP = 0x10; // prettier-ignore
const LCR_BREAK = 0x40, LCR_DLAB = 0x80; // prettier-ignore
const MSR_TERI = 4;
const BAUD_BASE = 115200;
/** Instant input leaves this gap, so that the interrupt line drops between characters and makes a new edge. */
const INSTANT_GAP_NS = 1000;

const initialUart = (): UartState => ({
  ier: 0, fcr: 0, lcr: 0, mcr: 0, scratch: 0, divisor: 12, overrun: false, rx: [], lastRead: 0, tx: [], shifting: -1,
  threPending: false, timeoutPending: false, lineStatusPending: false, modem: 0xb0, delta: 0, waiting: [],
}); // prettier-ignore

export class Uart16550 implements Device {
  readonly name: string;
  readonly ports: Device['ports'];
  /** Every byte that leaves the transmitter. */
  readonly onByte = new Emitter<number>();
  private state = initialUart();
  private readonly instant: boolean;
  private readonly base: number;
  private readonly latch: PortLatch;
  private readonly txTimer: Timer;
  private readonly rxTimer: Timer;
  private readonly timeoutTimer: Timer;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly irq: IrqLine,
    { name, base, instant = false, latch = new PortLatch() }: UartOptions,
  ) {
    this.name = name;
    this.instant = instant;
    this.base = base;
    this.latch = latch;
    latch.keep(base + SCRATCH, true);
    this.publish();
    this.txTimer = scheduler.timer(`${name}.tx`, () => this.shiftedOut());
    this.rxTimer = scheduler.timer(`${name}.rx`, () => this.arrived());
    this.timeoutTimer = scheduler.timer(`${name}.timeout`, () => this.timedOut());
    this.ports = [
      {
        range: { first: base, last: base + 7, width: 1 },
        handler: {
          in: (port) => this.read(port - base),
          out: (port, _width, value) => this.write(port - base, value & 0xff),
        },
      },
    ];
  }

  /** Input from the host; the guest sees it at line speed (or as it makes room, when instant). */
  receive(bytes: ArrayLike<number>): void {
    for (let i = 0; i < bytes.length; i++) this.state.waiting.push(bytes[i] & 0xff);
    this.expectInput();
  }

  /** A break condition from the host's side. */
  receiveBreak(): void {
    this.accept((LSR_BI | LSR_FE) << 8);
  }

  /** Modem inputs in MSR positions: CTS 0x10, DSR 0x20, RI 0x40, DCD 0x80. */
  setModem(lines: number): void {
    const before = this.modemInputs();
    this.state.modem = lines & 0xf0;
    this.noteModem(before);
  }

  /** The RESET pin: the divisor, scratch register and host input survive, as the datasheet says. */
  reset(): void {
    const { divisor, modem, waiting } = this.state;
    const scratch = this.latch.value(this.base + SCRATCH);
    this.state = { ...initialUart(), scratch, divisor, modem, waiting };
    this.publish();
    this.txTimer.cancel();
    this.timeoutTimer.cancel();
    this.expectInput();
    this.update();
  }

  getState(): UartState {
    return structuredClone({ ...this.state, scratch: this.latch.value(this.base + SCRATCH) });
  }

  setState(state: unknown): void {
    this.state = structuredClone(state as UartState);
    this.publish();
  }

  private get fifo(): boolean {
    return (this.state.fcr & FCR_ENABLE) !== 0;
  }

  private get loop(): boolean {
    return (this.state.mcr & MCR_LOOP) !== 0;
  }

  private get dataMask(): number {
    return 0xff >> (3 - (this.state.lcr & 3));
  }

  /** Time of one character on the line in nanoseconds. */
  private get characterTime(): number {
    const { lcr, divisor } = this.state;
    const data = 5 + (lcr & 3);
    const stop = lcr & 4 ? (data === 5 ? 1.5 : 2) : 1;
    const bits = 1 + data + (lcr & 8 ? 1 : 0) + stop;
    return Math.round((bits * (divisor || 0x10000) * 1e9) / BAUD_BASE);
  }

  private read(register: number): number {
    const s = this.state;
    const dlab = (s.lcr & LCR_DLAB) !== 0;
    switch (register) {
      case 0:
        return dlab ? s.divisor & 0xff : this.readData();
      case 1:
        return dlab ? s.divisor >> 8 : s.ier;
      case 2:
        return this.readIir();
      case 3:
        return s.lcr;
      case 4:
        return s.mcr;
      case 5:
        return this.readLsr();
      case 6:
        return this.readMsr();
      default:
        return this.latch.value(this.base + SCRATCH);
    }
  }

  private write(register: number, value: number): void {
    const s = this.state;
    const dlab = (s.lcr & LCR_DLAB) !== 0;
    switch (register) {
      case 0:
        if (dlab) s.divisor = (s.divisor & 0xff00) | value;
        else this.transmit(value & this.dataMask);
        break;
      case 1:
        if (dlab) s.divisor = (s.divisor & 0xff) | (value << 8);
        else this.writeIer(value & 0x0f);
        break;
      case 2:
        this.writeFcr(value);
        break;
      case 3:
        if (this.loop && value & ~s.lcr & LCR_BREAK) this.accept((LSR_BI | LSR_FE) << 8);
        s.lcr = value;
        break;
      case 4:
        this.writeMcr(value & 0x1f);
        break;
      case SCRATCH:
        this.latch.answer(this.base + SCRATCH, value);
        return;
    }
    this.update();
  }

  // Transmitter

  private transmit(byte: number): void {
    const s = this.state;
    if (!this.fifo) s.tx = [byte];
    else if (s.tx.length < FIFO_SIZE) s.tx.push(byte);
    s.threPending = false;
    this.update();
    if (s.shifting < 0) this.startShift();
  }

  private startShift(): void {
    const s = this.state;
    s.shifting = s.tx.shift() ?? -1;
    this.publishStatus();
    if (s.shifting < 0) return;
    if (s.tx.length === 0) s.threPending = true;
    if (this.instant) this.shiftedOut();
    else this.txTimer.at(this.scheduler.now() + this.characterTime);
  }

  private shiftedOut(): void {
    const s = this.state;
    const byte = s.shifting;
    s.shifting = -1;
    if (byte >= 0 && this.loop) this.accept(byte);
    else if (byte >= 0) this.onByte.fire(byte);
    this.startShift();
    this.update();
  }

  // Receiver

  private expectInput(): void {
    const s = this.state;
    if (this.rxTimer.due !== undefined || s.waiting.length === 0 || this.loop) return;
    if (this.instant && s.rx.length > 0) return;
    this.rxTimer.at(this.scheduler.now() + (this.instant ? INSTANT_GAP_NS : this.characterTime));
  }

  private arrived(): void {
    const s = this.state;
    if (this.loop) return;
    const room = this.instant ? (this.fifo ? FIFO_SIZE : 1) - s.rx.length : 1;
    for (const byte of s.waiting.splice(0, Math.max(0, room))) this.accept(byte & this.dataMask);
    this.expectInput();
  }

  /** A character (byte, and its LSR error bits at 8 and up) reaches the receiver. */
  private accept(character: number): void {
    const s = this.state;
    if (s.rx.length >= (this.fifo ? FIFO_SIZE : 1)) {
      s.overrun = s.lineStatusPending = true;
      if (!this.fifo) s.rx = [character];
    } else {
      s.rx.push(character);
    }
    if (s.rx[0] >> 8) s.lineStatusPending = true;
    this.restartTimeout();
    this.update();
  }

  private readData(): number {
    const s = this.state;
    if (s.rx.length > 0) s.lastRead = s.rx.shift()! & 0xff;
    if (s.rx.length > 0 && s.rx[0] >> 8) s.lineStatusPending = true;
    s.timeoutPending = false;
    this.restartTimeout();
    this.update();
    this.expectInput();
    return s.lastRead;
  }

  private restartTimeout(): void {
    if (this.fifo && this.state.rx.length > 0) this.timeoutTimer.at(this.scheduler.now() + 4 * this.characterTime);
    else this.timeoutTimer.cancel();
  }

  private timedOut(): void {
    this.state.timeoutPending = this.state.rx.length > 0;
    this.update();
  }

  // Registers with side effects

  private writeIer(value: number): void {
    const s = this.state;
    if (value & ~s.ier & 2 && s.tx.length === 0) s.threPending = true;
    s.ier = value;
  }

  private writeFcr(value: number): void {
    const s = this.state;
    const toggled = ((s.fcr ^ value) & FCR_ENABLE) !== 0;
    if (toggled || value & FCR_CLEAR_RX) {
      s.rx = [];
      s.timeoutPending = false;
    }
    if ((toggled || value & FCR_CLEAR_TX) && s.tx.length > 0) {
      s.tx = [];
      s.threPending = true;
    }
    s.fcr = value & FCR_ENABLE ? value & 0xc9 : 0;
    this.restartTimeout();
    this.expectInput();
  }

  private writeMcr(value: number): void {
    const before = this.modemInputs();
    this.state.mcr = value;
    this.noteModem(before);
    this.expectInput();
  }

  private readLsr(): number {
    const s = this.state;
    const errors = (s.rx[0] ?? 0) >> 8;
    const anyError = this.fifo && s.rx.some((character) => character >> 8 !== 0);
    if (s.rx.length > 0) s.rx[0] &= 0xff;
    const value =
      (s.rx.length > 0 ? LSR_DR : 0) |
      (s.overrun ? LSR_OE : 0) |
      errors |
      (s.tx.length === 0 ? LSR_THRE : 0) |
      (s.tx.length === 0 && s.shifting < 0 ? LSR_TEMT : 0) |
      (anyError ? LSR_FIFO : 0);
    if (s.overrun || s.lineStatusPending) {
      s.overrun = s.lineStatusPending = false;
      this.update();
    }
    return value;
  }

  private modemInputs(): number {
    const { mcr, modem } = this.state;
    if (!this.loop) return modem;
    return (mcr & 2 ? 0x10 : 0) | (mcr & 1 ? 0x20 : 0) | (mcr & 4 ? 0x40 : 0) | (mcr & 8 ? 0x80 : 0);
  }

  private noteModem(before: number): void {
    const now = this.modemInputs();
    const changed = before ^ now;
    this.state.delta |= ((changed & 0xb0) >> 4) | (before & ~now & 0x40 ? MSR_TERI : 0);
    this.update();
  }

  private readMsr(): number {
    const value = this.modemInputs() | this.state.delta;
    this.state.delta = 0;
    this.update();
    return value;
  }

  private readIir(): number {
    const source = this.source();
    if (source === 2) this.state.threPending = false;
    this.update();
    return source | (this.fifo ? 0xc0 : 0);
  }

  /** The highest pending and enabled interrupt as IIR shows it; 1 when none. */
  private source(): number {
    const s = this.state;
    if (s.ier & 4 && s.lineStatusPending) return 6;
    if (s.ier & 1 && s.rx.length >= (this.fifo ? TRIGGER[s.fcr >> 6] : 1)) return 4;
    if (s.ier & 1 && s.timeoutPending) return 0x0c;
    if (s.ier & 2 && s.threPending) return 2;
    if (s.ier & 8 && s.delta) return 0;
    return 1;
  }

  /** What the processor may read without asking. */
  private publish(): void {
    this.latch.answer(this.base + SCRATCH, this.state.scratch);
    this.publishStatus();
  }
  private publishStatus(): void {
    const { rx, tx, shifting, overrun, lineStatusPending } = this.state;
    if (overrun || lineStatusPending || rx.some((character) => character >> 8 !== 0)) {
      this.latch.ask(this.base + LINE_STATUS);
      return;
    }
    const sent = tx.length > 0 ? 0 : shifting < 0 ? LSR_THRE | LSR_TEMT : LSR_THRE;
    this.latch.answer(this.base + LINE_STATUS, sent | (rx.length > 0 ? LSR_DR : 0));
  }

  private update(): void {
    this.publishStatus();
    const { mcr } = this.state;
    this.irq.set(this.source() !== 1 && (mcr & MCR_OUT2) !== 0 && (mcr & MCR_LOOP) === 0);
  }
}
