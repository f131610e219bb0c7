// Vector operations in TypeScript that only AVX, FMA and F16C have (Intel SDM vol. 2; vol. 1, "Programming with AVX, FMA and
// AVX2"): why AVX cannot be used, fused multiplication and addition, half precision, clearing of the upper halves.
import * as S from '../../base/softFloat';
import type { FloatStatus, Format } from '../../base/softFloat';
import type { Cpu } from '../cpu';
import {
  CR0_PE,
  CR0_TS,
  CR4_OSXSAVE,
  NM,
  S_EFER,
  S_XCR0,
  S_XMM,
  V_A,
  V_B,
  V_C,
  V_FLAGS,
  V_R,
  VM,
  XMM_SIZE,
} from '../layout';
import { raise, raiseUD } from '../raise';
import { commitFlags, floatStatus } from './floating';
import type { VectorFunction } from './vectorFunction';

const AVX_STATE = 6n;

/** False with #UD or #NM. */
export function vexUsable(cpu: Cpu): boolean {
  const enabled = (cpu.cr4 & CR4_OSXSAVE) !== 0 && (cpu.u64[S_XCR0 >> 3]! & AVX_STATE) === AVX_STATE;
  const mode = (cpu.cr0 & CR0_PE) !== 0 && (cpu.sysFlags & VM) === 0;
  return (enabled && mode && (cpu.cr0 & CR0_TS) === 0) || vexUnavailable(cpu);
}

function vexUnavailable(cpu: Cpu): boolean {
  if ((cpu.cr0 & CR0_PE) === 0 || (cpu.sysFlags & VM) !== 0) raiseUD(cpu, 'vex-mode', {});
  else if ((cpu.cr4 & CR4_OSXSAVE) === 0) raiseUD(cpu, 'osxsave', { mnemonic: 'avx' });
  else if ((cpu.u64[S_XCR0 >> 3]! & AVX_STATE) !== AVX_STATE)
    raiseUD(cpu, 'avx-disabled', { xcr0: Number(cpu.u64[S_XCR0 >> 3]!) });
  else raise(cpu, NM, -1, 'vector-task-switched', { cr0: cpu.cr0 });
  return false;
}

const read = (cpu: Cpu, f: Format, at: number, lane: number): bigint =>
  f === S.BINARY64 ? cpu.u64[(at >> 3) + lane]! : BigInt(cpu.u32[(at >> 2) + lane]!);
function write(cpu: Cpu, f: Format, lane: number, value: bigint): void {
  if (f === S.BINARY64) cpu.u64[(V_R >> 3) + lane] = value;
  else cpu.u32[(V_R >> 2) + lane] = Number(value);
}

/** Lanes in bits 0-3; bit 8 negates the product, 9 and 10 subtract in even and odd lanes. */
const fused =
  (f: Format): VectorFunction =>
  (cpu, argument) => {
    const s = floatStatus(cpu);
    for (let lane = 0; lane < 128 / Number(f.bits); lane++) {
      if ((argument & (1 << lane)) === 0) continue;
      const subtract = (argument & ((lane & 1) === 0 ? 0x200 : 0x400)) !== 0;
      const [a, b, c] = [V_A, V_B, V_C].map((at) => read(cpu, f, at, lane));
      write(cpu, f, lane, S.fusedMultiplyAdd(s, f, a!, b!, c!, (argument & 0x100) !== 0, subtract));
    }
    return commitFlags(cpu, s.flags);
  };

/** Denormal halves are exact as singles: neither DAZ nor a flag concerns them. */
function halfToSingle(cpu: Cpu): boolean {
  const s: FloatStatus = { ...floatStatus(cpu), daz: false };
  for (let lane = 0; lane < 4; lane++) {
    const half = BigInt(cpu.u16[(V_B >> 1) + lane]!);
    write(cpu, S.BINARY32, lane, S.convert(s, S.BINARY16, S.BINARY32, half));
  }
  return commitFlags(cpu, s.flags & ~S.DENORMAL);
}

/** Rounding in bits 8 and 9 of the argument, or MXCSR's with bit 10; FTZ does not concern it. */
function singleToHalf(cpu: Cpu, argument: number): boolean {
  const s: FloatStatus = { ...floatStatus(cpu), ftz: false };
  if ((argument & 0x400) === 0) s.rounding = (argument >> 8) & 3;
  const halves = [0, 1, 2, 3].map((lane) => S.convert(s, S.BINARY32, S.BINARY16, read(cpu, S.BINARY32, V_B, lane)));
  cpu.u64[V_R >> 3] = cpu.u64[(V_R >> 3) + 1] = 0n;
  halves.forEach((half, lane) => {
    cpu.u16[(V_R >> 1) + lane] = Number(half);
  });
  return commitFlags(cpu, s.flags);
}

/** From that byte of every register on; outside 64-bit code only the first eight. */
function zeroUpper(cpu: Cpu, from: number): boolean {
  const count = inLongCode(cpu) ? 16 : 8;
  for (let n = 0; n < count; n++) cpu.u8.fill(0, S_XMM + n * XMM_SIZE + from, S_XMM + n * XMM_SIZE + 32);
  return true;
}

const CS = 1;
const ATTR_L = 0x2000;
const EFER_LMA = 0x400;
const inLongCode = (cpu: Cpu): boolean => (cpu.attr(CS) & ATTR_L) !== 0 && (cpu.u32[S_EFER >> 2]! & EFER_LMA) !== 0;

/** What deferred lanes collected, stage by stage (a dot product has three), until one stops at an unmasked exception. */
function commitDeferred(cpu: Cpu): boolean {
  const stages = [0, 1, 2].map((stage) => cpu.u8[V_FLAGS + stage]!);
  cpu.i32[V_FLAGS >> 2] = 0;
  return stages.every((flags) => commitFlags(cpu, flags));
}

export const VEX_FUNCTIONS: Record<string, VectorFunction> = {
  commitDeferred,
  vexUnavailable,
  fused32: fused(S.BINARY32),
  fused64: fused(S.BINARY64),
  halfToSingle,
  singleToHalf,
  zeroUpper,
};
