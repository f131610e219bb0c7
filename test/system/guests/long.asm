; Long mode: canonical addresses, #SS and #GP, IRETQ, far transfers, 64-bit call gates, IST, SYSCALL, SYSENTER, SWAPGS, FSGSBASE, CR8,
; NX, SMEP and SMAP, UMIP, PCID and INVPCID, large pages, alignment checks, the length limit, compatibility mode.
%define WIDE 64
%include "kernel.inc"
%define NONCANON 0x0000800000000000

%macro far_call 0             ; by a 32-bit offset at `pointer`
  db 0xff, 0x1c, 0x25
  dd pointer
%endmacro
%macro wrmsr64 2
  mov ecx, %1
  mov rax, %2
  mov rdx, rax
  shr rdx, 32
  wrmsr
%endmacro
%macro frame 5                ; ss, rsp, flags, cs, rip
  push qword %1
  mov rdx, %2
  push rdx
  push qword %3
  push qword %4
  mov rdx, %5
  push rdx
%endmacro

main:
  mov byte [idt + 8 * 16 + 4], 1
  mov byte [idt + 12 * 16 + 4], 1
  ; canonical addresses
  case 'read-noncanonical'
  mov rbx, NONCANON
  mov al, [rbx]
  endcase
  case 'write-noncanonical-bp'
  mov rbp, NONCANON
  mov [rbp], al
  endcase
  case 'read-noncanonical-sp'
  mov rsi, NONCANON
  mov al, [rsi + rbp]
  endcase
  case 'read-ss-prefix'
  mov rsi, NONCANON
  mov al, [ss:rsi]
  endcase
  case 'read-across-top'
  mov rbx, 0x00007ffffffffffd
  mov eax, [rbx]
  endcase
  case 'push-noncanonical'
  mov rbx, rsp
  mov rsp, NONCANON + 8
  push rax
  endcase
  case 'jump-noncanonical'
  mov rbx, NONCANON
  jmp rbx
  endcase
  case 'call-noncanonical'
  mov rbx, NONCANON
  call rbx
  endcase
  case 'ret-noncanonical'
  mov rbx, NONCANON
  push rbx
  ret
  endcase
  case 'rep-noncanonical'
  mov rdi, NONCANON
  mov ecx, 2
  rep stosb
  endcase
  case 'rep-zero-noncanonical'
  mov rdi, NONCANON
  rep stosb
  endcase
  case 'lgdt-noncanonical'
  mov rbx, NONCANON
  lgdt [rbx]
  endcase
  case 'lgdt-base-noncanonical'
  sub rsp, 16
  mov word [rsp], 0xff
  mov rbx, NONCANON
  mov [rsp + 2], rbx
  lgdt [rsp]
  lgdt [gdtr]
  endcase
  case 'invlpg-noncanonical'
  mov rbx, NONCANON
  invlpg [rbx]
  endcase
  case 'clflush-noncanonical'
  mov rbx, NONCANON
  clflush [rbx]
  endcase
  case 'prefetch-noncanonical'
  mov rbx, NONCANON
  prefetcht0 [rbx]
  endcase
  case 'lea-noncanonical'
  mov rbx, NONCANON
  lea rax, [rbx + 5]
  shr rax, 32
  endcase
  ; IRETQ
  case 'iretq-same'
  mov rbx, rsp
  frame DATA0, rbx, 2, CODE0, %$there
  iretq
%$there:
  mov rax, rsp
  sub rax, rbx
  endcase
  case 'iretq-null-ss'
  mov rbx, rsp
  frame 0, rbx, 2, CODE0, %$there
  iretq
%$there:
  mov eax, ss
  mov ecx, DATA0
  mov ss, cx
  endcase
  case 'iretq-null-ss-ring3'
  mov rbx, rsp
  frame 3, USER_STACK, 2, CODE3, %$there
  iretq
%$there:
  kernel
  endcase
  case 'iretq-noncanonical-ip'
  mov rbx, rsp
  frame DATA0, rbx, 2, CODE0, NONCANON
  iretq
  endcase
  case 'iretq-noncanonical-ip-ring3'
  frame DATA3, USER_STACK, 2, CODE3, NONCANON
  iretq
  endcase
  case 'iretq-noncanonical-sp'
  frame DATA3, NONCANON, 0x202, CODE3, %$there
  iretq
