// Faults in the middle of string instructions, NMIs until IRET, RDPMC, LOCK, alignment checks and A20, in 32-bit protected mode with
// paging, compared with QEMU and Bochs.
import { compareGuest, row } from './support/compare';

describe('restarted instructions', function () {
  this.timeout(120_000);

  it('of 32-bit code are as on QEMU and Bochs', () => {
    const limits = ['cmpsb', 'stosb', 'stosd', 'movsb-source', 'insb', 'outsb', 'lodsw'].map((each) => `limit-${each}`);
    const locks = ['mov', 'lea', 'push', 'test', 'mul', 'movs', 'shl', 'far-jump'].map((each) => `lock-${each}`);
    const unaligned = ['word', 'dword', 'double', 'far-pointer', 'cmpxchg8b', 'page-fault-after'].map(
      (each) => `ac-${each}`,
    );
    compareGuest({
      guest: 'restart',
      qemu: {
        apart: {
          ...row('segment-limits', ...limits),
          ...row('nmi-boundary', 'nmi-waits', 'nmi-fault-inside', 'nmi-with-interrupts-off'),
          ...row('rdpmc-missing', 'rdpmc-user-pce', 'rdpmc-no-such'),
          ...row('lock-prefix', ...locks),
          ...row('alignment-check', ...unaligned),
          ...row('alignment-of-vectors', 'ac-movups'),
        },
      },
      bochs: { apart: row('alignment-of-vectors', 'ac-movups') },
      manual: { 'ac-movups': 'ac-movups #11 e 0000 *' },
    });
  });
});
