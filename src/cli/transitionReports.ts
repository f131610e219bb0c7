// Changes of ring and mode as they happen: JSON lines for programs, a table for people.

import type { Debugger } from '../debugger/debugger';
import { linearOfEnd } from '../debugger/timeline/detail';
import type { TransitionEnd } from '../debugger/target';
import { vectorName } from '../debugger/vectors';
import { transitionEvent, type Transition } from '../machine/processorFacts';

const DELIVERIES: ReadonlySet<string> = new Set(['exception', 'interrupt', 'software-int']);

/** Within one ring and mode an interrupt is no transition, except with a stack from the TSS, and the ends of everything. */
export const isTransition = (t: Transition): boolean =>
  t.from.cpl !== t.to.cpl ||
  t.from.mode !== t.to.mode ||
  (t.tss !== undefined && DELIVERIES.has(t.kind)) ||
  t.kind === 'reset' ||
  t.kind === 'triple-fault';

export const eventLine = (t: Transition): string => `${JSON.stringify(transitionEvent(t))}\n`;

const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');
const h64 = (v: number): string => BigInt.asUintN(64, BigInt(v)).toString(16).padStart(16, '0');

const laneText = ({ mode, cpl }: TransitionEnd): string =>
  mode === 'real' ? 'real' : mode === 'v8086' ? 'v8086' : `ring ${cpl}`;

/** `    4264  int 0x80             ring 3 → ring 0   user+0x7 → system_call` */
export function transitionText(debug: Debugger, t: Transition): string {
  const place = (end: TransitionEnd): string =>
    debug.labelText(linearOfEnd(debug.target, end)) ??
    `${h(end.cs, 4)}:${end.mode === '64-bit' ? h64(end.rip) : h(end.rip, end.mode === 'protected32' ? 8 : 4)}`;
  const lanes = `${laneText(t.from).padEnd(6)} → ${laneText(t.to)}`;
  const code = t.errorCode === undefined ? '' : `, error code ${h(t.errorCode, 1)}`;
  return `${String(t.icount).padStart(10)}  ${`${cause(t)}${code}`.padEnd(34)} ${lanes.padEnd(17)} ${place(t.from)} → ${place(t.to)}\n`;
}

function cause(t: Transition): string {
  switch (t.kind) {
    case 'software-int':
      return `int 0x${h(t.vector!, 2)}`;
    case 'interrupt':
      return `interrupt 0x${h(t.vector!, 2)}`;
    case 'exception':
      return vectorName(t.vector!);
    case 'call-gate':
      return `call gate ${h(t.gate! & 0xfffc, 4)}`;
    case 'task-switch':
      return `task switch to ${h(t.tss ?? 0, 4)}`;
    default:
      return t.kind.replaceAll('-', ' ');
  }
}
