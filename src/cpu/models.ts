// The processor models: identification, generation and features of each. What CPUID answers is in cpuid.ts, where a feature
// is announced in features.ts. A feature stands here only when everything it promises is there: its instructions have
// semantics (a test walks the table), its control bits act.
import { cr4Bits } from './features';

export type CpuModel = '386' | '486' | 'pentium' | 'x86-64';

/** Whether the processor has a feature (features.ts). */
export const hasFeature = (cpu: { readonly model: CpuModel }, feature: string): boolean =>
  MODELS[cpu.model].features.has(feature);

export interface ModelFacts {
  /** EDX after reset, and EAX of CPUID leaf 1: family, model, stepping. */
  readonly signature: number;
  /** Highest basic CPUID leaf, -1 without CPUID; highest extended leaf, 0 without. */
  readonly cpuid: number;
  readonly cpuidExtended: number;
  readonly features: ReadonlySet<string>;
  /** CR0 bits that can be written. */
  readonly cr0: number;
  /** CR4 bits that can be set; undefined: no CR4. */
  readonly cr4: number | undefined;
  /** EFLAGS bits that exist beyond those of the 286. */
  readonly flags: number;
  /** Which instructions exist: `Row.cpu` up to this generation, and those of the features. */
  readonly generation: number;
  /** Width of a physical address in bits. */
  readonly physicalBits: number;
}

const CR0_386 = 0x8000001f;
const CR0_486 = 0xe005003f;
const RF_VM = 0x30000;
const AC = 0x40000;
const VIF_VIP_ID = 0x380000;

type Description = Omit<ModelFacts, 'features' | 'cr4' | 'physicalBits'> & { features: string; physicalBits?: number };

function model({ features, physicalBits = 32, ...facts }: Description): ModelFacts {
  const names = new Set(features.split(' ').filter((name) => name !== ''));
  return { ...facts, features: names, cr4: facts.generation < 586 ? undefined : cr4Bits(names), physicalBits };
}

export const MODELS: Readonly<Record<CpuModel, ModelFacts>> = {
  // With a 387.
  '386': model({
    signature: 0x0308,
    cpuid: -1,
    cpuidExtended: 0,
    features: 'fpu',
    cr0: CR0_386,
    flags: RF_VM,
    generation: 386,
  }),
  // An early 486 has no CPUID, so EFLAGS.ID cannot be set.
  '486': model({
    signature: 0x0433,
    cpuid: -1,
    cpuidExtended: 0,
    features: 'fpu',
    cr0: CR0_486,
    flags: RF_VM | AC,
    generation: 486,
  }),
  // A Pentium (P54C): 4 MB pages, VME, debug extensions, TSC; no PAE, no global pages, no APIC.
  pentium: model({
    signature: 0x0526,
    cpuid: 1,
    cpuidExtended: 0,
    features: 'fpu vme de pse tsc msr mce cx8',
    cr0: CR0_486,
    flags: RF_VM | AC | VIF_VIP_ID,
    generation: 586,
  }),
  // A machine of about 2010 and somewhat beyond.
  'x86-64': model({
    signature: 0x000206c2,
    cpuid: 0xd,
    cpuidExtended: 0x80000008,
    features: [
      'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clfsh mmx fxsr sse sse2', // leaf 1, EDX
      'sse3 pclmulqdq monitor ssse3 fma pcid sse4.1 sse4.2 x2apic movbe popcnt aes xsave avx f16c rdrand', // leaf 1, ECX
      'fsgsbase tscadjust bmi1 avx2 smep bmi2 invpcid rdseed adx smap clflushopt clwb sha', // leaf 7, EBX
      'umip vaes vpclmulqdq rdpid archcaps', // leaf 7, ECX, EDX
      'xsaveopt xsavec xgetbv1 xsaves', // leaf D
      'syscall nx pdpe1gb rdtscp lm lahf64 lzcnt prefetchw', // leaf 80000001
      'rdpmc', // announced by the family
      'cx16', // leaf 1, ECX; for 64-bit code
    ].join(' '),
    cr0: CR0_486,
    flags: RF_VM | AC | VIF_VIP_ID,
    generation: 686,
  }),
};
