// Everything known of one transition, in words. Instruction, gate and labels are read from guest memory as it is now.

import { symbolText } from '../../symbols/symbolTable';
import type { Mode } from '../../machine/types';
import { Disassembler } from '../code/disassembly';
import type { CodeReader } from '../code/reader';
import { descriptorWords } from '../descriptors';
import { hexLinear, linearText } from '../linear';
import { descriptorOf, gateOf, istOf } from '../segments';
import type { DebugTarget, TransitionEnd, TransitionView } from '../target';
import { vectorName } from '../vectors';
import { laneOf, type Lane } from './lanes';

export interface TransitionPoint {
  lane: Lane;
  mode: Mode;
  cpl: number;
  cs: number;
  ip: string;
  linear: string;
  ss: number;
  sp: string;
  symbol?: string;
  source?: { path: string; line: number; column: number };
}

export interface TransitionDetail {
  index: number;
  icount: number;
  kind: string;
  /** Where there are several. */
  processor?: number;
  vector?: number;
  vectorName?: string;
  from: TransitionPoint;
  to: TransitionPoint;
  instruction?: string;
  gate?: string;
  stack?: string;
  errorCode?: number;
  cr2?: string;
  reason?: string;
}

const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

/** Linear address of one side; the base of a protected-mode segment is that of the tables now. */
export function linearOfEnd(target: DebugTarget, { mode, cs, rip }: TransitionEnd): number {
  if (mode === 'real' || mode === 'v8086' || mode === 'smm') return cs * 16 + rip;
  if (mode === '64-bit') return rip;
  const descriptor = descriptorOf(target, cs);
  // Between the CR0 write and the far jump CS still holds a paragraph that names no descriptor.
  const base = typeof descriptor === 'string' || !descriptor.codeOrData ? cs * 16 : (descriptor.base ?? 0);
  return (base + rip) >>> 0;
}

export function transitionDetail(code: CodeReader, t: TransitionView): TransitionDetail {
  const { target } = code;
  const from = point(code, t.from);
  const linear = linearOfEnd(target, t.from);
  const caused = t.kind !== 'interrupt' && t.kind !== 'reset';
  const bits = t.from.mode === '64-bit' ? 64 : t.from.mode === 'protected32' ? 32 : 16;
  const last = target.lastException();
  const known = t.kind === 'exception' && last && last.vector === t.vector && last.linear === linear ? last : undefined;
  return {
    index: t.index,
    icount: t.icount,
    kind: t.kind,
    ...(t.processor === undefined ? {} : { processor: t.processor }),
    ...(t.vector === undefined ? {} : { vector: t.vector, vectorName: nameOf(t) }),
    from,
    to: point(code, t.to),
    ...(caused ? { instruction: new Disassembler(code).line(linear, bits).text } : {}),
    ...optional('gate', gateWords(target, t)),
    ...optional('stack', stackWords(target, t)),
    ...(t.errorCode === undefined ? {} : { errorCode: t.errorCode }),
    ...(known?.cr2 === undefined ? {} : { cr2: linearText(known.cr2) }),
    ...optional('reason', known?.reason),
  };
}

const nameOf = ({ kind, vector }: TransitionView): string =>
  kind === 'software-int' || kind === 'interrupt' ? `vector 0x${h(vector!, 2)}` : vectorName(vector!);

const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value ? ({ [key]: value } as Partial<Record<K, string>>) : {};

function point(code: CodeReader, end: TransitionEnd): TransitionPoint {
  const linear = linearOfEnd(code.target, end);
  const location = code.locate(linear, end.rip);
  const label = code.labelAt(linear, end.rip);
  return {
    lane: laneOf(end.mode, end.cpl),
    mode: end.mode,
    cpl: end.cpl,
    cs: end.cs,
    ip: linearText(end.rip),
    linear: linearText(linear),
    ss: end.ss,
    sp: linearText(end.rsp),
    ...(label ? { symbol: symbolText(label) } : {}),
    ...(location ? { source: { path: location.file, line: location.line, column: location.column } } : {}),
  };
}

function gateWords(target: DebugTarget, t: TransitionView): string | undefined {
  if (t.gate === undefined || t.to.mode === 'real') return undefined;
  if (t.kind === 'call-gate' || t.kind === 'task-switch' || t.kind === 'far-jump') {
    const descriptor = descriptorOf(target, t.gate);
    return typeof descriptor === 'string' ? undefined : descriptorWords(descriptor);
  }
  const gate = gateOf(target, t);
  return gate && descriptorWords(gate);
}

/** Which field of which TSS gave the new stack; undefined when the old one was kept. */
export function stackWords(target: DebugTarget, t: TransitionView): string | undefined {
  const { tss, to, from } = t;
  const long = to.mode === '64-bit';
  if (tss === undefined || (!long && to.ss === from.ss && to.cpl === from.cpl)) return undefined;
  const ist = istOf(target, t);
  const field = ist !== 0 ? `IST${ist}` : long ? `RSP${to.cpl}` : `SS${to.cpl}:ESP${to.cpl}`;
  const text = ({ ss, rsp }: TransitionEnd): string => `${h(ss, 4)}:${hexLinear(rsp)}`;
  return `TSS ${h(tss, 4)}: ${field}; now ${text(to)}, before ${text(from)}`;
}
