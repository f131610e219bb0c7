// Virtual time: retired instructions at a fixed rate, plus the time that the processor spent halted.

const NS_PER_SECOND = 1e9;
const MAX_RATE = 1e12;

export class VirtualClock {
  /** Nanoseconds passed while halted. */
  idleNs = 0;

  constructor(
    private readonly icount: () => number,
    readonly instructionsPerSecond: number,
  ) {
    if (!(instructionsPerSecond >= 1 && instructionsPerSecond <= MAX_RATE)) {
      throw new RangeError(
        `${instructionsPerSecond} instructions a second cannot be had: choose between 1 and ${MAX_RATE}`,
      );
    }
  }

  now(): number {
    return this.busyNs(this.icount()) + this.idleNs;
  }

  /** Smallest number of further instructions after which now() is at least `timeNs`. */
  instructionsUntil(timeNs: number): number {
    const icount = this.icount();
    const busy = timeNs - this.idleNs;
    if (this.busyNs(icount) >= busy) return 0;
    let target = Math.ceil((busy / NS_PER_SECOND) * this.instructionsPerSecond);
    while (target > icount && this.busyNs(target - 1) >= busy) target--;
    while (this.busyNs(target) < busy) target++;
    return target - icount;
  }

  /** Whole seconds apart from the rest, so that every step is exact or at least monotonic. */
  private busyNs(icount: number): number {
    const rate = this.instructionsPerSecond;
    const seconds = Math.floor(icount / rate);
    return seconds * NS_PER_SECOND + Math.floor(((icount - seconds * rate) * NS_PER_SECOND) / rate);
  }
}
