// Why an MMX or SSE instruction raised an exception, in words (part of explanations.ts).
import { numberText as h, type Explanation } from './explanation';

const NAMES = ['invalid operation', 'denormal operand', 'division by zero', 'overflow', 'underflow', 'inexact result'];
const names = (flags: unknown): string => NAMES.filter((_, bit) => ((Number(flags) >> bit) & 1) !== 0).join(', ');
const SYSTEM = 'vol. 3, "System Programming for Instruction Set Extensions"';

export const VECTOR_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'vector-emulation': {
    text: (d) => `CR0.EM is set (CR0 = ${h(d['cr0'])}): MMX and SSE instructions are undefined then.`,
    section: SYSTEM,
  },
  'vector-disabled': {
    text: (d) => `CR4.OSFXSR is clear (CR4 = ${h(d['cr4'])}): the operating system has not enabled SSE.`,
    section: SYSTEM,
  },
  'vector-task-switched': {
    text: () => 'CR0.TS is set: the MMX and SSE state belongs to another task.',
    section: SYSTEM,
  },
  'operand-alignment': {
    text: (d) =>
      `The memory operand must lie at a multiple of ${d['alignment']}; linear address ${h(d['linear'])} is none.`,
    section: 'vol. 1, "Alignment and SIMD"',
  },
  'simd-exception': {
    text: (d) => `Unmasked in MXCSR (${h(d['mxcsr'])}): ${names(d['exceptions'])}.`,
    section: 'vol. 1, "SIMD Floating-Point Exceptions"',
  },
  'simd-exceptions-disabled': {
    text: (d) =>
      `Unmasked in MXCSR (${h(d['mxcsr'])}): ${names(d['exceptions'])}; CR4.OSXMMEXCPT is clear, so that it is #UD and not #XM.`,
    section: 'vol. 1, "SIMD Floating-Point Exceptions"',
  },
};
