// One PC: board, processor, firmware and drives put together, run in slices and looked into. Everything is synchronous and
// deterministic: the same options and inputs give the same instruction counts, however the run is sliced.

import { Emitter } from '../base/events';
import { interruptDue, serviceBoundary } from '../cpu/boundary';
import type { Cpu } from '../cpu/cpu';
import { hasFeature } from '../cpu/models';
import { RAM_BASE, S_ATTN } from '../cpu/layout';
import { modeOf } from '../cpu/modes';
import { restoreProcessor, takeProcessor } from '../cpu/processorState';
import type { TransitionLog } from '../cpu/transitions';
import type { ResetKind } from '../devices/contract';
import { FONT_8X14, FONT_8X16, FONT_8X8 } from '../devices/vga/font/font';
import { textOf, type Frame } from '../devices/vga/frame';
import { Engine } from '../engine/engine';
import { Firmware } from '../firmware/firmware';
import { PcBoard } from './boards/pc';
import { Drive } from './drive';
import { kernelStart } from './loaders/startKernel';
import type { InputEvent, InputRecord } from './inputs';
import { GuestMemory } from './guestMemory';
import { allocateMemory, DEFAULT_RAM } from './memory';
import { checkProcessors, Processors, QUANTUM } from './processors';
import { RandomInput } from './randomInput';
import { getRegister, setRegister } from './registers';
import { restoreRam, takeRam, videoMemory, type MachineSnapshot } from './snapshot';
import { installSmiHandlers } from './smiHandlers';
import { Stops } from './stops';
import type { MachineOptions, Mode, StopFilters, StopReason, Watchpoint } from './types';
import { VirtualClock } from './virtualClock';

export interface SerialByte {
  /** 1 = COM1, 2 = COM2. */
  readonly port: number;
  readonly byte: number;
}

const DEFAULT_RATE = 100e6;
/** 1 January 2025, 00:00:00 UTC: without a start time every run begins at the same moment. */
const DEFAULT_START = 1735689600;
const CS = 1;
/** A step waits so long at most for a turn of its processor. */
const LONGEST_WAIT_NS = 10e6;

export class Machine {
  readonly ramBytes: number;
  readonly memory: WebAssembly.Memory;
  readonly board: PcBoard;
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly drives: readonly Drive[];
  /** Undefined with a firmware image of the user's. */
  readonly firmware: Firmware | undefined;
  readonly guestMemory: GuestMemory;
  readonly stops: Stops;
  readonly processors: Processors;
  private readonly random: RandomInput;
  /** Everything that came from outside since power-on. */
  readonly inputs: InputRecord[] = [];
  readonly onSerial = new Emitter<SerialByte>();
  /** Bytes written to port 0xE9. */
  readonly onDebugByte: Emitter<number>;
  /** Fires when the guest had itself reset. */
  readonly onGuestReset = new Emitter<ResetKind>();
  private pendingReset: ResetKind | undefined;

