// XSAVE, XSAVEOPT, XSAVEC, XSAVES, XRSTOR, XRSTORS (Intel SDM vol. 1, "Managing State Using the XSAVE Feature Set"): a legacy
// area as of FXSAVE, a header of 64 bytes, the upper halves of the YMM registers at 576 in both formats, as nothing comes
// between them. A component that has its initial values counts as not in use. There is no supervisor state: IA32_XSS is 0.
import type { Insn, MemOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { block, locate, probeArea, readArea, writeArea, type Area } from '../fpu/memory';
import { controlWord, CW_INITIAL, initFpu, MXCSR_INITIAL, statusWord } from '../fpu/state';
import {
  CR0_TS,
  FPR_SIZE,
  NM,
  S_FCS,
  S_FDP,
  S_FDS,
  S_FIP,
  S_FOP,
  S_FPR,
  S_FTAG,
  S_MXCSR,
  S_XCR0,
  S_XMM,
} from '../layout';
import { raise, raiseGP } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { areaBytes, AVX_AT, AVX_BYTES, XCR0_AVX as AVX, XCR0_SSE as SSE, XCR0_X87 as X87 } from '../xcr0';
import { requireRing0, requireXsave } from './checks';
import { checkMxcsr, loadX87, loadXmm, storeMxcsr, storeX87, storeXmm, wide, xmmCount } from './fxsave';

const COMPACT = 1n << 63n;
const HEADER = 512;
const XMM_SIZE = 64;

const AX = 0,
  DX = 2;

type Kind = 'save' | 'opt' | 'compact';

const requested = (cpu: Cpu): bigint =>
  ((BigInt(cpu.reg32(DX)) << 32n) | BigInt(cpu.reg32(AX))) & cpu.u64[S_XCR0 >> 3]!;

function x87InUse(cpu: Cpu): boolean {
  if (controlWord(cpu) !== CW_INITIAL || statusWord(cpu) !== 0 || cpu.i32[S_FTAG >> 2] !== 0) return true;
  if ([S_FOP, S_FIP, S_FIP + 4, S_FDP, S_FDP + 4, S_FCS, S_FDS].some((at) => cpu.i32[at >> 2] !== 0)) return true;
  return cpu.i32.subarray(S_FPR >> 2, (S_FPR + 8 * FPR_SIZE) >> 2).some((word) => word !== 0);
}
function registersInUse(cpu: Cpu, from: number): boolean {
  for (let n = 0; n < 16; n++) {
    const at = (S_XMM + XMM_SIZE * n + from) >> 3;
    if (cpu.u64[at] !== 0n || cpu.u64[at + 1] !== 0n) return true;
  }
  return false;
}
/** XINUSE; for the compacted formats MXCSR belongs to SSE. */
export function stateInUse(cpu: Cpu, withMxcsr: boolean): bigint {
  const mxcsr = withMxcsr && cpu.u32[S_MXCSR >> 2] !== MXCSR_INITIAL;
  return (
    (x87InUse(cpu) ? X87 : 0n) | (mxcsr || registersInUse(cpu, 0) ? SSE : 0n) | (registersInUse(cpu, 16) ? AVX : 0n)
  );
}

function area(cpu: Cpu, insn: Insn, write: boolean): Area | undefined {
  if (!requireXsave(cpu, insn)) return undefined;
  if ((cpu.cr0 & CR0_TS) !== 0) {
    raise(cpu, NM, -1, 'x87-task-switched', { mnemonic: insn.row!.mn, cr0: cpu.cr0 });
    return undefined;
  }
  const size = areaBytes(cpu.u64[S_XCR0 >> 3]!);
  const found = locate(cpu, insn.operands[0] as MemOperand, size, 1, write);
  if (found === undefined) return undefined;
  const { linear } = found[0]!;
  if ((linear & 63) === 0) return found;
  raiseGP(cpu, 0, 'memory-alignment', { linear, alignment: 64, mnemonic: insn.row!.mn });
  return undefined;
}

function copyUpper(cpu: Cpu, count: number, load: boolean): void {
  for (let n = 0; n < count; n++) {
    for (let half = 0; half < 2; half++) {
      const at = ((S_XMM + XMM_SIZE * n + 16) >> 3) + half;
      const place = AVX_AT + 16 * n + 8 * half;
      if (load) cpu.u64[at] = block.getBigUint64(place, true);
      else block.setBigUint64(place, cpu.u64[at]!, true);
    }
  }
}

const save =
  (kind: Kind): SysRoutine =>
  (cpu, insn) => {
    const to = area(cpu, insn, true);
    // what is not written keeps what memory holds
    if (to === undefined || !probeArea(cpu, to, 0, AVX_AT + AVX_BYTES, true) || !readArea(cpu, to)) return FAULT;
    const compact = kind === 'compact';
    const rfbm = requested(cpu);
    const inUse = stateInUse(cpu, compact);
    const written = kind === 'save' ? rfbm : rfbm & inUse;
    if ((written & X87) !== 0n) storeX87(cpu, wide(insn));
    const mxcsr = compact ? written & SSE : rfbm & (SSE | AVX);
    if (mxcsr !== 0n) storeMxcsr(cpu);
    if ((written & SSE) !== 0n) storeXmm(cpu, xmmCount(insn));
    if ((written & AVX) !== 0n) copyUpper(cpu, xmmCount(insn), false);
    const before = block.getBigUint64(HEADER, true);
    block.setBigUint64(HEADER, compact ? rfbm & inUse : (before & ~rfbm) | (rfbm & inUse), true);
    if (compact) block.setBigUint64(HEADER + 8, rfbm | COMPACT, true);
    return writeArea(cpu, to) ? NEXT : FAULT;
  };

/** Why the header cannot be loaded; undefined when it can. */
function headerProblem(cpu: Cpu, supervisor: boolean): string | undefined {
  const word = (n: number): bigint => block.getBigUint64(HEADER + 8 * n, true);
  const [present, format] = [word(0), word(1)];
  const known = cpu.u64[S_XCR0 >> 3]!;
  const rest = [2, 3, 4, 5, 6, 7].filter((n) => word(n) !== 0n);
  if ((format & COMPACT) === 0n) {
    if (supervisor) return 'the format is not the compacted one';
    if (format !== 0n || word(2) !== 0n) return 'reserved bytes are not zero';
    return (present & ~known) !== 0n ? 'XSTATE_BV has components that XCR0 does not' : undefined;
  }
  if (rest.length > 0) return 'reserved bytes are not zero';
  if ((format & ~COMPACT & ~known) !== 0n) return 'XCOMP_BV has components that XCR0 does not';
  return (present & ~format) !== 0n ? 'XSTATE_BV has components that XCOMP_BV does not' : undefined;
}

function restore(cpu: Cpu, insn: Insn, supervisor: boolean): SysResult {
  const from = area(cpu, insn, false);
  if (from === undefined || !readArea(cpu, from)) return FAULT;
  const problem = headerProblem(cpu, supervisor);
  if (problem !== undefined) return raiseGP(cpu, 0, 'xsave-header', { problem });
  const rfbm = requested(cpu);
  const present = block.getBigUint64(HEADER, true);
  const compact = (block.getBigUint64(HEADER + 8, true) & COMPACT) !== 0n;
  const has = (component: bigint): boolean => (rfbm & component) !== 0n && (present & component) !== 0n;
  const mxcsr = compact ? has(SSE) : (rfbm & (SSE | AVX)) !== 0n;
  if (mxcsr && !checkMxcsr(cpu)) return FAULT;
  if (has(X87)) loadX87(cpu, wide(insn));
  else if ((rfbm & X87) !== 0n) {
    initFpu(cpu);
    cpu.u8.fill(0, S_FPR, S_FPR + 8 * FPR_SIZE);
  }
  if (mxcsr) cpu.u32[S_MXCSR >> 2] = block.getUint32(24, true);
  else if (compact && (rfbm & SSE) !== 0n) cpu.u32[S_MXCSR >> 2] = MXCSR_INITIAL;
  const count = xmmCount(insn);
  if (has(SSE)) loadXmm(cpu, count);
  else if ((rfbm & SSE) !== 0n) clear(cpu, count, 0);
  if (has(AVX)) copyUpper(cpu, count, true);
  else if ((rfbm & AVX) !== 0n) clear(cpu, count, 16);
  return NEXT;
}

function clear(cpu: Cpu, count: number, from: number): void {
  for (let n = 0; n < count; n++) cpu.u8.fill(0, S_XMM + XMM_SIZE * n + from, S_XMM + XMM_SIZE * n + from + 16);
}

const inRing0 =
  (routine: SysRoutine): SysRoutine =>
  (cpu, insn) =>
    requireXsave(cpu, insn) && requireRing0(cpu, insn) ? routine(cpu, insn) : FAULT;

export const XSAVE_ROUTINES: Record<string, SysRoutine> = {
  xsave: save('save'),
  xsaveopt: save('opt'),
  xsavec: save('compact'),
  xsaves: inRing0(save('compact')),
  xrstor: (cpu, insn) => restore(cpu, insn, false),
  xrstors: inRing0((cpu, insn) => restore(cpu, insn, true)),
};
