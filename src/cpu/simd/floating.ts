// The exact, slow path of the SSE floating-point instructions: every lane through base/softFloat with the modes of MXCSR, then
// the flags, then #XM when an exception is unmasked (Intel SDM vol. 1, "SIMD Floating-Point Exception Conditions"). An unmasked
// exception of the operands (IE, DE, ZE) hides those of the results.
import * as S from '../../base/softFloat';
import type { Format, FloatStatus } from '../../base/softFloat';
import type { Cpu } from '../cpu';
import { CR4_OSXMMEXCPT, S_MXCSR, V_A, V_B, V_DEFER, V_FLAGS, V_OUT, V_R, XM } from '../layout';
import { raise, raiseUD } from '../raise';
import type { VectorFunction } from './vectorFunction';

const DAZ = 0x40;
const FTZ = 0x8000;
const UNDERFLOW_MASK = 0x800;
const OVERFLOW_MASK = 0x400;
const BEFORE_COMPUTATION = S.INVALID | S.DENORMAL | S.DIVIDE;

export function floatStatus(cpu: Cpu): FloatStatus {
  const mxcsr = cpu.i32[S_MXCSR >> 2];
  return {
    rounding: (mxcsr >> 13) & 3,
    daz: (mxcsr & DAZ) !== 0,
    ftz: (mxcsr & FTZ) !== 0,
    underflowMasked: (mxcsr & UNDERFLOW_MASK) !== 0,
    overflowMasked: (mxcsr & OVERFLOW_MASK) !== 0,
    flags: 0,
  };
}

/**
 * Puts the flags into MXCSR; false when one of them is unmasked. When other lanes are to follow they wait, by stage: a stage
 * is what is reported before the next one begins.
 */
export function commitFlags(cpu: Cpu, flags: number, stage = 0): boolean {
  if (cpu.i32[V_DEFER >> 2] !== 0) {
    cpu.u8[V_FLAGS + stage] |= flags;
    return true;
  }
  const mxcsr = cpu.i32[S_MXCSR >> 2];
  const masks = (mxcsr >> 7) & 0x3f;
  const early = (flags & ~masks & BEFORE_COMPUTATION) !== 0;
  const reported = early ? flags & BEFORE_COMPUTATION : flags;
  cpu.i32[S_MXCSR >> 2] = mxcsr | reported;
  const unmasked = reported & ~masks;
  if (unmasked === 0) return true;
  if ((cpu.cr4 & CR4_OSXMMEXCPT) === 0) raiseUD(cpu, 'simd-exceptions-disabled', { exceptions: unmasked, mxcsr });
  else raise(cpu, XM, -1, 'simd-exception', { exceptions: unmasked, mxcsr });
  return false;
}

type Lane = (s: FloatStatus, f: Format, a: bigint, b: bigint, immediate: number) => bigint;

const read = (cpu: Cpu, f: Format, at: number, lane: number): bigint =>
  f === S.BINARY64 ? cpu.u64[(at >> 3) + lane] : BigInt(cpu.u32[(at >> 2) + lane]);
function write(cpu: Cpu, f: Format, at: number, lane: number, value: bigint): void {
  if (f === S.BINARY64) cpu.u64[(at >> 3) + lane] = value;
  else cpu.u32[(at >> 2) + lane] = Number(BigInt.asUintN(32, value));
}

/** Lanes selected by the low four bits of the argument, the others from V_A; immediates from bit 8 on. */
const lanewise =
  (f: Format, operation: Lane | ((lane: number) => Lane)): VectorFunction =>
  (cpu, argument) => {
    const s = floatStatus(cpu);
    const perLane = operation.length === 1 ? (operation as (lane: number) => Lane) : () => operation as Lane;
    cpu.u8.copyWithin(V_R, V_A, V_A + 16);
    for (let lane = 0; lane < 128 / Number(f.bits); lane++) {
      if ((argument & (1 << lane)) === 0) continue;
      const r = perLane(lane)(s, f, read(cpu, f, V_A, lane), read(cpu, f, V_B, lane), argument >> 8);
      write(cpu, f, V_R, lane, r);
    }
    return commitFlags(cpu, s.flags);
  };

