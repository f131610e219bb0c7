// Model-specific registers (Intel SDM vol. 4; AMD APM vol. 2, appendix A): which exist on which model, their values after
// reset, which bits may be written and what a write does. Registers without an effect here (memory types, machine check,
// performance counters) keep what is written. Most values live in cpu.msrs, those that other parts need at hand elsewhere.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { CR0_PG, S_CR0, S_EFER, S_SEG, SEG_BASE, SEG_SIZE } from './layout';
import { MODELS, type ModelFacts } from './models';
import { flushTranslations } from './tlb';

export interface Msr {
  readonly name: string;
  /** The feature that brings it, or `p5`/`p6`: exactly that generation. */
  readonly feature: string;
  readonly reset?: bigint;
  /** Bits that may be 1 in a value that is written; absent: all. */
  readonly writable?: bigint;
  /** Writing raises #GP. */
  readonly readOnly?: true;
  /** Whether a value with good bits is accepted; absent: always. */
  readonly accepts?: (value: bigint, cpu: Cpu) => boolean;
  readonly read?: (cpu: Cpu) => bigint;
  /** False: the value is refused after all. */
  readonly write?: (cpu: Cpu, value: bigint) => boolean | void;
}

export const MSR_TSC_ADJUST = 0x3b;
export const MSR_DEBUGCTL = 0x1d9;
/** Single-step on branches. */
export const DEBUGCTL_BTF = 2n;
export const MSR_TSC_AUX = 0xc0000103;
const LOW = 0xffffffffn;
const MEMORY_TYPES: ReadonlySet<number> = new Set([0, 1, 4, 5, 6]);
const UNCACHED_MINUS = 7;
const bytesOf = (value: bigint): number[] =>
  Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** Bits 63 to 48 repeat bit 47. */
export const isCanonical = (value: bigint): boolean => BigInt.asIntN(48, value) === BigInt.asIntN(64, value);

const typesAreValid = (value: bigint): boolean => bytesOf(value).every((type) => MEMORY_TYPES.has(type));
const addressMask = (model: ModelFacts): bigint => (1n << BigInt(model.physicalBits)) - 1n;
const isPhysical = (value: bigint, cpu: Cpu): boolean => (value & ~addressMask(MODELS[cpu.model])) === 0n;

/** Bits of IA32_MISC_ENABLE that act: CPUID's highest leaf is 3; the execute-disable bit is not there. */
const MISC_ENABLE = 0x1a0;
const LIMIT_CPUID = 1n << 22n;
const NO_EXECUTE_DISABLE = 1n << 34n;
const miscBit = (cpu: Cpu, bit: bigint): boolean => ((cpu.msrs.get(MISC_ENABLE) ?? 0n) & bit) !== 0n;
export const cpuidLimited = (cpu: Cpu): boolean => miscBit(cpu, LIMIT_CPUID);
export const executeDisableOff = (cpu: Cpu): boolean => miscBit(cpu, NO_EXECUTE_DISABLE);

// EFER
export const EFER_SCE = 0x1n,
  EFER_LME = 0x100n,
  EFER_LMA = 0x400n,
  EFER_NX = 0x800n;
const EFER_BITS: readonly (readonly [string, bigint])[] = [
  ['syscall', EFER_SCE],
  ['lm', EFER_LME],
  ['nx', EFER_NX],
];

const efer: Msr = {
  name: 'IA32_EFER',
  feature: 'syscall',
  read: (cpu) => cpu.u64[S_EFER >> 3]!,
  accepts: (value, cpu) => {
    const { features } = MODELS[cpu.model];
    const allowed = EFER_BITS.reduce(
      (bits, [name, bit]) => (features.has(name) && !(bit === EFER_NX && executeDisableOff(cpu)) ? bits | bit : bits),
      EFER_LMA,
    );
    const changed = value ^ cpu.u64[S_EFER >> 3]!;
    const paging = (cpu.u32[S_CR0 >> 2]! & CR0_PG) !== 0;
    return (value & ~allowed) === 0n && !(paging && (changed & EFER_LME) !== 0n);
  },
  write: (cpu, value) => {
    const before = cpu.u64[S_EFER >> 3]!;
    const now = (value & ~EFER_LMA) | (before & EFER_LMA);
    cpu.u64[S_EFER >> 3] = now;
    if (((before ^ now) & EFER_NX) !== 0n) flushTranslations(cpu);
    if (before !== now) cpu.hooks.contextChanged();
  },
};

