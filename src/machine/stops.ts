// Why a run stops: breakpoints, watchpoints, filters on exceptions and transitions, and requests from callbacks. Requests
// take effect at the next instruction boundary; the first one wins.

import type { Fault } from '../cpu/fault';
import { foundPageFault } from '../cpu/foundPageFault';
import { PF_INDEX, PFV } from '../cpu/layout';
import { pageOf } from '../cpu/linear';
import { peekTranslate } from '../cpu/pageWalk';
import { T_EXCEPTION, TRANSITION_KINDS, type Transition } from '../cpu/transitions';
import { setWatchedPages } from '../cpu/watch';
import type { Engine } from '../engine/engine';
import type { GuestMemory } from './guestMemory';
import type { StopFilters, StopReason, Watchpoint, WatchpointStop } from './types';

const CS = 1;
/** Exceptions at one instruction count. */
const MOST_BARREN_FAULTS = 10_000;

/** An exception and where it came from. */
export interface RaisedFault {
  readonly fault: Fault;
  /** Linear address of the instruction. */
  readonly linear: number;
  readonly icount: number;
}

const overlaps = (watch: Watchpoint, linear: number, size: number): boolean =>
  linear < watch.linear + watch.length && linear + size > watch.linear;

export class Stops {
  private armed: StopFilters = {};
  private inStep = false;
  private askedAbout: RaisedFault | undefined;
  private pending: StopReason | undefined;
  private breakpoints: ReadonlySet<number> = new Set();
  private physical: ReadonlySet<number> = new Set();
  private watchpoints: readonly Watchpoint[] = [];
  /** What is about to be overwritten. */
  private before: Uint8Array | undefined;
  private barrenFaults = 0;
  private passIcount = -1;
  private passLinear = -1;
  /** The exception that the filter saw before its delivery: not to be reported again after it. */
  private seen = -1;

  constructor(
    private readonly engine: Engine,
    private readonly memory: GuestMemory,
    private readonly attend: () => void,
  ) {
    const { cpu } = engine;
    engine.faultFilter = (fault) => this.faultRaised(fault);
    cpu.watchBefore = (linear, size) => {
      const touched = this.watchpoints.some((watch) => overlaps(watch, linear, size));
      this.before = touched ? memory.readLinear(linear, size) : undefined;
    };
    cpu.watchAccess = (linear, size, write) => this.accessed(linear, size, write);
    cpu.transitions.onRecord = (index) => this.recorded(index);
    this.filters = {};
  }

  get filters(): StopFilters {
    return this.armed;
  }
  /** Software interrupts and returns, which the engine may record on its own, matter to changes of ring and mode only. */
  set filters(filters: StopFilters) {
    this.armed = filters;
    this.engine.cpu.transitions.watched = filters.ringChange === true || filters.modeChange === true;
    this.updateQuiet();
  }

  /** A step is under way: faults end it when they are delivered. */
  get stepping(): boolean {
    return this.inStep;
  }
  set stepping(on: boolean) {
    this.inStep = on;
    this.updateQuiet();
  }
  private updateQuiet(): void {
    this.engine.quietFaults = !this.inStep && !this.wantsException(PFV);
  }

  /** The last exception raised. */
  get lastFault(): RaisedFault | undefined {
    const found = foundPageFault(this.engine.cpu);
    const entry = found && this.engine.cpu.transitions.get(found.index);
    if (!entry || (this.askedAbout && this.askedAbout.icount > entry.icount)) return this.askedAbout;
    return { fault: found.fault, linear: entry.from.rip, icount: entry.icount }; // flat code
  }

  request(reason: StopReason): void {
    this.pending ??= reason;
    this.attend();
  }

  get isPending(): boolean {
    return this.pending !== undefined;
  }

  take(): StopReason | undefined {
    const reason = this.pending;
    this.pending = undefined;
    return reason;
  }

  /** Forgets what belongs to the past of the machine. */
  clear(): void {
    this.pending = undefined;
    this.askedAbout = undefined;
    this.engine.cpu.i32[PF_INDEX >> 2] = -1;
    this.passIcount = this.seen = -1;
  }