/** Predicates of CMPPS and VCMPPS: which orderings hold, and whether a quiet NaN is invalid for 0-15 (16-31: the contrary). */
const HOLDS = ['equal', 'less', 'less equal', 'unordered'];
const HOLDS_REVERSED = ['equal unordered', 'less unordered', 'less equal unordered', ''];
const predicate = (number: number): { holds: string; negated: boolean } => {
  const low = number & 7;
  const base = (number & 8) === 0 ? HOLDS[low & 3] : HOLDS_REVERSED[low & 3];
  return { holds: base, negated: low >= 4 };
};
/** Predicates for which a quiet NaN is invalid. */
const SIGNALING = 0x99996666 >>> 0;

function compareLane(s: FloatStatus, f: Format, a: bigint, b: bigint, immediate: number): bigint {
  const number = immediate & 31;
  const ordering = S.compare(s, f, a, b, ((SIGNALING >>> number) & 1) === 1);
  const { holds, negated } = predicate(number);
  return holds.split(' ').includes(ordering) !== negated ? (1n << f.bits) - 1n : 0n;
}

const rounded: Lane = (s, f, _a, b, immediate) =>
  S.roundToIntegral(s, f, b, (immediate & 4) !== 0 ? s.rounding : immediate & 3, (immediate & 8) !== 0);

/** ZF, PF, CF of COMISS as bits 0, 1, 2 of V_OUT. */
const compareFlags =
  (f: Format, signaling: boolean): VectorFunction =>
  (cpu) => {
    const s = floatStatus(cpu);
    const ordering = S.compare(s, f, read(cpu, f, V_A, 0), read(cpu, f, V_B, 0), signaling);
    cpu.i32[V_OUT >> 2] = { unordered: 7, greater: 0, less: 4, equal: 1 }[ordering];
    return commitFlags(cpu, s.flags);
  };

/** Products that bits 4-7 of the immediate select, added; the sum goes where bits 0-3 say. */
const dotProduct =
  (f: Format): VectorFunction =>
  (cpu, argument) => {
    const lanes = 128 / Number(f.bits);
    const s = floatStatus(cpu);
    const products = Array.from({ length: lanes }, (_, lane) =>
      (argument & (0x10 << lane)) === 0 ? 0n : S.multiply(s, f, read(cpu, f, V_A, lane), read(cpu, f, V_B, lane)),
    );
    if (!commitFlags(cpu, s.flags)) return false;
    s.flags = 0;
    const pairs = Array.from({ length: lanes / 2 }, (_, i) => S.add(s, f, products[2 * i], products[2 * i + 1]));
    if (!commitFlags(cpu, s.flags, 1)) return false;
    s.flags = 0;
    const sum = pairs.length === 1 ? pairs[0] : S.add(s, f, pairs[0], pairs[1]);
    if (!commitFlags(cpu, s.flags, 2)) return false;
    for (let lane = 0; lane < lanes; lane++) write(cpu, f, V_R, lane, (argument & (1 << lane)) === 0 ? 0n : sum);
    return true;
  };

/** Lane by lane from V_B in one format to V_R in another; lanes of V_A stay where the argument's bit 4 is set. */
function convertLanes(
  sourceAt: (cpu: Cpu, lane: number) => bigint,
  store: (cpu: Cpu, lane: number, value: bigint) => void,
  operation: (s: FloatStatus, value: bigint) => bigint,
): VectorFunction {
  return (cpu, argument) => {
    const s = floatStatus(cpu);
    const results: bigint[] = [];
    for (let lane = 0; lane < (argument & 7); lane++) results.push(operation(s, sourceAt(cpu, lane)));
    if ((argument & 16) !== 0) cpu.u8.copyWithin(V_R, V_A, V_A + 16);
    else cpu.u8.fill(0, V_R, V_R + 16);
    results.forEach((value, lane) => store(cpu, lane, value));
    return commitFlags(cpu, s.flags);
  };
}

const BOTH: readonly (readonly [string, Format])[] = [
  ['32', S.BINARY32],
  ['64', S.BINARY64],
];
const from = (f: Format) => (cpu: Cpu, lane: number) => read(cpu, f, V_B, lane);
const into = (f: Format) => (cpu: Cpu, lane: number, value: bigint) => {
  write(cpu, f, V_R, lane, value);
};
/** Signed integers in V_B, results in V_R. */
const fromInt32 = (cpu: Cpu, lane: number): bigint => BigInt(cpu.i32[(V_B >> 2) + lane]);
const fromInt64 = (cpu: Cpu, lane: number): bigint => BigInt.asIntN(64, cpu.u64[(V_B >> 3) + lane]);