/** What was added to the time-stamp counter since reset; what is added here is added there. */
const tscAdjust: Msr = {
  name: 'IA32_TSC_ADJUST',
  feature: 'tscadjust',
  write: (cpu, value) => {
    cpu.tscOffset += value - (cpu.msrs.get(MSR_TSC_ADJUST) ?? 0n);
    cpu.msrs.set(MSR_TSC_ADJUST, value);
  },
};

const APIC_BASE = 0xfee00000,
  APIC_EXTENDED = 0x400n,
  APIC_ENABLED = 0x800n,
  APIC_FIRST = 0x100n;

const apicBase: Msr = {
  name: 'IA32_APIC_BASE',
  feature: 'apic',
  accepts: (value, cpu) => {
    const flags = value & 0xfffn;
    const allowed = APIC_ENABLED | APIC_FIRST | (MODELS[cpu.model].features.has('x2apic') ? APIC_EXTENDED : 0n);
    return (flags & ~allowed) === 0n && isPhysical(value, cpu);
  },
  read: (cpu) => {
    const { base, enabled, extended } = cpu.bus.localApic ?? { base: APIC_BASE, enabled: false, extended: false };
    const first = cpu.number === 0 ? APIC_FIRST : 0n;
    return BigInt(base) | (enabled ? APIC_ENABLED : 0n) | (extended ? APIC_EXTENDED : 0n) | first;
  },
  write: (cpu, value) => {
    const base = Number(value & ~0xfffn);
    return cpu.bus.localApic?.configure(base, (value & APIC_ENABLED) !== 0n, (value & APIC_EXTENDED) !== 0n) !== false;
  },
};

const segmentBase = (name: string, seg: number): Msr => ({
  name,
  feature: 'lm',
  accepts: isCanonical,
  read: (cpu) => cpu.u64[(S_SEG + seg * SEG_SIZE + SEG_BASE) >> 3]!,
  write: (cpu, value) => {
    cpu.u64[(S_SEG + seg * SEG_SIZE + SEG_BASE) >> 3] = value;
    cpu.hooks.contextChanged();
  },
});

const kept = (name: string, feature: string, more: Partial<Msr> = {}): Msr => ({ name, feature, ...more });
const numbered = (first: number, count: number, of: (i: number) => Msr): (readonly [number, Msr])[] =>
  Array.from({ length: count }, (_, i) => [first + i, of(i)] as const);

const VARIABLE_RANGES = 8;
const BANKS = 6;
const MTRR_FIXED: readonly (readonly [number, string])[] = [
  [0x250, '64K_00000'],
  [0x258, '16K_80000'],
  [0x259, '16K_A0000'],
  ...numbered(0x268, 8, (i) => kept(`4K_${(0xc0 + 8 * i).toString(16).toUpperCase()}000`, '')).map(
    ([at, { name }]) => [at, name] as const,
  ),
];

