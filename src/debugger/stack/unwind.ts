// The call stack from the processor's state: each step finds the return of the procedure by simulation, else by the frame
// pointer, else by the first word on the stack that looks like a return address. Interrupt and far returns are followed
// through gates, rings and modes (Intel SDM vol. 3, "Stack Switching").

import type { Descriptor } from '../descriptors';
import type { CodeBits } from '../../isa/types';
import type { Mode } from '../../machine/types';
import { bitsOfCs, instructionPointer, type CodeReader } from '../code/reader';
import { addressIn, isLong, registerAddress } from '../linear';
import { descriptorOf, isParagraphMode } from '../segments';
import { SegIndex, type DebugTarget, type SegmentCache, type TransitionEnd } from '../target';
import { boundaryWords } from './boundary';
import { callBefore, type CallSite } from './callSite';
import { entryOf } from './entries';
import { linearPc, stackLinear, wordSize, wrapStack, type Entry, type Frame, type FrameState } from './frame';
import { simulate, type Return } from './simulate';

/** Words above the stack pointer that are searched for a return address. */
const SCAN_WORDS = 256;
/** A procedure is rarely longer: how far a called label may lie before the program counter. */
const PROCEDURE_BYTES = 0x2000;
const VM_FLAG = 0x20000;

interface Caller {
  state: FrameState;
  entry: Entry;
  site: CallSite | undefined;
}

export function frameState(target: DebugTarget): FrameState {
  const ss = target.segment(SegIndex.SS);
  const bits = bitsOfCs(target);
  const pointer = (name: string): number => wrapStack({ bits, ss } as FrameState, registerAddress(target, name));
  return {
    ip: instructionPointer(target),
    cs: target.segment(SegIndex.CS),
    bits,
    sp: pointer('rsp'),
    ss,
    bp: pointer('rbp'),
    cpl: target.cpl,
    paragraphs: isParagraphMode(target),
    mode: target.mode,
  };
}

/** At most `limit` frames, innermost first. */
export function unwind(code: CodeReader, limit: number): Frame[] {
  const frames: Frame[] = [];
  let state = frameState(code.target);
  let caller: Caller | undefined;
  const visited = new Set<string>();
  for (;;) {
    const linear = linearPc(state);
    const waits = caller?.site !== undefined;
    const boundary = caller && boundaryWords(code, frames.at(-1)!, state, caller.entry, caller.site);
    frames.push({ ...state, linear, lookup: waits ? linear - 1 : linear, entered: caller?.entry, boundary });
    if (frames.length >= limit) return frames;
    const key = `${linear}:${stackLinear(state, state.sp)}`;
    if (visited.has(key)) return frames;
    visited.add(key);
    caller = callerOf(code, state);
    if (!caller) return frames;
    state = caller.state;
  }
}

/** Where the present procedure returns to. */
export function callerOf(code: CodeReader, state: FrameState): Caller | undefined {
  const { returns, lost } = simulate(code, state);
  const found = returns[0] ? returnTo(code, state, returns[0]) : undefined;
  if (found) return found;
  const guessed = lost && !returns[0] ? (byFramePointer(code, state) ?? byScanning(code, state)) : undefined;
  return guessed ?? byHistory(code, state);
}

/** Where the present ring or handler was entered from, as the history of transitions has it: for code that does not return. */
function byHistory(code: CodeReader, state: FrameState): Caller | undefined {
  const entry = entryOf(code.target, state);
  if (!entry) return undefined;
  const { from, kind, index } = entry;
  const outer = stateAt(code.target, state, from, index);
  if (!outer) return undefined;
  const after = kind === 'syscall' || kind === 'sysenter' ? outer.ip + SYSTEM_CALL : outer.ip;
  const next = kind === 'syscall' || kind === 'sysenter' ? { ...outer, ip: after } : outer;
  const site = callBefore(code, next, next.ip);
  const system = site?.kind === 'system';
  return { state: next, entry: kind === 'syscall' || kind === 'sysenter' ? 'system' : kind === 'call-gate' ? 'far' : 'interrupt', site: system || site?.kind === 'interrupt' || site?.kind === 'far' ? site : undefined }; // prettier-ignore
}

/** Bytes of SYSCALL and SYSENTER. */
const SYSTEM_CALL = 2;

