; Instructions that begin again in 32-bit code: string instructions with page faults and segment limits in the middle, NMIs held
; off until IRET, also that of a fault inside the handler; RDPMC, LOCK, alignment checks; A20 with paging.
%define WIDE 32
%include "kernel.inc"
%define HOLE 0x5a000          ; a page that is not there
%define PIECE FREE            ; a data segment of 16 bytes
%define APIC 0xfee00000

registers:                    ; at the fault, and the case is over
  say ' cx '
  mov eax, [ebp + 5 * Z]
  call print_hex32
  say ' si '
  mov eax, [ebp + 3 * Z]
  call print_hex32
  say ' di '
  mov eax, [ebp + 2 * Z]
  call print_hex32
  cld
  jmp abort_case
%macro string 5               ; name, ECX, ESI, EDI, instruction
  case %1
  hook registers
  mov ecx, %2
  mov esi, %3
  mov edi, %4
  mov edx, 0x84
  %5
  cld
  endcase
%endmacro
%macro backwards 5
  case %1
  hook registers
  mov ecx, %2
  mov esi, %3
  mov edi, %4
  mov edx, 0x84
  std
  %5
  cld
  endcase
%endmacro
%macro send_nmi 0
  mov dword [APIC + 0x310], 0
  mov dword [APIC + 0x300], 0x4400
  jmp %%next
%%next:
  nop
  nop
%endmacro
nmi_count: db 0
nmi_twice:                    ; the second one waits for the end of the first
  inc byte [nmi_count]
  cmp byte [nmi_count], 1
  jne .done
  send_nmi
  say ' inside'
.done:
  ret
nmi_fault:                    ; IRET of the exception inside ends the waiting
  cmp dword [ebp + F_VECTOR], 3
  je .done
  inc byte [nmi_count]
  cmp byte [nmi_count], 1
  jne .done
  send_nmi
  say ' before'
  int3
  nop
  say ' after'
.done:
  ret

main:
  mov dword [gdt + PIECE], 0x0000000f
  mov dword [gdt + PIECE + 4], 0x00409305
  mov dword [PT + HOLE / 0x1000 * 4], 0
  invlpg [HOLE]
  mov edi, 0x50000
  mov ecx, 0x1000
  mov al, 0x61
  rep stosb
  mov edi, HOLE - 0x1000
  mov ecx, 0x1000
  rep stosb
  string 'movsb', 0x20, 0x50000, HOLE - 16, rep movsb
  string 'movsb-source', 0x20, HOLE - 16, 0x50000, rep movsb
  string 'movsd', 0x20, 0x50000, HOLE - 16, rep movsd
  string 'movsd-across', 0x20, 0x50000, HOLE - 14, rep movsd
  string 'movsw-across-source', 0x20, HOLE - 5, 0x50000, rep movsw
  string 'lodsb', 0x20, HOLE - 3, 1, rep lodsb
  string 'cmpsb', 0x20, HOLE - 3, 0x50000, repe cmpsb
  string 'cmpsb-second', 0x20, 0x50000, HOLE - 3, repe cmpsb
  string 'cmpsb-differs', 0x20, 0x50000, HOLE - 3, repne cmpsb
  string 'scasw', 0x20, 1, HOLE - 6, repne scasw
  string 'stosb', 0x20, 1, HOLE - 3, rep stosb
  string 'stosd-across', 0x20, 1, HOLE - 6, rep stosd
  string 'insb', 0x20, 1, HOLE - 3, rep insb
  string 'insd-across', 0x20, 1, HOLE - 6, rep insd
  string 'outsb', 0x20, HOLE - 3, 1, rep outsb
  string 'none', 0, HOLE, HOLE, rep movsb
  backwards 'stosb-down', 0x20, 1, HOLE + 0x1002, rep stosb
  backwards 'movsd-down', 0x20, 0x50100, HOLE + 0x1008, rep movsd
  case 'stosb-16-wraps'
  mov ecx, 0x70010
  mov edi, 0x5fff8
  a16 rep stosb
  lea eax, [edi + ecx]
  endcase
%macro limited 5
  mov ax, PIECE
  mov es, ax
  mov fs, ax
  string %1, %2, %3, %4, {%5}
