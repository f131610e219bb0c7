// The AT's 8254 at 0x40-0x43 clocked at 1.193182 MHz, and system control port B at 0x61 that gates counter 2
// and shows the refresh toggle and the speaker (IBM PC/AT Technical Reference, "System Timers", "Speaker").
// Counter 0's output is IRQ 0; counter 1's refresh requests appear only as the toggle, every 18 clocks.

import { TickClock } from '../clock';
import type { Device, IrqLine, PortHandler, Scheduler, Timer } from '../contract';
import { Counter8254, initialCounter, type CounterState } from './counter8254';

export interface PitState {
  counters: CounterState[];
  portB: number; // bits 0-3 as written: gate 2, speaker data, parity and channel check disable
}

export const PIT_HZ = 1193182;
const REFRESH_TICKS = 18;

export class Pit implements Device {
  readonly name = 'pit';
  readonly ports: Device['ports'];
  private readonly clock = new TickClock(PIT_HZ);
  private readonly counters = [new Counter8254(true), new Counter8254(true), new Counter8254(false)] as const;
  private readonly timer: Timer;
  private portB = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly irq0: IrqLine,
  ) {
    this.timer = scheduler.timer('pit', () => this.sync());
    const chip: PortHandler = {
      in: (port) => (port === 0x43 ? 0xff : this.sync()[port & 3].read()),
      out: (port, _width, value) => this.write(port & 3, value),
    };
    const portB: PortHandler = {
      in: () => this.readPortB(),
      out: (_port, _width, value) => this.writePortB(value),
    };
    this.ports = [
      { range: { first: 0x40, last: 0x43, width: 1 }, handler: chip },
      { range: { first: 0x61, last: 0x61, width: 1 }, handler: portB },
    ];
  }

  /** What the loudspeaker does now; `hz` is the square wave's frequency, 0 when counter 2 is not in mode 3. */
  speaker(): { on: boolean; hz: number } {
    const [, , tone] = this.sync();
    const hz = tone.state.mode === 3 && tone.period > 0 ? PIT_HZ / tone.period : 0;
    return { on: (this.portB & 3) === 3, hz };
  }

  reset(): void {
    const tick = this.clock.ticksAt(this.scheduler.now());
    this.counters.forEach((counter, n) => (counter.state = { ...initialCounter(n !== 2), tick }));
    this.portB = 0;
    this.sync();
  }

  getState(): PitState {
    return structuredClone({ counters: this.counters.map((c) => c.state), portB: this.portB });
  }

  setState(state: unknown): void {
    const { counters, portB } = structuredClone(state as PitState);
    this.counters.forEach((counter, n) => (counter.state = counters[n]));
    this.portB = portB;
  }

  private write(port: number, value: number): void {
    const counters = this.sync();
    if (port < 3) counters[port].write(value);
    else if (value >> 6 === 3) this.readBack(value);
    else if ((value >> 4) & 3) counters[value >> 6].control(value);
    else counters[value >> 6].latchCount();
    this.sync();
  }

  private readBack(value: number): void {
    this.counters.forEach((counter, n) => {
      if (!((value >> (n + 1)) & 1)) return;
      if (!(value & 0x20)) counter.latchCount();
      if (!(value & 0x10)) counter.latchStatus();
    });
  }

  private readPortB(): number {
    const [, , tone] = this.sync();
    const refresh = Math.floor(tone.state.tick / REFRESH_TICKS) & 1;
    return this.portB | (refresh << 4) | (tone.state.out ? 0x20 : 0);
  }

  private writePortB(value: number): void {
    const [, , tone] = this.sync();
    this.portB = value & 0x0f;
    tone.setGate((value & 1) !== 0);
  }

  /** Brings the counters to the present, follows IRQ 0 and arms the timer for counter 0's next event. */
  private sync(): typeof this.counters {
    const tick = this.clock.ticksAt(this.scheduler.now());
    for (const counter of this.counters) counter.advance(tick);
    const [ticker] = this.counters;
    this.irq0.set(ticker.state.out);
    const next = ticker.nextEvent();
    const due = next === Infinity ? undefined : this.clock.timeOf(next);
    if (due === undefined) this.timer.cancel();
    else if (due !== this.timer.due) this.timer.at(due);
    return this.counters;
  }
}
