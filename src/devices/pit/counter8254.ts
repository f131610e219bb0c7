// One counter of the Intel 8254 (datasheet 231164, "Mode Definitions"), all six modes, binary and BCD.
// The counter is a value at a tick; advance() moves it in closed form from one event (load, output edge) to the next,
// so idle time costs nothing. A count of 1 in modes 2 and 3, which the datasheet forbids, counts as 2.

export interface CounterState {
  mode: number; // 0-5
  bcd: boolean;
  access: number; // 1 low byte, 2 high byte, 3 low then high
  reload: number; // count register, as written
  lowByte: number; // first byte of a two-byte count waiting for the second, or -1
  nullCount: boolean; // the count register has not reached the counting element yet
  tick: number; // what follows is true at this tick
  loaded: number; // count last loaded into the counting element
  left: number; // clocks to zero; in mode 3 clocks left in this half cycle
  running: boolean; // loaded since the control word
  fired: boolean; // one-shot modes: the output edge of this load is past
  strobe: boolean; // modes 4 and 5: the one-clock low pulse is on
  out: boolean;
  gate: boolean;
  loadAt: number; // tick at which the count register is loaded, or -1
  latchedCount: number; // or -1
  latchedStatus: number; // or -1
  highNext: boolean; // access 3: the next read gives the high byte
}

export const initialCounter = (gate: boolean): CounterState => ({
  mode: 3, bcd: false, access: 3, reload: 0, lowByte: -1, nullCount: true, tick: 0, loaded: 0x10000, left: 0x10000,
  running: false, fired: false, strobe: false, out: true, gate, loadAt: -1, latchedCount: -1, latchedStatus: -1,
  highNext: false,
}); // prettier-ignore

const fromBcd = (v: number): number =>
  (((v >> 12) & 15) * 1000 + ((v >> 8) & 15) * 100 + ((v >> 4) & 15) * 10 + (v & 15)) % 10000;
const toBcd = (v: number): number =>
  (Math.floor(v / 1000) << 12) | ((Math.floor(v / 100) % 10) << 8) | ((Math.floor(v / 10) % 10) << 4) | (v % 10);

export class Counter8254 {
  state: CounterState;

  constructor(gate: boolean) {
    this.state = initialCounter(gate);
  }

  /** Modes that restart by themselves: rate generator and square wave. */
  private get periodic(): boolean {
    return this.state.mode === 2 || this.state.mode === 3;
  }

  /** Next tick at which the output can change or the count is loaded; Infinity when there is none. */
  nextEvent(): number {
    const s = this.state;
    const load = s.loadAt < 0 ? Infinity : s.loadAt;
    return Math.min(load, s.tick + this.ticksToEdge());
  }

  /** Brings the counter to tick `to`. */
  advance(to: number): void {
    const s = this.state;
    while (s.tick < to) {
      this.skipPeriods(to);
      const stop = Math.min(to, this.nextEvent());
      const edge = stop - s.tick === this.ticksToEdge();
      this.count(stop - s.tick);
      s.tick = stop;
      if (s.loadAt === stop) this.load();
      else if (edge) this.edge();
    }
  }

  /** The control word for this counter (not a latch command). */
  control(value: number): void {
    const s = this.state;
    const mode = (value >> 1) & 7;
    s.mode = mode > 5 ? mode - 4 : mode;
    s.bcd = (value & 1) !== 0;
    s.access = (value >> 4) & 3;
    s.lowByte = -1;
    s.nullCount = true;
    s.running = s.fired = s.strobe = s.highNext = false;
    s.loadAt = s.latchedCount = s.latchedStatus = -1;
    s.out = s.mode !== 0;
  }

  write(value: number): void {
    const s = this.state;
    if (s.access === 3 && s.lowByte < 0) {
      s.lowByte = value;
      if (s.mode === 0) this.stopMode0();
      return;
    }
    s.reload = s.access === 1 ? value : s.access === 2 ? value << 8 : (value << 8) | s.lowByte;
    s.lowByte = -1;
    s.nullCount = true;
    if (s.mode === 0) this.stopMode0();
    if (s.mode === 0 || s.mode === 4 || (this.periodic && !s.running)) s.loadAt = s.tick + 1;
  }