  constructor(readonly options: MachineOptions = {}) {
    this.ramBytes = options.memory ?? DEFAULT_RAM;
    this.memory = allocateMemory(this.ramBytes);
    this.drives = (options.drives ?? []).map((drive) => new Drive(drive));
    const model = options.cpu ?? 'x86-64';
    const apic = hasFeature({ model }, 'apic');
    const count = options.processors ?? 1;
    checkProcessors(count, apic);
    this.processors = new Processors({
      count,
      engine: () => this.engine,
      board: () => this.board,
      resetAlone: () => this.requestReset('cpu'),
    });
    this.random = new RandomInput(BigInt(Math.floor(options.startTime ?? DEFAULT_START)), options.random, (numbers) =>
      this.record({ kind: 'random', numbers: numbers.map((each) => each.toString(16)) }),
    );
    const floppies = this.drives.filter((drive) => drive.kind === 'floppy');
    const disks = this.drives.filter((drive) => drive.kind === 'ide');
    this.clock = new VirtualClock(() => this.engine?.now() ?? 0, options.instructionsPerSecond ?? DEFAULT_RATE);
    this.board = new PcBoard({
      memory: this.memory,
      ramBytes: this.ramBytes,
      cmos: {
        memory: this.ramBytes,
        floppies: [floppies[0]?.geometry.cmosType ?? 0, floppies[1]?.geometry.cmosType ?? 0],
        hardDisks: disks.map((disk) => disk.geometry),
        bootOrder: this.bootOrder.map((kind) => (kind === 'floppy' ? 1 : 2)),
      },
      startTime: options.startTime ?? DEFAULT_START,
      now: () => this.clock.now(),
      onEarlier: () => this.attend(),
      processors: Array.from({ length: count }, (_, n) => this.processors.inputs(n)),
      apic,
      extra: options.devices ?? [],
      onRemap: () => this.engine?.remapped(),
      onSmi: () => this.processors.setSmi(0),
      onReset: (kind) => this.requestReset(kind),
      onPowerOff: () => this.stops.request({ kind: 'shutdown', cause: 'port' }),
      onDebugExit: (code) => this.stops.request({ kind: 'debug-exit', code }),
      onDmaWrite: (physical, size) => this.engine?.dropCode(physical, size),
      random: () => this.random.draw(),
      firmwareCall: (service) => this.firmware?.call(service) ?? 0,
    });
    this.board.serial.forEach((uart, n) => uart.onByte.on((byte) => this.onSerial.fire({ port: n + 1, byte })));
    this.onDebugByte = this.board.debugConsole.onByte;
    this.engine = new Engine({ memory: this.memory, bus: this.board.bus, ramBytes: this.ramBytes });
    this.engine.setModel(model);
    this.cpu.count = count;
    this.engine.monitor.onWritten = (line) => this.processors.lineWritten(line);
    this.guestMemory = new GuestMemory(this.cpu);
    this.stops = new Stops(this.engine, this.guestMemory, () => this.attend());
    if (!options.bios) {
      this.firmware = new Firmware({
        cpu: this.cpu,
        bus: this.board.bus,
        ramBytes: this.ramBytes,
        characters: { 8: FONT_8X8, 14: FONT_8X14, 16: FONT_8X16 },
        floppies,
        disks,
        bootOrder: this.bootOrder,
        ...kernelStart(options.kernel, this.engine),
      });
    }
    this.powerOn();
  }

  get cpu(): Cpu {
    return this.engine.cpu;
  }

  /** Retired instructions since power-on. */
  get icount(): number {
    return this.engine.now();
  }

  /** Virtual nanoseconds since power-on. */
  get timeNs(): number {
    return this.clock.now();
  }

  get mode(): Mode {
    return modeOf(this.cpu);
  }

  /** Nothing is executed until an interrupt comes. */
  get halted(): boolean {
    return this.processors.allRest;
  }

  get transitions(): TransitionLog {
    return this.cpu.transitions;
  }

  /** Linear address of the next instruction. */
  get pc(): number {
    return this.cpu.long ? this.cpu.eip : (this.cpu.base(CS) + this.cpu.eip) >>> 0;
  }

  /** Back to power-on as after construction: memory cleared, drives as given, logs empty, the boot sector loaded. */
  reset(): void {
    const bytes = new Uint8Array(this.memory.buffer);
    bytes.fill(0, RAM_BASE, RAM_BASE + this.ramBytes);
    videoMemory(this.memory).fill(0);
    for (const drive of this.drives) drive.setState([]);
    this.powerOn();
  }

  /** Registers, mode, translation and `pc` are of this processor until the machine runs: the one that stopped, or the one selected. */
  get processor(): number {
    return this.processors.selected;
  }
  /** Looks at another processor; whose turn it is does not change. Not while run() is active. */
  select(processor: number): void {
    if (!(processor >= 0 && processor < this.processors.count))
      throw new RangeError(`there is no processor ${processor}`);
    this.processors.load(processor);
  }

