// A linked kernel without source lines under the adapter: frames, disassembly, registers and the console name its labels,
// at the addresses it was linked to as well as at those it was loaded to.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assembled, linked } from '../machine/kernels';
import { Bench, type Disassembly } from './support/bench';
import { stdioClient, type TestClient } from './support/client';

const KERNEL = `
  bits 32
  global start
  section .text
  align 4
  dd 0x1badb002, 0, -0x1badb002
HIGH equ 0xc0000000
start:
  mov eax, directory - HIGH
  mov dword [eax], 0x83              ; the first 4 MB where they are
  mov dword [eax + 0x300 * 4], 0x83  ; and at 3 GB
  mov cr3, eax
  mov eax, cr4
  or al, 0x10                        ; PSE
  mov cr4, eax
loaded:
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  mov eax, high
  jmp eax
high:
  mov esp, stack_top
  call outer
  jmp $
outer:
  push ebp
  mov ebp, esp
  call inner
  nop
  pop ebp
  ret
inner:
  push ebp
  mov ebp, esp
inner.deep:
  mov eax, [counted]
  inc eax
  pop ebp
  ret
  section .bss
  align 4096
directory: resb 4096
counted: resd 1
  resb 4096
stack_top:
`;
const LAYOUT = `
SECTIONS {
  . = 0xc0100000;
  .text : AT(ADDR(.text) - 0xc0000000) { *(.text) }
  .bss : AT(ADDR(.bss) - 0xc0000000) { *(.bss) }
}
`;

describe('debug adapter with a linked kernel', function () {
  this.timeout(60_000);
  const bench = new Bench();
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-kernel-'));
  let c: TestClient;
  const top = async () => (await c.frames())[0]!;
  const lines = async (memoryReference: string, instructionOffset: number, instructionCount: number) =>
    (await c.ask<Disassembly>('disassemble', { memoryReference, instructionOffset, instructionCount })).instructions;

  before(async () => {
    const file = path.join(folder, 'kernel.elf');
    writeFileSync(file, linked(assembled(KERNEL, 'elf32'), 'elf_i386', LAYOUT));
    c = bench.c = await stdioClient();
    const stopped = c.waitForEvent('stopped');
    await c.begin({ program: file }, async () => {
      const names = ['loaded', 'inner.deep'].map((name) => ({ name }));
      await c.setFunctionBreakpointsRequest({ breakpoints: names });
    });
    await stopped;
  });
  after(async () => {
    await c.stop();
    rmSync(folder, { recursive: true });
  });

  it('knows labels where the kernel was loaded, before paging is on', async () => {
    const { name, instructionPointerReference } = await top();
    assert.match(name, /^loaded \(\w+:0010[0-9a-f]{4}\)$/);
    const code = await lines(instructionPointerReference!, -2, 3);
    assert.match(code[0]!.instruction, /^or al, /);
    assert.equal(code[2]!.symbol, 'loaded');
    assert.match(code[2]!.instruction, /^mov eax, cr0$/);
  });

  it('knows them where it was linked to, in the whole call stack', async () => {
    await c.stopAfter(c.continueRequest({ threadId: 1 }));
    const names = (await c.frames()).map(({ name }) => name);
    assert.match(names[0]!, /^inner\.deep \(\w+:c01[0-9a-f]{5}\)$/);
    assert.match(names[1]!, /^outer\+0x\w+ /);
    assert.match(names[2]!, /^high\+0x\w+ /);
    const eip = (await bench.scope('General')).find(({ name }) => name === 'EIP');
    assert.match(eip!.type!, /, inner\.deep$/);
    assert.match(await c.value('where outer', 'repl'), /^outer$/);
  });

  it('shows calls and variables by their labels in the disassembly', async () => {
    const { instructionPointerReference } = await top();
    const code = await lines(instructionPointerReference!, -9, 10);
    assert.deepEqual(
      code.flatMap(({ symbol }) => symbol ?? []),
      ['outer', 'inner', 'inner.deep'],
    );
    assert.ok(code.some(({ instruction }) => /^call inner$/.test(instruction)));
    assert.match(code.at(-1)!.instruction, /^mov eax, \[counted\]$/);
  });
});