%$there:
  nop
  push rax
  endcase
  case 'iretq-nt'
  mov rbx, rsp
  frame DATA0, rbx, 2, CODE0, %$there
  pushf
  or dword [rsp], 0x4000
  popf
  iretq
%$there:
  endcase
  case 'iretq-vm-flag'
  mov rbx, rsp
  frame DATA0, rbx, 0x20002, CODE0, %$there
  iretq
%$there:
  pushf
  pop rax
  endcase
  case 'iretq-flags'
  mov rbx, rsp
  frame DATA0, rbx, 0x3fffff & ~0x24100, CODE0, %$there
  iretq
%$there:
  pushf
  pop rax
  push 2
  popf
  endcase
  case 'iretd-in-64'
  mov rbx, rsp
  sub rsp, 20
  mov dword [rsp], %$there
  mov dword [rsp + 4], CODE0
  mov dword [rsp + 8], 2
  mov [rsp + 12], ebx
  mov dword [rsp + 16], DATA0
  iretd
%$there:
  mov rax, rsp
  sub rax, rbx
  mov rsp, rbx
  endcase
  case 'iretq-to-compatibility'
  mov rbx, rsp
  frame DATA0, rbx, 2, CODE32, %$there
  iretq
  bits 32
%$there:
  inc eax                     ; a prefix in 64-bit code
  mov ecx, cs
  jmp CODE0:%$back
  bits 64
%$back:
  endcase
  case 'iretq-wrong-ring'
  frame DATA0, USER_STACK, 2, CODE3, %$there
  iretq
%$there:
  kernel
  endcase
  case 'iretq-code-limit'
  mov rbx, rsp
  frame DATA0, rbx, 2, CODE32, 0x100000000
  iretq
  endcase
  ; far transfers
  case 'far-jump-mem64'
  mov rax, %$there
  mov [pointer], rax
  mov word [pointer + 8], CODE0
  o64 jmp far [pointer]
%$there:
  mov eax, 1
  endcase
  case 'far-call-mem32'
  mov dword [pointer], %$there
  mov word [pointer + 4], CODE0
  mov rbx, rsp
  far_call
%$there:
  mov rax, rbx
  sub rax, rsp
  mov ecx, [rsp + 4]
  shl ecx, 16
  or eax, ecx
  mov rsp, rbx
  endcase
  case 'far-jump-task'
  mov word [pointer + 8], TSS0
  o64 jmp far [pointer]
  endcase
  case 'far-both-sizes'
  mov dword [gdt + FREE], 0xffff
  mov dword [gdt + FREE + 4], 0x00ef9b00
  mov word [pointer + 8], FREE
  o64 jmp far [pointer]
  endcase
  case 'call-gate'
  mov rax, %$gate
  mov [gdt + FREE], ax
  mov word [gdt + FREE + 2], CODE0
  mov word [gdt + FREE + 4], 0xec00
  shr rax, 16
  mov [gdt + FREE + 6], ax
  mov qword [gdt + FREE + 8], 0
  mov word [pointer + 4], FREE + 3
  user
  mov rbx, rsp
  far_call
  kernel
%$gate:
  mov rax, [rsp]
  sub rax, [case_start]
  mov ecx, [rsp + 8]
  shl ecx, 16
  or eax, ecx
  mov ecx, ss
  shl ecx, 28
  or eax, ecx
  mov ecx, DATA0
  mov ss, cx
  mov rsp, [case_sp]
  endcase
  case 'call-gate-upper-type'
  mov dword [gdt + FREE + 12], 0x100
  far_call
  endcase
  case 'call-gate-noncanonical'
  mov dword [gdt + FREE + 12], 0
  mov dword [gdt + FREE + 8], 0x8000
  far_call
  endcase
  case 'call-gate-32-bit-target'
  mov dword [gdt + FREE + 8], 0
  mov word [gdt + FREE + 2], CODE32
  far_call
  endcase
  case 'retf-noncanonical'
  mov rbx, NONCANON
  push CODE0
  push rbx
  o64 retf
  endcase
  ; IST
  case 'ist'
  mov byte [idt + 6 * 16 + 4], 1
  ud2
  endcase
  case 'ist-user'
  user
  ud2
  endcase
  case 'ist-noncanonical'
  mov rax, NONCANON
  mov [tss + 0x24 + 8], rax
  mov byte [idt + 6 * 16 + 4], 2
  ud2
  endcase
  mov byte [idt + 6 * 16 + 4], 0
  mov qword [tss + 0x24 + 8], IST2
  case 'gate-not-present'
  and byte [idt + 6 * 16 + 5], 0x7f
  ud2
  endcase
  or byte [idt + 6 * 16 + 5], 0x80
  case 'gate-32-bit-code'
  mov word [idt + 6 * 16 + 2], CODE32
  ud2
  endcase
  mov word [idt + 6 * 16 + 2], CODE0
  case 'gate-of-16-bits'
  mov byte [idt + 6 * 16 + 5], 0x86
  ud2
  endcase
  mov byte [idt + 6 * 16 + 5], 0x8e
  case 'stack-alignment'
  sub rsp, 3
  ud2
  endcase
  ; SYSCALL and SYSRET
  wrmsr64 0xc0000081, 0x0013000800000000
  wrmsr64 0xc0000082, syscall_entry
  wrmsr64 0xc0000084, 0x4700
  case 'syscall'
  user
  stc
  syscall
