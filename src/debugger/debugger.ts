// A machine under debugging: program, breakpoints, execution, stack and everything that is asked of a stopped guest. Knows
// neither a protocol nor an editor.

import type { StopFilters } from '../machine/types';
import { symbolText } from '../symbols/symbolTable';
import { BreakpointStore } from './breakpoints/store';
import { Disassembler } from './code/disassembly';
import { CodeReader } from './code/reader';
import { doubleFaultText, exceptionText, tripleFaultText, type ExceptionText } from './exceptionText';
import {
  Execution,
  type ExecutionEvents,
  type FilterConditions,
  type SliceLimits,
  type SliceResult,
  type Stop,
} from './execution';
import { addressOf, evaluate, type Address } from './expression/evaluate';
import { parseExpression } from './expression/parser';
import type { Evaluation, EvaluationContext, FrameRegisters } from './expression/value';
import type { Placement, Program, SourceLocation } from './program';
import type { Frame } from './stack/frame';
import { unwind } from './stack/unwind';
import type { Granularity } from './stepping/plan';
import { startAt } from './stepping/start';
import { Steps } from './stepping/steps';
import { SegIndex, type DebugTarget } from './target';
import { stackWords } from './timeline/detail';
import { Timeline } from './timeline/timeline';

const DOUBLE_FAULT = 8;

/** Frames are read at most this deep. */
const MAX_FRAMES = 200;

export class Debugger {
  readonly code: CodeReader;
  readonly breakpoints: BreakpointStore;
  readonly disassembler: Disassembler;
  readonly timeline: Timeline;
  private readonly steps: Steps;
  private readonly execution: Execution;
  private frames: Frame[] | undefined;
  private filters: StopFilters = {};
  private lastStop: Stop | undefined;

  constructor(
    readonly target: DebugTarget,
    private loaded: Program | undefined,
    events: ExecutionEvents,
  ) {
    this.code = new CodeReader(target, () => this.loaded);
    this.breakpoints = new BreakpointStore(loaded);
    this.disassembler = new Disassembler(this.code);
    this.timeline = new Timeline(target);
    this.steps = new Steps(this.code);
    this.execution = new Execution(this.code, this.breakpoints, () => this.context(0, true), events);
  }

  get program(): Program | undefined {
    return this.loaded;
  }

  /** Why the guest is stopped; undefined while it runs. */
  get stopped(): Stop | undefined {
    return this.lastStop;
  }

  /** Looks at another processor: stack, registers, expressions and steps are its own. */
  select(processor: number): void {
    if (processor === this.target.processor) return;
    this.target.select(processor);
    this.frames = undefined;
  }

  continue(): void {
    this.resume();
    this.execution.continue();
  }

  /** Begins a step; a sentence when there is nowhere to step to. */
  step(kind: 'in' | 'over' | 'out', granularity: Granularity): string | undefined {
    const plan = kind === 'out' ? this.steps.out() : this.steps[kind](granularity);
    if (!plan) return 'there is no caller to return to: this code does not return';
    this.resume();
    this.execution.step(plan);
    return undefined;
  }

  /** Begins a run to the first instruction of the boot sector, or to a label's code (stepping/start.ts). */
  runToEntry(label?: string): void {
    this.resume();
    this.execution.toEntry(startAt(this.code, this.loaded, label));
  }

  slice(limits: SliceLimits): SliceResult {
    const result = this.execution.slice(limits);
    if (typeof result !== 'string') this.stoppedBy(result);
    return result;
  }

  /** The person stopped the guest; a step under way is forgotten. */
  pause(): void {
    this.execution.cancel();
    this.code.note();
    this.frames = undefined;
    this.lastStop = { kind: 'step' };
  }

  /** Breakpoints and filters do nothing from now on. */
  runOnly(): void {
    this.execution.ignoreBreakpoints = true;
  }

  /** Stops after so many more instructions. */
  set instructionLimit(count: number) {
    this.execution.instructionLimit = count;
  }

  setFilters(filters: StopFilters, conditions: FilterConditions = {}): void {
    this.filters = filters;
    this.execution.conditions = conditions;
    this.target.setFilters(filters);
  }

  /** After breakpoints were set: hands them to the machine. */
  breakpointsChanged(): void {
    this.execution.changed();
    this.target.setWatchpoints(this.breakpoints.watchpoints);
  }

