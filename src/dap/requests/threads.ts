// `threads`: a processor is a thread.

import type { DebugTarget } from '../../debugger/target';
import { request } from '../handler';
import { THREAD } from '../session';

export const threads = request<unknown>({
  command: 'threads',
  handle(session) {
    const target = session.launched?.debug.target;
    if (!target || target.processors === 1) return { threads: [{ id: THREAD, name: 'vCPU 0' }] };
    const all = Array.from({ length: target.processors }, (_, n) => ({ id: n + THREAD, name: nameOf(target, n) }));
    return { threads: all };
  },
});

function nameOf(target: DebugTarget, n: number): string {
  const { mode, cpl, rests } = target.describe(n);
  if (rests === 'start-up') return `vCPU ${n}: waits for start-up`;
  return `vCPU ${n}: ${mode}, ring ${cpl}${rests ? ', halted' : ''}`;
}
