// A memory operand of the x87 is read once, whoever of inline code and routine computes with it: devices and watchpoints see it.
import assert from 'node:assert/strict';
import { setWatchedPages } from '../../src/cpu/watch';
import { FlatGuest } from './flatGuest';

/** Beyond the RAM: reads as FF in the low byte of every access, a denormal number. */
const DEVICE = 0x200000;
const TIGHT = 'fninit\n' + 'fld1\n'.repeat(8);

const CASES: readonly (readonly [string, string, number])[] = [
  ['a denormal that is loaded', 'fninit\nfld dword', 4],
  ['a denormal double that is loaded', 'fninit\nfld qword', 8],
  ['a denormal that is added', 'fninit\nfld1\nfadd dword', 4],
  ['a denormal that is subtracted from a double', 'fninit\nfld1\nfsub qword', 8],
  ['a number added to an empty register', 'fninit\nfadd dword', 4],
  ['a denormal that is compared', 'fninit\nfld1\nfcom dword', 4],
  ['an integer that is loaded', 'fninit\nfild word', 2],
  ['an integer for which there is no room', `${TIGHT}fild qword`, 8],
  ['a number for which there is no room', `${TIGHT}fld dword`, 4],
  ['an integer that is added', 'fninit\nfld1\nfiadd dword', 4],
];

describe('memory operands of the x87', () => {
  for (const [what, code, size] of CASES) {
    it(`are read once by a device: ${what}`, () => {
      const guest = new FlatGuest(`${code} [0x${DEVICE.toString(16)}]\nhlt`);
      guest.runToHalt();
      assert.deepEqual(guest.reads, size === 8 ? [DEVICE, DEVICE + 4] : [DEVICE]);
    });
  }

  for (const value of ['0x7fc00000', '0x00000001', '0x7f800000', '0x3f800000', '0x00000000']) {
    it(`are one watched access: ${value}`, () => {
      const guest = new FlatGuest(
        `mov dword [0x20000], ${value}\nfninit\nfld1\nfadd dword [0x20000]\nfld dword [0x20000]\nfcomp dword [0x20000]\nhlt`,
      );
      const { cpu } = guest.engine;
      guest.engine.run(3);
      const accesses: string[] = [];
      cpu.watchAccess = (linear, size, write) => accesses.push(`${write ? 'w' : 'r'}${size} ${linear.toString(16)}`);
      setWatchedPages(cpu, [0x20]);
      guest.runToHalt();
      assert.deepEqual(accesses, ['r4 20000', 'r4 20000', 'r4 20000']);
    });
  }
});