/** By number. The time-stamp counter is in processorRoutines.ts, as its value passes by itself. */
export const MSRS: ReadonlyMap<number, Msr> = new Map<number, Msr>([
  [0x00, kept('IA32_P5_MC_ADDR', 'msr')],
  [0x01, kept('IA32_P5_MC_TYPE', 'msr')],
  [0x11, kept('CESR', 'p5')],
  [0x12, kept('CTR0', 'p5')],
  [0x13, kept('CTR1', 'p5')],
  [0x17, kept('IA32_PLATFORM_ID', 'p6', { readOnly: true })],
  [0x1b, apicBase],
  [0x3a, kept('IA32_FEATURE_CONTROL', 'p6', { reset: 1n, readOnly: true })], // locked
  [MSR_TSC_ADJUST, tscAdjust],
  [0x79, kept('IA32_BIOS_UPDT_TRIG', 'p6', { write: () => {} })],
  [0x8b, kept('IA32_BIOS_SIGN_ID', 'p6')],
  ...numbered(0xc1, 2, (i) => kept(`IA32_PMC${i}`, 'p6', { writable: 0xffffffffffn })),
  ...numbered(0x186, 2, (i) => kept(`IA32_PERFEVTSEL${i}`, 'p6', { writable: LOW })),
  [0x10a, kept('IA32_ARCH_CAPABILITIES', 'archcaps', { reset: 0x1en << 4n, readOnly: true })],
  [0xfe, kept('IA32_MTRRCAP', 'mtrr', { reset: 0x500n | BigInt(VARIABLE_RANGES), readOnly: true })],
  [0x174, kept('IA32_SYSENTER_CS', 'sep')],
  [0x175, kept('IA32_SYSENTER_ESP', 'sep', { accepts: isCanonical })],
  [0x176, kept('IA32_SYSENTER_EIP', 'sep', { accepts: isCanonical })],
  [0x179, kept('IA32_MCG_CAP', 'mca', { reset: BigInt(BANKS), readOnly: true })],
  [0x17a, kept('IA32_MCG_STATUS', 'mca', { writable: 7n })],
  [MISC_ENABLE, kept('IA32_MISC_ENABLE', 'p6', { reset: 0x1801n, writable: 0x400c51889n })],
  [MSR_DEBUGCTL, kept('IA32_DEBUGCTL', 'p6', { writable: DEBUGCTL_BTF })], // no last-branch records
  ...numbered(0x200, 2 * VARIABLE_RANGES, (i) =>
    i % 2 === 0
      ? kept(`IA32_MTRR_PHYSBASE${i >> 1}`, 'mtrr', {
          accepts: (v, cpu) => isPhysical(v, cpu) && (v & 0xf00n) === 0n && MEMORY_TYPES.has(Number(v & 255n)),
        })
      : kept(`IA32_MTRR_PHYSMASK${i >> 1}`, 'mtrr', { accepts: (v, cpu) => isPhysical(v, cpu) && (v & 0x7ffn) === 0n }),
  ),
  ...MTRR_FIXED.map(([at, name]) => [at, kept(`IA32_MTRR_FIX${name}`, 'mtrr', { accepts: typesAreValid })] as const),
  [
    0x277,
    kept('IA32_PAT', 'pat', {
      reset: 0x0007040600070406n,
      accepts: (v) => bytesOf(v).every((type) => MEMORY_TYPES.has(type) || type === UNCACHED_MINUS),
    }),
  ],
  [0x2ff, kept('IA32_MTRR_DEF_TYPE', 'mtrr', { writable: 0xcffn, accepts: (v) => MEMORY_TYPES.has(Number(v & 255n)) })],
  ...numbered(0x400, 4 * BANKS, (i) => {
    const name = `IA32_MC${i >> 2}_${['CTL', 'STATUS', 'ADDR', 'MISC'][i & 3]!}`;
    return kept(name, 'mca', (i & 3) === 0 ? {} : { writable: 0n });
  }),
  [0xda0, kept('IA32_XSS', 'xsaves', { writable: 0n })],
  [0xc0000080, efer],
  [0xc0000081, kept('IA32_STAR', 'syscall')],
  [0xc0000082, kept('IA32_LSTAR', 'lm', { accepts: isCanonical })],
  [0xc0000083, kept('IA32_CSTAR', 'lm', { accepts: isCanonical })],
  [0xc0000084, kept('IA32_FMASK', 'lm', { writable: LOW })],
  [0xc0000100, segmentBase('IA32_FS_BASE', Seg.FS)],
  [0xc0000101, segmentBase('IA32_GS_BASE', Seg.GS)],
  [0xc0000102, kept('IA32_KERNEL_GS_BASE', 'lm', { accepts: isCanonical })],
  [MSR_TSC_AUX, kept('IA32_TSC_AUX', 'rdtscp', { writable: LOW })],
]);

function exists(msr: Msr, model: ModelFacts): boolean {
  if (msr.feature === 'p5') return model.generation === 586;
  if (msr.feature === 'p6') return model.generation === 686;
  return model.features.has(msr.feature);
}

/** The register of that number on the processor's model. */
export function findMsr(cpu: Cpu, number: number): Msr | undefined {
  const msr = MSRS.get(number);
  return msr && exists(msr, MODELS[cpu.model]) ? msr : undefined;
}

export const readMsr = (cpu: Cpu, number: number, msr: Msr): bigint =>
  msr.read?.(cpu) ?? cpu.msrs.get(number) ?? msr.reset ?? 0n;

/** Writes a value, or answers why it is refused: `read-only`, `reserved` (bits) or `value`. */
export function writeMsr(
  cpu: Cpu,
  number: number,
  msr: Msr,
  value: bigint,
): 'read-only' | 'reserved' | 'value' | undefined {
  if (msr.readOnly) return 'read-only';
  if (msr.writable !== undefined && (value & ~msr.writable) !== 0n) return 'reserved';
  if (msr.accepts && !msr.accepts(value, cpu)) return 'value';
  if (!msr.write) cpu.msrs.set(number, value);
  else if (msr.write(cpu, value) === false) return 'value';
  return undefined;
}
