// Why an instruction of the processor itself was refused: counters, model-specific and extended registers, modes. Part of
// explanations.ts.
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
  'outside-smm': { text: () => 'RSM exists only in system management mode.', section: 'vol. 2, "RSM"' },
};
