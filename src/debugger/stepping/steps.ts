// The plans behind step in, step over and step out. Lines are those of the source map; code without source is stepped by
// instruction. Handlers of hardware interrupts that arrive in between are run through, except out of HLT.

import type { Insn } from '../../isa/types';
import { sameLine } from '../breakpoints/lines';
import type { CodeReader } from '../code/reader';
import { decodeDescriptor } from '../descriptors';
import type { SourceLocation } from '../program';
import { registerAddress } from '../linear';
import { registerNumber } from '../registers';
import { gateBytes, isParagraphMode, selectorBase } from '../segments';
import { codeLinear, linearPc, wrapCode, type FrameState } from '../stack/frame';
import { branchTarget, simulate } from '../stack/simulate';
import { callerOf, frameState } from '../stack/unwind';
import type { Granularity, StepPlan } from './plan';

const CALLS = new Set(['call', 'call_ind', 'call_far', 'int', 'int1', 'int3', 'into', 'syscall', 'sysenter', 'bound']);
/** Longest loop body whose exits are looked for. */
const LOOP_BYTES = 0x1000;

interface Here {
  state: FrameState;
  linear: number;
  location: SourceLocation | undefined;
  insn: Insn | undefined;
}

export class Steps {
  constructor(private readonly code: CodeReader) {}

  /** `undefined` when there is no caller to go to. */
  out(): StepPlan | undefined {
    const state = frameState(this.code.target);
    const caller = callerOf(this.code, state);
    return caller && this.outTo(caller.state, state);
  }

  over(granularity: Granularity): StepPlan {
    return granularity === 'line' ? this.line(false) : this.overOne(this.here());
  }

  in(granularity: Granularity): StepPlan {
    return granularity === 'line' ? this.line(true) : this.intoOne(this.here(), false);
  }

  private here(): Here {
    const state = frameState(this.code.target);
    const linear = linearPc(state);
    return {
      state,
      linear,
      location: this.code.locate(linear, state.ip),
      insn: this.code.decodeAt(linear, state.bits),
    };
  }

  private *line(into: boolean): StepPlan {
    const start = this.here();
    if (!start.location) {
      yield* into ? this.intoOne(start, false) : this.overOne(start);
      return;
    }
    for (let at = start; ;) {
      yield* into ? this.intoOne(at, true) : this.overOne(at);
      const now = this.here();
      if (!now.location) return;
      const atStart = now.linear === now.location.linear;
      if (!sameLine(now.location.entry, start.location.entry)) {
        if (atStart) return;
      } else if (now.linear === start.linear || (atStart && now.linear < at.linear)) return;
      at = now;
    }
  }

  /** One instruction; what it calls, repeats or waits for is run through. */
  private *overOne(here: Here): StepPlan {
    const { insn, state, linear } = here;
    const sem = insn?.row?.sem ?? '';
    const next = this.nextOf(here);
    if (CALLS.has(sem)) yield* this.runTo(this.returnPlaces(next), state);
    else if (sem === 'hlt') yield* this.runTo([next], state);
    else if (insn?.rep && insn.row?.rep) yield* this.runTo([next], state);
    else if (sem.startsWith('loop')) {
      const target = branchTarget(insn!, state.ip, state);
      const exits = target === undefined || target > state.ip ? undefined : this.loopExits(here, target);
      if (exits) yield* this.runTo(exits, state);
      else yield* this.quietStep(linear, state);
    } else yield* this.quietStep(linear, state);
  }

  /** One instruction, into what it calls; with `wantSource`, back out again when that has no source. */
  private *intoOne(here: Here, wantSource: boolean): StepPlan {
    const { insn, state, linear } = here;
    const sem = insn?.row?.sem ?? '';
    const next = this.nextOf(here);
    if (sem === 'hlt') {
      const handlers = this.handlers().filter((at) => !wantSource || this.hasSource(at));
      yield { kind: 'runTo', places: new Set([next, ...handlers]), accept: () => true };
      return;
    }
    if (wantSource && insn?.rep && insn.row?.rep) {
      yield* this.runTo([next], state);
      return;
    }
    yield* this.quietStep(linear, state);
    if (wantSource && CALLS.has(sem) && !this.here().location) yield* this.runTo(this.returnPlaces(next), state);
  }

