// The answers of CPUID (Intel SDM vol. 2, "CPUID"): vendor, signature, feature words, caches, deterministic cache parameters,
// extended state, brand string, address widths. The hypervisor bit stays clear: there is none.
import type { Cpu } from './cpu';
import { featureWord } from './features';
import { CR4_OSXSAVE, S_XCR0 } from './layout';
import { MODELS, type ModelFacts } from './models';
import { cpuidLimited, executeDisableOff } from './msrs';
import { areaBytes, AVX_AT, AVX_BYTES, XCR0_AVX, xcr0Bits } from './xcr0';

/** EAX, EBX, ECX, EDX. */
export type CpuidAnswer = readonly [number, number, number, number];

const NOTHING: CpuidAnswer = [0, 0, 0, 0];
const BRAND = 'Ringside x86-64 virtual processor';
const CLFLUSH_LINE = 8; // in units of 8 bytes
const LINEAR_BITS = 48;
/** Leaf 1, EDX: EBX bits 16 to 23 count the logical processors of the package. */
const HTT = 1 << 28;
/** EDX: there is a local APIC, and it is switched on. */
const APIC = 1 << 9;
/** Leaf 80000001, EDX. */
const NX = 1 << 20;
const LIMITED_LEAF = 3;

const text = (s: string, at: number): number =>
  [3, 2, 1, 0].reduce((word, i) => (word << 8) | (s.charCodeAt(at + i) || 0), 0) >>> 0;

interface Cache {
  level: number;
  /** 1 data, 2 code, 3 both. */
  type: number;
  ways: number;
  sets: number;
}
/** Plausible for the time; nothing here behaves like a cache. */
const CACHES: readonly Cache[] = [
  { level: 1, type: 1, ways: 8, sets: 64 },
  { level: 1, type: 2, ways: 4, sets: 128 },
  { level: 2, type: 3, ways: 8, sets: 512 },
  { level: 3, type: 3, ways: 16, sets: 4096 },
];
const LINE = 64;

/** Every processor is a core of one package; the last cache is shared. */
function cacheParameters(index: number, cores: number): CpuidAnswer {
  const cache = CACHES[index];
  if (!cache) return NOTHING;
  const selfInitializing = 0x100;
  const sharing = cache.level === 3 ? cores : 1;
  return [
    (cache.type | (cache.level << 5) | selfInitializing | ((sharing - 1) << 14) | ((cores - 1) << 26)) >>> 0,
    (((cache.ways - 1) << 22) | (LINE - 1)) >>> 0,
    cache.sets - 1,
    0,
  ];
}

function featureLeaf(cpu: Cpu, model: ModelFacts): CpuidAnswer {
  const { features } = model;
  const several = cpu.count > 1;
  const osxsave = (cpu.cr4 & CR4_OSXSAVE) !== 0 ? 1 << 27 : 0;
  return [
    model.signature,
    ((cpu.number << 24) | (several ? cpu.count << 16 : 0) | (features.has('clfsh') ? CLFLUSH_LINE << 8 : 0)) >>> 0,
    (featureWord(features, 1, 0, 'ecx') | osxsave) >>> 0,
    ((featureWord(features, 1, 0, 'edx') & (cpu.bus.localApic?.enabled === false ? ~APIC : -1)) |
      (several ? HTT : 0)) >>>
      0,
  ];
}

/** Extended topology: one thread a core, all cores in one package; EDX is the x2APIC ID. */
function topology(cpu: Cpu, subleaf: number): CpuidAnswer {
  const THREADS = 1,
    CORES = 2;
  const coreBits = Math.ceil(Math.log2(cpu.count));
  switch (subleaf) {
    case 0:
      return [0, 1, THREADS << 8, cpu.number];
    case 1:
      return [coreBits, cpu.count, subleaf | (CORES << 8), cpu.number];
    default:
      return [0, 0, subleaf & 0xff, cpu.number];
  }
}