export const FLOAT_FUNCTIONS: Record<string, VectorFunction> = Object.assign(
  {},
  ...BOTH.map(([size, f]) => ({
    [`add${size}`]: lanewise(f, (s, g, a, b, _i) => S.add(s, g, a, b)),
    [`sub${size}`]: lanewise(f, (s, g, a, b, _i) => S.subtract(s, g, a, b)),
    [`mul${size}`]: lanewise(f, (s, g, a, b, _i) => S.multiply(s, g, a, b)),
    [`div${size}`]: lanewise(f, (s, g, a, b, _i) => S.divide(s, g, a, b)),
    [`sqrt${size}`]: lanewise(f, (s, g, _a, b, _i) => S.squareRoot(s, g, b)),
    [`min${size}`]: lanewise(f, (s, g, a, b, _i) => S.extremum(s, g, a, b, 'less')),
    [`max${size}`]: lanewise(f, (s, g, a, b, _i) => S.extremum(s, g, a, b, 'greater')),
    [`addsub${size}`]: lanewise(f, (lane: number): Lane => (lane & 1 ? S.add : S.subtract)),
    [`cmp${size}`]: lanewise(f, compareLane),
    [`round${size}`]: lanewise(f, rounded),
    [`comi${size}`]: compareFlags(f, true),
    [`ucomi${size}`]: compareFlags(f, false),
    [`dp${size}`]: dotProduct(f),
    [`to32from${size}`]: convertLanes(
      from(f),
      (cpu, lane, value) => {
        cpu.i32[(V_R >> 2) + lane] = Number(value);
      },
      (s, value) => S.toInteger(s, f, value, 32),
    ),
    [`trunc32from${size}`]: convertLanes(
      from(f),
      (cpu, lane, value) => {
        cpu.i32[(V_R >> 2) + lane] = Number(value);
      },
      (s, value) => S.toInteger(s, f, value, 32, S.ZERO),
    ),
    [`to64from${size}`]: convertLanes(
      from(f),
      (cpu, lane, value) => {
        cpu.u64[(V_R >> 3) + lane] = BigInt.asUintN(64, value);
      },
      (s, value) => S.toInteger(s, f, value, 64),
    ),
    [`trunc64from${size}`]: convertLanes(
      from(f),
      (cpu, lane, value) => {
        cpu.u64[(V_R >> 3) + lane] = BigInt.asUintN(64, value);
      },
      (s, value) => S.toInteger(s, f, value, 64, S.ZERO),
    ),
    [`int32to${size}`]: convertLanes(fromInt32, into(f), (s, value) => S.fromInteger(s, f, value)),
    [`int64to${size}`]: convertLanes(fromInt64, into(f), (s, value) => S.fromInteger(s, f, value)),
  })),
  {
    widen: convertLanes(from(S.BINARY32), into(S.BINARY64), (s, v) => S.convert(s, S.BINARY32, S.BINARY64, v)),
    narrow: convertLanes(from(S.BINARY64), into(S.BINARY32), (s, v) => S.convert(s, S.BINARY64, S.BINARY32, v)),
  },
) as Record<string, VectorFunction>;

/** RCP and RSQRT: no exceptions, denormals count as zeros; within the error that the manuals allow, not any silicon's table. */
const approximate =
  (operation: (value: number) => number): VectorFunction =>
  (cpu, argument) => {
    cpu.u8.copyWithin(V_R, V_A, V_A + 16);
    const at = (offset: number, lane: number): number => offset + lane * 4;
    for (let lane = 0; lane < 4; lane++) {
      if ((argument & (1 << lane)) === 0) continue;
      const bits = cpu.u32[at(V_B, lane) >> 2];
      const exponent = (bits >>> 23) & 0xff;
      if (exponent === 0xff && (bits & 0x7fffff) !== 0) {
        cpu.u32[at(V_R, lane) >> 2] = bits | 0x400000;
        continue;
      }
      const zero = (bits & 0x80000000) !== 0 ? -0 : 0;
      const result = operation(exponent === 0 ? zero : cpu.view.getFloat32(at(V_B, lane), true));
      const tiny = Math.abs(result) < 2 ** -126;
      cpu.view.setFloat32(at(V_R, lane), tiny ? (result < 0 || Object.is(result, -0) ? -0 : 0) : result, true);
      if (Number.isNaN(result)) cpu.u32[at(V_R, lane) >> 2] = 0xffc00000;
    }
    return true;
  };

FLOAT_FUNCTIONS.rcp32 = approximate((value) => 1 / value);
FLOAT_FUNCTIONS.rsqrt32 = approximate((value) => (value === 0 ? 1 / value : 1 / Math.sqrt(value)));