  /** The next run goes past a breakpoint on this instruction. */
  passHere(icount: number, linear: number): void {
    this.passIcount = icount;
    this.passLinear = linear;
  }

  breaksAt(icount: number, linear: number): boolean {
    if (!this.breakpoints.has(linear) && !this.breaksAtPhysical(linear)) return false;
    if (this.engine.repetition.here) return false;
    return icount !== this.passIcount || linear !== this.passLinear;
  }

  private breaksAtPhysical(linear: number): boolean {
    return this.physical.size > 0 && this.physical.has(peekTranslate(this.engine.cpu, linear));
  }

  setBreakpoints(linear: ReadonlySet<number>, physical: ReadonlySet<number>): void {
    this.engine.setBreakpoints(linear, physical);
    this.breakpoints = linear;
    this.physical = physical;
  }

  setWatchpoints(watchpoints: readonly Watchpoint[]): void {
    this.watchpoints = [...watchpoints];
    const pages = new Set<number>();
    for (const { linear, length } of watchpoints) {
      for (let page = pageOf(linear); page <= pageOf(linear + length - 1); page++) pages.add(page);
    }
    setWatchedPages(this.engine.cpu, pages);
  }

  wantsException(vector: number): boolean {
    return this.filters.exceptions?.has(vector) ?? false;
  }

  /** Before delivery; true holds the exception back and ends the engine's run. */
  private faultRaised(fault: Fault): boolean {
    const icount = this.engine.now();
    this.noteProgress(icount);
    this.askedAbout = { fault, linear: this.pc, icount };
    const wanted = this.wantsException(fault.vector);
    this.seen = wanted ? fault.vector : -1;
    return wanted || this.stepping;
  }

  /** Handlers that fault before their first instruction could go on for ever without retiring any: the run then ends. */
  private noteProgress(icount: number): void {
    this.barrenFaults = icount === this.askedAbout?.icount ? this.barrenFaults + 1 : 0;
    if (this.barrenFaults < MOST_BARREN_FAULTS) return;
    this.barrenFaults = 0;
    this.request({ kind: 'limit' });
  }

  private accessed(linear: number, size: number, write: boolean): void {
    for (const watch of this.watchpoints) {
      const kind = write ? 'write' : 'read';
      if (watch.access !== 'readWrite' && watch.access !== kind) continue;
      if (!overlaps(watch, linear, size)) continue;
      const value = this.memory.readLinear(linear, size);
      const before = write && this.before ? { before: this.before } : {};
      this.touched({ kind: 'watchpoint', linear, size, access: kind, pc: this.pc, value, ...before });
      return;
    }
  }

  /** The first access of an instruction counts; but what it reads to change it has changed. */
  private touched(stop: WatchpointStop): void {
    const first = this.pending;
    const changes = stop.access === 'write' && first?.kind === 'watchpoint' && first.access === 'read';
    if (changes && first.linear === stop.linear && first.size === stop.size) this.pending = stop;
    else this.request(stop);
  }

  private recorded(index: number): void {
    const { exceptions, ringChange, modeChange } = this.filters;
    if (!exceptions?.size && !ringChange && !modeChange) return;
    const entry = this.engine.cpu.transitions.get(index)!;
    if (entry.kind === TRANSITION_KINDS[T_EXCEPTION] && this.exceptionRecorded(entry)) return;
    const ring = ringChange && entry.from.cpl !== entry.to.cpl;
    const mode = modeChange && entry.from.mode !== entry.to.mode;
    if (ring || mode) this.request({ kind: 'transition', index });
  }

  /** INT3, INTO, and a double fault come without having been asked about: they are reported after their delivery. */
  private exceptionRecorded({ vector }: Transition): boolean {
    const seenBefore = vector === this.seen;
    this.seen = -1;
    if (vector === undefined || seenBefore || !this.wantsException(vector)) return false;
    this.request({ kind: 'exception', vector });
    return true;
  }

  private get pc(): number {
    const { cpu } = this.engine;
    return cpu.long ? cpu.eip : (cpu.base(CS) + cpu.eip) >>> 0;
  }
}