%$next:
  kernel
  endcase
  case 'syscall-disabled'
  wrmsr64 0xc0000080, 0xd00
  syscall
  endcase
  wrmsr64 0xc0000080, 0xd01
  case 'sysret-noncanonical'
  mov rcx, NONCANON
  o64 sysret
  endcase
  case 'sysret-user'
  user
  o64 sysret
  kernel
  endcase
  case 'lstar-noncanonical'
  wrmsr64 0xc0000082, NONCANON
  endcase
  ; SYSENTER and SYSEXIT
  case 'sysenter-null'
  wrmsr64 0x174, 0
  sysenter
  endcase
  wrmsr64 0x174, CODE0
  wrmsr64 0x175, 0x5800
  wrmsr64 0x176, sysenter_entry
  case 'sysenter'
  user
  sysenter
  kernel
  endcase
  case 'sysexit-noncanonical'
  mov rdx, NONCANON
  o64 sysexit
  endcase
  case 'sysexit-noncanonical-sp'
  mov rcx, NONCANON
  o64 sysexit
  endcase
  case 'sysexit-user'
  user
  sysexit
  kernel
  endcase
  case 'sysenter-eip-noncanonical'
  wrmsr64 0x176, NONCANON
  endcase
  ; bases
  case 'swapgs'
  wrmsr64 0xc0000102, 0x1122334455667788 & 0x7fffffffffff
  wrmsr64 0xc0000101, 0
  swapgs
  mov ecx, 0xc0000101
  rdmsr
  swapgs
  endcase
  case 'swapgs-user'
  user
  swapgs
  kernel
  endcase
  case 'fs-base-noncanonical'
  wrmsr64 0xc0000100, NONCANON
  endcase
  case 'rdfsbase-off'
  rdfsbase rax
  endcase
  mov rax, cr4
  or eax, 0x10000
  mov cr4, rax
  case 'wrfsbase'
  mov rax, 0xffffffff80000000
  wrfsbase rax
  xor eax, eax
  rdfsbase rax
  shr rax, 32
  endcase
  case 'wrfsbase-noncanonical'
  mov rax, NONCANON
  wrfsbase rax
  endcase
  case 'wrfsbase32'
  mov rax, -1
  wrfsbase eax
  rdfsbase rax
  shr rax, 32
  endcase
  case 'fs-noncanonical'
  mov rax, 0x00007ffffffffff0
  wrfsbase rax
  mov al, [fs:0x20]
  endcase
  case 'user-wrgsbase'
  user
  mov eax, 0x1234
  wrgsbase rax
  xor eax, eax
  rdgsbase rax
  kernel
  endcase
  ; CR8
  case 'cr8'
  mov eax, 5
  mov cr8, rax
  mov ebx, 0xfee00000
  mov eax, [rbx + 0x80]
  endcase
  case 'cr8-from-tpr'
  mov ebx, 0xfee00000
  mov dword [rbx + 0x80], 0x73
  mov rax, cr8
  endcase
  case 'cr8-reserved'
  mov eax, 0x10
  mov cr8, rax
  endcase
  mov ebx, 0xfee00000
  mov dword [rbx + 0x80], 0
  case 'cr0-upper'
  mov rax, cr0
  bts rax, 32
  mov cr0, rax
  endcase
  case 'cr0-pg-clear'
  mov rax, cr0
  btr rax, 31
  mov cr0, rax
  endcase
  case 'cr4-pae-clear'
  mov rax, cr4
  btr rax, 5
  mov cr4, rax
  endcase
  case 'cr4-reserved'
  mov rax, cr4
  bts rax, 31
  mov cr4, rax
  endcase
  case 'cr3-reserved'
  mov rax, cr3
  bts rax, 52
  mov cr3, rax
  endcase
  case 'cr1'
  db 0x0f, 0x20, 0xc8
  endcase
  case 'efer-lme-clear'
  wrmsr64 0xc0000080, 0xc01
  endcase
  case 'efer-reserved'
  wrmsr64 0xc0000080, 0xd03
  endcase
  ; paging
  case 'nx-data'
  mov byte [0x58000], 0xc3
  bts qword [PT + 0x58 * 8], 63
  invlpg [0x58000]
  mov al, [0x58000]
  endcase
  case 'nx-fetch'
  mov eax, 0x58000
  call rax
  endcase
  case 'nx-fetch-user'
  user
  mov eax, 0x58000
  call rax
  kernel
  endcase
  case 'nx-disabled'
  wrmsr64 0xc0000080, 0x501
  mov rax, cr3
  mov cr3, rax
  mov al, [0x58000]
  endcase
  wrmsr64 0xc0000080, 0xd01
  btr qword [PT + 0x58 * 8], 63
  case 'pte-reserved'
  bts qword [PT + 0x58 * 8], 51
  invlpg [0x58000]
  mov al, [0x58000]
  endcase
  btr qword [PT + 0x58 * 8], 51
  case 'pde-large-reserved'
  bts qword [PD + 8], 13
  mov rax, cr3
  mov cr3, rax
  mov al, [0x200000]
  endcase
  btr qword [PD + 8], 13
  case 'pdpte-1g'
  mov dword [PDPT + 8], 0x40000087
  mov rax, cr3
  mov cr3, rax
  mov eax, 0x40000000
  mov al, [rax]
  xor eax, eax
  endcase
  case 'pdpte-1g-reserved'
  mov dword [PDPT + 8], 0x40002087
  mov rax, cr3
  mov cr3, rax
  mov eax, 0x40000000
  mov al, [rax]
  endcase
  mov dword [PDPT + 8], 0
  case 'pml4e-ps'
  mov dword [PML4 + 8], PDPT + 0x87
  mov rax, 0x8000000000
  mov al, [rax]
  endcase
  mov dword [PML4 + 8], 0
  case 'write-protect'
  btr qword [PT + 0x58 * 8], 1
  invlpg [0x58000]
  mov byte [0x58000], 1
  endcase
  case 'write-protect-off'
  mov rax, cr0
  btr rax, 16
  mov cr0, rax
  mov byte [0x58000], 1
  mov rax, cr0
  bts rax, 16
  mov cr0, rax
  endcase
  case 'write-protect-user'
  user
  mov byte [0x58000], 1
  kernel
  endcase
  bts qword [PT + 0x58 * 8], 1
  case 'supervisor-page-user'
  btr qword [PT + 0x59 * 8], 2
  invlpg [0x59000]
  user
  mov al, [0x59000]
  kernel
  endcase
  case 'accessed-dirty'
  and qword [PT + 0x58 * 8], ~0x60
  invlpg [0x58000]
  mov al, [0x58000]
  mov eax, [PT + 0x58 * 8]
  and eax, 0x60
  mov ecx, eax
  mov byte [0x58000], 0xc3
  mov eax, [PT + 0x58 * 8]
  and eax, 0x60
  shl ecx, 8
  or eax, ecx
  endcase
  case 'global-page'
  mov rax, cr4
  or eax, 0x80
  mov cr4, rax
  mov byte [0x5a000], 0x11
  mov byte [0x5b000], 0x22
  bts qword [PT + 0x5a * 8], 8
  invlpg [0x5a000]
  mov cl, [0x5a000]
  mov rax, cr3
  mov cr3, rax
  movzx eax, cl
  endcase
  btr qword [PT + 0x5a * 8], 8
  ; SMEP and SMAP: pages of user mode everywhere but 59000
  case 'smap-off'
  clac
  mov al, 1
  endcase
  case 'user-stac'
  user
  stac
  kernel
  endcase
  ; make all pages supervisor's, but 58000 and the user's stack
  mov rdi, PT
  mov ecx, 0x200