  /** The whole state; memory that has not changed since `earlier` is shared with it. Not while run() is active. */
  snapshot(earlier?: MachineSnapshot): MachineSnapshot {
    return this.processors.atTurn(() => this.take(earlier));
  }
  private take(earlier: MachineSnapshot | undefined): MachineSnapshot {
    const processors = this.processors.getState();
    return {
      icount: this.icount,
      idleNs: this.clock.idleNs,
      processor: takeProcessor(this.cpu),
      ...(processors && { processors }),
      board: this.board.getState(),
      drives: this.drives.map((drive) => drive.getState()),
      random: this.random.getState(),
      ram: takeRam(this.memory, this.ramBytes, earlier?.ram),
      video: videoMemory(this.memory).slice(),
      inputs: this.inputs.length,
      transitions: this.transitions.count,
    };
  }

  /** Goes to a state that this machine was in; the logs are cut to what they were then. Breakpoints and filters stay. */
  restore(snapshot: MachineSnapshot): void {
    this.engine.icount = snapshot.icount;
    this.clock.idleNs = snapshot.idleNs;
    restoreRam(this.memory, snapshot.ram);
    videoMemory(this.memory).set(snapshot.video);
    this.drives.forEach((drive, n) => drive.setState(snapshot.drives[n]));
    this.random.setState(snapshot.random);
    this.board.setState(snapshot.board);
    this.engine.reset();
    this.processors.setState(snapshot.processors);
    restoreProcessor(this.cpu, snapshot.processor);
    this.engine.flushAll();
    this.processors.watchLines();
    this.pendingReset = undefined;
    this.inputs.length = Math.min(this.inputs.length, snapshot.inputs);
    this.transitions.truncate(snapshot.transitions);
    this.stops.clear();
  }

  /**
   * Executes at most `maxInstructions`, and not past virtual time `untilNs`. A halted processor costs no instructions:
   * time goes on to the next device event. A breakpoint at the first instruction counts, unless the last run stopped
   * before that instruction (for another reason than its limit) or a step ended there.
   */
  run(maxInstructions: number, untilNs = Infinity): StopReason {
    this.processors.loadTurn();
    const reason = this.execute(this.icount + maxInstructions, untilNs);
    if (reason.kind !== 'limit' && reason.kind !== 'waiting') this.stops.passHere(this.icount, this.pc);
    return reason;
  }

  /**
   * One instruction; an interrupt that is due comes first. `limit` when nothing else happened. A fault ends the step at
   * the first instruction of its handler. Of several processors it is the selected one's; the others run until it has its turn.
   */
  step(): StopReason {
    const early = this.bringTurn();
    if (early) return early;
    this.stops.passHere(this.icount, this.pc);
    this.stops.stepping = true;
    const reason = this.execute(this.icount + 1, Infinity);
    this.stops.stepping = false;
    this.stops.passHere(this.icount, this.pc);
    return reason;
  }

  /** Runs the machine up to a turn of the selected processor; answers why that did not succeed. */
  private bringTurn(): StopReason | undefined {
    const { processors } = this;
    if (processors.count === 1) return undefined;
    const processor = processors.selected;
    processors.loadTurn();
    const stop = this.execute(this.icount + 2 * processors.count * QUANTUM, this.timeNs + LONGEST_WAIT_NS, processor);
    if (stop.kind === 'turn') return undefined;
    if (stop.kind === 'limit' || stop.kind === 'waiting') {
      processors.load(processor);
      return stop.kind === 'limit' ? { kind: 'others' } : stop;
    }
    this.stops.passHere(this.icount, this.pc);
    return stop;
  }

  /** Ends run() at the next instruction boundary. */
  requestStop(): void {
    this.stops.request({ kind: 'paused' });
  }

  /** Kept outside guest memory. By physical address the code is found wherever it is mapped. */
  setBreakpoints(linear: ReadonlySet<number>, physical: ReadonlySet<number> = new Set()): void {
    this.stops.setBreakpoints(new Set(linear), new Set(physical));
  }

  setWatchpoints(watchpoints: readonly Watchpoint[]): void {
    this.stops.setWatchpoints(watchpoints);
  }

