// Runs the guest in slices and decides which stops of the machine are stops for the person: conditions, hit counts and log
// messages of breakpoints, filters, the present step's plan, and the ends of a run.

import type { StopReason, WatchpointStop } from '../machine/types';
import { ConditionState } from './breakpoints/condition';
import type { BreakpointStore } from './breakpoints/store';
import type { Hit } from './breakpoints/types';
import type { CodeReader } from './code/reader';
import type { EvaluationContext } from './expression/value';
import type { StepPlan, StepRequest } from './stepping/plan';

export type { WatchpointStop };

export type Stop =
  | { kind: 'breakpoint'; hits: readonly Hit[]; problem?: string }
  | (WatchpointStop & { hits: readonly Hit[]; problem?: string })
  | { kind: 'step' }
  | { kind: 'entry' }
  | { kind: 'exception'; vector: number; problem?: string }
  | { kind: 'transition'; index: number; problem?: string }
  | { kind: 'triple-fault' }
  | { kind: 'halted' }
  | { kind: 'limit' }
  | { kind: 'ended'; cause: 'power-off' }
  | { kind: 'ended'; cause: 'debug-exit'; code: number };

/** `running`: the slice is over; `idle`: the guest waits in HLT for something from outside or for time to pass. */
export type SliceResult = Stop | 'running' | 'idle';

export interface ExecutionEvents {
  log(text: string): void;
}

/** Expressions that must not be 0 for a filter of the machine to stop the guest. */
export interface FilterConditions {
  exceptions?: ReadonlyMap<number, string>;
  ringChange?: string;
  modeChange?: string;
}

export interface SliceLimits {
  instructions: number;
  /** Virtual time not to go beyond. */
  untilNs?: number;
  /** Looked at between pieces of work; true ends the slice. */
  expired(): boolean;
}

export class Execution {
  private plan: StepPlan | undefined;
  private request: StepRequest | undefined;
  private finished: Stop = { kind: 'step' };
  private installed: ReadonlySet<number> = new Set();
  private installedPhysical: ReadonlySet<number> = new Set();
  private left = Infinity;
  /** The processor that the plan steps; the others run along by their turns. */
  private stepped = 0;
  conditions: FilterConditions = {};
  /** The program lies in new places: breakpoints are to be placed again before the guest goes on. */
  placesChanged = false;
  /** Breakpoints do nothing: the program is run, not debugged. */
  ignoreBreakpoints = false;

  constructor(
    private readonly code: CodeReader,
    private readonly breakpoints: BreakpointStore,
    private readonly context: () => EvaluationContext,
    private readonly events: ExecutionEvents,
  ) {}

  /** Stops the guest after so many more instructions. */
  set instructionLimit(count: number) {
    this.left = count;
  }

  continue(): void {
    this.setPlan(undefined);
  }

  step(plan: StepPlan): void {
    this.finished = { kind: 'step' };
    this.stepped = this.code.target.processor;
    this.setPlan(plan);
  }

  /** Runs to where the program begins for the person. */
  toEntry(plan: StepPlan): void {
    this.finished = { kind: 'entry' };
    this.stepped = 0;
    this.setPlan(plan);
  }

  /** Forgets the present step. */
  cancel(): void {
    this.setPlan(undefined);
  }

  /** Breakpoints were changed. */
  changed(): void {
    this.install();
  }

  /** Executes a slice. After a stop, `continue` or `step` begins the next run. */
  slice(limits: SliceLimits): SliceResult {
    let budget = limits.instructions;
    const { target } = this.code;
    if (this.plan && !this.request) return this.done();
    for (;;) {
      if (this.left <= 0) return this.end({ kind: 'limit' });
      if (this.placesChanged) {
        this.placesChanged = false;
        this.breakpoints.placeAgain();
        this.install();
      }
      const from = target.icount;
      const single = this.request?.kind === 'step';
      if (single) target.select(this.stepped);
      const reason = single ? target.step() : target.run(Math.min(budget, this.left), limits.untilNs);
      const used = target.icount - from;
      budget -= used;
      this.left -= used;
      const stop = single && reason.kind === 'limit' ? this.stepDone() : this.judge(reason);
      if (stop === 'next') {
        if (!this.advance()) return this.done();
      } else if (stop) return this.end(stop);
      if (reason.kind === 'waiting') return 'idle';
      if (reason.kind === 'limit' && !single) return target.halted ? 'idle' : 'running';
      if (budget <= 0 || limits.expired()) return 'running';
    }
  }

