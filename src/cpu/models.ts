// The processor models: what CPUID answers and which features exist (Intel SDM vol. 2, "CPUID"; Pentium Processor Family
// Developer's Manual vol. 3, "Feature Determination"). The x86-64 model comes with long mode.

export type CpuModel = '386' | '486' | 'pentium';

// CPUID feature bits (EDX of leaf 1).
export const FEATURE_FPU = 1,
  FEATURE_VME = 2,
  FEATURE_DE = 4,
  FEATURE_PSE = 8,
  FEATURE_TSC = 0x10,
  FEATURE_MSR = 0x20;
export const FEATURE_MCE = 0x80,
  FEATURE_CX8 = 0x100;

export interface ModelFacts {
  /** EDX after reset, and EAX of CPUID leaf 1: family, model, stepping. */
  readonly signature: number;
  /** CPUID exists. */
  readonly cpuid: boolean;
  readonly features: number;
  /** CR0 bits that can be written. */
  readonly cr0: number;
  /** CR4 bits that can be set; undefined: no CR4. */
  readonly cr4: number | undefined;
  /** EFLAGS bits that exist beyond those of the 286. */
  readonly flags: number;
  /** Which instructions exist: `Row.cpu` up to this generation. */
  readonly generation: number;
}

const CR0_386 = 0x8000001f;
const CR0_486 = 0xe005003f;
const RF_VM = 0x30000;
const AC = 0x40000;
const VIF_VIP_ID = 0x380000;

export const MODELS: Readonly<Record<CpuModel, ModelFacts>> = {
  '386': { signature: 0x0308, cpuid: false, features: 0, cr0: CR0_386, cr4: undefined, flags: RF_VM, generation: 386 },
  // An early 486 has no CPUID, so EFLAGS.ID cannot be set. No model has an x87 yet, and CPUID says so.
  '486': {
    signature: 0x0433,
    cpuid: false,
    features: 0,
    cr0: CR0_486,
    cr4: undefined,
    flags: RF_VM | AC,
    generation: 486,
  },
  // A Pentium (P54C): 4 MB pages, VME, debug extensions, TSC; no PAE, no global pages, no APIC.
  pentium: {
    signature: 0x0526,
    cpuid: true,
    features: FEATURE_VME | FEATURE_DE | FEATURE_PSE | FEATURE_TSC | FEATURE_MSR | FEATURE_MCE | FEATURE_CX8,
    cr0: CR0_486,
    cr4: 0x5f,
    flags: RF_VM | AC | VIF_VIP_ID,
    generation: 586,
  },
};