/** The state that a transition left. */
function stateAt(target: DebugTarget, inner: FrameState, end: TransitionEnd, before: number): FrameState | undefined {
  const paragraphs = end.mode === 'real' || end.mode === 'v8086';
  const long = isLong(target);
  const cs = paragraphs ? paragraph(end.cs) : segmentAt(target, end.cs, end.mode === '64-bit');
  const ss = paragraphs ? paragraph(end.ss) : segmentAt(target, end.ss, end.mode === '64-bit');
  if (!cs || !ss) return undefined;
  const bits: CodeBits = end.mode === '64-bit' ? 64 : paragraphs ? 16 : cs.big ? 32 : 16;
  const sp = long ? end.rsp : wrapStack({ ...inner, bits, ss }, end.rsp);
  return { ip: end.rip, cs, bits, sp, ss, bp: undefined, cpl: end.cpl, paragraphs, mode: end.mode, before };
}

/** A segment by its selector; in 64-bit code it is flat whatever the tables hold. */
function segmentAt(target: DebugTarget, selector: number, wide: boolean): SegmentCache | undefined {
  const found = dataSegment(target, selector);
  return wide ? { ...(found ?? paragraph(selector)), base: 0, limit: 0xffffffff, long: true } : found;
}

const word = (code: CodeReader, state: FrameState, sp: number, size: number): number | undefined => {
  const bytes = code.read(stackLinear(state, wrapStack(state, sp)), size);
  return bytes.length < size ? undefined : addressIn(bytes);
};

function returnTo(code: CodeReader, state: FrameState, ret: Return): Caller | undefined {
  if (ret.kind === 'system') return byHistory(code, state);
  const { opSize: size } = ret;
  const after = (words: number): number => wrapStack(state, ret.sp + words * size);
  const ip = word(code, state, ret.sp, size);
  if (ip === undefined) return undefined;
  if (ret.kind === 'near') {
    const site = callBefore(code, state, ip);
    const sp = wrapStack(state, after(1) + ret.release);
    const next: FrameState = { ...state, ip, sp, bp: ret.bp };
    return site || isOwnCode(code, next) ? { state: next, entry: 'near', site } : undefined;
  }
  const selector = word(code, state, after(1), size);
  if (selector === undefined) return undefined;
  const entry = ret.kind === 'far' ? 'far' : 'interrupt';
  const words = ret.kind === 'far' ? 2 : 3;
  const flags = ret.kind === 'interrupt' ? word(code, state, after(2), size) : 0;
  if (flags === undefined) return undefined;
  const target = landing(
    code.target,
    state,
    selector & 0xffff,
    ret.kind === 'interrupt',
    size === 4 && !isLong(code.target) && (flags & VM_FLAG) !== 0,
  );
  if (!target) return undefined;
  let sp = wrapStack(state, after(words) + ret.release);
  let ss = state.ss;
  if (target.newStack) {
    const spWord = word(code, state, after(words) + ret.release, size);
    const ssWord = word(code, state, after(words + 1) + ret.release, size);
    if (spWord === undefined || ssWord === undefined) return undefined;
    const outer = target.paragraphs
      ? paragraph(ssWord & 0xffff)
      : segmentAt(code.target, ssWord & 0xffff, target.bits === 64);
    if (!outer) return undefined;
    ss = outer;
    sp = wrapStack({ ...state, bits: target.bits, ss }, spWord + ret.release);
  }
  const { newStack: _, ...rest } = target;
  const known = ret.kind === 'interrupt' ? entryOf(code.target, state) : undefined;
  const limit = known && known.from.rip - ip <= 0 && ip - known.from.rip <= 15 ? { before: known.index } : {};
  const next: FrameState = { ...state, ...rest, ip, sp, ss, bp: ret.bp, ...limit };
  const before = callBefore(code, next, ip);
  const site = before && before.kind === entry ? before : undefined;
  if (!site && entry === 'far') return undefined;
  if (!site && !code.decodeAt(linearPc(next), next.bits)?.row) return undefined;
  return { state: next, entry, site };
}