/** Components and sizes of the XSAVE area; component 2 are the upper halves of the YMM registers. */
function extendedState(cpu: Cpu, model: ModelFacts, subleaf: number): CpuidAnswer {
  const supported = xcr0Bits(cpu);
  const enabled = cpu.u64[S_XCR0 >> 3]!;
  switch (subleaf) {
    case 0:
      return [Number(supported), areaBytes(enabled), areaBytes(supported), 0];
    case 1:
      return [featureWord(model.features, 0xd, 1, 'eax'), areaBytes(enabled), 0, 0];
    case 2:
      return (supported & XCR0_AVX) !== 0n ? [AVX_BYTES, AVX_AT, 0, 0] : NOTHING;
    default:
      return NOTHING;
  }
}

function basicLeaf(cpu: Cpu, model: ModelFacts, leaf: number, subleaf: number): CpuidAnswer {
  const { features } = model;
  switch (leaf) {
    case 0: // "GenuineIntel" in EBX, EDX, ECX
      return [cpuidLimited(cpu) ? LIMITED_LEAF : model.cpuid, 0x756e6547, 0x6c65746e, 0x49656e69];
    case 1:
      return featureLeaf(cpu, model);
    case 2: // one round; ask leaf 4 about caches; data TLB with 64 entries of 4 KB
      return [0x00ff0301, 0, 0, 0];
    case 4:
      return cacheParameters(subleaf, cpu.count);
    case 5: // MONITOR lines of 64 bytes; masked interrupts can end MWAIT; one kind of C1
      return features.has('monitor') ? [LINE, LINE, 3, 0x10] : NOTHING;
    case 7:
      if (subleaf !== 0) return NOTHING;
      return [
        0,
        featureWord(features, 7, 0, 'ebx'),
        featureWord(features, 7, 0, 'ecx'),
        featureWord(features, 7, 0, 'edx'),
      ];
    case 0xb:
      return features.has('x2apic') ? topology(cpu, subleaf) : NOTHING;
    case 0xd:
      return features.has('xsave') ? extendedState(cpu, model, subleaf) : NOTHING;
    default:
      return NOTHING;
  }
}

function extendedLeaf(cpu: Cpu, model: ModelFacts, leaf: number): CpuidAnswer {
  const { features } = model;
  switch (leaf) {
    case 0x80000000:
      return [model.cpuidExtended, 0, 0, 0];
    case 0x80000001:
      return [
        0,
        0,
        featureWord(features, leaf, 0, 'ecx'),
        (featureWord(features, leaf, 0, 'edx') & (executeDisableOff(cpu) ? ~NX : -1)) >>> 0,
      ];
    case 0x80000002:
    case 0x80000003:
    case 0x80000004: {
      const at = (leaf - 0x80000002) * 16;
      return [text(BRAND, at), text(BRAND, at + 4), text(BRAND, at + 8), text(BRAND, at + 12)];
    }
    case 0x80000006: // second-level cache: 256 KB, 8-way, 64-byte lines
      return [0, 0, (256 << 16) | (6 << 12) | LINE, 0];
    case 0x80000007:
      return [0, 0, 0, featureWord(features, leaf, 0, 'edx')];
    case 0x80000008:
      return [model.physicalBits | (LINEAR_BITS << 8), featureWord(features, leaf, 0, 'ebx'), 0, 0];
    default:
      return NOTHING;
  }
}

/** What CPUID with EAX = `leaf` and ECX = `subleaf` gives; leaves beyond the highest answer as the highest basic one. */
export function cpuidAnswer(cpu: Cpu, leaf: number, subleaf: number): CpuidAnswer {
  const model = MODELS[cpu.model];
  if (leaf >= 0x80000000 && leaf <= model.cpuidExtended) return extendedLeaf(cpu, model, leaf);
  return basicLeaf(cpu, model, leaf > model.cpuid ? model.cpuid : leaf, subleaf);
}
