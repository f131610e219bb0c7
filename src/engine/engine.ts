// The execution engine of one processor: finds or decodes the block at CS:EIP, runs the interpreter, and does at instruction
// boundaries what the processor does there (Intel SDM vol. 3, "Priority Among Concurrent Events"): traps, NMI, interrupts,
// instruction breakpoints, shadows. The count of retired instructions is exact at every return and inside every callback.
import { serviceBoundary } from '../cpu/boundary';
import { Cpu } from '../cpu/cpu';
import { DR6_BS, endsStep } from '../cpu/debugTraps';
import { deliverFault } from '../cpu/interrupts';
import type { Fault } from '../cpu/fault';
import { raiseFoundPageFault } from '../cpu/foundPageFault';
import * as L from '../cpu/layout';
import { MODELS, type CpuModel } from '../cpu/models';
import { raise, raiseGP } from '../cpu/raise';
import { resetCpu } from '../cpu/reset';
import { clearTlb, flushTranslations } from '../cpu/tlb';
import { updateWatched } from '../cpu/watch';
import { createDecoder } from '../isa/decode';
import { hasForm } from '../isa/generations';
import { BlockCache } from './blocks';
import { ContextTable } from './codeContext';
import { CodeFinder } from './codeFinder';
import { DebuggerBreakpoints } from './debuggerBreakpoints';
import type { EngineParts } from './engineParts';
import { GuestBreakpoints } from './guestBreakpoints';
import { LineMonitor } from './lineMonitor';
import { Loops } from './loops';
import * as R from './record';
import { Repetition } from './repetition';
import { SingleStep } from './singleStep';
import { SlowPath } from './slowPath';
import { SystemCalls } from './systemCalls';
import { TransferMemo } from './transferMemo';

/**
 * Why `run` returned: the number of instructions was reached; a breakpoint (before the instruction); HLT; triple fault;
 * somebody set S_ATTN (which is cleared); an exception that `faultFilter` holds (in cpu.fault, delivered when run again).
 */
export type RunResult = 'limit' | 'breakpoint' | 'halted' | 'shutdown' | 'attention' | 'exception';

const MAX_SLICE = 0x3fffffff;

export class Engine {
  readonly cpu: Cpu;
  /** Retired instructions since power-on; exact whenever `run` is not active, otherwise use `now()`. */
  icount = 0;
  /** Asked before an exception is delivered; true stops the run with cpu.fault set and nothing changed. */
  faultFilter: ((fault: Fault) => boolean) | undefined;
  /** Nobody needs to be asked before a page fault: `foundPageFault` tells of the last one. */
  quietFaults = false;
  /** cpu.fault is held back until the next run. */
  held = false;
  private readonly code: CodeFinder;
  private readonly blocks: BlockCache;
  private readonly contexts: ContextTable;
  private readonly slow: SlowPath;
  private readonly loops: Loops;
  private readonly breakpoints: DebuggerBreakpoints;
  private readonly guestBreakpoints: GuestBreakpoints;
  private readonly memo: TransferMemo;
  private readonly system: SystemCalls;
  readonly monitor: LineMonitor;
  private running = false;
  private runEnd = 0;
  private readonly single: SingleStep;
  readonly repetition = new Repetition(this);

