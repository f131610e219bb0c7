// Debug exceptions compared with QEMU and Bochs, in 64-bit and in 32-bit protected mode.
import { compareGuest, row } from './support/compare';

const QEMU = {
  ...row('dr-alignment', 'write-unaligned-dword'),
  ...row('dr6-several', 'two-at-once'),
  ...row('dr-io-without-de', 'port-without-de'),
  ...row('dr-reserved', 'dr6-bits', 'dr7-bits'),
  ...row('general-detect', 'general-detect-write', 'general-detect-read'),
  ...row('int1-missing', 'int1', 'user-int1'),
  ...row('shadow-of-traps', 'step-lss', 'step-sti', 'mov-ss-execute', 'mov-ss-data', 'mov-ss-data-int'),
  ...row('step-and-data', 'step-and-write'),
  ...row('rf-in-repetitions', 'execute-on-rep'),
};
const BOCHS = {
  ...row('dr6-not-enabled', 'not-enabled-but-matching'),
  ...row('dr-reserved', 'dr7-bits'),
  ...row('mov-ss-data-trap', 'mov-ss-data-int'),
  ...row('rf-of-int3', 'execute-on-int3'),
};

describe('debug exceptions', function () {
  this.timeout(120_000);

  it('of 64-bit code are as on QEMU and Bochs', () => {
    compareGuest({
      guest: 'debug',
      qemu: { apart: { ...QEMU, ...row('idt-error-code', 'user-int-1') } },
      bochs: { apart: BOCHS },
      manual: {
        'dr7-bits': 'dr7-bits ok ax 00000700',
        'mov-ss-data-int': 'mov-ss-data-int #01 * #03 *',
      },
    });
  });

  it('of 32-bit code are as on QEMU and Bochs', () => {
    compareGuest({
      guest: 'debug',
      define: ['WIDE=32'],
      qemu: { apart: { ...QEMU, ...row('task-switch-trap', 'task-switch-trap') } },
      bochs: { apart: BOCHS },
      manual: {
        'dr7-bits': 'dr7-bits ok ax 00000700',
        'mov-ss-data-int': 'mov-ss-data-int #01 * #03 *',
      },
    });
  });
});
