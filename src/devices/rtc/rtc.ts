// The real-time clock and CMOS memory: a Motorola MC146818A (datasheet ADI1382) with 128 bytes at ports 0x70/0x71
// and the NMI mask in bit 7 of the index. Time is a start value plus virtual time.
// Absent: daylight saving (bit DSE is kept, nothing follows), the square-wave pin, divider bases other than 32.768 kHz
// (any other setting but divider reset runs as that one).

import { TickClock } from '../clock';
import type { Device, IrqLine, Scheduler, Timer } from '../contract';
import { dayOfWeek, daysInMonth, fromUnixSeconds } from './calendar';
import { writeConfig, type CmosConfig } from './cmosLayout';

export interface RtcOptions extends CmosConfig {
  /** Time at power-on, Unix seconds, shown as it is (guests see UTC). */
  startTime: number;
  /** Level of the NMI mask, called when it changes. */
  onNmiMask?: (masked: boolean) => void;
}

export interface RtcState {
  cells: number[];
  index: number;
  nmiMasked: boolean;
  divider: number; // tick of the 32.768 kHz clock at which the divider chain was last zero
  periodicSeen: number; // periodic ticks since then that PF has accounted for
}

const CRYSTAL_HZ = 32768;
const SECONDS = 0, SECONDS_ALARM = 1, MINUTES = 2, MINUTES_ALARM = 3, HOURS = 4, HOURS_ALARM = 5, WEEKDAY = 6; // prettier-ignore
const DAY = 7, MONTH = 8, YEAR = 9, A = 0x0a, B = 0x0b, C = 0x0c, D = 0x0d, CENTURY = 0x32; // prettier-ignore
const B_SET = 0x80, B_BINARY = 4, B_24H = 2; // prettier-ignore
/** Flags in C and, in the same places, their enables in B. */
const PF = 0x40, AF = 0x20, UF = 0x10, IRQF = 0x80; // prettier-ignore
/** UIP rises 244 us before the 1984 us update, whose end is the second's change here. */
const UIP_TICKS = Math.ceil(((244 + 1984) * CRYSTAL_HZ) / 1e6);

