// The local APIC moved by IA32_APIC_BASE, and its x2APIC mode, compared with Bochs; QEMU's translator has neither.
import { compareGuest, row } from './support/compare';

describe('local APIC', function () {
  this.timeout(120_000);

  it('moves, and has the registers of x2APIC mode, as on Bochs', () => {
    const refused = '#0d e 0000 *';
    compareGuest({
      guest: 'apic',
      bochs: {
        apart: {
          ...row('x2apic-ldr', 'ldr', 'icr-logical'),
          ...row('x2apic-icr', 'icr-high', 'icr-reads-back', 'icr-high-reads-back'),
          ...row('x2apic-reserved', 'icr-bit-20', 'lvt-bit-20', 'divide-bit-2', 'self-ipi-bit-8'),
          ...row('apic-illegal-vector', 'illegal-vector'),
          ...row('apic-modes', 'off-to-x2apic', 'on-again'),
        },
      },
      manual: {
        ldr: 'ldr ok ax 00000001',
        'icr-logical': 'icr-logical #43 * ok ax 00004843',
        'icr-high': 'icr-high ok ax 00000000',
        'icr-reads-back': 'icr-reads-back ok ax 00004046',
        'icr-bit-20': `icr-bit-20 ${refused}`,
        'lvt-bit-20': `lvt-bit-20 ${refused}`,
        'divide-bit-2': `divide-bit-2 ${refused}`,
        'self-ipi-bit-8': `self-ipi-bit-8 ${refused}`,
        'icr-high-reads-back': 'icr-high-reads-back ok ax 00000007',
        'illegal-vector': 'illegal-vector ok ax 00000020',
        'off-to-x2apic': `off-to-x2apic ${refused}`,
        'on-again': 'on-again ok ax 000000ff',
      },
    });
  });
});
