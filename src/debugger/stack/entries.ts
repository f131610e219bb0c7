// Which transition led into the code that a frame executes, from the history: entries (exceptions, interrupts, system calls, call
// gates) and returns are paired from the latest backwards. A kernel that switches stacks breaks the pairing, so that the entry also
// has to fit the frame: the same ring, and for handlers a stack not above the one it began with.

import type { DebugTarget, TransitionView } from '../target';
import type { FrameState } from './frame';

const ENTERS = new Set(['exception', 'interrupt', 'software-int', 'call-gate', 'syscall', 'sysenter', 'v86-exit']);
const RETURNS = new Set(['iret', 'far-return', 'sysret', 'sysexit', 'v86-enter']);
/** SYSCALL leaves the stack alone: the kernel's own is not known from it. */
const KEEPS_STACK = new Set(['syscall']);
/** Transitions that are searched. */
const SEARCH = 2048;
/** A handler's stack is rarely deeper. */
const DEEPEST = 0x10000;

export function entryOf({ transitions, processor }: DebugTarget, state: FrameState): TransitionView | undefined {
  const end = Math.min(state.before ?? transitions.count, transitions.count);
  const oldest = Math.max(transitions.dropped, end - SEARCH);
  let returned = 0;
  for (let i = end - 1; i >= oldest; i--) {
    const t = transitions.get(i);
    if (!t || (t.processor ?? 0) !== processor) continue;
    if (RETURNS.has(t.kind)) returned++;
    else if (ENTERS.has(t.kind)) {
      if (returned === 0) return fits(t, state) ? t : undefined;
      returned--;
    }
  }
  return undefined;
}

function fits({ kind, to }: TransitionView, state: FrameState): boolean {
  if (to.cpl !== state.cpl || to.mode !== state.mode) return false;
  return KEEPS_STACK.has(kind) || (to.rsp >= state.sp && to.rsp - state.sp < DEEPEST);
}