  constructor(parts: EngineParts) {
    this.cpu = new Cpu(
      parts.memory,
      parts.bus,
      {
        now: () => this.now(),
        flushTlb: (linear) => {
          this.translationChanged(linear);
        },
        contextChanged: () => {
          this.contexts.dirty = true;
        },
        codeWritten: (physical, size) => {
          this.blocks.written(physical, size);
        },
        monitorLine: (line) => this.monitor.add(line),
      },
      parts.ramBytes,
    );
    this.cpu.i32[L.F_RAM_END >> 2] = parts.ramBytes;
    this.slow = new SlowPath(this.cpu);
    this.contexts = new ContextTable(this.cpu);
    this.code = new CodeFinder(
      this.cpu,
      this.contexts,
      () => this.blocks,
      () => this.flushCode(),
    );
    this.memo = new TransferMemo(this.cpu, (physical, end) => this.blocks.watch(physical, end));
    this.monitor = new LineMonitor(this.cpu, this.memo, (physical, end) => this.blocks.watch(physical, end));
    this.system = new SystemCalls({
      cpu: this.cpu,
      slow: this.slow,
      contexts: this.contexts,
      memo: this.memo,
      blocks: () => this.blocks,
      guestBreakpoints: () => this.guestBreakpoints,
    });
    this.loops = new Loops(this.cpu, parts.memory, this.system.imports, this.slow.imports);
    this.blocks = new BlockCache(
      this.cpu,
      (linear, physical) => this.stopsAt(linear, physical),
      (code, at, bits) => this.code.decoder(code, at, bits),
      this.monitor,
      parts.ramBytes,
    );
    this.single = new SingleStep({
      cpu: this.cpu,
      blocks: this.blocks,
      contexts: this.contexts,
      loops: this.loops,
      slow: this.slow,
      begin: () => this.begin(this.icount + 1),
      finish: () => this.finish(),
      raise: () => this.raiseOwn(),
    });
    this.breakpoints = new DebuggerBreakpoints(this.cpu, this.blocks);
    this.guestBreakpoints = new GuestBreakpoints(this.cpu, (linear) => this.blocks.dropLinear(linear));
    this.reset();
  }

  reset(): void {
    this.held = false;
    this.repetition.forget();
    this.cpu.i32[L.F_SHADOW >> 2] = -1;
    resetCpu(this.cpu);
    clearTlb(this.cpu);
    this.flushCode();
    this.guestBreakpoints.update();
  }

  /** Chooses the processor: what CPUID says and which instructions exist. Takes effect with the next reset. */
  setModel(model: CpuModel): void {
    this.cpu.model = model;
    const { generation, features } = MODELS[model];
    this.code.decoder = createDecoder((row) => hasForm(row, generation, features));
    this.flushCode();
  }

  /** For replays: what follows runs with its forms as functions, or what ran so last again with the same forms as cases. */
  tryForms(kind: 'functions' | 'cases'): void {
    this.flushCode();
    this.loops.trial[kind]();
  }
  /** Enough forms have been tried as functions. */
  get triedForms(): boolean {
    return this.loops.trial.full;
  }

  /** Counters of the engine's own work, for the curious and for tests. */
  statistics(): { blocksDecoded: number; codeFlushes: number } {
    return { blocksDecoded: this.blocks.decoded, codeFlushes: this.blocks.flushes };
  }

  /** Retired instructions before the present one. */
  now(): number {
    if (!this.running) return this.icount;
    return this.runEnd - this.slow.budget - this.cpu.u8[this.slow.record + R.R_LEFT];
  }

  /** Stops before instructions at these linear addresses, and at these physical ones wherever they are mapped. */
  setBreakpoints(linear: ReadonlySet<number>, physical: ReadonlySet<number>): void {
    this.breakpoints.set(linear, physical);
  }
  /** RAM was changed from outside the processor. */
  dropCode(physical: number, size: number): void {
    this.blocks.written(physical, size);
  }
  /** Everything may have changed (a snapshot was restored). */
  flushAll(): void {
    clearTlb(this.cpu);
    this.flushCode();
    this.guestBreakpoints.update();
  }

  /** Registers and tables were replaced wholesale from outside (code and memory were not): nothing about them is remembered. */
  stateReplaced(): void {
    clearTlb(this.cpu);
    this.memo.clear();
    this.contexts.stale = true;
    this.contexts.dirty = true;
    this.guestBreakpoints.update();
  }

  /** The state of processor `number` is in place of another one's: code and memory are the same. */
  processorChanged(number: number): void {
    clearTlb(this.cpu);
    updateWatched(this.cpu);
    this.memo.clear();
    this.contexts.changeOwner(number);
    this.guestBreakpoints.update();
  }
  /** Physical memory looks different to every processor (A20, display window). */
  remapped(): void {
    this.contexts.clearJumpCaches(true);
    flushTranslations(this.cpu);
  }