clear_pages:
  and qword [rdi], ~4
  add rdi, 8
  dec ecx
  jnz clear_pages
  or qword [PT + 0x58 * 8], 4
  and qword [PDHIGH], ~4
  mov rax, cr3
  mov cr3, rax
  mov rax, cr4
  or eax, 0x300000
  mov cr4, rax
  case 'smep-fetch'
  mov eax, 0x58000
  call rax
  endcase
  case 'smap-read'
  clac
  mov al, [0x58000]
  endcase
  case 'smap-write'
  mov byte [0x58000], 1
  endcase
  case 'smap-ac'
  stac
  mov byte [0x58000], 0xc3
  mov al, [0x58000]
  clac
  endcase
  case 'smap-implicit'        ; a table in a page of user mode
  stac
  mov rax, [gdt + DATA0]
  mov [0x58008], rax
  mov dword [gdt + FREE], 0x8000000f
  mov dword [gdt + FREE + 4], 0x00008205
  mov qword [gdt + FREE + 8], 0
  mov eax, FREE
  lldt ax
  mov eax, 0x0c
  mov fs, ax
  clac
  endcase
  xor eax, eax
  lldt ax
  mov rax, cr4
  and eax, ~0x300000
  mov cr4, rax
  mov rdi, PT
  mov ecx, 0x200
