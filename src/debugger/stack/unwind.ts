// The call stack from the processor's state: each step finds the return of the procedure by simulation, else by the frame
// pointer, else by the first word on the stack that looks like a return address. Interrupt and far returns are followed
// through gates, rings and modes (Intel SDM vol. 3, "Stack Switching").

import type { Descriptor } from '../descriptors';
import type { CodeBits } from '../../isa/types';
import { bitsOfCs, type CodeReader } from '../code/reader';
import { registerNumber } from '../registers';
import { descriptorOf, isParagraphMode } from '../segments';
import { SegIndex, type DebugTarget, type SegmentCache } from '../target';
import { boundaryWords } from './boundary';
import { callBefore, type CallSite } from './callSite';
import { linearPc, stackLinear, stackMask, type Entry, type Frame, type FrameState } from './frame';
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
  const mask = ss.big ? 0xffffffff : 0xffff;
  return {
    ip: registerNumber(target, 'rip'),
    cs: target.segment(SegIndex.CS),
    bits: bitsOfCs(target),
    sp: (registerNumber(target, 'rsp') & mask) >>> 0,
    ss,
    bp: (registerNumber(target, 'rbp') & mask) >>> 0,
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
    frames.push({ ...state, linear, lookup: waits ? (linear - 1) >>> 0 : linear, entered: caller?.entry, boundary });
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
  if (returns[0]) return returnTo(code, state, returns[0]);
  return lost ? (byFramePointer(code, state) ?? byScanning(code, state)) : undefined;
}

const word = (code: CodeReader, state: FrameState, sp: number, size: number): number | undefined => {
  const bytes = code.read(stackLinear(state, (sp & stackMask(state)) >>> 0), size);
  return bytes.length < size ? undefined : bytes.reduceRight((v, b) => v * 256 + b, 0);
};

function returnTo(code: CodeReader, state: FrameState, ret: Return): Caller | undefined {
  const { opSize: size } = ret;
  const after = (words: number): number => ((ret.sp + words * size) & stackMask(state)) >>> 0;
  const ip = word(code, state, ret.sp, size);
  if (ip === undefined) return undefined;
  if (ret.kind === 'near') {
    const site = callBefore(code, state.cs.base, ip, state.bits);
    const sp = ((after(1) + ret.release) & stackMask(state)) >>> 0;
    const next: FrameState = { ...state, ip, sp, bp: ret.bp };
    return site || isOwnCode(code, next) ? { state: next, entry: 'near', site } : undefined;
  }
  const selector = word(code, state, after(1), size);
  if (selector === undefined) return undefined;
  const entry = ret.kind === 'far' ? 'far' : 'interrupt';
  const words = ret.kind === 'far' ? 2 : 3;
  const flags = ret.kind === 'interrupt' ? word(code, state, after(2), size) : 0;
  if (flags === undefined) return undefined;
  const target = landing(code.target, state, selector & 0xffff, size === 4 && (flags & VM_FLAG) !== 0);
  if (!target) return undefined;
  let sp = ((after(words) + ret.release) & stackMask(state)) >>> 0;
  let ss = state.ss;
  if (target.newStack) {
    const spWord = word(code, state, after(words) + ret.release, size);
    const ssWord = word(code, state, after(words + 1) + ret.release, size);
    if (spWord === undefined || ssWord === undefined) return undefined;
    const outer = target.paragraphs ? paragraph(ssWord & 0xffff) : dataSegment(code.target, ssWord & 0xffff);
    if (!outer) return undefined;
    ss = outer;
    sp = ((spWord & (ss.big ? 0xffffffff : 0xffff)) + ret.release) >>> 0;
  }
  const { newStack: _, ...rest } = target;
  const next: FrameState = { ...state, ...rest, ip, sp, ss, bp: ret.bp };
  const before = callBefore(code, next.cs.base, ip, next.bits);
  const site = before && before.kind === entry ? before : undefined;
  if (!site && entry === 'far') return undefined;
  if (!site && !code.decodeAt(linearPc(next), next.bits)?.row) return undefined;
  return { state: next, entry, site };
}

/** Code segment that a far or interrupt return goes to, and whether it takes a new stack from the frame. */
function landing(target: DebugTarget, from: FrameState, selector: number, toV8086: boolean): Landing | undefined {
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
  const bits: CodeBits = descriptor.big ? 32 : 16;
  const mode = bits === 32 ? 'protected32' : 'protected16';
  return { cs: cacheOf(selector, descriptor), bits, cpl, paragraphs: false, mode, newStack: cpl > from.cpl };
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
  const size = state.bits === 16 ? 2 : 4;
  if (bp === undefined || bp < state.sp || bp - state.sp > 0x10000) return undefined;
  const saved = word(code, state, bp, size);
  const ip = word(code, state, bp + size, size);
  if (saved === undefined || ip === undefined) return undefined;
  const site = callBefore(code, state.cs.base, ip, state.bits);
  if (site?.kind !== 'near') return undefined;
  return { state: { ...state, ip, sp: (bp + 2 * size) >>> 0, bp: saved }, entry: 'near', site };
}

function byScanning(code: CodeReader, state: FrameState): Caller | undefined {
  const size = state.bits === 16 ? 2 : 4;
  for (let i = 0; i < SCAN_WORDS; i++) {
    const sp = ((state.sp + i * size) & stackMask(state)) >>> 0;
    const ip = word(code, state, sp, size);
    if (ip === undefined) return undefined;
    const site = ip > 1 ? callBefore(code, state.cs.base, ip, state.bits) : undefined;
    if (site?.kind !== 'near') continue;
    const reaches = site.target !== undefined && site.target <= state.ip && state.ip - site.target < PROCEDURE_BYTES;
    if (!reaches && !(site.target === undefined && isOwnCode(code, { ...state, ip }))) continue;
    return { state: { ...state, ip, sp: (sp + size) & stackMask(state), bp: undefined }, entry: 'near', site };
  }
  return undefined;
}

const isOwnCode = (code: CodeReader, state: FrameState): boolean => {
  const location = code.program()?.locate(linearPc(state), state.ip, code.read);
  return location?.entry.kind === 'code' && location.linear === linearPc(state);
};
