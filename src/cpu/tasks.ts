// Task switches through TSS descriptors, task gates and IRET with NT (Intel SDM vol. 3, "Task Management").
// Faults found before the new state is loaded belong to the old task; later ones to the new task, at its first instruction.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import {
  descriptorFacts,
  FOUND,
  isNull,
  markAccessed,
  markBusy,
  OUTSIDE,
  readDescriptor,
  selectorFacts,
} from './descriptors';
import { flagsOfModel, setEflags } from './flags';
import { CR0_PG, CR0_TS, LDTR, NT, S_ATTN, S_CPL, S_CR0, S_CR3, S_DR, SS_, TR, VM } from './layout';
import { codeOf } from './loadSegment';
import { writeSystem } from './memory';
import { raiseGP, raiseNP, raiseSS, raiseTS } from './raise';
import { setParagraph, setSegment } from './segments';
import { setStackPointer } from './operands';
import { flushTranslations } from './tlb';
import { T_TASK_SWITCH } from './transitions';
import { layoutOf, probeTask, readTask, saveTask, type TaskState } from './tss';
import { ATTR_UNUSABLE } from './virtual';
import { updateBreakpointPages } from './watch';
import { stackFrame } from './stackFrame';

export const SWITCH_JUMP = 0,
  SWITCH_CALL = 1,
  SWITCH_IRET = 2,
  SWITCH_INTERRUPT = 3;
/** DR6.BT: a task switch to a task with its T bit set. */
export const DR6_BT = 0x8000;
const DR7_LOCAL = 0x155;

/**
 * Switches to the task of a TSS selector. `ip` and `flags` are what the old task is saved with; `errorCode` (or -1) is
 * pushed on the new task's stack; `vector` (or -1) is for the log. True when the new task runs; else cpu.fault is set.
 */
export function switchTask(
  cpu: Cpu,
  selector: number,
  how: number,
  ip: number,
  ext: number,
  errorCode: number,
  flags: number,
  gate: number,
  vector: number,
): boolean {
  const d = cpu.other;
  const code = codeOf(selector) | ext;
  const wrong = how === SWITCH_IRET ? raiseTS : raiseGP;
  if ((selector & 4) !== 0) return fail(wrong(cpu, code, 'tss-selector-in-ldt', selectorFacts(cpu, selector)));
  const found = isNull(selector) ? OUTSIDE : readDescriptor(cpu, selector, d);
  if (found !== FOUND) {
    return found === OUTSIDE && fail(wrong(cpu, code, 'selector-outside-table', selectorFacts(cpu, selector)));
  }
  const busy = how === SWITCH_IRET;
  if (d.kind !== (busy ? 3 : 1) && d.kind !== (busy ? 11 : 9)) {
    return fail(wrong(cpu, code, busy ? 'tss-not-busy' : 'not-available-tss', descriptorFacts(cpu, d)));
  }
  if (!d.present) return fail(raiseNP(cpu, code, 'segment-not-present', descriptorFacts(cpu, d)));
  const layout = layoutOf(d.kind);
  if (d.limit < layout.limit) return fail(raiseTS(cpu, code, 'tss-limit', descriptorFacts(cpu, d, { limit: d.limit })));

  const oldLayout = layoutOf(cpu.attr(TR));
  const oldBase = cpu.base(TR);
  const oldSelector = cpu.selector(TR);
  if (cpu.limit(TR) < oldLayout.limit) {
    return fail(
      raiseTS(cpu, codeOf(oldSelector) | ext, 'tss-limit', selectorFacts(cpu, oldSelector, { limit: cpu.limit(TR) })),
    );
  }
  const newBase = d.base;
  const task = readTask(cpu, newBase, layout);
  if (!task || !probeTask(cpu, oldBase, oldLayout)) return false;
  const nested = how === SWITCH_CALL || how === SWITCH_INTERRUPT;
  if (nested && !writeSystem(cpu, newBase, 2, oldSelector)) return false;
  if (!nested && !clearBusy(cpu, oldSelector)) return false;
  if (how !== SWITCH_IRET && !markBusy(cpu, d, true)) return false;
  saveTask(cpu, oldBase, oldLayout, ip, how === SWITCH_IRET ? flags & ~NT : flags);
  cpu.transitions.begin(cpu);

  // The new task from here on.
  cpu.noStepTrap = true;
  setSegment(cpu, TR, selector, d.attr | 2, newBase, d.limit);
  cpu.u32[S_CR0 >> 2]! |= CR0_TS;
  cpu.u32[(S_DR + 56) >> 2]! &= ~DR7_LOCAL;
  updateBreakpointPages(cpu);
  if (layout.wide && (cpu.cr0 & CR0_PG) !== 0) {
    cpu.u32[S_CR3 >> 2] = task.cr3;
    flushTranslations(cpu);
  }
  cpu.eip = task.ip;
  setEflags(cpu, (task.flags | (nested ? NT : 0)) & flagsOfModel(cpu));
  for (let n = 0; n < 8; n++) cpu.setReg32(n, task.gpr[n]!);
  const virtual = layout.wide && (task.flags & VM) !== 0;
  // Until SS is loaded a fault must find a stack by a change of ring.
  cpu.i32[S_CPL >> 2] = 3;
  for (let seg = Seg.ES; seg <= Seg.GS; seg++) {
    if (virtual) setParagraph(cpu, seg, task.selectors[seg]!);
    else setSegment(cpu, seg, task.selectors[seg]!, ATTR_UNUSABLE, 0, 0);
  }
  setSegment(cpu, LDTR, task.ldt, ATTR_UNUSABLE, 0, 0);
  const loaded = loadTaskLdt(cpu, task.ldt, ext) && (virtual || loadTaskSegments(cpu, task, ext));
  cpu.transitions.commit(cpu, T_TASK_SWITCH, vector, gate, selector, errorCode);
  if (loaded && finish(cpu, layout.wide, ext, errorCode)) {
    if (task.trap) {
      cpu.pendingDebug |= DR6_BT;
      cpu.i32[S_ATTN >> 2] = 1;
    }
    return true;
  }
  cpu.fault!.ip = cpu.eip;
  return false;
}