  /** Until the caller is reached, or a return instruction of this procedure: a handler may have changed the address. */
  private *outTo(caller: FrameState, state: FrameState): StepPlan {
    const home = linearPc(caller);
    const returns = new Map(
      simulate(this.code, state).returns.map(({ ip, sp }) => [codeLinear(state, ip), sp] as const),
    );
    const accept = (): boolean => {
      const now = frameState(this.code.target);
      const pc = linearPc(now);
      if (pc === home && isBackIn(now, caller)) return true;
      return now.cpl === state.cpl && now.ss.base === state.ss.base && returns.get(pc) === now.sp;
    };
    yield { kind: 'runTo', places: new Set([home, ...returns.keys()]), accept };
    const now = frameState(this.code.target);
    if (linearPc(now) !== home) yield* this.quietStep(linearPc(now), now);
  }

  /** One instruction of the guest's own: the handler of an interrupt that came first is run through. */
  private *quietStep(linear: number, state: FrameState): StepPlan {
    const { transitions } = this.code.target;
    for (;;) {
      const before = transitions.count;
      yield { kind: 'step' };
      let interrupted = false;
      for (let i = before; i < transitions.count; i++) {
        const t = transitions.get(i);
        interrupted ||= t?.kind === 'interrupt' && (t.processor ?? 0) === this.code.target.processor;
      }
      if (!interrupted) return;
      yield* this.runTo([linear], state);
    }
  }

  /** Until one of the places is reached with the stack no deeper than `state` has it, in the same ring. */
  private *runTo(places: readonly number[], state: FrameState): StepPlan {
    yield { kind: 'runTo', places: new Set(places), accept: () => isBackIn(frameState(this.code.target), state) };
  }

  private nextOf({ linear, state, insn }: Here): number {
    return insn ? codeLinear(state, wrapCode(state, state.ip + insn.len)) : linear + 1;
  }

  /** After a call; text behind the call that the procedure skips (`call print` / `db 'text', 0`) is skipped here too. */
  private returnPlaces(next: number): number[] {
    const places = [next];
    const program = this.code.program();
    for (let at = next; program;) {
      const location = this.code.locate(at);
      if (!location || location.entry.length === 0) break;
      if (location.entry.kind === 'code') {
        if (at !== next) places.push(at);
        break;
      }
      at = location.linear + location.entry.length;
    }
    return places;
  }

  private hasSource(linear: number): boolean {
    return this.code.locate(linear) !== undefined;
  }

  /** Addresses outside the body of a loop that its branches go to, and the one after it; undefined when it cannot be told. */
  private loopExits({ state, insn }: Here, first: number): number[] | undefined {
    const end = state.ip + insn!.len;
    if (end - first > LOOP_BYTES) return undefined;
    const exits = new Set([end]);
    for (let ip = first; ip < end;) {
      const body = this.code.decodeAt(codeLinear(state, ip), state.bits);
      if (!body?.row) return undefined;
      const { sem } = body.row;
      if (/^(ret|retf|iret|sysret|sysexit|jmp_ind|jmp_far|hlt)$/.test(sem)) return undefined;
      const target = sem === 'call' ? undefined : branchTarget(body, ip, state);
      if (target !== undefined && (target < first || target >= end)) exits.add(target);
      ip += body.len;
    }
    return [...exits].map((ip) => codeLinear(state, ip));
  }

  /** First instructions of all interrupt handlers. */
  private handlers(): number[] {
    const { target } = this.code;
    const paragraphs = isParagraphMode(target);
    const size = paragraphs ? 4 : gateBytes(target);
    const limit = registerNumber(target, 'idtr.limit');
    const table = this.code.read(registerAddress(target, 'idtr.base'), Math.min(limit + 1, 256 * size));
    const found = new Set<number>();
    for (let at = 0; at + size <= table.length; at += size) {
      const entry = table.subarray(at, at + size);
      if (paragraphs) {
        found.add((entry[2]! + entry[3]! * 256) * 16 + entry[0]! + entry[1]! * 256);
        continue;
      }
      const { offset, selector, present } = decodeDescriptor(entry, size === 16);
      if (offset === undefined || selector === undefined || !present) continue;
      const base = selectorBase(target, selector);
      if (typeof base === 'number') found.add(size === 16 ? offset : (base + offset) >>> 0);
    }
    return [...found];
  }
}

/** In the same ring and mode, with the stack no deeper than `state` has it. */
function isBackIn(now: FrameState, state: FrameState): boolean {
  if (now.cpl !== state.cpl || now.paragraphs !== state.paragraphs) return false;
  return now.ss.base !== state.ss.base || now.sp >= state.sp;
}
