// `ringside run`: boots a target without a debugger's stops, until it ends by itself or one of the wanted ends comes. The
// run is cut into pieces of fixed virtual time, so that what is seen at which instruction does not depend on the host.

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { checkLaunch } from '../dap/launchAttributes';
import { nodeFiles } from '../dap/nodeFiles';
import { Debugger } from '../debugger/debugger';
import { Guest } from '../debugger/guest';
import { projectOf, PROJECT_FILE } from '../debugger/load/folder';
import { loadGuest } from '../debugger/load/guestOptions';
import { diagnosticText, LoadError } from '../debugger/load/loadError';
import { tripleFaultText } from '../debugger/exceptionText';
import type { StopReason } from '../machine/types';
import type { Transition } from '../machine/processorFacts';
import { encodePng } from './png';
import { runOptions, type RunOptions } from './runOptions';
import { statistics } from './statistics';
import { eventLine, isTransition, transitionText } from './transitionReports';

const EXIT_TRIPLE_FAULT = 3;
const EXIT_LIMIT = 4;
const EXIT_INTERRUPTED = 130;
/** Screen patterns and typing are looked after this often, in virtual nanoseconds. */
const PIECE_NS = 10e6;
const PIECE_INSTRUCTIONS = 2_000_000;
/** Characters of serial output that a pattern can span. */
const SERIAL_TAIL = 1024;
/** Between looks at the clock and at the host's input. */
const HOST_MS = 20;

interface End {
  code: number;
  words: string;
}

const say = (text: string): void => void process.stderr.write(text);

export async function runCommand(argv: readonly string[]): Promise<number> {
  const options = await withProject(runOptions(argv));
  const loaded = await loadGuest(options.guest, nodeFiles).catch((error: unknown) => {
    if (!(error instanceof LoadError) || error.diagnostics.length === 0) throw error;
    for (const diagnostic of error.diagnostics) say(`${diagnosticText(diagnostic)}\n`);
    throw new LoadError(error.message.split('\n', 1)[0]!);
  });
  for (const diagnostic of loaded.diagnostics) say(`${diagnosticText(diagnostic)}\n`);
  const guest = new Guest(loaded.machine);
  const debug = new Debugger(guest.target, loaded.program, { log: say });
  return new Run(options, guest, debug).run();
}

/** A folder's ringside.json fills in what the command line leaves out. */
async function withProject(options: RunOptions): Promise<RunOptions> {
  const folder = options.guest.program;
  if ((await nodeFiles.stat(folder))?.kind !== 'folder') return options;
  const { program, attributes } = await projectOf(folder, nodeFiles);
  say(`ringside: starts ${program}\n`);
  const project = checkLaunch({ ...attributes, cwd: folder, program }, '', Math.floor(Date.now() / 1000));
  const { unknown, guest, keys, maxInstructions } = project;
  for (const name of unknown) say(`ringside: ${PROJECT_FILE} has an attribute that does not exist: ${name}\n`);
  return {
    ...options,
    guest: {
      ...guest,
      ...options.guest,
      program: guest.program,
      drives: [...(guest.drives ?? []), ...(options.guest.drives ?? [])],
      defines: { ...guest.defines, ...options.guest.defines },
      includePaths: [...(options.guest.includePaths ?? []), ...(guest.includePaths ?? [])],
    },
    keys: options.keys.length ? options.keys : keys,
    maxInstructions: Math.min(options.maxInstructions, maxInstructions ?? Infinity),
  };
}

