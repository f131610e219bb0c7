// IA32_DEBUGCTL.BTF, which neither QEMU nor Bochs has (Intel SDM vol. 3, "Single-Stepping on Branches").
import assert from 'node:assert/strict';
import { RAM_BASE } from '../../src/cpu/layout';
import { MSR_DEBUGCTL } from '../../src/cpu/msrs';
import { Machine } from '../../src/machine/machine';

describe('single steps on branches', () => {
  it('trap behind the first taken branch, and the trap ends them', () => {
    const machine = new Machine({});
    const { cpu } = machine;
    // NOP; JZ that is not taken; JMP over a NOP; NOP; NOP
    cpu.u8.set([0x90, 0x74, 0x10, 0xeb, 0x01, 0x90, 0x90, 0x90], RAM_BASE + 0x7c00);
    cpu.u8.set([0xcf], RAM_BASE + 0x7d00); // IRET
    cpu.view.setUint32(RAM_BASE + 4, 0x7d00, true);
    machine.setRegister('cs', 0n);
    machine.setRegister('eip', 0x7c00n);
    machine.setRegister('ss', 0n);
    machine.setRegister('esp', 0x7000n);
    machine.setRegister('eflags', 0x102n);
    cpu.msrs.set(MSR_DEBUGCTL, 2n);
    const first = machine.transitions.count;
    machine.run(8);
    const entry = machine.transitions.get(first)!;
    assert.deepEqual([entry.kind, entry.vector, entry.from.rip], ['exception', 1, 0x7c06]);
    assert.equal(cpu.msrs.get(MSR_DEBUGCTL), 0n);
    const second = machine.transitions.get(first + 2)!;
    assert.deepEqual([second.kind, second.from.rip], ['exception', 0x7c07], 'every instruction again');
  });
});