%endmacro
  limited 'limit-cmpsb', 0x20, 0x50000, 10, repe cmpsb
  limited 'limit-stosb', 0x20, 1, 10, rep stosb
  limited 'limit-stosd', 0x20, 1, 6, rep stosd
  limited 'limit-movsb-source', 0x20, 10, 0, rep fs movsb
  limited 'limit-insb', 0x20, 1, 10, rep insb
  limited 'limit-outsb', 0x20, 10, 1, rep fs outsb
  limited 'limit-lodsw', 0x20, 11, 1, rep fs lodsw
  mov ax, DATA0
  mov es, ax
  mov fs, ax
  mov dword [PT + HOLE / 0x1000 * 4], HOLE + 7
  invlpg [HOLE]

  mov dword [APIC + 0xf0], 0x1ff
  case 'nmi-waits'
  hook nmi_twice
  mov byte [nmi_count], 0
  send_nmi
  movzx eax, byte [nmi_count]
  endcase
  case 'nmi-fault-inside'
  hook nmi_fault
  mov byte [nmi_count], 0
  send_nmi
  movzx eax, byte [nmi_count]
  endcase
  case 'nmi-with-interrupts-off'
  hook nmi_twice
  mov byte [nmi_count], 1
  cli
  send_nmi
  movzx eax, byte [nmi_count]
  endcase

  case 'rdpmc-user'
  user
  rdpmc
  kernel
  endcase
  case 'rdpmc-user-pce'
  mov eax, cr4
  or eax, 0x100
  mov cr4, eax
  user
  xor ecx, ecx
  rdpmc
  xor eax, eax
  kernel
  endcase
  case 'rdpmc-no-such'
  mov ecx, 0x12345678
  rdpmc
  endcase
  mov eax, cr4
  and eax, ~0x100
  mov cr4, eax

%macro bytes_case 2+
  case %1
  mov ebx, 0x50000
  db %2
  endcase
%endmacro
  bytes_case 'lock-nop', 0xf0, 0x90
  bytes_case 'lock-mov', 0xf0, 0x89, 0x03
  bytes_case 'lock-lea', 0xf0, 0x8d, 0x03
  bytes_case 'lock-push', 0xf0, 0xff, 0x33
  bytes_case 'lock-test', 0xf0, 0x85, 0x03
  bytes_case 'lock-register', 0xf0, 0x01, 0xc0
  bytes_case 'lock-load-form', 0xf0, 0x03, 0x03
  bytes_case 'lock-add', 0xf0, 0x01, 0x03
  bytes_case 'lock-neg', 0xf0, 0xf7, 0x1b
  bytes_case 'lock-mul', 0xf0, 0xf7, 0x23
  bytes_case 'lock-xadd', 0xf0, 0x0f, 0xc1, 0x0b
  bytes_case 'lock-cmpxchg8b', 0xf0, 0x0f, 0xc7, 0x0b
  bytes_case 'lock-movs', 0xf0, 0xa4
  bytes_case 'lock-shl', 0xf0, 0xd1, 0x23
  bytes_case 'lock-far-jump', 0xf0, 0xff, 0x2b
  bytes_case 'lock-undefined', 0xf0, 0x0f, 0xff

  mov eax, cr0
  or eax, 0x40000
  mov cr0, eax
%macro aligned 2+
  case %1
  mov dword [user_flags], 0x40202
  user
  %2
  kernel
  mov eax, 1
  endcase
%endmacro
  aligned 'ac-word', mov ax, [0x50001]
  aligned 'ac-dword', mov eax, [0x50002]
  aligned 'ac-dword-good', mov eax, [0x50004]
  aligned 'ac-byte', mov al, [0x50001]
  aligned 'ac-double', fld qword [0x50004]
  aligned 'ac-far-pointer', {lfs eax, [0x50002]}
  mov eax, cr4
  or eax, 0x200
  mov cr4, eax
  aligned 'ac-movups', movups xmm0, [0x50001]
  aligned 'ac-cmpxchg8b', cmpxchg8b [0x50004]
  aligned 'ac-page-fault-after', mov eax, [0x7fffffff]
  case 'ac-kernel'
  push dword 0x40002
  popf
  mov eax, [0x50001]
  xor eax, eax
  push dword 2
  popf
  endcase
  mov dword [user_flags], 0x202
  mov eax, cr0
  and eax, ~0x40000
  mov cr0, eax

%macro gate 1                 ; port 92
  in al, 0x92
  and al, 0xfc
  or al, %1
  out 0x92, al
%endmacro
%macro wrapped 0              ; does 1 MB stand for 0?
  mov eax, [0x150000]
%endmacro
  mov dword [0x50000], 0x11111111
  mov dword [0x150000], 0x22222222
  case 'a20-on'
  wrapped
  endcase
  case 'a20-off'
  gate 0
  wrapped
  endcase
  case 'a20-off-write'
  mov dword [0x150000], 0x33333333
  mov eax, [0x50000]
  endcase
  case 'a20-third-megabyte'
  mov dword [0x250000], 0x44444444
  mov eax, [0x350000]
  endcase
  case 'a20-port-reads'
  in al, 0x92
  and eax, 2
  endcase
  case 'a20-on-again'
  gate 2
  wrapped
  endcase
  case 'a20-unpaged'
  gate 0
  mov eax, cr0
  and eax, 0x7fffffff
  mov cr0, eax
  wrapped
  mov ebx, eax
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  gate 2
  mov eax, ebx
  endcase
%macro controller 1           ; output port of the 8042
  call wait_8042
  mov al, 0xd1
  out 0x64, al
  call wait_8042
  mov al, %1
  out 0x60, al
  call wait_8042
%endmacro
  case 'a20-8042-off'
  controller 0xdd
  wrapped
  endcase
  case 'a20-8042-on'
  controller 0xdf
  wrapped
  endcase
  ret
wait_8042:
  in al, 0x64
  test al, 2
  jnz wait_8042
  ret
%include "end.inc"
