// One PC: board, processor, firmware and drives put together, run in slices and looked into. Everything is synchronous and
// deterministic: the same options and inputs give the same instruction counts, however the run is sliced.

import { Emitter } from '../base/events';
import type { Cpu } from '../cpu/cpu';
import { IF, S_ATTN } from '../cpu/layout';
import { PcBoard } from './boards/pc';
import type { InputEvent, InputRecord } from './inputs';
import { MemoryInspector } from './inspector';
import { modeOf } from './mode';
import { allocateMemory, DEFAULT_RAM } from './memory';
import { createProcessor } from './createProcessor';
import type { Processor } from './processor';
import { getRegister, setRegister } from './registers';
import type { MachineOptions, Mode, StopFilters, StopReason, Watchpoint } from './types';
import { VirtualClock } from './virtualClock';

export interface SerialByte {
  /** 0 = COM1, 1 = COM2. */
  readonly port: number;
  readonly byte: number;
}

export class Machine {
  readonly ramBytes: number;
  readonly memory: WebAssembly.Memory;
  readonly board: PcBoard;
  readonly processor: Processor;
  readonly clock: VirtualClock;
  /** Everything that came from outside since power-on. */
  readonly inputs: InputRecord[] = [];
  readonly onSerial = new Emitter<SerialByte>();
  /** Bytes written to port 0xE9. */
  readonly onDebugByte: Emitter<number>;
  private readonly breakpoints = new Set<number>();
  private readonly inspector: MemoryInspector;
  private filters: StopFilters = {};
  private pending: StopReason | undefined;
  /** Instruction count at which a breakpoint was reported (or a step ended): the next run goes past it. */
  private passAt = -1;

  constructor(readonly options: MachineOptions = {}) {
    this.ramBytes = options.memory ?? DEFAULT_RAM;
    this.memory = allocateMemory(this.ramBytes);
    this.clock = new VirtualClock(() => this.icount, options.instructionsPerSecond ?? 100e6);
    this.board = new PcBoard({
      memory: this.memory,
      ramBytes: this.ramBytes,
      now: () => this.clock.now(),
      onEarlier: () => this.attend(),
      onIntr: (level) => this.setIntr(level),
      onRemap: () => this.cpu.hooks.flushTlb(),
      onReset: () => this.stopWith({ kind: 'reset' }),
      onPowerOff: () => this.stopWith({ kind: 'shutdown', cause: 'port' }),
      onDebugExit: (code) => this.stopWith({ kind: 'debug-exit', code }),
      firmwareCall: () => 0,
    });
    this.onDebugByte = this.board.debugConsole.onByte;
    this.processor = createProcessor({ memory: this.memory, bus: this.board.bus, ramBytes: this.ramBytes });
    this.inspector = new MemoryInspector(this.processor, this.board.bus);
    this.reset();
  }

  get cpu(): Cpu {
    return this.processor.cpu;
  }

  get icount(): number {
    return this.processor.icount;
  }

  /** Virtual nanoseconds since power-on. */
  get timeNs(): number {
    return this.clock.now();
  }

  /** Power-on: chips and processor in their initial state, RAM cleared, firmware run, the boot sector loaded. */
  reset(): void {
    this.processor.reset();
    this.board.reset();
    this.pending = undefined;
    this.passAt = -1;
  }

  /**
   * Executes at most `maxInstructions`, and not past virtual time `untilNs`. A halted processor costs no instructions:
   * time goes on to the next device event.
   */
  run(maxInstructions: number, untilNs = Infinity): StopReason {
    const end = this.icount + maxInstructions;
    for (;;) {
      if (this.pending) return this.takePending();
      this.board.scheduler.runDue(this.clock.now());
      if (this.pending) continue;
      if (this.icount >= end || this.clock.now() >= untilNs) return { kind: 'limit' };
      const stop = this.cpu.halted && !this.canWake() ? this.idle(untilNs) : this.slice(end, untilNs);
      if (stop) return stop;
    }
  }

  /** One instruction (after the interrupt that is due before it, if any). */
  step(): StopReason {
    this.passAt = this.icount;
    const stop = this.run(1);
    this.passAt = this.icount;
    return stop;
  }