  private stepDone(): Stop | 'next' {
    const result = this.breakpoints.reached(this.code.pc, this.context());
    this.print(result.logs);
    return result.stops.length ? { kind: 'breakpoint', hits: result.stops, ...problemOf(result) } : 'next';
  }

  private judge(reason: StopReason): Stop | 'next' | undefined {
    switch (reason.kind) {
      case 'breakpoint': {
        const result = this.breakpoints.reached(reason.linear, this.context());
        this.print(result.logs);
        if (result.stops.length) return { kind: 'breakpoint', hits: result.stops, ...problemOf(result) };
        const { request } = this;
        if (this.code.target.processor !== this.stepped) return undefined;
        return request?.kind === 'runTo' && this.reaches(request, reason.linear) && request.accept()
          ? 'next'
          : undefined;
      }
      case 'watchpoint': {
        const { linear, size, access } = reason;
        const result = this.breakpoints.accessed(linear, size, access, this.context());
        this.print(result.logs);
        return result.stops.length ? { ...reason, hits: result.stops, ...problemOf(result) } : undefined;
      }
      case 'exception': {
        const { vector } = reason;
        const result = this.wanted(this.conditions.exceptions?.get(vector));
        return result && { kind: 'exception', vector, ...result };
      }
      case 'transition': {
        const { index } = reason;
        const t = this.code.target.transitions.get(index);
        const ring = t !== undefined && t.from.cpl !== t.to.cpl;
        const result = this.wanted(ring ? this.conditions.ringChange : this.conditions.modeChange);
        return result && { kind: 'transition', index, ...result };
      }
      case 'halted':
        return { kind: 'halted' };
      case 'shutdown':
        return reason.cause === 'triple-fault' ? { kind: 'triple-fault' } : { kind: 'ended', cause: 'power-off' };
      case 'debug-exit':
        return { kind: 'ended', cause: 'debug-exit', code: reason.code };
      default:
        return undefined;
    }
  }

  private reaches({ places, physical }: Extract<StepRequest, { kind: 'runTo' }>, linear: number): boolean {
    return places.has(linear) || (physical?.has(this.code.target.translate(linear) ?? NaN) ?? false);
  }

  /** Undefined when the condition of a filter does not hold. */
  private wanted(condition: string | undefined): { problem?: string } | undefined {
    if (condition === undefined) return {};
    const { stop, problem } = new ConditionState({ condition }).reached(this.context());
    return stop ? problemOf(problem === undefined ? {} : { problem }) : undefined;
  }

  private print(logs: readonly { text: string }[]): void {
    for (const { text } of logs) this.events.log(text);
  }

  private end(stop: Stop): Stop {
    this.setPlan(undefined);
    this.code.note();
    return stop;
  }

  private done(): Stop {
    return this.end(this.finished);
  }

  private setPlan(plan: StepPlan | undefined): void {
    this.plan = plan;
    this.request = undefined;
    if (plan) this.advance();
    else this.install();
  }

  /** Takes the next piece of the plan; false at its end. */
  private advance(): boolean {
    const next = this.plan!.next();
    this.request = next.done ? undefined : next.value;
    this.install();
    return !next.done;
  }

  private install(): void {
    const wanted = new Set(this.ignoreBreakpoints ? [] : this.breakpoints.addresses.keys());
    if (this.request?.kind === 'runTo') for (const place of this.request.places) wanted.add(place);
    const physical = new Set(this.ignoreBreakpoints ? [] : this.breakpoints.physicalAddresses.keys());
    if (this.request?.kind === 'runTo') for (const place of this.request.physical ?? []) physical.add(place);
    if (sameSet(wanted, this.installed) && sameSet(physical, this.installedPhysical)) return;
    this.installed = wanted;
    this.installedPhysical = physical;
    this.code.target.setBreakpoints(wanted, physical);
  }
}

const sameSet = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  a.size === b.size && [...a].every((at) => b.has(at));

const problemOf = ({ problem }: { problem?: string }): { problem?: string } =>
  problem === undefined ? {} : { problem };
