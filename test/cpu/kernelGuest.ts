// Programs that run as Multiboot kernels and answer through the debug exit: flat 32-bit code, or 64-bit code with the first
// 32 MB and the local APIC mapped to themselves. `ok` ends with 0; `bad N` with N; `gate VECTOR, PLACE` makes one.
import { Machine } from '../../src/machine/machine';
import type { CpuModel } from '../../src/cpu/models';
import { nasm } from '../firmware/support/program';

const HEAD = `
  bits 32
  org 0x100000
%macro bad 1
  mov al, %1
  out 0xf4, al
%endmacro
%define ok bad 0
header:
  dd 0x1badb002, 0x10000, -(0x1badb002 + 0x10000)
  dd header, header, 0, 0x110000, start
start:
  mov esp, 0x180000
`;

/** Page tables at 2 MB: 32 MB in large pages, open to ring 3, and the page of the local APIC. */
const LONG = `
  mov edi, 0x200000
  mov cr3, edi
  mov dword [edi], 0x201007
  mov dword [edi + 0x1000], 0x202007
  mov dword [edi + 0x1018], 0x203007
  mov dword [edi + 0x3fb8], 0xfee00083
  add edi, 0x2000
  mov eax, 0x87
  mov ecx, 16
.map:
  mov [edi], eax
  add edi, 8
  add eax, 0x200000
  loop .map
  mov eax, cr4
  or eax, 0x620
  mov cr4, eax
  mov ecx, 0xc0000080
  mov eax, 0x901
  xor edx, edx
  wrmsr
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  lgdt [table]
  lidt [interrupts]
  jmp 8:entry64
align 8
gdt:
  dq 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cffb000000ffff, 0x00cff3000000ffff, 0x00affb000000ffff
  dq 0x0000890030000067, 0
table:
  dw table - gdt - 1
  dd gdt, 0
interrupts:
  dw 0xfff
  dd 0x4000, 0
; a gate to code of ring 0
%macro gate 2
  mov eax, %2
  mov [0x4000 + %1 * 16], ax
  shr eax, 16
  mov [0x4006 + %1 * 16], ax
  mov word [0x4004 + %1 * 16], 0xee00
  mov word [0x4002 + %1 * 16], 8
  mov qword [0x4008 + %1 * 16], 0
%endmacro
  bits 64
entry64:
  mov ax, 0x10
  mov ss, ax
  mov ds, ax
  mov es, ax
  mov dword [0x3004], 0x170000  ; RSP0
  mov dword [0x3008], 0
  mov ax, 0x30
  ltr ax
`;

function codeOf(source: string, cpu: CpuModel): number {
  const machine = new Machine({ memory: 0x2000000, cpu, kernel: { name: 'test', image: nasm(source) } });
  const stop = machine.run(5e6);
  if (stop.kind !== 'debug-exit') throw new Error(`${stop.kind} at ${machine.pc.toString(16)}`);
  return stop.code & 0xff;
}

export const run32 = (body: string, cpu: CpuModel = 'x86-64'): number => codeOf(HEAD + body, cpu);
export const run64 = (body: string): number => codeOf(HEAD + LONG + body, 'x86-64');
