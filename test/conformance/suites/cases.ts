// The cases of the public suites: which image, with what, and why some are not what they look like.

export interface Case {
  readonly suite: string;
  /** Unique in its suite. */
  readonly name: string;
  /** In the folder of built suites. */
  readonly image: string;
  readonly kind: 'multiboot' | 'firmware';
  readonly processors?: number;
  readonly append?: string;
  /** Lines of the suite's environment file. */
  readonly environment?: string;
  /** Processor given to QEMU, as the suite's own list has it. */
  readonly qemuCpu?: string;
  /** Starts without the local APIC, which Bochs as it is packaged does not answer for in these images. */
  readonly bochs?: true;
  /** Said beside the results. */
  readonly note?: string;
}

export const KVM = 'kvm-unit-tests';
export const TEST386 = 'test386.asm';

type More = Omit<Partial<Case>, 'suite' | 'name' | 'kind'>;
const NOT_ANNOUNCED = 'skips itself: the processor does not announce it';

function kvm(bits: 32 | 64, name: string, more: More = {}): Case {
  return {
    suite: KVM,
    name: `${name}, ${bits}-bit`,
    image: `kvm${bits}/x86/${name.split(' ')[0]}.flat`,
    kind: 'multiboot',
    ...more,
  };
}

const both = (name: string, more: More = {}): Case[] => [kvm(32, name, more), kvm(64, name, more)];

export const CASES: readonly Case[] = [
  kvm(64, 'access_test', { qemuCpu: 'max', note: 'two million combinations of paging bits and accesses' }),
  kvm(64, 'apic', {
    processors: 2,
    qemuCpu: 'qemu64',
    environment: 'TEST_DEVICE=0', // without a call of KVM
    note: 'in x2APIC mode where there is one; a hundred thousand pairs of NMIs',
  }),
  kvm(32, 'cmpxchg8b'),
  kvm(64, 'debug', { note: 'halts after its tests without the debug exit' }),
  ...both('emulator'),
  ...both('eventinj'),
  kvm(64, 'idt_test'),
  kvm(64, 'ioapic', {
    processors: 4,
    qemuCpu: 'qemu64',
    note: 'the last test waits for ever without x2APIC, as nobody sets logical identities',
  }),
  ...both('la57', { qemuCpu: 'max', note: 'the larger part needs five-level paging' }),
  kvm(64, 'lam', { qemuCpu: 'max', note: 'without the feature: that using it faults' }),
  kvm(64, 'memory', { qemuCpu: 'max' }),
  ...both('msr', {
    qemuCpu: 'max,vendor=GenuineIntel',
    note: 'wants to write ones into IA32_MCi_ADDR, which raises #GP by the Intel SDM, and stops there (differences.md)',
  }),
  kvm(64, 'pcid', { qemuCpu: 'qemu64,+pcid,+invpcid' }),
  kvm(64, 'pks', { qemuCpu: 'max', note: NOT_ANNOUNCED }),
  kvm(64, 'pku', { qemuCpu: 'max', note: NOT_ANNOUNCED }),
  kvm(64, 'rdpru', { qemuCpu: 'max' }),
  ...both('realmode', { bochs: true }),
  kvm(64, 'rmap_chain'),
  ...both('setjmp'),
  ...both('sieve'),
  ...both('smap', { qemuCpu: 'max' }),
  ...both('smptest', { processors: 3 }),
  kvm(64, 'syscall', {
    qemuCpu: 'Opteron_G1,vendor=AuthenticAMD',
    note: "its second part uses SYSCALL in compatibility mode, which Intel's processors refuse (differences.md)",
  }),
  kvm(32, 'taskswitch'),
  kvm(32, 'taskswitch2'),
  ...both('tsc', { qemuCpu: 'max' }),
  kvm(64, 'tsc_adjust', { qemuCpu: 'max' }),
  ...both('umip', { qemuCpu: 'qemu64,+umip' }),
  kvm(64, 'xsave', { qemuCpu: 'max' }),
  {
    suite: TEST386,
    name: 'test386',
    image: 'test386/test386.bin',
    kind: 'firmware',
    qemuCpu: 'pentium3',
    bochs: true,
    note: 'POST 17 is ARPL, for which the suite has a switch for Bochs; 20 is the way to ring 3',
  },
];
