// Kernels for the loader's tests: sources for the assembler, and ELF files put together by hand.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assemble } from '../../src/asm/assemble';
import type { OutputFormat } from '../../src/asm/types';

const REPORT = `
start:
  mov esp, stack_top
  cmp eax, 0x2badb002
  jne .wrong
  pushfd
  pop eax
  test eax, 0x20200         ; VM, IF
  jnz .wrong
  mov eax, cr0
  and eax, 0x80000001
  cmp eax, 1
  jne .wrong
  mov cx, 0x10              ; the GDT in force has them
  mov ds, cx
  mov ss, cx
  cmp dword [counted], 0    ; .bss is zero
  jne .wrong
  inc dword [counted]
  mov esi, [ebx + 16]
  call print
  mov ecx, [ebx + 20]
  mov edi, [ebx + 24]
.module:
  test ecx, ecx
  jz .memory
  mov esi, [edi + 8]
  call print
  mov esi, [edi]
  test esi, 0xfff
  jnz .wrong
  push ecx
  mov ecx, [edi + 4]
  sub ecx, esi
.byte:
  lodsb
  out 0xe9, al
  loop .byte
  pop ecx
  add edi, 16
  dec ecx
  jmp .module
.memory:
  mov edx, [ebx + 8]        ; KB above 1 MB
  mov esi, [ebx + 48]
  mov ecx, [ebx + 44]
  add ecx, esi
.range:
  cmp dword [esi + 20], 1
  jne .next
  cmp dword [esi + 4], 0x100000
  je .upper
.next:
  add esi, [esi]
  add esi, 4
  cmp esi, ecx
  jb .range
.wrong:
  mov al, 1
  out 0xf4, al
.upper:
  mov eax, [esi + 12]
  shr eax, 10
  cmp eax, edx
  jne .wrong
  shr eax, 10
  out 0xf4, al              ; MB above the first
  jmp $
print:
  lodsb
  test al, al
  jz .end
  out 0xe9, al
  jmp print
.end:
  mov al, '|'
  out 0xe9, al
  ret
`;

/** Checks what it gets, prints command line and modules to port E9 and ends with the megabytes above the first. */
export const FLAT_KERNEL = `
  bits 32
  org 0x100000
header:
  dd 0x1badb002, 0x10003, -(0x1badb002 + 0x10003)
  dd header, header, end, bss_end, start
${REPORT}
end:
  absolute $
counted: resd 1
  resb 4096
stack_top:
bss_end:
`;
export const OBJECT_KERNEL = `
  bits 32
  global start
  section .text
  align 4
  dd 0x1badb002, 3, -(0x1badb002 + 3)
${REPORT}
  section .bss
counted: resd 1
  resb 4096
stack_top:
`;

export function assembled(source: string, format: OutputFormat = 'bin'): Uint8Array {
  const result = assemble({
    file: 'kernel.asm',
    source,
    read: () => undefined,
    readBinary: () => undefined,
    resolve: (_from, name) => name,
    includePaths: [],
    defines: {},
    compat: '2.16',
    format,
  });
  if (!result.ok) throw new Error(result.diagnostics.map((d) => `${d.line}: ${d.message}`).join('\n'));
  return result.bytes;
}

/** An object file made an executable by the linker of the computer: text at 1 MB, or as a linker script says. */
export function linked(object: Uint8Array, emulation = 'elf_i386', script?: string): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-link-'));
  try {
    const [from, to] = [path.join(folder, 'kernel.o'), path.join(folder, 'kernel.elf')];
    writeFileSync(from, object);
    const layout = script === undefined ? ['-Ttext', '0x100000'] : ['-T', path.join(folder, 'kernel.ld')];
    if (script !== undefined) writeFileSync(layout[1]!, script);
    const run = spawnSync('ld', ['-m', emulation, ...layout, '-e', 'start', '-o', to, from], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`ld: ${run.error?.message ?? run.stderr}`);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface HandMade {
  type?: number;
  machine?: number;
  entry?: number;
  virtual?: number;
  physical?: number;
  code?: readonly number[];
  memorySize?: number;
}

/** A 32-bit ELF file with one segment. */
export function elf32({
  type = 2,
  machine = 3,
  entry = 0x100000,
  virtual = 0x100000,
  physical = virtual,
  code = [0xf4],
  memorySize = code.length,
}: HandMade): Uint8Array {
  const bytes = new Uint8Array(84 + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, type, true);
  view.setUint16(18, machine, true);
  view.setUint32(24, entry, true);
  view.setUint32(28, 52, true);
  [52, 32, 1, 40, 0, 0].forEach((value, n) => view.setUint16(40 + 2 * n, value, true));
  [1, 84, virtual, physical, code.length, memorySize, 7, 4].forEach((value, n) =>
    view.setUint32(52 + 4 * n, value, true),
  );
  bytes.set(code, 84);
  return bytes;
}