export class Rtc implements Device {
  readonly name = 'rtc';
  readonly ports: Device['ports'];
  private readonly clock = new TickClock(CRYSTAL_HZ);
  private readonly secondTimer: Timer;
  private readonly periodicTimer: Timer;
  private state: RtcState;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly irq8: IrqLine,
    private readonly options: RtcOptions,
  ) {
    this.secondTimer = scheduler.timer('rtc.second', () => this.second());
    this.periodicTimer = scheduler.timer('rtc.periodic', () => this.update());
    this.state = { cells: Array<number>(128).fill(0), index: 0, nmiMasked: false, divider: 0, periodicSeen: 0 };
    this.powerOn();
    this.ports = [
      {
        range: { first: 0x70, last: 0x71, width: 1 },
        handler: {
          in: (port) => (port & 1 ? this.read(this.state.index) : 0xff),
          out: (port, _width, value) => (port & 1 ? this.write(this.state.index, value & 0xff) : this.select(value)),
        },
      },
    ];
  }

  get nmiMasked(): boolean {
    return this.state.nmiMasked;
  }

  /** One CMOS cell as the guest would read it at index `cell`, without side effects on C. */
  peek(cell: number): number {
    return cell === C ? this.state.cells[C] : this.read(cell & 0x7f);
  }

  /** The RESET pin: interrupts off, flags clear. The battery keeps time and memory. */
  reset(): void {
    const { cells } = this.state;
    cells[B] &= ~(PF | AF | UF | 8);
    cells[C] = 0;
    this.select(0);
    this.armSecond();
    this.update();
  }

  getState(): RtcState {
    return structuredClone(this.state);
  }

  setState(state: unknown): void {
    this.state = structuredClone(state as RtcState);
  }

  private powerOn(): void {
    const { cells } = this.state;
    cells[A] = 0x26;
    cells[B] = B_24H;
    cells[D] = 0x80;
    const time = fromUnixSeconds(this.options.startTime);
    this.store(SECONDS, time.second);
    this.store(MINUTES, time.minute);
    this.store(HOURS, time.hour);
    this.store(WEEKDAY, dayOfWeek(time));
    this.store(DAY, time.day);
    this.store(MONTH, time.month);
    this.store(YEAR, time.year % 100);
    this.store(CENTURY, Math.floor(time.year / 100) % 100);
    writeConfig(cells, this.options);
    this.armSecond();
  }

  private select(value: number): void {
    this.state.index = value & 0x7f;
    const masked = (value & 0x80) !== 0;
    if (masked === this.state.nmiMasked) return;
    this.state.nmiMasked = masked;
    this.options.onNmiMask?.(masked);
  }

  private read(index: number): number {
    const { cells } = this.state;
    if (index === A) return cells[A] | (this.updating() ? 0x80 : 0);
    if (index !== C) return cells[index];
    this.countPeriodic();
    const flags = cells[C] | (this.asks() ? IRQF : 0);
    cells[C] = 0;
    this.update();
    return flags;
  }

  private write(index: number, value: number): void {
    const { cells } = this.state;
    if (index === C || index === D) return;
    if (index === A) this.writeA(value & 0x7f);
    else if (index === B) {
      this.countPeriodic();
      cells[B] = value & B_SET ? value & ~UF : value;
      this.update();
    } else cells[index] = value;
  }

  private writeA(value: number): void {
    const { cells } = this.state;
    this.countPeriodic();
    const wasHeld = this.held;
    cells[A] = value;
    // Leaving divider reset: the first update comes half a second later.
    if (wasHeld && !this.held) this.state.divider = this.ticks() - CRYSTAL_HZ / 2;
    this.state.periodicSeen = this.periodicCount();
    this.armSecond();
    this.update();
  }

  // Seconds

  /** The divider chain is held in reset (DV = 11x). */
  private get held(): boolean {
    return (this.state.cells[A] & 0x60) === 0x60;
  }

  private ticks(): number {
    return this.clock.ticksAt(this.scheduler.now());
  }

  private armSecond(): void {
    if (this.held) return this.secondTimer.cancel();
    const { divider } = this.state;
    const seconds = Math.floor((this.ticks() - divider) / CRYSTAL_HZ);
    this.secondTimer.at(this.clock.timeOf(divider + (seconds + 1) * CRYSTAL_HZ));
  }

  private updating(): boolean {
    if (this.held || this.state.cells[B] & B_SET) return false;
    const phase = (this.ticks() - this.state.divider) % CRYSTAL_HZ;
    return phase >= CRYSTAL_HZ - UIP_TICKS;
  }

  private second(): void {
    const { cells } = this.state;
    if (!(cells[B] & B_SET)) {
      this.advance();
      cells[C] |= UF | (this.alarmMatches() ? AF : 0);
    }
    this.armSecond();
    this.update();
  }

  private advance(): void {
    const carry = (cell: number, first: number, last: number): boolean => {
      const next = this.load(cell) + 1;
      this.store(cell, next > last ? first : next);
      return next > last;
    };
    if (!carry(SECONDS, 0, 59) || !carry(MINUTES, 0, 59) || !carry(HOURS, 0, 23)) return;
    carry(WEEKDAY, 1, 7);
    const year = this.load(CENTURY) * 100 + this.load(YEAR);
    if (!carry(DAY, 1, daysInMonth(year, this.load(MONTH))) || !carry(MONTH, 1, 12) || !carry(YEAR, 0, 99)) return;
    carry(CENTURY, 0, 99);
  }

  private alarmMatches(): boolean {
    const { cells } = this.state;
    const same = (alarm: number, time: number): boolean => cells[alarm] >= 0xc0 || cells[alarm] === cells[time];
    return same(SECONDS_ALARM, SECONDS) && same(MINUTES_ALARM, MINUTES) && same(HOURS_ALARM, HOURS);
  }

  /** A time cell as a number, whatever the data mode; hours 0-23. */
  private load(cell: number): number {
    const raw = this.state.cells[cell];
    const b = this.state.cells[B];
    const twelveHour = cell === HOURS && !(b & B_24H);
    const bits = twelveHour ? raw & 0x7f : raw;
    const value = b & B_BINARY ? bits : fromBcd(bits);
    return twelveHour ? (value % 12) + (raw & 0x80 ? 12 : 0) : value;
  }

  private store(cell: number, value: number): void {
    const b = this.state.cells[B];
    const twelveHour = cell === HOURS && !(b & B_24H);
    const shown = twelveHour ? value % 12 || 12 : value;
    const raw = b & B_BINARY ? shown : toBcd(shown);
    this.state.cells[cell] = twelveHour && value >= 12 ? raw | 0x80 : raw;
  }

  // Periodic interrupt

  /** Crystal ticks between periodic interrupts, 0 when off. */
  private get period(): number {
    const rate = this.state.cells[A] & 0x0f;
    if (rate === 0 || this.held) return 0;
    return rate < 3 ? 64 << rate : 1 << (rate - 1);
  }

  private periodicCount(): number {
    return this.period ? Math.floor((this.ticks() - this.state.divider) / this.period) : 0;
  }

  private countPeriodic(): void {
    const count = this.periodicCount();
    if (count > this.state.periodicSeen) this.state.cells[C] |= PF;
    this.state.periodicSeen = count;
  }

  private asks(): boolean {
    const { cells } = this.state;
    return (cells[B] & cells[C] & (PF | AF | UF)) !== 0;
  }

  /** Follows the interrupt output; a timer is needed only while the next periodic tick would raise it. */
  private update(): void {
    this.countPeriodic();
    this.irq8.set(this.asks());
    const { cells, divider, periodicSeen } = this.state;
    const wanted = cells[B] & PF && !(cells[C] & PF) && this.period;
    if (wanted) this.periodicTimer.at(this.clock.timeOf(divider + (periodicSeen + 1) * this.period));
    else this.periodicTimer.cancel();
  }
}

const toBcd = (value: number): number => ((Math.floor(value / 10) % 10) << 4) | (value % 10);
const fromBcd = (value: number): number => (value >> 4) * 10 + (value & 15);