  /** Ends run() at the next instruction boundary. */
  requestStop(): void {
    this.stopWith({ kind: 'paused' });
  }

  addBreakpoint(linear: number): void {
    this.breakpoints.add(linear >>> 0);
    this.processor.addBreakpoint(linear >>> 0);
  }

  removeBreakpoint(linear: number): void {
    this.breakpoints.delete(linear >>> 0);
    this.processor.removeBreakpoint(linear >>> 0);
  }

  setStopFilters(filters: StopFilters): void {
    this.filters = filters;
  }

  setWatchpoints(_watchpoints: readonly Watchpoint[]): void {
    throw new Error('watchpoints need the engine');
  }

  getRegister(name: string): bigint | undefined {
    return getRegister(this.cpu, name);
  }

  setRegister(name: string, value: bigint): boolean {
    if (!setRegister(this.cpu, name, value)) return false;
    this.record({ kind: 'register', name, value: value.toString() });
    return true;
  }

  get mode(): Mode {
    return modeOf(this.cpu);
  }

  /** Physical address of a linear one as the processor's paging gives it now, or undefined when it is not mapped. */
  translate(linear: number): number | undefined {
    return this.inspector.translate(linear);
  }

  /** Reads guest memory without side effects; undefined entries are bytes that are not mapped or not memory. */
  readMemory(linear: number, length: number): (number | undefined)[] {
    return this.inspector.read(linear, length);
  }

  /** Writes RAM through the present translation (protection is ignored). Answers how many bytes could be written. */
  writeMemory(linear: number, bytes: Uint8Array): number {
    const written = this.inspector.write(linear, bytes);
    if (written) this.record({ kind: 'memory', linear, bytes: [...bytes.subarray(0, written)] });
    return written;
  }

  readPhysical(physical: number, length: number): (number | undefined)[] {
    return this.inspector.readPhysical(physical, length);
  }

  /** Scan codes (set 2) as a keyboard sends them. */
  sendKeys(codes: readonly number[]): void {
    this.record({ kind: 'key', codes });
    throw new Error('this board has no keyboard yet');
  }

  /** Bytes arriving at COM1 (0) or COM2 (1). */
  sendSerial(port: number, bytes: readonly number[]): void {
    this.record({ kind: 'serial', port, bytes });
    throw new Error('this board has no serial ports yet');
  }

  private record(event: InputEvent): void {
    this.inputs.push({ icount: this.icount, timeNs: this.timeNs, event });
  }

  private slice(end: number, untilNs: number): StopReason | undefined {
    const due = Math.min(this.board.scheduler.nextDue() ?? Infinity, untilNs);
    const untilDue = due === Infinity ? Infinity : Math.max(1, this.clock.instructionsUntil(due));
    const result = this.processor.run(Math.min(end - this.icount, untilDue));
    if (result === 'breakpoint' && this.icount !== this.passAt) {
      this.passAt = this.icount;
      return { kind: 'breakpoint', linear: (this.cpu.base(1) + this.cpu.eip) >>> 0 };
    }
    return result === 'shutdown' ? { kind: 'shutdown', cause: 'triple-fault' } : undefined;
  }

  /** Time of a halted processor goes on to the next device event. */
  private idle(untilNs: number): StopReason | undefined {
    if (!(this.cpu.sysFlags & IF)) return { kind: 'halted' };
    const due = this.board.scheduler.nextDue();
    if (due === undefined && untilNs === Infinity) return { kind: 'waiting' };
    this.clock.idleNs += Math.max(0, Math.min(due ?? Infinity, untilNs) - this.clock.now());
    return undefined;
  }

  private canWake(): boolean {
    return this.cpu.nmi || (this.cpu.intr && (this.cpu.sysFlags & IF) !== 0);
  }

  private setIntr(level: boolean): void {
    this.cpu.intr = level;
    this.attend();
  }

  private attend(): void {
    this.cpu.i32[S_ATTN >> 2] = 1;
  }

  private stopWith(reason: StopReason): void {
    this.pending ??= reason;
    this.attend();
  }

  private takePending(): StopReason {
    const reason = this.pending!;
    this.pending = undefined;
    return reason;
  }
}
