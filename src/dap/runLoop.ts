// Runs the guest in slices of about 5 ms and lets messages in between. Idle time of the guest (HLT) passes at the speed of
// real time, so that its clock is right and the host can rest; work is never slowed down.

import type { SliceResult, Stop } from '../debugger/execution';
import type { SessionHost } from './host';
import type { Launched } from './launched';

const SLICE_MS = 5;
const FIRST_BUDGET = 200_000;
const SMALLEST_BUDGET = 20_000;
const LARGEST_BUDGET = 20_000_000;
/** The guest may be so far ahead of real time while idle. */
const AHEAD_NS = 15e6;
/** A guest that lags farther behind gives up catching up. */
const BEHIND_NS = 100e6;
const STATE_MS = 200;
const OUTPUT_MS = 16;
/** A step that takes longer shows as progress that can be cancelled. */
const LONG_STEP_MS = 1000;

/** What the loop needs of its session. */
export interface RunLoopOwner {
  readonly host: Pick<SessionHost, 'now' | 'yield' | 'sleep' | 'hasViews'>;
  readonly launched: Launched | undefined;
  readonly client: { supportsProgressReporting?: boolean };
  event(event: string, body?: unknown): void;
  output(text: string, category: 'stdout' | 'stderr'): void;
  state(): void;
  reportStop(stop: Stop | 'pause'): void;
  end(exitCode: number, text: string): void;
}

export class RunLoop {
  active = false;
  private wanted: 'run' | 'pause' | 'stop' = 'stop';
  private budget = FIRST_BUDGET;
  private anchor = { wall: 0, virtual: 0 };
  private lastState = 0;
  private lastOutput = 0;
  private serial = new Map<number, number[]>();
  private debugText: number[] = [];
  private sleeping: (() => void) | undefined;
  private progress: { id: string; since: number; shown: boolean } | undefined;
  private progressCount = 0;

  constructor(private readonly session: RunLoopOwner) {}

  /** A step has begun: it is watched for taking long. */
  watchStep(): void {
    this.progress = { id: `step-${++this.progressCount}`, since: this.session.host.now(), shown: false };
  }

  start(): void {
    if (this.active) return;
    this.active = true;
    this.wanted = 'run';
    this.pace();
    void this.run();
  }

  /** The guest stops at the end of the slice. */
  pause(): void {
    if (!this.active) return;
    this.wanted = 'pause';
    this.wake();
  }

  /** The session ends: no stop is reported. */
  stop(): void {
    this.wanted = 'stop';
    this.wake();
  }

  /** Stops the guest without telling anybody; resolves when it stands. */
  async halt(): Promise<void> {
    this.stop();
    while (this.active) await this.session.host.yield();
  }

  /** A message or an input came: no reason to sleep on. */
  wake(): void {
    this.sleeping?.();
    this.sleeping = undefined;
  }

  /** Cancels the long step of that progress. */
  cancelProgress(id: string): boolean {
    if (this.progress?.id !== id) return false;
    this.pause();
    return true;
  }

  collectSerial(port: number, byte: number): void {
    const bytes = this.serial.get(port);
    if (bytes) bytes.push(byte);
    else this.serial.set(port, [byte]);
  }

  collectDebugByte(byte: number): void {
    this.debugText.push(byte);
  }

  /** Sends output collected so far. */
  flush(): void {
    const { session } = this;
    for (const [port, bytes] of this.serial) {
      const data = textOf(bytes);
      session.event('ringside/serial', { port, data });
      if (!session.host.hasViews && port === 1) session.output(data, 'stdout');
    }
    this.serial.clear();
    if (this.debugText.length) session.output(textOf(this.debugText), 'stdout');
    this.debugText = [];
    this.lastOutput = session.host.now();
  }

  private async run(): Promise<void> {
    const { host } = this.session;
    try {
      for (;;) {
        if (this.wanted !== 'run') break;
        const result = this.slice();
        if (result === 'idle') await this.rest();
        else if (result === 'running') await host.yield();
        else {
          this.finish();
          this.session.reportStop(result);
          return;
        }
      }
      const paused = this.wanted === 'pause';
      this.finish();
      if (paused) this.session.reportStop('pause');
    } catch (error) {
      this.finish();
      this.session.output(
        `Internal error while running: ${error instanceof Error ? error.stack : String(error)}\n`,
        'stderr',
      );
      this.session.end(70, 'The machine cannot go on.');
    }
  }

  private finish(): void {
    this.active = false;
    this.wanted = 'stop';
    this.flush();
    if (this.progress?.shown) this.session.event('progressEnd', { progressId: this.progress.id });
    this.progress = undefined;
  }

  private slice(): SliceResult {
    const { session } = this;
    const { host } = session;
    const { debug, guest } = session.launched!;
    const { target } = debug;
    const start = host.now();
    guest.typist.pump(target.timeNs);
    const allowed = this.allowedTime(start);
    const before = target.icount;
    const result = debug.slice({
      instructions: this.budget,
      untilNs: Math.min(allowed, guest.typist.due),
      expired: () => host.now() - start >= SLICE_MS || this.wanted !== 'run',
    });
    const spent = host.now() - start;
    const used = target.icount - before;
    if (result === 'running' && target.timeNs >= allowed) this.pace();
    if (used >= this.budget / 2 && spent > 0)
      this.budget = Math.round(Math.min(LARGEST_BUDGET, Math.max(SMALLEST_BUDGET, (used * SLICE_MS) / spent)));
    this.live(start);
    // Only a processor that waits for time to pass may rest.
    return result === 'idle' && target.timeNs < allowed && guest.typist.due <= allowed ? 'running' : result;
  }

  /** Virtual time that real time allows. */
  private allowedTime(now: number): number {
    const { target } = this.session.launched!.debug;
    const allowed = this.anchor.virtual + (now - this.anchor.wall) * 1e6 + AHEAD_NS;
    if (allowed - target.timeNs <= BEHIND_NS) return allowed;
    this.pace();
    return target.timeNs + AHEAD_NS;
  }

  /** From here on, virtual time is compared with real time anew. */
  private pace(): void {
    this.anchor = { wall: this.session.host.now(), virtual: this.session.launched!.debug.target.timeNs };
  }

  private live(now: number): void {
    if (now - this.lastOutput >= OUTPUT_MS && (this.serial.size || this.debugText.length)) this.flush();
    if (now - this.lastState >= STATE_MS) {
      this.lastState = now;
      this.session.state();
    }
    const { progress, session } = this;
    if (!progress || progress.shown || now - progress.since < LONG_STEP_MS) return;
    progress.shown = true;
    if (!session.client.supportsProgressReporting) return;
    session.event('progressStart', { progressId: progress.id, title: 'Stepping', cancellable: true });
  }

  private async rest(): Promise<void> {
    const { host } = this.session;
    this.flush();
    const woken = new Promise<void>((resolve) => (this.sleeping = resolve));
    await Promise.race([host.sleep(10), woken]);
    this.sleeping = undefined;
  }
}

const textOf = (bytes: readonly number[]): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.slice(i, i + 4096));
  return text;
};
