// System management mode compared with QEMU and Bochs; what these cannot show, by the manual.
import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { Machine } from '../../src/machine/machine';
import { compareGuest, row } from './support/compare';
import { assembleGuest, onRingside } from './support/oracles';

describe('system management mode', function () {
  this.timeout(120_000);

  it('of the x86-64 model is as on QEMU and Bochs', () => {
    compareGuest({
      guest: 'smm',
      qemu: {
        apart: {
          ...row('smi-boundary', 'saved-rip', 'rsm-ip', 'rsm-flags'),
          ...row('smm-io-restart', 'saved-revision'),
          ...row('smm-tss-busy', 'saved-tr'),
          ...row('smram-lock', 'smram-locked'),
        },
      },
      bochs: {
        apart: {
          ...row('smm-attributes', 'saved-es', 'saved-cs', 'saved-ss', 'saved-tr'),
          ...row('smm-io-restart', 'saved-revision'),
        },
      },
      manual: { 'saved-revision': 'saved-revision 00030064', 'saved-tr': 'saved-tr sel 0028 attr 008b *' },
    });
  });

  it('of the Pentium has the 32-bit map, as QEMU', () => {
    compareGuest({
      guest: 'smm',
      define: ['WIDE=32'],
      options: { cpu: 'pentium' },
      qemu: {
        program: 'qemu-system-i386',
        cpu: 'pentium',
        apart: {
          ...row('smi-boundary', 'saved-eip', 'rsm-ip', 'rsm-flags'),
          ...row('smm-io-restart', 'saved-revision'),
          ...row('smram-lock', 'smram-locked'),
        },
      },
      manual: {
        'saved-revision': 'saved-revision 00030000',
        'saved-eip': 'saved-eip 00000000',
        'rsm-ip': 'rsm-ip ok ax 00000001',
        'rsm-flags': 'rsm-flags ok ax ffffffff',
        'smram-locked': 'smram-locked ok ax 00000018',
      },
    });
  });

  it('keeps a single-step trap for later, and goes on after HLT only if the handler says so', () => {
    compareGuest({
      guest: 'smm',
      define: ['ALONE'],
      qemu: { apart: row('smm-auto-halt', 'halted') },
      manual: { halted: 'halted ok ax 00000001' },
    });
  });

  it('is a lane of its own in the log, entered by `smi` and left by `rsm`', () => {
    const { machine } = onRingside(assembleGuest('smm'));
    const { transitions } = machine;
    const seen = new Set<string>();
    for (let i = 0; i < transitions.count; i++) {
      const { kind, from, to } = transitions.get(i)!;
      if (kind === 'smi' || kind === 'rsm') seen.add(`${kind} ${from.mode} ${from.cpl} ${to.mode} ${to.cpl}`);
    }
    assert.deepEqual([...seen].sort(), [
      'rsm smm 0 64-bit 0',
      'rsm smm 0 64-bit 3',
      'smi 64-bit 0 smm 0',
      'smi 64-bit 3 smm 0',
    ]);
  });

  it('shuts the processor down when the saved state is impossible, with the reason', () => {
    const machine = new Machine({});
    const { cpu } = machine;
    // RSM with CR0.PG set and CR0.PE clear
    const at = (address: number): number => L.RAM_BASE + address;
    cpu.view.setUint32(at(0x30000 + 0xff58), 0x80000010, true);
    cpu.u32[L.S_SMBASE >> 2] = 0x30000;
    cpu.u8.set([0x0f, 0xaa], at(0x7c00));
    machine.setRegister('cs', 0n);
    machine.setRegister('eip', 0x7c00n);
    cpu.i32[L.S_SMM >> 2] = L.SMM_ACTIVE;
    machine.engine.stateReplaced();
    assert.deepEqual(machine.run(10), { kind: 'shutdown', cause: 'triple-fault' });
    assert.equal(cpu.shutdownCause[0]!.reason.check, 'rsm-state');
    assert.equal(cpu.shutdownCause[0]!.reason.data.problem, 'CR0.PG is set, CR0.PE is not');
  });
});
