// The I/O restart field of system management mode, which neither QEMU nor Bochs has (Intel SDM vol. 3, "I/O Instruction Restart";
// AMD APM vol. 2, "SMM I/O Trap and I/O Restart").
import assert from 'node:assert/strict';
import { RAM_BASE, S_SMBASE } from '../../src/cpu/layout';
import type { CpuModel } from '../../src/cpu/models';
import { Machine } from '../../src/machine/machine';
import { nasm } from '../firmware/support/program';

const SMBASE = 0x30000;
const CODE = 0x7c00;
const COUNT = SMBASE + 0x9000;
/** By model: the field, where the instruction pointer and the count are kept. */
const MAPS = {
  'x86-64': { field: 0xfec8, ip: 0xfea0, count: 0xfea8, revision: 0x30064 },
  pentium: { field: 0xff00, ip: 0xff10, count: 0xff08, revision: 0x30000 },
} as const;
type Model = keyof typeof MAPS;

/** The handler counts and asks for a repetition `times` times. */
function machineOf(cpu: Model & CpuModel, guest: string, times: number): Machine {
  const machine = new Machine({ cpu });
  const { u8, u32 } = machine.cpu;
  u32[S_SMBASE >> 2] = SMBASE;
  const handler = `
  bits 16
  inc byte [cs:0x9000]
  mov dx, 0x1234              ; is not what the port is taken from
  cmp byte [cs:0x9000], ${times}
  ja .done
  mov byte [cs:${MAPS[cpu].field}], 0xff
.done:
  rsm`;
  u8.set(nasm(handler), RAM_BASE + SMBASE + 0x8000);
  u8.set(nasm(`  bits 16\n  org ${CODE}\n${guest}\n  cli\n  hlt\n`), RAM_BASE + CODE);
  machine.setRegister('cs', 0n);
  machine.setRegister('ds', 0n);
  machine.setRegister('eip', BigInt(CODE));
  assert.equal(machine.run(1000).kind, 'halted');
  return machine;
}
const smis = (machine: Machine): number => machine.cpu.u8[RAM_BASE + COUNT]!;
const saved = (machine: Machine, at: number): number => machine.cpu.view.getUint32(RAM_BASE + SMBASE + at, true);

describe('I/O restart', () => {
  for (const cpu of Object.keys(MAPS) as Model[]) {
    const map = MAPS[cpu];

    it(`of the ${cpu} executes the instruction again as often as the handler wants`, () => {
      const machine = machineOf(cpu, '  mov ecx, 5\n  mov al, 7\n  out 0xb2, al\n  inc ecx', 3);
      assert.equal(smis(machine), 4);
      assert.equal(machine.getRegister('ecx'), 6n);
      assert.equal(saved(machine, 0xfefc), map.revision, 'the revision announces it');
      assert.equal(saved(machine, map.ip), CODE + 8, 'the address of the OUT');
      assert.equal(machine.cpu.u8[RAM_BASE + SMBASE + map.field], 0, 'the last entry cleared the field');
    });

    it(`of the ${cpu} repeats one element of a string`, () => {
      const guest = '  mov dx, 0xb2\n  mov ecx, 3\n  mov esi, 0x7000\n  rep outsb';
      const machine = machineOf(cpu, guest, 1);
      assert.equal(smis(machine), 4, 'one of three twice');
      assert.deepEqual([machine.getRegister('ecx'), machine.getRegister('esi')], [0n, 0x7003n]);
      assert.equal(saved(machine, map.count), 1, 'the count before the last element');
    });
  }

  it('describes the access in the map of the x86-64', () => {
    const valid = 2;
    const one = machineOf('x86-64', '  mov al, 7\n  out 0xb2, al', 0);
    assert.equal(saved(one, 0xfec0), 0x00b20010 | valid);
    const many = machineOf('x86-64', '  mov dx, 0xb2\n  mov cx, 1\n  mov si, 0x7000\n  rep outsb', 0);
    assert.equal(saved(many, 0xfec0), 0x00b2001c | valid);
  });

  it('is nothing for an SMI of the local APIC', () => {
    const guest = `
  lgdt [gdtr]
  mov eax, cr0
  or al, 1
  mov cr0, eax
  mov bx, 8
  mov fs, bx
  and al, 0xfe
  mov cr0, eax
  mov ebx, 0xfee000f0
  mov dword [fs:ebx], 0x1ff
  mov ebx, 0xfee00300
  mov dword [fs:ebx], 0x44200
  jmp $+2
  jmp $+2
  cli
  hlt
gdtr: dw 15
  dd gdt
gdt: dq 0, 0x00cf92000000ffff`;
    const machine = machineOf('x86-64', guest, 1);
    assert.equal(smis(machine), 1);
    assert.equal(saved(machine, 0xfec0), 0);
  });
});