  setStopFilters(filters: StopFilters): void {
    this.stops.filters = filters;
  }

  getRegister(name: string): bigint | undefined {
    return getRegister(this.cpu, name);
  }

  /** Answers a sentence when the value cannot be set. */
  setRegister(name: string, value: bigint): string | undefined {
    const problem = setRegister(this.cpu, name, value);
    if (problem !== undefined) return problem;
    this.engine.stateReplaced();
    this.record({ kind: 'register', name, value: value.toString() });
    return undefined;
  }

  /** Writes through the present translation; protection is ignored. Answers how many bytes could be written. */
  writeLinear(address: number, bytes: Uint8Array): number {
    const written = this.guestMemory.writeLinear(address, bytes);
    if (written) this.record({ kind: 'linear', address, bytes: [...bytes.subarray(0, written)] });
    return written;
  }

  writePhysical(address: number, bytes: Uint8Array): number {
    const written = this.guestMemory.writePhysical(address, bytes);
    if (written) this.record({ kind: 'physical', address, bytes: [...bytes.subarray(0, written)] });
    return written;
  }

  /** A key by its KeyboardEvent.code goes down or up; false when the keyboard has no such key. */
  sendKey(code: string, down: boolean): boolean {
    const known = down ? this.board.keyboard.press(code) : this.board.keyboard.release(code);
    if (known) this.record({ kind: 'key', code, down });
    return known;
  }

  /** Types text on the US layout at the keyboard's pace; answers the characters that it cannot type. */
  typeText(text: string): string {
    this.record({ kind: 'text', text });
    return this.board.keyboard.type(text);
  }

  /** Holds keys down together, then releases them, at the keyboard's pace. */
  strike(codes: readonly string[]): void {
    this.record({ kind: 'strike', codes });
    this.board.keyboard.strike(codes);
  }

  /** Keys given to typeText or strike are still to come. */
  get typing(): boolean {
    return this.board.keyboard.typing;
  }

  moveMouse(dx: number, dy: number, wheel: number, buttons: number): void {
    this.record({ kind: 'mouse', dx, dy, wheel, buttons });
    this.board.keyboard.moveMouse(dx, dy, wheel, buttons);
  }

  /** Bytes arriving at COM1 (1) or COM2 (2). */
  sendSerial(port: number, bytes: readonly number[]): void {
    this.record({ kind: 'serial', port, bytes });
    this.board.serial[port - 1].receive(bytes);
  }

  /** Numbers of 64 bits that RDRAND and RDSEED give before others. */
  supplyRandom(numbers: readonly bigint[]): void {
    this.random.supply(numbers);
  }

  frame(): Frame {
    return this.board.vga.frame();
  }

  /** The characters on the screen, line by line; '' in graphics modes. */
  screenText(): string {
    return textOf(this.frame());
  }

  private record(event: InputEvent): void {
    const { count, selected } = this.processors;
    const processor = count > 1 ? { processor: selected } : {};
    this.inputs.push({ icount: this.icount, timeNs: this.timeNs, ...processor, event });
  }

  private get bootOrder(): ('floppy' | 'disk')[] {
    const first = this.drives[0]?.kind === 'ide' ? 'disk' : 'floppy';
    return first === 'disk' ? ['disk', 'floppy'] : ['floppy', 'disk'];
  }

  private powerOn(): void {
    this.engine.icount = 0;
    this.clock.idleNs = 0;
    this.inputs.length = 0;
    this.random.powerOn();
    this.pendingReset = undefined;
    this.board.powerOn();
    this.engine.reset();
    this.processors.reset();
    this.engine.flushAll();
    this.board.bus.loadRom(this.options.bios ?? this.firmware!.rom.bytes);
    this.prepareSystemManagement();
    this.firmware?.start();
    this.transitions.clear();
    this.stops.clear();
  }

  private prepareSystemManagement(): void {
    if (this.firmware) installSmiHandlers(this.cpu, this.processors, this.board);
  }