set_pages:
  or qword [rdi], 4
  add rdi, 8
  dec ecx
  jnz set_pages
  mov rax, cr3
  mov cr3, rax
  ; PCID
  case 'pcide'
  mov rax, cr4
  bts rax, 17
  mov cr4, rax
  mov rax, cr4
  and eax, 0x20000
  endcase
  case 'cr3-pcid'
  mov rax, PML4 + 5
  mov cr3, rax
  mov rax, cr3
  endcase
  case 'cr3-keeps'
  mov rax, PML4 + 6
  bts rax, 63
  mov cr3, rax
  mov rax, cr3
  bt rax, 63
  adc eax, 0
  endcase
  case 'invpcid-types'
  sub rsp, 16
  mov qword [rsp], 5
  mov qword [rsp + 8], 0x58000
  xor eax, eax
  invpcid rax, [rsp]
  inc eax
  invpcid rax, [rsp]
  inc eax
  invpcid rax, [rsp]
  inc eax
  invpcid rax, [rsp]
  add rsp, 16
  endcase
  case 'invpcid-type-4'
  mov eax, 4
  invpcid rax, [pointer]
  endcase
  case 'invpcid-reserved'
  mov qword [pointer], 0x1000
  xor eax, eax
  invpcid rax, [pointer]
  endcase
  case 'invpcid-noncanonical'
  mov qword [pointer], 5
  mov rax, NONCANON
  mov [pointer + 8], rax
  xor eax, eax
  invpcid rax, [pointer]
  endcase
  case 'invpcid-user'
  user
  invpcid rax, [pointer]
  kernel
  endcase
  case 'pcide-clear'
  mov rax, cr4
  btr rax, 17
  mov cr4, rax
  mov rax, cr3
  endcase
  case 'pcide-with-cr3-bits'
  mov rax, cr4
  bts rax, 17
  mov cr4, rax
  endcase
  case 'invpcid-without-pcide'
  mov qword [pointer], 5
  mov qword [pointer + 8], 0
  mov eax, 1
  invpcid rax, [pointer]
  endcase
  mov eax, PML4
  mov cr3, rax
  ; UMIP
  mov rax, cr4
  or eax, 0x800
  mov cr4, rax
  case 'umip-sgdt'
  user
  sgdt [pointer]
  kernel
  endcase
  case 'umip-smsw'
  user
  smsw eax
  kernel
  endcase
  case 'umip-str-kernel'
  str eax
  endcase
  mov rax, cr4
  and eax, ~0x800
  mov cr4, rax
  ; lengths, locks, alignment
  case 'fifteen-bytes'
  times 11 db 0x66
  nop dword [rax]
  endcase
  case 'fourteen-prefixes'
  times 14 db 0x66
  nop
  endcase
  case 'sixteen-bytes'
  times 15 db 0x66
  nop
  endcase
  case 'lock-mov'
  db 0xf0
  mov [pointer], eax
  endcase
  case 'lock-register'
  db 0xf0
  add eax, ecx
  endcase
  case 'lock-cmp'
  db 0xf0, 0x39, 0x04, 0x25
  dd pointer
  endcase
  case 'lock-btc'
  lock btc dword [pointer], 1
  endcase
  case 'lock-bt'
  db 0xf0, 0x0f, 0xa3, 0x04, 0x25
  dd pointer
  endcase
  case 'alignment'
  mov rax, cr0
  or eax, 0x40000
  mov cr0, rax
  mov dword [user_flags], 0x40202
  user
  mov eax, [pointer + 1]
  kernel
  endcase
  case 'alignment-push'
  user
  dec rsp
  push rax
  kernel
  endcase
  case 'alignment-lower-ring'
  mov dword [user_flags], 0x202
  mov eax, [pointer + 1]
  xor eax, eax
  endcase
  mov dword [user_flags], 0x202
  case 'monitor-mwait-user'
  user
  monitor
  kernel
  endcase
  case 'mwait-extension'
  mov ecx, 4
  mwait
  endcase
  case 'rdpmc-user'
  user
  rdpmc
  kernel
  endcase
  case 'rdtsc-tsd'
  mov rax, cr4
  or eax, 4
  mov cr4, rax
  user
  rdtsc
  kernel
  endcase
  case 'rdtscp-tsd'
  user
  rdtscp
  kernel
  endcase
  mov rax, cr4
  and eax, ~4
  mov cr4, rax
  case 'no-such-msr'
  mov ecx, 0x12345678
  rdmsr
  endcase
  case 'pat-reserved-type'
  wrmsr64 0x277, 2
  endcase
  case 'mtrr-reserved-type'
  wrmsr64 0x2ff, 2
  endcase
  case 'mtrr-cap-read-only'
  wrmsr64 0xfe, 0x508
  endcase
  case 'tsc-adjust'           ; follows the counter, and the counter follows it
  wrmsr64 0x10, 0x500000000000
  mov ecx, 0x3b
  rdmsr
  add eax, 0x80000000         ; some 100 ticks less
  adc edx, 0
  mov ebx, edx
  wrmsr64 0x3b, 0
  rdtsc
  mov eax, edx
  shl eax, 16
  or eax, ebx
  endcase
  case 'tsc-adjust-adds'
  rdtsc
  mov ebx, edx
  wrmsr64 0x3b, 0x700000000
  rdtsc
  sub edx, ebx
  mov ebx, edx
  wrmsr64 0x3b, 0x300000000
  rdtsc
  mov eax, edx
  shl eax, 16
  or eax, ebx
  endcase
  wrmsr64 0x3b, 0
  case 'rdmsr-user'
  user
  mov ecx, 0x10
  rdmsr
  kernel
  endcase
  case 'hlt-user'
  user
  hlt
  kernel
  endcase
  case 'clts-user'
  user
  clts
  kernel
  endcase
  case 'port-user'
  user
  in al, 0x80
  kernel
  endcase
  case 'port-user-open'
  user
  mov dx, 0x300
  in al, dx
  mov al, 0
  kernel
  endcase
  case 'push-es'
  db 0x06
  endcase
  case 'aam'
  db 0xd4, 0x0a
  endcase
  case 'les'
  db 0xc4, 0x00
  endcase
  case 'far-call-immediate'
  db 0x9a, 0, 0, 0, 0, 8, 0
  endcase
  case 'arpl-is-movsxd'
  mov ecx, -5
  movsxd rax, ecx
  shr rax, 32
  endcase
  ret
syscall_entry:
  mov rax, r11
  and eax, 0xffff
  pushf
  pop rdx
  shl edx, 16
  or eax, edx
  mov rsp, [case_sp]
  mov ecx, DATA0
  mov ss, cx
  call case_ok
  jmp [case_resume]
sysenter_entry:
  mov rax, rsp
  mov ecx, cs
  shl ecx, 16
  or eax, ecx
  mov ecx, ss
  shl ecx, 24
  or eax, ecx
  mov rsp, [case_sp]
  call case_ok
  jmp [case_resume]
  align 16
pointer: dq 0, 0, 0
%include "end.inc"