/** Code segment that a far or interrupt return goes to, and whether it takes a new stack from the frame. */
function landing(
  target: DebugTarget,
  from: FrameState,
  selector: number,
  interrupt: boolean,
  toV8086: boolean,
): Landing | undefined {
  if (toV8086 && !from.paragraphs)
    return { cs: paragraph(selector), bits: 16, cpl: 3, paragraphs: true, mode: 'v8086', newStack: true };
  // A v8086 monitor's handlers run in protected mode: a frame there never returns within paragraphs.
  if (from.paragraphs)
    return { cs: paragraph(selector), bits: 16, cpl: from.cpl, paragraphs: true, mode: from.mode, newStack: false };
  const descriptor = descriptorOf(target, selector);
  if (
    typeof descriptor === 'string' ||
    !descriptor.codeOrData ||
    !(descriptor.type & 8) ||
    descriptor.base === undefined
  )
    return undefined;
  const cpl = selector & 3;
  if (cpl < from.cpl) return undefined;
  const long = isLong(target);
  const bits: CodeBits = long && descriptor.long ? 64 : descriptor.big ? 32 : 16;
  const mode: Mode = bits === 64 ? '64-bit' : long ? 'compatibility' : bits === 32 ? 'protected32' : 'protected16';
  const cs = bits === 64 ? { ...cacheOf(selector, descriptor), base: 0 } : cacheOf(selector, descriptor);
  // 64-bit code always takes SS:RSP from the frame of an interrupt.
  const newStack = cpl > from.cpl || (interrupt && from.bits === 64);
  return { cs, bits, cpl, paragraphs: false, mode, newStack };
}

type Landing = Pick<FrameState, 'cs' | 'bits' | 'cpl' | 'paragraphs' | 'mode'> & { newStack: boolean };

function dataSegment(target: DebugTarget, selector: number): SegmentCache | undefined {
  const descriptor = descriptorOf(target, selector);
  return typeof descriptor === 'string' || descriptor.base === undefined ? undefined : cacheOf(selector, descriptor);
}

const cacheOf = (selector: number, d: Descriptor): SegmentCache => ({
  selector,
  base: d.base!,
  limit: d.limit!,
  type: d.type,
  codeOrData: d.codeOrData,
  dpl: d.dpl,
  present: d.present,
  big: d.big!,
  long: d.long!,
  granular: d.granular!,
  unusable: false,
});

const paragraph = (selector: number): SegmentCache => ({
  selector,
  base: selector * 16,
  limit: 0xffff,
  type: 3,
  codeOrData: true,
  dpl: 0,
  present: true,
  big: false,
  long: false,
  granular: false,
  unusable: false,
});

/** A frame made by `push ebp / mov ebp, esp`: the word above the saved frame pointer must be a return address. */
function byFramePointer(code: CodeReader, state: FrameState): Caller | undefined {
  const { bp } = state;
  const size = wordSize(state);
  if (bp === undefined || bp < state.sp || bp - state.sp > 0x10000) return undefined;
  const saved = word(code, state, bp, size);
  const ip = word(code, state, bp + size, size);
  if (saved === undefined || ip === undefined) return undefined;
  const site = callBefore(code, state, ip);
  if (site?.kind !== 'near') return undefined;
  return { state: { ...state, ip, sp: wrapStack(state, bp + 2 * size), bp: saved }, entry: 'near', site };
}

function byScanning(code: CodeReader, state: FrameState): Caller | undefined {
  const size = wordSize(state);
  for (let i = 0; i < SCAN_WORDS; i++) {
    const sp = wrapStack(state, state.sp + i * size);
    const bytes = code.read(stackLinear(state, sp), size);
    if (bytes.length < size) return undefined;
    const ip = addressIn(bytes);
    const site = ip !== undefined && (ip > 1 || ip < 0) ? callBefore(code, state, ip) : undefined;
    if (ip === undefined || site?.kind !== 'near') continue;
    const reaches = site.target !== undefined && site.target <= state.ip && state.ip - site.target < PROCEDURE_BYTES;
    if (!reaches && !(site.target === undefined && isOwnCode(code, { ...state, ip }))) continue;
    return { state: { ...state, ip, sp: wrapStack(state, sp + size), bp: undefined }, entry: 'near', site };
  }
  return undefined;
}

const isOwnCode = (code: CodeReader, state: FrameState): boolean => {
  const location = code.locate(linearPc(state), state.ip);
  return location?.entry.kind === 'code' && location.linear === linearPc(state);
};
