// Kernels: Multiboot and ELF files put into memory and started, and what is said about those that cannot be.
import assert from 'node:assert/strict';
import { kernelImage } from '../../src/machine/loaders/kernelImage';
import { Machine } from '../../src/machine/machine';
import type { KernelOptions, StopReason } from '../../src/machine/types';
import { assembled, elf32, FLAT_KERNEL, linked, OBJECT_KERNEL, type HandMade } from './kernels';

const MEGABYTE = 0x100000;
const flat = assembled(FLAT_KERNEL);

function boot(
  kernel: Omit<KernelOptions, 'name'>,
  memory = 8 * MEGABYTE,
): { machine: Machine; text: () => string; stop: StopReason } {
  const machine = new Machine({ memory, kernel: { name: 'kernel', ...kernel } });
  let text = '';
  machine.onDebugByte.on((byte) => (text += String.fromCharCode(byte)));
  return { machine, stop: machine.run(1e6), text: () => text };
}

const modules = [
  { bytes: Uint8Array.from(Buffer.from('first')), commandLine: 'a.txt one' },
  { bytes: Uint8Array.from(Buffer.from('second')), commandLine: 'b.txt' },
];
const WHOLE = 'root=/dev/fd0 quiet|a.txt one|firstb.txt|second';

describe('Kernels', () => {
  it('with load addresses in their Multiboot header get memory map, command line and modules', () => {
    const { stop, text } = boot({ image: flat, commandLine: 'root=/dev/fd0 quiet', modules });
    assert.equal(text(), WHOLE);
    assert.deepEqual(stop, { kind: 'debug-exit', code: 7 });
  });

  it('in ELF files of 32 and 64 bits from our assembler start in the same way', () => {
    for (const [format, emulation] of [
      ['elf32', 'elf_i386'],
      ['elf64', 'elf_x86_64'],
    ] as const) {
      const image = linked(
        assembled(
          format === 'elf32' ? OBJECT_KERNEL : OBJECT_KERNEL.replace('section .text', 'section .text exec'),
          format,
        ),
        emulation,
      );
      const { stop, text } = boot({ image, commandLine: 'root=/dev/fd0 quiet', modules }, 16 * MEGABYTE);
      assert.equal(text(), WHOLE, format);
      assert.deepEqual(stop, { kind: 'debug-exit', code: 15 }, format);
    }
  });

  it('begin anew after a reset, with memory as it was at first', () => {
    const { machine, text } = boot({ image: flat });
    const first = machine.icount;
    machine.reset();
    assert.deepEqual(machine.run(1e6), { kind: 'debug-exit', code: 7 });
    assert.equal(machine.icount, first);
    assert.equal(text(), '||');
    // the guest's own reset leaves memory alone, so the loader has to fill it
    const resetting = new Machine({
      memory: 8 * MEGABYTE,
      kernel: {
        name: 'k',
        image: elf32({
          code: [0xfe, 0x05, 0x40, 0, 0x10, 0, 0xa0, 0x40, 0, 0x10, 0, 0xe6, 0xe9, 0xb0, 0xfe, 0xe6, 0x64, 0xf4],
          memorySize: 0x50,
        }),
      },
    });
    const counts: number[] = [];
    resetting.onDebugByte.on((byte) => counts.push(byte));
    for (let n = 0; n < 20 && counts.length < 3; n++) resetting.run(8);
    assert.deepEqual(counts.slice(0, 3), [1, 1, 1]);
  });

  it('are loaded at physical addresses and entered by the virtual one', () => {
    // mov eax, 0x2a; out 0xf4, al
    const code = [0xb8, 0x2a, 0, 0, 0, 0xe6, 0xf4, 0xf4];
    const image = elf32({ virtual: 0xc0100000, physical: 0x200000, entry: 0xc0100000, code });
    assert.deepEqual(boot({ image }).stop, { kind: 'debug-exit', code: 0x2a });
  });

  it('that cannot be started are refused with the reason', () => {
    const cases: [HandMade, RegExp][] = [
      [{ type: 1 }, /not an executable ELF file: link it/],
      [{ machine: 40 }, /another processor/],
      [{ virtual: 0xf0000 }, /wants to be loaded at 0xf0000 to 0xf0000.*link it to 1 MB/],
      [{ virtual: 0x800000, entry: 0x800000 }, /needs memory up to 0x800001; the machine has 0x800000 bytes/],
      [{ entry: 0x300000 }, /begins at 0x300000, where nothing/],
      [{ memorySize: 0 }, /damaged/],
    ];
    for (const [made, reason] of cases) {
      const problem = kernelImage(elf32(made), 8 * MEGABYTE);
      assert.ok(typeof problem === 'string');
      assert.match(problem, reason);
    }
    const wide = linked(assembled('bits 64\nglobal start\nstart: hlt\n', 'elf64'), 'elf_x86_64');
    assert.match(kernelImage(wide, 8 * MEGABYTE) as string, /64-bit ELF file without a Multiboot header/);
    const strange = flat.slice();
    new DataView(strange.buffer).setUint32(4, 0x10013, true);
    new DataView(strange.buffer).setUint32(8, -(0x1badb002 + 0x10013), true);
    assert.match(kernelImage(strange, 8 * MEGABYTE) as string, /flags that are not known \(0x10013\)/);
  });

  it('cut short anywhere give a reason or a kernel, never an exception', () => {
    const whole = linked(assembled(OBJECT_KERNEL, 'elf32'));
    for (let length = 0; length < whole.length; length += 7) kernelImage(whole.subarray(0, length), 8 * MEGABYTE);
    for (let at = 0; at < 200; at++) {
      const damaged = whole.slice();
      damaged[at] = 0xff;
      kernelImage(damaged, 8 * MEGABYTE);
    }
  });

  it('leave room for their information below 640 KB', () => {
    const low = { physical: 0x9f000, code: [0xb0, 7, 0xe6, 0xf4], virtual: 0x9f000, entry: 0x9f000 };
    const { machine, stop } = boot({ image: elf32(low) });
    assert.deepEqual(stop, { kind: 'debug-exit', code: 7 });
    assert.ok(machine.getRegister('ebx')! < 0x9f000n);
    assert.throws(
      () => boot({ image: elf32({ ...low, virtual: 0x1000, entry: 0x1000, physical: 0x1000, memorySize: 0x9e800 }) }),
      /no room below 640 KB/,
    );
  });
});
