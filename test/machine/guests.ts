// Guests for the machine tests, assembled by nasm.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { Machine } from '../../src/machine/machine';
import type { MachineOptions } from '../../src/machine/types';
import { nasm } from '../firmware/support/program';

/** One sector from code that begins at 0000:7C00. */
export const bootSector = (code: string): Uint8Array =>
  nasm(`  org 0x7c00\n  bits 16\n${code}\n  times 510-($-$$) db 0\n  dw 0xaa55\n`);

export const sample = (name: string): Uint8Array =>
  nasm(readFileSync(path.join(ROOT, 'samples', name, 'boot.asm'), 'utf8'));

export const machineOf = (image: Uint8Array, options: MachineOptions = {}): Machine =>
  new Machine({ memory: 0x400000, drives: [{ image, kind: 'floppy', name: 'test.img' }], ...options });

/**
 * Everything that time touches at once: timer ticks counted in a hooked INT 1Ch, the clock chip's periodic interrupt, keys
 * echoed to the screen, sectors written, the serial port, video modes, port 61h read in a loop.
 */
export const BUSY_GUEST = nasm(`
  org 0x7c00
  bits 16
  jmp 0:start
start:
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov sp, 0x7000
  mov word [0x1c*4], tick
  mov word [0x1c*4+2], 0
  sti
again:
  mov cx, 300
.spin:
  in al, 0x61
  add [sum], ax
  adc word [sum+2], 0
  mov bx, cx
  and bx, 255
  xor [table+bx], al
  loop .spin
  mov ah, 1
  int 0x16
  jz .no_key
  mov ah, 0
  int 0x16
  mov ah, 0x0e
  mov bx, 7
  int 0x10
  mov dx, 0x3f8
  out dx, al
.no_key:
  inc word [rounds]
  test word [rounds], 15
  jnz .no_wait
  hlt
.no_wait:
  test word [rounds], 63
  jnz again
  mov ah, 0x86
  mov cx, 0
  mov dx, 3000
  int 0x15
  mov ax, 0x0301
  mov cx, 2
  mov dx, 0
  mov bx, table
  int 0x13
  mov ax, 0x0201
  mov cx, 2
  mov bx, 0x5000
  int 0x13
  mov al, [rounds]
  shr al, 6
  and al, 7
  jnz again
  mov ax, 0x13
  int 0x10
  mov ax, 3
  int 0x10
  jmp again
tick:
  inc word [cs:ticks]
  iret
ticks: dw 0
rounds: dw 0
sum: dd 0
  times 510-($-$$) db 0
  dw 0xaa55
table equ 0x8000
`);
