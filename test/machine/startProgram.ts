// What the guest programs about several processors begin with.
import { APIC_SET_UP } from './apicProgram';

/** Processors of those machines. */
export const COUNT = 4;

/**
 * Start-up code at 0x9000. The processor with APIC ID n gets FLAT FS, stack 0x6000 - n * 0x100, EBP = n, counts itself in
 * \`arrived\` and goes to \`ap\`. \`start\` starts all of them, \`await WORD, VALUE\` waits.
 */
export const START = `${APIC_SET_UP}
  jmp program
arrived: dw 0
ids: times 8 db 0xff
ready: dw 0
counter: dd 0
spin: db 0
go: dw 0
%macro await 2
%%again:
  pause
  cmp word [%1], %2
  jne %%again
%endmacro
%macro spin_lock 1
%%again:
  lock bts word [%1], 0
  jnc %%mine
  pause
  jmp %%again
%%mine:
%endmacro
%macro spin_unlock 1
  mov byte [%1], 0
%endmacro
%macro start 0
  put 0x300, 0xc4500          ; INIT to all but itself
  call pause_a_while
  put 0x300, 0xc4609          ; start-up at 9000
  call pause_a_while
  put 0x300, 0xc4609          ; again: nobody waits for it
  await arrived, ${COUNT - 1}
%endmacro
pause_a_while:
  mov ecx, 20000
.again:
  dec ecx
  jnz .again
  ret
  times 0x9000-0x7c00-($-$$) db 0x90
trampoline:
  cli
  mov ax, cs
  mov bx, ip_here
  jmp 0:.flat
ip_here equ trampoline
.flat:
  mov di, ax                  ; CS as the start-up message gave it
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  lgdt [gdtr]
  mov eax, cr0
  mov esi, eax
  or al, 1
  mov cr0, eax
  mov bx, 8
  mov fs, bx
  and al, 0xfe
  mov cr0, eax
  jmp .real
.real:
  get 0x20
  shr eax, 24
  movzx ebp, al
  mov ax, bp
  shl ax, 8
  mov sp, 0x6000
  sub sp, ax
  put 0xf0, 0x1ff
  mov byte [ids + ebp], 1
  lock inc word [arrived]
  jmp ap
program:
`;