  /** With `wanted`, ends when that processor is about to execute. */
  private execute(end: number, untilNs: number): StopReason;
  private execute(end: number, untilNs: number, wanted: number): StopReason | { kind: 'turn' };
  private execute(end: number, untilNs: number, wanted?: number): StopReason | { kind: 'turn' } {
    const { processors } = this;
    for (;;) {
      if (this.pendingReset) this.performReset();
      processors.deliverMessages();
      const pending = this.stops.take();
      if (pending) return pending;
      this.board.scheduler.runDue(this.clock.now());
      if (this.stops.isPending || this.pendingReset) continue;
      const stepDone = this.icount >= end;
      if (stepDone || this.clock.now() >= untilNs) return { kind: 'limit' };
      const active = processors.choose();
      if (active && processors.selected === wanted) return { kind: 'turn' };
      const stop = active ? this.slice(end - this.icount, untilNs) : this.idle(untilNs);
      if (stop) return stop;
    }
  }

  private slice(left: number, untilNs: number): StopReason | undefined {
    const { engine, cpu } = this;
    if (this.deliverInterrupt()) return undefined;
    if (this.stops.breaksAt(this.icount, this.pc)) return { kind: 'breakpoint', linear: this.pc };
    if (this.stops.stepping && cpu.fault) return this.deliverHeld();
    const due = Math.min(this.board.scheduler.nextDue() ?? Infinity, untilNs);
    const untilDue = due === Infinity ? Infinity : Math.max(1, this.clock.instructionsUntil(due));
    switch (engine.run(Math.min(left, untilDue, this.processors.left))) {
      case 'breakpoint':
        return this.stops.breaksAt(this.icount, this.pc) ? { kind: 'breakpoint', linear: this.pc } : undefined;
      case 'exception': {
        const fault = cpu.fault!;
        if (this.stops.wantsException(fault.vector)) return { kind: 'exception', vector: fault.vector };
        return this.deliverHeld();
      }
      case 'shutdown':
        return this.shutDown();
      default:
        return undefined;
    }
  }

  /** A step: the exception that the engine holds is delivered, and the step ends there. */
  private deliverHeld(): StopReason | undefined {
    this.engine.run(0);
    return this.cpu.shutdown ? this.shutDown() : { kind: 'limit' };
  }

  /** An interrupt that is due now, so that breakpoints see the first instruction of its handler. */
  private deliverInterrupt(): boolean {
    const { cpu } = this;
    if (cpu.fault || cpu.pendingDebug !== 0 || !interruptDue(cpu) || this.icount < cpu.inhibitUntil) return false;
    return serviceBoundary(cpu);
  }

  private shutDown(): StopReason | undefined {
    if (this.stops.filters.tripleFault === false) {
      this.requestReset('cpu');
      return undefined;
    }
    return { kind: 'shutdown', cause: 'triple-fault' };
  }

  /** Time goes on to the next device event while every processor rests. */
  private idle(untilNs: number): StopReason | undefined {
    if (!this.processors.canWake) return { kind: 'halted' };
    const due = this.board.scheduler.nextDue();
    if (due === undefined && untilNs === Infinity) return { kind: 'waiting' };
    this.clock.idleNs += Math.max(0, Math.min(due ?? Infinity, untilNs) - this.clock.now());
    return undefined;
  }

  private requestReset(kind: ResetKind): void {
    if (this.pendingReset !== 'system') this.pendingReset = kind;
    this.attend();
  }

  /** The guest's own reset: memory, drives and battery-backed memory stay. */
  private performReset(): void {
    const kind = this.pendingReset!;
    this.pendingReset = undefined;
    if (kind === 'system') this.board.reset();
    this.engine.reset();
    this.processors.reset();
    this.prepareSystemManagement();
    if (this.stops.filters.reset) this.stops.request({ kind: 'reset' });
    this.onGuestReset.fire(kind);
  }

  private attend(): void {
    if (this.engine) this.cpu.i32[S_ATTN >> 2] = 1;
  }
}