  read(): number {
    const s = this.state;
    if (s.latchedStatus >= 0) {
      const status = s.latchedStatus;
      s.latchedStatus = -1;
      return status;
    }
    const value = s.latchedCount >= 0 ? s.latchedCount : this.current();
    const high = s.access === 2 || (s.access === 3 && s.highNext);
    if (s.access === 3) s.highNext = !s.highNext;
    if (s.access !== 3 || high) s.latchedCount = -1;
    return high ? value >> 8 : value & 0xff;
  }

  latchCount(): void {
    if (this.state.latchedCount < 0) this.state.latchedCount = this.current();
  }

  latchStatus(): void {
    const s = this.state;
    if (s.latchedStatus >= 0) return;
    s.latchedStatus = (s.out ? 0x80 : 0) | (s.nullCount ? 0x40 : 0) | (s.access << 4) | (s.mode << 1) | (s.bcd ? 1 : 0);
  }

  setGate(gate: boolean): void {
    const s = this.state;
    if (gate === s.gate) return;
    s.gate = gate;
    if (!gate) {
      if (this.periodic) s.out = true;
    } else if (s.mode === 1 || s.mode === 5 || (this.periodic && (s.running || s.loadAt >= 0))) {
      s.loadAt = s.tick + 1;
    }
  }

  /** The 16 bits a read sees: the counting element, in BCD when so programmed. */
  current(): number {
    const s = this.state;
    const visible = s.mode === 3 ? (s.loaded & ~1) - 2 * (this.half() - s.left) : s.left;
    const value = visible % this.modulus;
    return s.bcd ? toBcd(value) : value;
  }

  /** Clocks of a whole output cycle in the periodic modes, 0 in the others. */
  get period(): number {
    return this.periodic && this.state.running ? this.state.loaded : 0;
  }

  private get modulus(): number {
    return this.state.bcd ? 10000 : 0x10000;
  }

  private get counting(): boolean {
    const s = this.state;
    return s.running && (s.gate || s.mode === 1 || s.mode === 5);
  }

  private stopMode0(): void {
    this.state.running = false;
    this.state.out = false;
  }

  /** Length of the present half cycle in mode 3: an odd count is one clock longer high. */
  private half(): number {
    const { loaded, out } = this.state;
    return out ? (loaded + 1) >> 1 : loaded >> 1;
  }

  private ticksToEdge(): number {
    const s = this.state;
    if (s.strobe) return 1;
    if (!this.counting || s.fired) return Infinity;
    if (s.mode !== 2) return s.left;
    return s.left > 1 ? s.left - 1 : 1;
  }

  private skipPeriods(to: number): void {
    const s = this.state;
    if (!this.periodic || !this.counting || s.nullCount || s.loadAt >= 0) return;
    const periods = Math.floor((to - s.tick) / s.loaded);
    if (periods > 1) s.tick += (periods - 1) * s.loaded;
  }

  private count(ticks: number): void {
    const s = this.state;
    if (!this.counting) return;
    s.left -= ticks;
    if (s.left < 0) s.left = ((s.left % this.modulus) + this.modulus) % this.modulus;
  }

  private load(): void {
    const s = this.state;
    const written = s.bcd ? fromBcd(s.reload) : s.reload;
    s.loaded = written || this.modulus;
    if (this.periodic) {
      s.loaded = Math.max(2, s.loaded);
      s.out = true;
    }
    if (s.mode === 1) s.out = false;
    if (s.mode === 4 || s.mode === 5) s.out = true;
    s.left = s.mode === 3 ? this.half() : s.loaded;
    s.running = true;
    s.fired = s.strobe = s.nullCount = false;
    s.loadAt = -1;
  }

  private edge(): void {
    const s = this.state;
    if (s.strobe) {
      s.strobe = false;
      s.out = true;
    } else if (s.mode === 0 || s.mode === 1) {
      s.out = s.fired = true;
    } else if (s.mode === 4 || s.mode === 5) {
      s.out = false;
      s.fired = s.strobe = true;
    } else if (s.mode === 2) {
      if (s.left > 0) s.out = false;
      else this.load();
    } else {
      const out = !s.out;
      this.load();
      s.out = out;
      s.left = this.half();
    }
  }
}