  private translationChanged(linear: number | undefined): void {
    updateWatched(this.cpu);
    if (linear === undefined) this.memo.clear();
    else this.memo.pageFlushed(linear);
    // jump caches know nothing of pages without decoded code
    if (linear === undefined || this.blocks.hasPage(linear)) this.contexts.stale = true;
  }

  private stopsAt(linear: number, physical: number): boolean {
    return this.breakpoints.at(linear, physical) || this.guestBreakpoints.has(linear);
  }

  private flushCode(): void {
    this.blocks.flush();
    this.monitor.renew();
    this.contexts.forget();
    this.contexts.dirty = true;
    this.single.renew();
  }

  /** Executes at most `maxInstructions`. A breakpoint at the very first one is ignored. */
  run(maxInstructions: number): RunResult {
    const { cpu } = this;
    const end = this.icount + maxInstructions;
    let first = true;
    if (this.held) {
      this.held = false;
      deliverFault(cpu);
      first = false;
    }
    while (this.icount < end) {
      if (cpu.shutdown) return 'shutdown';
      this.boundary();
      if (this.held) return 'exception';
      if (cpu.shutdown) return 'shutdown';
      if (cpu.halted) return 'halted';
      if (cpu.i32[L.S_ATTN >> 2] !== 0) {
        cpu.i32[L.S_ATTN >> 2] = 0;
        return 'attention';
      }
      const record = this.code.locate(this.single.following);
      this.single.following = 0;
      if (record < 0) {
        this.deliver();
        if (this.held) return 'exception';
        first = false;
        continue;
      }
      const linear = this.code.address;
      const stop = this.cpu.u16[(record + R.R_HANDLER) >> 1] === R.H_BREAK;
      if (stop && !first && !this.repetition.here && this.breakpoints.atLinear(linear)) return 'breakpoint';
      if (stop && this.guestBreakpoints.raiseAt(linear)) {
        this.deliver();
        if (this.held) return 'exception';
        continue;
      }
      const flags = cpu.sysFlags;
      const careful = (flags & (L.TF | L.RF)) !== 0 || this.icount < cpu.inhibitUntil;
      const budget = this.loops.tuner.limit(this.icount, Math.min(end - this.icount, MAX_SLICE));
      if (stop || careful || budget < cpu.u8[record + R.R_LEFT]) this.step(record);
      else if (this.slice(record, budget)) return 'breakpoint';
      if (this.held) return 'exception';
      first = false;
    }
    return cpu.shutdown ? 'shutdown' : 'limit';
  }

  /** Delivers cpu.fault, unless the filter holds it. */
  private deliver(): void {
    const { cpu, contexts } = this;
    const fault = cpu.fault!;
    if (this.faultFilter?.(fault)) {
      this.held = true;
      return;
    }
    contexts.refresh();
    const flat = cpu.i32[L.F_FLAT >> 2] !== 0;
    const key = cpu.i32[L.F_KEY >> 2];
    const delivered = deliverFault(cpu);
    contexts.refresh();
    if (flat && delivered === fault.vector) this.memo.noteInterrupt(fault.vector, key, false);
  }

  /** Traps and interrupts due before the next instruction. */
  private boundary(): void {
    serviceBoundary(this.cpu, () => this.deliver());
  }

  private begin(end: number): void {
    const { u32 } = this.cpu;
    this.runEnd = end;
    u32[L.F_SLICE_END >> 2] = end;
    u32[(L.F_SLICE_END >> 2) + 1] = end / 2 ** 32;
    this.running = true;
    this.slow.refused = false;
  }
  private finish(): void {
    const { cpu } = this;
    this.running = false;
    const left = cpu.i32[L.F_SHADOW >> 2];
    if (left < 0) return;
    cpu.i32[L.F_SHADOW >> 2] = -1;
    // STI was executed inline: not before the instruction after it has retired
    cpu.inhibitUntil = this.runEnd - left + 2;
  }

