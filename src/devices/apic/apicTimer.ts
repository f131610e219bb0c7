// The timer of a local APIC (Intel SDM vol. 3, "APIC Timer"): a counter driven by the bus clock over a divider, one-shot or
// periodic. Counts are computed from virtual time; only the moments at which it reaches zero are events.

import type { Scheduler, Timer } from '../contract';

export interface ApicTimerState {
  initial: number;
  divideWord: number;
  periodic: boolean;
  /** Virtual nanoseconds at which the present count began; null when it stands at zero. */
  began: number | null;
}

/** A bus of 100 MHz. */
const TICK_NS = 10;

export class ApicTimer {
  private s: ApicTimerState = { initial: 0, divideWord: 0, periodic: false, began: null };
  private readonly event: Timer;

  constructor(
    private readonly scheduler: Scheduler,
    name: string,
    private readonly onZero: () => void,
  ) {
    this.event = scheduler.timer(name, () => this.reachedZero());
  }

  get initial(): number {
    return this.s.initial;
  }
  get divideWord(): number {
    return this.s.divideWord;
  }
  /** Nanoseconds for one count. Bits 3, 1 and 0 of the word: 2, 4, ... 128, 1. */
  private get step(): number {
    const { divideWord } = this.s;
    const code = (divideWord & 3) | ((divideWord >> 1) & 4);
    return TICK_NS * (code === 7 ? 1 : 2 << code);
  }

  current(): number {
    const { began, initial } = this.s;
    if (began === null) return 0;
    return Math.max(0, initial - Math.floor((this.scheduler.now() - began) / this.step));
  }

  start(count: number): void {
    this.s.initial = count >>> 0;
    this.restart(this.s.initial);
  }
  stop(): void {
    this.s = { initial: 0, divideWord: 0, periodic: false, began: null };
    this.event.cancel();
  }
  setPeriodic(on: boolean): void {
    this.s.periodic = on;
  }
  /** A count that is running goes on with the new divider. */
  setDivide(word: number): void {
    const left = this.current();
    this.s.divideWord = word & 0xb;
    if (this.s.began !== null) this.restart(left);
  }

  private restart(count: number): void {
    if (count === 0) {
      this.s.began = null;
      return this.event.cancel();
    }
    const now = this.scheduler.now();
    this.s.began = now - (this.s.initial - count) * this.step;
    this.event.at(now + count * this.step);
  }
  private reachedZero(): void {
    this.s.began = null;
    if (this.s.periodic) this.restart(this.s.initial);
    this.onZero();
  }

  getState(): ApicTimerState {
    return { ...this.s };
  }
  setState(state: ApicTimerState): void {
    this.s = { ...state };
  }
}
