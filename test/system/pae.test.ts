// PSE-36 and PAE in 32-bit protected mode compared with QEMU and Bochs.
import { compareGuest, row } from './support/compare';

describe('32-bit paging', function () {
  this.timeout(120_000);

  it('with large pages and PAE is as on QEMU and Bochs', () => {
    const checked = ['bit-1', 'bit-2', 'bit-5', 'bit-8', 'bit-63', 'bit-52', 'not-loaded', 'checked-by-cr4'];
    compareGuest({
      guest: 'pae',
      qemu: {
        apart: {
          ...row('pae-pointers', ...checked.map((each) => `pointer-${each}`)),
          ...row('reserved-error-code', 'pse-reserved', 'large-bit-13', 'bit-52', 'bit-62', 'bit-63-without-nxe'),
        },
      },
      bochs: {},
    });
  });
});
