// Processor features by name: where CPUID announces each (Intel SDM vol. 2, "CPUID"; AMD APM vol. 3, appendix E) and which
// bits of CR4 come with it. `Row.cpu` of the instruction table uses the same names, so that a model's set of features decides
// at once what CPUID says, what CR4 accepts and which instructions exist. Of bits that no model has, those of instructions in
// the table are here (VIA PadLock Programming Guide for its leaf).

export type CpuidRegister = 'eax' | 'ebx' | 'ecx' | 'edx';

/** Feature words: leaf, subleaf, register, and the names of its bits from bit 0 on (`-`: none; `N:` goes on at bit N). */
const WORDS: readonly (readonly [leaf: number, subleaf: number, register: CpuidRegister, names: string])[] = [
  [
    1,
    0,
    'edx',
    'fpu vme de pse tsc msr pae mce cx8 apic 11: sep mtrr pge mca cmov pat pse36 19: clfsh 23: mmx fxsr sse sse2',
  ],
  [
    1,
    0,
    'ecx',
    'sse3 pclmulqdq 3: monitor 5: vmx smx 9: ssse3 12: fma cx16 17: pcid 19: sse4.1 sse4.2 x2apic movbe popcnt',
  ],
  [1, 0, 'ecx', '25: aes xsave 28: avx f16c rdrand'],
  [
    7,
    0,
    'ebx',
    'fsgsbase tscadjust 3: bmi1 5: avx2 7: smep bmi2 erms invpcid rtm 18: rdseed adx smap 22: pcommit clflushopt clwb 29: sha',
  ],
  [7, 0, 'ecx', '2: umip 5: waitpkg 9: vaes vpclmulqdq 22: rdpid 27: movdiri movdir64b'],
  [7, 0, 'edx', '4: fsrm 20: cet 29: archcaps'],
  [0xd, 1, 'eax', 'xsaveopt xsavec xgetbv1 xsaves'],
  [0x80000001, 0, 'edx', '11: syscall 20: nx 26: pdpe1gb rdtscp 29: lm 3dnowext 3dnow'],
  [0x80000001, 0, 'ecx', 'lahf64 2: svm 5: lzcnt sse4a 8: prefetchw'],
  [0x80000007, 0, 'edx', '8: invtsc'],
  [0x80000008, 0, 'ebx', 'clzero'],
  [0x8000001f, 0, 'eax', '4: sevsnp'],
  [0xc0000001, 0, 'edx', '6: padlock'],
];

export interface FeatureBit {
  readonly leaf: number;
  readonly subleaf: number;
  readonly register: CpuidRegister;
  readonly bit: number;
}

export const FEATURE_BITS: ReadonlyMap<string, FeatureBit> = new Map(
  WORDS.flatMap(([leaf, subleaf, register, names]) => {
    let bit = 0;
    return names.split(' ').flatMap((name): [string, FeatureBit][] => {
      if (name.endsWith(':')) {
        bit = parseInt(name, 10);
        return [];
      }
      return [[name, { leaf, subleaf, register, bit: bit++ }]];
    });
  }),
);

/** The CR4 bits that a feature brings. */
const CR4_OF_FEATURE: Readonly<Record<string, number>> = {
  vme: 0x3, // VME and PVI
  tsc: 0x4, // TSD
  de: 0x8,
  pse: 0x10,
  pae: 0x20,
  mce: 0x40,
  pge: 0x80,
  rdpmc: 0x100, // PCE
  fxsr: 0x200, // OSFXSR
  sse: 0x400, // OSXMMEXCPT
  umip: 0x800,
  fsgsbase: 0x10000,
  pcid: 0x20000,
  xsave: 0x40000, // OSXSAVE
  smep: 0x100000,
  smap: 0x200000,
};

/** One word of CPUID for a set of features. */
export function featureWord(
  features: ReadonlySet<string>,
  leaf: number,
  subleaf: number,
  register: CpuidRegister,
): number {
  let word = 0;
  for (const name of features) {
    const at = FEATURE_BITS.get(name);
    if (at?.leaf === leaf && at.subleaf === subleaf && at.register === register) word |= 1 << at.bit;
  }
  return word >>> 0;
}

/** The bits of CR4 that can be set. */
export function cr4Bits(features: ReadonlySet<string>): number {
  let bits = 0;
  for (const name of features) bits |= CR4_OF_FEATURE[name] ?? 0;
  return bits >>> 0;
}
