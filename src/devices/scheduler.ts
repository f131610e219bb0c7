// The board's event queue: named timers in virtual time, fired in order of due time, then of registration.
// While a timer fires, now() is its due time, so callbacks that re-arm relative to now() never drift, however late
// the board calls runDue(). The clock itself (icount scaled to nanoseconds) belongs to the board.

import type { Scheduler, Timer } from './contract';

/** Due times in nanoseconds by timer name; idle timers are absent. */
export type SchedulerState = Record<string, number>;

interface Entry {
  due: number | undefined;
  readonly fire: () => void;
}

export class EventScheduler implements Scheduler {
  private readonly entries = new Map<string, Entry>();
  private earliest: number | undefined;
  private firingAt: number | undefined;

  /**
   * @param clock virtual nanoseconds since power-on.
   * @param onEarlier called when the next due time moves closer, so that a board can cut its running slice short.
   */
  constructor(
    private readonly clock: () => number,
    private readonly onEarlier: () => void = () => {},
  ) {}

  now(): number {
    return this.firingAt ?? this.clock();
  }

  timer(name: string, fire: () => void): Timer {
    if (this.entries.has(name)) throw new Error(`timer '${name}' is registered twice`);
    const entry: Entry = { due: undefined, fire };
    this.entries.set(name, entry);
    return {
      at: (timeNs) => this.arm(entry, timeNs),
      cancel: () => this.disarm(entry),
      get due() {
        return entry.due;
      },
    };
  }

  /** Earliest due time of any timer in nanoseconds, or undefined when all are idle. */
  nextDue(): number | undefined {
    return this.earliest;
  }

  /** Fires everything due at or before `nowNs`, including what the callbacks arm within that time. */
  runDue(nowNs: number): void {
    while (this.earliest !== undefined && this.earliest <= nowNs) {
      const entry = this.first(this.earliest);
      this.firingAt = this.earliest;
      entry.due = undefined;
      this.refresh();
      try {
        entry.fire();
      } finally {
        this.firingAt = undefined;
      }
    }
  }

  getState(): SchedulerState {
    const state: SchedulerState = {};
    for (const [name, { due }] of this.entries) if (due !== undefined) state[name] = due;
    return state;
  }

  setState(state: unknown): void {
    const dues = state as SchedulerState;
    for (const [name, entry] of this.entries) entry.due = dues[name];
    this.refresh();
  }

  private arm(entry: Entry, timeNs: number): void {
    if (Number.isNaN(timeNs)) throw new Error('a timer needs a time');
    const before = this.earliest;
    entry.due = timeNs;
    this.refresh();
    if (this.earliest !== undefined && (before === undefined || this.earliest < before)) this.onEarlier();
  }

  private disarm(entry: Entry): void {
    if (entry.due === undefined) return;
    entry.due = undefined;
    this.refresh();
  }

  private refresh(): void {
    let earliest: number | undefined;
    for (const { due } of this.entries.values()) {
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    }
    this.earliest = earliest;
  }

  private first(due: number): Entry {
    for (const entry of this.entries.values()) if (entry.due === due) return entry;
    throw new Error('no timer is due');
  }
}
