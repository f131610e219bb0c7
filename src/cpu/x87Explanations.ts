// Why an x87 instruction, FXSAVE or WAIT raised an exception, in words (part of explanations.ts).
import { numberText as h, type Explanation } from './explanation';

const CR = 'vol. 3, "Control Registers"';

export const X87_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'x87-exception': {
    text: (d) =>
      `An unmasked x87 exception is pending: ${d['exceptions']}. It was left by the instruction at ${h(d['selector'])}:${h(d['offset'])} ` +
      `(status word ${h(d['status'])}, control word ${h(d['control'])}); this is the next x87 instruction that waits.`,
    section: 'vol. 3, "x87 FPU Floating-Point Error (#MF)"',
  },
  'x87-emulated': {
    text: (d) => `CR0.EM is set: ${String(d['mnemonic']).toUpperCase()} is left to software.`,
    section: CR,
  },
  'x87-task-switched': {
    text: (d) =>
      `CR0.TS is set: the x87 state belongs to another task, so ${String(d['mnemonic']).toUpperCase()} has to wait until it was saved.`,
    section: CR,
  },
  'memory-alignment': {
    text: (d) =>
      `${String(d['mnemonic']).toUpperCase()} needs a memory operand at a multiple of ${d['alignment']}; linear address ${h(d['linear'])} is none.`,
    section: 'vol. 2',
  },
  'mxcsr-reserved': {
    text: (d) => `MXCSR = ${h(d['value'])} sets reserved bits (allowed: ${h(d['allowed'])}).`,
    section: 'vol. 1, "MXCSR Control and Status Register"',
  },
  'wait-task-switched': {
    text: () => 'CR0.MP and CR0.TS are set: the x87 state belongs to another task.',
    section: CR,
  },
};
