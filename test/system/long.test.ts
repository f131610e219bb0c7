// Long mode compared with Bochs: canonical addresses, IRETQ, gates, IST, SYSCALL, SYSENTER, paging and its protections, PCID, and what
// ring 3 may not do. QEMU's translator checks too little of it to be of use here.
import { compareGuest, row } from './support/compare';

describe('long mode', function () {
  this.timeout(120_000);

  it('is as on Bochs', () => {
    compareGuest({
      guest: 'long',
      bochs: {
        apart: {
          ...row('iretd-in-64-bit-code', 'iretd-in-64'),
          ...row('iretq-compatibility-limit', 'iretq-code-limit'),
          ...row('ist-not-canonical', 'ist-noncanonical'),
          ...row('smap-implicit', 'smap-implicit'),
        },
      },
      manual: {
        'iretd-in-64': 'iretd-in-64 ok ax 00000000',
        'iretq-code-limit': 'iretq-code-limit #0d e 0000 ip 00000018 cs 0008 *',
        'ist-noncanonical': 'ist-noncanonical #0c e 0001 *',
        'smap-implicit': 'smap-implicit #0e e 0001 * cr2 0000000000058008',
      },
    });
  });
});
