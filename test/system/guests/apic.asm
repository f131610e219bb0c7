; The local APIC through IA32_APIC_BASE: its page moved, x2APIC mode with its registers, and back.
%define WIDE 64
%include "kernel.inc"
%define BASE 0x1b
%macro wrmsr64 2
  mov ecx, %1
  mov rax, %2
  mov rdx, rax
  shr rdx, 32
  wrmsr
%endmacro
%macro base 1                 ; of the first processor
  wrmsr64 BASE, (%1) | 0x100
%endmacro
%macro get 1
  mov ecx, 0x800 + %1
  rdmsr
%endmacro
ended:                        ; an interrupt: EOI in x2APIC mode
  push zax
  push zcx
  push zdx
  wrmsr64 0x80b, 0
  pop zdx
  pop zcx
  pop zax
  ret
main:
  case 'base'
  mov ecx, BASE
  rdmsr
  endcase
  case 'moved'
  base 0xd0000800
  mov ebx, 0xd0000000
  mov dword [rbx + 0x80], 0x30
  mov eax, [rbx + 0x80]
  mov ecx, 0xfee00080
  mov ecx, [rcx]
  shl ecx, 16
  or eax, ecx
  endcase
  case 'moved-base'
  mov ecx, BASE
  rdmsr
  endcase
  case 'into-memory'
  mov dword [0x50080], 0x12345678
  base 0x50800
  mov eax, [0x50080]
  mov dword [0x50080], 0x40
  shl eax, 8
  mov al, [0x50080]
  base 0xfee00800
  endcase
  case 'memory-again'
  mov eax, [0x50080]
  endcase
  case 'kept'
  mov ebx, 0xfee00000
  mov eax, [rbx + 0x80]
  mov dword [rbx + 0x80], 0
  endcase
  case 'base-bit-9'
  base 0xfee00a00
  endcase
  case 'base-bit-0'
  base 0xfee00801
  endcase
  case 'base-beyond'
  base 0x80000000fee00800
  endcase
  ; x2APIC mode
  case 'x2apic-announced'
  mov eax, 1
  cpuid
  shr ecx, 21
  and ecx, 1
  mov eax, ecx
  endcase
  case 'register-in-xapic-mode'
  get 2
  endcase
  case 'extended-without-enabled'
  base 0xfee00400
  endcase
  case 'x2apic'
  mov ebx, 0xfee00000
  mov dword [rbx + 0x80], 0x20
  mov dword [rbx + 0xf0], 0x1ff
  mov dword [rbx + 0x310], 0x03000000
  base 0xfee00c00
  mov ecx, BASE
  rdmsr
  endcase
  case 'page-is-gone'
  mov ebx, 0xfee00000
  mov eax, [rbx + 0x80]
  endcase
  case 'id'
  get 2
  endcase
  case 'tpr'
  get 8
  endcase
  case 'cr8'
  mov rax, 5
  mov cr8, rax
  get 8
  endcase
  case 'ppr'
  get 0xa
  endcase
  case 'ldr'
  get 0xd
  endcase
  case 'spurious'
  get 0xf
  endcase
  case 'icr-high'
  get 0x30
  mov eax, edx
  endcase
  case 'lint0'
  wrmsr64 0x835, 0x10700
  get 0x35
  endcase
  case 'divide'
  wrmsr64 0x83e, 0xb
  get 0x3e
  endcase
  case 'to-xapic'
  base 0xfee00800
  endcase
%macro refused 3
  case %1
  wrmsr64 0x800 + %2, %3
  endcase
%endmacro
  refused 'write-id', 2, 1
  refused 'write-version', 3, 0
  refused 'write-ldr', 0xd, 1
  refused 'write-isr', 0x10, 0
  refused 'write-current', 0x39, 0
  refused 'tpr-bit-8', 8, 0x100
  refused 'tpr-upper', 8, 0x100000000
  refused 'eoi-one', 0xb, 1
  refused 'esr-one', 0x28, 1
  refused 'esr-zero', 0x28, 0
  refused 'icr-bit-20', 0x30, 0x100000
  refused 'timer-upper', 0x38, 0x100000000
  refused 'lvt-bit-20', 0x36, 0x100000
  refused 'divide-bit-2', 0x3e, 4
  refused 'dfr', 0xe, 0
  refused 'icr-high-register', 0x31, 0
  refused 'self-ipi-bit-8', 0x3f, 0x105
%macro unreadable 2
  case %1
  get %2
  endcase
%endmacro
  unreadable 'read-eoi', 0xb
  unreadable 'read-apr', 9
  unreadable 'read-dfr', 0xe
  unreadable 'read-icr-high', 0x31
  unreadable 'read-self-ipi', 0x3f
  unreadable 'read-3d', 0x3d
  unreadable 'read-ff', 0xff
  wrmsr64 0x808, 0
  case 'self-ipi'
  hook ended
  sti
  wrmsr64 0x83f, 0x41
  nop
  nop
  cli
  endcase
  case 'icr-own-id'
  hook ended
  wrmsr64 0x830, 0x4042
  get 0x22                    ; IRR
  mov ebx, eax
  sti
  nop
  nop
  cli
  mov eax, ebx
  endcase
  case 'icr-logical'
  hook ended
  sti
  wrmsr64 0x830, 0x0000000100004843
  nop
  nop
  cli
  endcase
  case 'icr-logical-other'
  hook ended
  sti
  wrmsr64 0x830, 0x0001000100004844
  nop
  nop
  cli
  endcase
  case 'icr-all'
  hook ended
  sti
  wrmsr64 0x830, 0xffffffff00004045
  nop
  nop
  cli
  endcase
  case 'icr-other-id'
  hook ended
  sti
  wrmsr64 0x830, 0x0000000700004046
  nop
  nop
  cli
  endcase
  case 'icr-reads-back'
  get 0x30
  endcase
  case 'icr-high-reads-back'
  get 0x30
  mov eax, edx
  endcase
  case 'nmi'
  hook go_on
  wrmsr64 0x830, 0x4400
  nop
  endcase
  wrmsr64 0x828, 0
  case 'illegal-vector'
  wrmsr64 0x830, 0x4005
  wrmsr64 0x828, 0
  get 0x28
  endcase
  case 'user'
  user
  mov ecx, 0x802
  rdmsr
  kernel
  endcase
  ; and off
  case 'off'
  base 0xfee00000
  mov ecx, BASE
  rdmsr
  endcase
  case 'off-cpuid'
  mov eax, 1
  cpuid
  mov eax, edx
  and eax, 0x200
  endcase
  case 'off-to-x2apic'
  base 0xfee00c00
  endcase
  case 'off-register'
  get 8
  endcase
  case 'on-again'
  base 0xfee00800
  mov ebx, 0xfee00000
  mov eax, [rbx + 0xf0]
  endcase
  ret
go_on:
  ret
%include "end.inc"