/** The last steps of a switch: error code on the new stack, limit of the first instruction. */
function finish(cpu: Cpu, wide: boolean, ext: number, errorCode: number): boolean {
  if (errorCode >= 0) {
    const frame = stackFrame;
    frame.beginCurrent(cpu);
    frame.push(errorCode, wide ? 4 : 2);
    if (!frame.write(cpu, SS_, ext, 'stack-limit')) return false;
    setStackPointer(cpu, frame.sp);
  }
  if (cpu.eip <= cpu.limit(Seg.CS)) return true;
  return fail(raiseGP(cpu, ext, 'code-limit', { offset: cpu.eip, limit: cpu.limit(Seg.CS) }));
}

const fail = (_: number): false => false;

function clearBusy(cpu: Cpu, selector: number): boolean {
  const d = cpu.gate;
  const found = readDescriptor(cpu, selector, d);
  if (found === FOUND) return markBusy(cpu, d, false);
  return found === OUTSIDE;
}

function loadTaskLdt(cpu: Cpu, selector: number, ext: number): boolean {
  if (isNull(selector)) return true;
  const d = cpu.other;
  const code = codeOf(selector) | ext;
  if ((selector & 4) !== 0) return fail(raiseTS(cpu, code, 'selector-in-ldt', selectorFacts(cpu, selector)));
  const found = readDescriptor(cpu, selector, d);
  if (found !== FOUND)
    return found === OUTSIDE && fail(raiseTS(cpu, code, 'selector-outside-table', selectorFacts(cpu, selector)));
  if (d.kind !== 2 || !d.present) return fail(raiseTS(cpu, code, 'not-ldt', descriptorFacts(cpu, d)));
  setSegment(cpu, LDTR, selector, d.attr, d.base, d.limit);
  return true;
}

/** Reads a descriptor for the new task; false with #TS or a page fault. */
function find(cpu: Cpu, selector: number, ext: number, segment: number): boolean {
  const found = isNull(selector) ? OUTSIDE : readDescriptor(cpu, selector, cpu.code);
  if (found === OUTSIDE)
    raiseTS(cpu, codeOf(selector) | ext, 'selector-outside-table', selectorFacts(cpu, selector, { segment }));
  return found === FOUND;
}

function commit(cpu: Cpu, seg: number, selector: number): boolean {
  const d = cpu.code;
  if (!markAccessed(cpu, d)) return false;
  setSegment(cpu, seg, selector, d.attr, d.base, d.limit);
  return true;
}

function loadTaskSegments(cpu: Cpu, task: TaskState, ext: number): boolean {
  const d = cpu.code;
  const cs = task.selectors[Seg.CS]!;
  const ring = cs & 3;
  const ss = task.selectors[Seg.SS]!;
  if (!find(cpu, ss, ext, Seg.SS)) return false;
  if (!d.isWritableData) {
    return fail(raiseTS(cpu, codeOf(ss) | ext, 'stack-not-writable', descriptorFacts(cpu, d)));
  }
  if (!d.present) return fail(raiseSS(cpu, codeOf(ss) | ext, 'stack-not-present', descriptorFacts(cpu, d)));
  if (d.dpl !== ring || (ss & 3) !== ring) {
    return fail(raiseTS(cpu, codeOf(ss) | ext, 'stack-privilege', descriptorFacts(cpu, d)));
  }
  if (!commit(cpu, Seg.SS, ss)) return false;
  cpu.i32[S_CPL >> 2] = ring;

  for (const seg of [Seg.DS, Seg.ES, Seg.FS, Seg.GS]) {
    const selector = task.selectors[seg]!;
    if (isNull(selector)) continue;
    if (!find(cpu, selector, ext, seg)) return false;
    const readable = (d.kind & 0x10) !== 0 && (d.type & 10) !== 8;
    const conforming = (d.type & 12) === 12;
    if (!readable || (!conforming && (d.dpl < ring || d.dpl < (selector & 3)))) {
      return fail(
        raiseTS(
          cpu,
          codeOf(selector) | ext,
          readable ? 'data-privilege' : 'not-readable-segment',
          descriptorFacts(cpu, d, { segment: seg }),
        ),
      );
    }
    if (!d.present)
      return fail(
        raiseNP(cpu, codeOf(selector) | ext, 'segment-not-present', descriptorFacts(cpu, d, { segment: seg })),
      );
    if (!commit(cpu, seg, selector)) return false;
  }

  if (!find(cpu, cs, ext, Seg.CS)) return false;
  if (!d.isCode || (d.isConforming ? d.dpl > ring : d.dpl !== ring)) {
    return fail(raiseTS(cpu, codeOf(cs) | ext, d.isCode ? 'code-privilege' : 'not-code', descriptorFacts(cpu, d)));
  }
  if (!d.present) return fail(raiseNP(cpu, codeOf(cs) | ext, 'segment-not-present', descriptorFacts(cpu, d)));
  return commit(cpu, Seg.CS, cs);
}