  /** Runs whole blocks; true when a debugger's breakpoint was reached. */
  private slice(record: number, budget: number): boolean {
    const { cpu, slow } = this;
    cpu.i32[L.S_CHUNK >> 2] = R.CHUNK - 1;
    this.begin(this.icount + budget);
    cpu.i32[L.PF_ALLOWED >> 2] = this.quietFaults ? 1 : 0;
    const p = this.loops.of(this.contexts.context.long)(record, budget - cpu.u8[record + R.R_LEFT]);
    cpu.i32[L.PF_ALLOWED >> 2] = 0;
    this.finish();
    const why = cpu.i32[L.S_EXIT >> 2];
    const left = cpu.u8[p + R.R_LEFT];
    const executed = why === R.X_JUMP || why === R.X_ATTENTION;
    const refund = why === R.X_BUDGET ? 0 : executed ? Math.max(0, left - 1) : left;
    this.icount = this.runEnd - cpu.i32[L.S_BUDGET >> 2] - refund;
    if (why !== R.X_JUMP && why !== R.X_ATTENTION) cpu.eip = this.blocks.ipOf(p, this.contexts.context);
    if (why === R.X_REPEAT) this.repetition.note();
    switch (why) {
      case R.X_BUDGET:
        this.loops.tuner.look(this.icount, p, this.contexts.context.long);
        return false;
      case R.X_JUMP:
        this.enterJump();
        return false;
      case R.X_RESOLVE:
        this.resolve(p);
        return false;
      case R.X_RAISE:
        this.raiseOwn();
        this.deliver();
        return false;
      case R.X_FAULT:
        if (cpu.i32[L.S_FAULTED >> 2] === 2) raiseFoundPageFault(cpu);
        if (slow.refused) this.stepWatched(p);
        else this.deliver();
        return false;
      case R.X_BREAK:
        return this.breakpoints.atLinear(this.code.address);
      default:
        return false;
    }
  }
  private enterJump(): void {
    if (this.system.interrupted()) return;
    const ip = this.cpu.eip;
    const record = this.code.locate();
    if (record < 0) this.deliver();
    else if (this.blocks.blockAt(record)?.dead === false) this.contexts.enterJump(ip, record);
  }
  private resolve(stub: number): void {
    const record = this.code.locate();
    if (record < 0) {
      this.deliver();
      return;
    }
    const block = this.blocks.blockAt(record);
    if (block) this.blocks.resolve(stub, block);
  }
  /** A handler found the fault itself and left only the vector. */
  private raiseOwn(): void {
    const vector = this.cpu.i32[L.S_RAISE >> 2];
    const { context } = this.contexts;
    if (vector === L.GP && context.long) raiseGP(this.cpu, 0, 'branch-not-canonical');
    else if (vector === L.GP) raiseGP(this.cpu, 0, 'branch-limit', { limit: context.csLimit });
    else raise(this.cpu, vector, -1, vector === L.DE ? 'divide' : 'instruction');
  }

  /** Executes exactly one instruction. */
  private step(block: number): void {
    const { cpu } = this;
    const { sysFlags: flags, eip } = cpu;
    const record = this.blocks.executed(block);
    const insn = this.blocks.insnAt(record)!;
    cpu.noStepTrap = false;
    const outcome = this.single.run(record, (flags & L.TF) !== 0 || this.slow.watchedAllowed);
    if (outcome === 'fault') {
      this.deliver();
      return;
    }
    if (outcome === 'done' || cpu.i32[L.S_BUDGET >> 2] < 0) this.icount++;
    if (outcome === 'again') this.repetition.note();
    else if ((flags & L.RF) !== 0 && insn.row?.sem !== 'iret') cpu.sysFlags &= ~L.RF;
    if ((flags & L.TF) !== 0 && !cpu.noStepTrap && endsStep(cpu, insn, eip)) cpu.pendingDebug |= DR6_BS;
  }
  private stepWatched(record: number): void {
    this.slow.watchedAllowed = true;
    this.step(record);
    this.slow.watchedAllowed = false;
  }
}