  /** A read has brought part of the program into memory. May be called while the guest runs; makes it stop for a moment. */
  placed(placement: Placement, stop: () => void): void {
    if (!this.loaded?.map || !this.loaded.placed(placement)) return;
    this.execution.placesChanged = true;
    stop();
  }

  /** State was changed from outside: frames are read again. */
  changed(): void {
    this.frames = undefined;
  }

  /** Takes over breakpoints and filters of the debugger of an earlier run; breakpoints are bound to this program. */
  inherit(earlier: Debugger): void {
    this.breakpoints.inherit(earlier.breakpoints, this.context());
    this.setFilters(earlier.filters, earlier.execution.conditions);
    this.breakpointsChanged();
  }

  stack(): readonly Frame[] {
    return (this.frames ??= unwind(this.code, MAX_FRAMES));
  }

  /** Context of a frame; 0 or absent is the innermost. */
  context(frameIndex = 0, readOnly = false): EvaluationContext {
    const frame = frameIndex === 0 ? undefined : this.stack()[frameIndex];
    return new FrameContext(this, readOnly, frame);
  }

  evaluate(text: string, frameIndex = 0, readOnly = false): Evaluation {
    const result = evaluate(text, this.context(frameIndex, readOnly));
    this.frames = readOnly ? this.frames : undefined;
    return result;
  }

  /** Address that a text names: linear, `seg:off`, `sel:off`, a label, or an expression. */
  address(text: string, frameIndex = 0): Address {
    const parsed = parseExpression(text);
    return parsed.ok ? addressOf(parsed.node, this.context(frameIndex, true)) : parsed;
  }

  /** Source of a linear address. */
  locate(linear: number): SourceLocation | undefined {
    return this.code.locate(linear);
  }

  /** `main.loop+0x4`, or undefined without symbols there; `offset` is the address within its code segment. */
  labelText(linear: number, offset?: number): string | undefined {
    const hit = this.code.labelAt(linear, offset);
    return hit && symbolText(hit);
  }

  exception(): ExceptionText | undefined {
    const stop = this.lastStop;
    const causes = stop?.kind === 'exception' && stop.vector === DOUBLE_FAULT ? this.target.doubleFaultCause() : [];
    if (causes.length > 0) return doubleFaultText(this.code, causes, this.handlerStack());
    if (stop?.kind === 'exception') return exceptionText(this.code, stop.vector, this.target.lastException());
    if (stop?.kind === 'triple-fault') return tripleFaultText(this.code, this.target.shutdownCause());
    return undefined;
  }

  /** Where the handler that was entered last got its stack from; empty when it kept the one there was. */
  private handlerStack(): string {
    const { transitions } = this.target;
    const last = transitions.get(transitions.count - 1);
    const stack = last && stackWords(this.target, last);
    return stack ? `The handler's stack: ${stack}.` : '';
  }

  /** Full name of the label that the code at an address is under. */
  scopeAt(linear: number): string | undefined {
    return this.code.labelAt(linear)?.symbol.name;
  }

  private resume(): void {
    this.frames = undefined;
    this.lastStop = undefined;
  }

  private stoppedBy(stop: Stop): void {
    this.frames = undefined;
    this.lastStop = stop;
  }
}

/** Surroundings of an expression; the label for local names is only looked up when one is used. */
class FrameContext implements EvaluationContext {
  readonly target: DebugTarget;
  readonly program: Program | undefined;
  readonly frame?: FrameRegisters;

  constructor(
    private readonly owner: Debugger,
    readonly readOnly: boolean,
    private readonly at: Frame | undefined,
  ) {
    this.target = owner.target;
    this.program = owner.program;
    if (at) this.frame = registersOf(at);
  }

  get scope(): string | undefined {
    return this.owner.scopeAt(this.at?.lookup ?? this.owner.code.pc);
  }
}

const registersOf = (frame: Frame): FrameRegisters => ({
  registers: new Map([
    ['rip', BigInt(frame.ip)],
    ['rsp', BigInt(frame.sp)],
    ['cs', BigInt(frame.cs.selector)],
    ['ss', BigInt(frame.ss.selector)],
    ...(frame.bp === undefined ? [] : [['rbp', BigInt(frame.bp)] as const]),
  ]),
  segments: new Map([
    [SegIndex.CS, frame.cs],
    [SegIndex.SS, frame.ss],
  ]),
});