class Run {
  private seen = 0;
  private serialTail = '';
  private serialSeen = false;
  private output: number[] = [];
  private debugOutput: number[] = [];
  private interrupted = false;
  private readonly faults: Record<string, number> = {};
  private changes = 0;
  private readonly debugFile: number;
  private readonly serialFile: number | undefined;
  private readonly eventsFile: number | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly guest: Guest,
    private readonly debug: Debugger,
  ) {
    const { serial, events, debugPort } = options;
    this.debugFile = debugPort === undefined || debugPort === 'stderr' ? 2 : openSync(debugPort, 'w');
    this.serialFile = typeof serial === 'object' ? openSync(serial.file, 'w') : undefined;
    this.eventsFile = events === undefined ? undefined : events === '-' ? 1 : openSync(events, 'w');
    guest.onSerial.on(({ port, byte }) => {
      if (port === 1) this.serialByte(byte);
    });
    if (debugPort !== undefined) guest.onDebugByte.on((byte) => void this.debugOutput.push(byte));
    guest.onReset.on(() => say('ringside: the guest has reset the machine\n'));
    guest.typist.type(options.keys, 0);
  }

  async run(): Promise<number> {
    const { guest, options } = this;
    const onSignal = (): void => {
      this.interrupted = true;
    };
    process.once('SIGINT', onSignal);
    const onInput = (bytes: Buffer): void => guest.sendSerial(1, [...bytes]);
    if (options.serial === 'stdio') process.stdin.on('data', onInput);
    const start = performance.now();
    const end = await this.execute(start);
    const seconds = (performance.now() - start) / 1000;
    process.off('SIGINT', onSignal);
    if (options.serial === 'stdio') process.stdin.off('data', onInput).pause();
    this.report();
    this.flush();
    say(`ringside: ${end.words}\n`);
    if (guest.typist.untyped)
      say(`ringside: --keys: a US keyboard has no keys for ${JSON.stringify(guest.typist.untyped)}\n`);
    this.showScreen();
    this.writeStatistics(seconds, end);
    if (this.debugFile !== 2) closeSync(this.debugFile);
    if (this.serialFile !== undefined) closeSync(this.serialFile);
    if (this.eventsFile !== undefined && this.eventsFile !== 1) closeSync(this.eventsFile);
    return end.code;
  }

  private async execute(start: number): Promise<End> {
    const { target, typist } = this.guest;
    const { maxInstructions, timeout, untilScreen } = this.options;
    let piece = PIECE_NS;
    let host = start;
    for (;;) {
      typist.pump(target.timeNs);
      const left = Math.min(maxInstructions - target.icount, PIECE_INSTRUCTIONS);
      const reason = target.run(left, Math.min(piece, typist.due));
      while (target.timeNs >= piece) piece += PIECE_NS;
      this.report();
      const end = this.endOf(reason);
      if (end) return end;
      if (untilScreen?.test(this.guest.screenText())) return { code: 0, words: 'the pattern is on the screen' };
      if (target.icount >= maxInstructions)
        return { code: EXIT_LIMIT, words: `${maxInstructions} instructions executed, the limit` };
      const now = performance.now();
      if (now - host < HOST_MS) continue;
      host = now;
      this.flush();
      if (now - start >= timeout * 1000) return { code: EXIT_LIMIT, words: `${timeout} seconds are over, the limit` };
      await new Promise((resolve) => setImmediate(resolve));
      if (this.interrupted) return { code: EXIT_INTERRUPTED, words: 'interrupted' };
    }
  }

  private endOf(reason: StopReason): End | undefined {
    switch (reason.kind) {
      case 'paused':
        return this.serialSeen ? { code: 0, words: 'the pattern came from COM1' } : undefined;
      case 'halted':
        return this.awaited('the guest has halted with interrupts off');
      case 'waiting':
        return this.options.serial === 'stdio'
          ? undefined
          : this.awaited('the guest waits for input that will not come');
      case 'shutdown':
        if (reason.cause === 'port') return this.awaited('the guest has switched the machine off');
        return {
          code: EXIT_TRIPLE_FAULT,
          words: tripleFaultText(this.debug.code, this.debug.target.shutdownCause()).details,
        };
      case 'debug-exit':
        return { code: reason.code & 0xff, words: `the guest ended with code ${reason.code} (port F4)` };
      default:
        return undefined;
    }
  }

  /** An end by itself; with a pattern that was waited for and did not come, a limit. */
  private awaited(words: string): End {
    const { untilScreen, untilSerial } = this.options;
    if (!untilScreen && !untilSerial) return { code: 0, words };
    if (untilScreen?.test(this.guest.screenText())) return { code: 0, words: 'the pattern is on the screen' };
    return { code: EXIT_LIMIT, words: `${words}; the pattern did not come` };
  }

  private serialByte(byte: number): void {
    this.output.push(byte);
    const { untilSerial } = this.options;
    if (!untilSerial || this.serialSeen) return;
    this.serialTail = (this.serialTail + String.fromCharCode(byte)).slice(-SERIAL_TAIL);
    if (!untilSerial.test(this.serialTail)) return;
    this.serialSeen = true;
    this.guest.requestStop();
  }

  private flush(): void {
    if (this.output.length) writeAll(this.serialFile ?? 1, Uint8Array.from(this.output));
    if (this.debugOutput.length) writeAll(this.debugFile, Uint8Array.from(this.debugOutput));
    this.output = [];
    this.debugOutput = [];
  }

  /** Reads what is new in the history. */
  private report(): void {
    const { transitions } = this.debug.target;
    if (transitions.count < this.seen) this.seen = 0;
    for (let i = Math.max(this.seen, transitions.dropped); i < transitions.count; i++) {
      const t = transitions.get(i) as Transition;
      if (t.kind === 'exception') this.faults[t.vector!] = (this.faults[t.vector!] ?? 0) + 1;
      if (!isTransition(t)) continue;
      this.changes++;
      if (this.eventsFile !== undefined) writeAll(this.eventsFile, new TextEncoder().encode(eventLine(t)));
      if (this.options.showTransitions) say(transitionText(this.debug, t));
    }
    this.seen = transitions.count;
  }

  private showScreen(): void {
    const { screen } = this.options;
    if (screen === 'text') say(`${this.guest.screenText()}\n`);
    else if (screen) writeFileSync(screen.png, encodePng(this.guest.screen()!));
  }

  private writeStatistics(seconds: number, end: End): void {
    const { stats } = this.options;
    if (stats === undefined) return;
    const text = `${JSON.stringify(statistics(this.debug, { seconds, ...end, faults: this.faults, changes: this.changes }), undefined, 2)}\n`;
    if (stats === '-') writeAll(1, new TextEncoder().encode(text));
    else writeFileSync(stats, text);
  }
}

/** Writes everything, also to a pipe that is full for the moment. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(file, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
    }
  }
}
