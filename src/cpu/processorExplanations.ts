// Why an instruction of the processor itself was refused: counters, model-specific and extended registers, modes. Part of
// explanations.ts.
import { hex0x } from '../base/bits';
import type { Explanation } from './explanation';

export const PROCESSOR_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  pce: {
    text: (d) => `CR4.PCE is clear, which keeps RDPMC to ring 0; CPL is ${d['cpl']}.`,
    section: 'vol. 3, "Control Registers"',
  },
  'no-such-counter': {
    text: (d) => `There is no performance counter ${d['counter']}.`,
    section: 'vol. 2, "RDPMC"',
  },
  'no-apic-register': {
    text: (d) =>
      d['x2apic']
        ? `The local APIC has no register at MSR ${hex0x(Number(d['msr']))} that could be accessed like this.`
        : `The local APIC is not in x2APIC mode, so MSR ${hex0x(Number(d['msr']))} does not exist.`,
    section: 'vol. 3, "x2APIC Register Address Space"',
  },
  'msr-read-only': {
    text: (d) => `${d['name']} (MSR ${hex0x(Number(d['msr']))}) can only be read.`,
    section: 'vol. 2, "WRMSR"',
  },
  'msr-reserved': {
    text: (d) =>
      `The value ${d['value']} sets bits of ${d['name']} (MSR ${hex0x(Number(d['msr']))}) that are reserved.`,
    section: 'vol. 2, "WRMSR"',
  },
  'msr-value': {
    text: (d) => `${d['name']} (MSR ${hex0x(Number(d['msr']))}) cannot have the value ${d['value']} now.`,
    section: 'vol. 2, "WRMSR"',
  },
  osxsave: {
    text: (d) => `CR4.OSXSAVE is clear, so ${String(d['mnemonic']).toUpperCase()} does not exist.`,
    section: 'vol. 1, "Enabling the XSAVE Feature Set"',
  },
  'no-such-xcr': {
    text: (d) => `There is no extended control register ${d['number']}.`,
    section: 'vol. 2, "XGETBV", "XSETBV"',
  },
  'xsave-header': {
    text: (d) => `The header of the area cannot be loaded: ${d['problem']}.`,
    section: 'vol. 2, "XRSTOR"',
  },
  'xcr0-value': {
    text: (d) =>
      `XCR0 cannot be ${hex0x(Number(d['value']))}: bit 0 has to be set, AVX needs SSE, other bits must be supported.`,
    section: 'vol. 2, "XSETBV"',
  },
  'monitor-privilege': {
    text: (d) => `${String(d['mnemonic']).toUpperCase()} exists only in ring 0; CPL is ${d['cpl']}.`,
    section: 'vol. 2, "MONITOR", "MWAIT"',
  },
  'monitor-extensions': {
    text: (d) => `ECX asks for extensions ${hex0x(Number(d['extensions']))} that do not exist.`,
    section: 'vol. 2, "MONITOR", "MWAIT"',
  },
  'vex-mode': {
    text: () => 'Instructions with a VEX prefix exist only in protected and long mode.',
    section: 'vol. 2, "Instruction Exception Specification"',
  },
  'avx-disabled': {
    text: (d) => `XCR0 is ${hex0x(Number(d['xcr0']))}: AVX needs bits 1 (SSE) and 2 (AVX).`,
    section: 'vol. 1, "Detection of AVX Instructions"',
  },
  'svm-disabled': {
    text: (d) => `EFER.SVME is clear, so ${String(d['mnemonic']).toUpperCase()} does not exist.`,
    section: 'AMD APM vol. 2, "Enabling SVM"',
  },
  'no-hypervisor': {
    text: (d) => `No hypervisor takes ${String(d['mnemonic']).toUpperCase()}.`,
    section: 'AMD APM vol. 3, "VMMCALL"',
  },
  'vmx-disabled': {
    text: (d) => `The processor is not in VMX operation, so ${String(d['mnemonic']).toUpperCase()} does not exist.`,
    section: 'vol. 3, "VMX Instruction Reference"',
  },
  'rsm-state': {
    text: (d) => `RSM cannot use the saved state: ${d['problem']}.`,
    section: 'vol. 3, "Exiting From SMM"',
  },
  'outside-smm': { text: () => 'RSM exists only in system management mode.', section: 'vol. 2, "RSM"' },
};
