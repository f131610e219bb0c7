// A fixed-frequency clock seen from virtual time. Conversions are exact integer arithmetic on doubles
// (seconds and the rest apart), so a chip counting for hours does not drift against virtual time.

const NS_PER_SECOND = 1e9;

export class TickClock {
  /** `hz` must be an integer below 9 million, so that `hz * 1e9` stays exact in a double. */
  constructor(readonly hz: number) {}

  /** Number of whole ticks since time 0 at virtual time `ns`. */
  ticksAt(ns: number): number {
    const seconds = Math.floor(ns / NS_PER_SECOND);
    const rest = Math.floor(ns - seconds * NS_PER_SECOND);
    return seconds * this.hz + Math.floor((rest * this.hz) / NS_PER_SECOND);
  }

  /** First virtual nanosecond at which `ticksAt` is `tick`. */
  timeOf(tick: number): number {
    const seconds = Math.floor(tick / this.hz);
    const rest = tick - seconds * this.hz;
    return seconds * NS_PER_SECOND + Math.ceil((rest * NS_PER_SECOND) / this.hz);
  }
}
