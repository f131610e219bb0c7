; System management mode: SMIs by the APM port, the saved state, SMBASE relocation, what RSM takes from the map, HLT, blocked
; NMIs and SMIs, SMRAM open, closed and locked. The firmware has put SMBASE to A0000.
%ifndef WIDE
%define WIDE 64
%endif
%include "kernel.inc"
%define APIC 0xfee00000

%macro smram 1                ; writes the register of the chipset
  mov dx, 0xcf8
  mov eax, 0x80000070
  out dx, eax
  mov dx, 0xcfe
  mov al, %1
  out dx, al
%endmacro
%macro smram_get 0
  mov dx, 0xcf8
  mov eax, 0x80000070
  out dx, eax
  mov dx, 0xcfe
  in al, dx
%endmacro
; QEMU delivers an SMI at the end of its translation block, so that most cases have a jump behind the OUT.
%macro smi 0
  out 0xb2, al
  jmp %%next
%%next:
%endmacro
; The handler is copied to A8000: it calls the routine whose address is in [smi_routine] with FS = 0.
%macro smi_routine 1
  mov dword [routine], %1
%endmacro
; A field of the saved state as the guest's SMM code sees it (32-bit addressing, ES = 0, EBX = SMBASE + 8000h).

%ifdef ALONE                  ; cases that Bochs cannot run
after_saved:
on_step:
  ret
main:
  smram 0x4a
  mov esi, handler
  mov edi, 0xa8000
  mov ecx, handler_end - handler
  rep movsb
  smram 0x0a
  ; single step through the OUT: the trap comes after RSM
  case 'single-step'
  hook on_step
  smi_routine count
  pushf
  or zword [zsp], 0x100
  mov al, 0
  popf
  out 0xb2, al
  nop
  nop
  pushf
  and zword [zsp], ~0x100
  popf
  nop
  endcase
  ; one that ends HLT, from the clock through LINT0; the handler clears the auto HALT restart field
  case 'halted'
  smi_routine end_halt
  mov dword [halts], 7
  mov rbp, APIC
  mov dword [rbp + 0x350], 0x200
  mov al, 0xfe
  out 0x21, al
  hlt
  mov al, 0xff
  out 0x21, al
  mov rbp, APIC
  mov dword [rbp + 0x350], 0x10700
  mov eax, [halts]
  endcase
  ret
%else
main:
  ; 1. closed: A0000 is the display; open: memory
  smram_get
  mov [first], al
  case 'smram-closed'
  mov byte [0xa8000], 0x55
  mov al, [first]
  and eax, 0x78
  endcase
  smram 0x4a
  case 'smram-open'
  mov dword [0xaf000], 0x12345678
  mov eax, [0xaf000]
  endcase
  ; the handler
  mov esi, handler
  mov edi, 0xa8000
  mov ecx, handler_end - handler
  rep movsb
  smram 0x0a
  case 'smram-closed-again'
  mov eax, [0xaf000]
  cmp eax, 0x12345678
  sete al
  movzx eax, al
  endcase
  ; 2. entry state
  smi_routine report_entry
  mov edi, 0x11111111
  mov al, 0x42
  smi
  smi_routine report_saved
  mov eax, 0x1000
  mov ebx, 0x1001
  mov ecx, 0x1002
  mov edx, 0x1003
  mov esi, 0x1004
  mov edi, 0x1005
  mov ebp, 0x1006
%if WIDE = 64
  mov r8, 0x1122334455667788
  mov r15, -2
%endif
  out 0xb2, al
after_saved:
  ; 3. RSM takes what the handler wrote
  case 'rsm-registers'
  smi_routine change_ax
  smi
  endcase
  case 'rsm-ip'
  smi_routine skip_two
  xor eax, eax
  out 0xb2, al
  inc eax
  inc eax
  inc eax
  endcase
  case 'rsm-flags'
  smi_routine set_carry
  clc
  mov al, 0
  out 0xb2, al
  sbb eax, eax
  endcase
  ; 4. the processor was not halted
  case 'auto-halt'
  smi_routine end_halt
  mov dword [halts], 7
  smi
  mov eax, [halts]
  endcase
%if WIDE = 64
  ; an SMI by a message of the local APIC
  mov rbp, APIC
  mov dword [rbp + 0xf0], 0x1ff
  case 'apic-smi'
  smi_routine count
  mov dword [nest], 0
  mov rbp, APIC
  mov dword [rbp + 0x310], 0
  mov dword [rbp + 0x300], 0x4200
  jmp $+2
  mov eax, [nest]
  endcase
%endif
  ; 5. SMI inside SMM waits for RSM
  case 'smi-in-smm'
  smi_routine nested
  mov dword [nest], 0
  smi
  mov eax, [nest]
  endcase
  ; 6. RSM outside
  case 'rsm-outside'
  rsm
  endcase
  ; 7. relocation
  case 'relocation'
  smi_routine move_base
  mov dword [new_base], 0x30000
  smi
  mov esi, handler
  mov edi, 0x38000
  mov ecx, handler_end - handler
  rep movsb
  smi_routine where_cs
  mov dword [new_base], 0
  smi
  mov eax, [new_base]
  endcase
  case 'relocated-back'
  smi_routine move_base
  mov dword [new_base], 0xa0000
  smi
  smi_routine where_cs
  smi
  mov eax, [new_base]
  endcase
  ; 8. ring 3 and back, the cache of a segment, CR0.TS
  case 'from-ring-3'
  smi_routine count
  mov dword [nest], 0
  mov zword [user_flags], 0x3202
  user
  mov al, 0
  smi
  mov eax, [nest]
  mov ebx, cs
  shl ebx, 16
  or eax, ebx
  kernel
  endcase
  mov zword [user_flags], 0x202
  case 'task-switched'
  smi_routine count
  mov zax, cr0
  or al, 8
  mov cr0, zax
  smi
  mov zax, cr0
  mov ecx, eax
  clts
  mov eax, ecx
  endcase
  ; 9. a debug register keeps its value, DR7 comes back
  case 'debug-registers'
  smi_routine count
  mov eax, 0x12340
  mov dr0, zax
  mov eax, 0x400
  mov dr7, zax
  smi
  mov zax, dr0
  endcase
  ; 10. locked
  smram 0x1a
  case 'smram-locked'
  smram 0x4a
  smram_get
  and eax, 0x78
  endcase
  case 'locked-works'
  smi_routine count
  mov dword [nest], 0
  smi
  mov eax, [nest]
  endcase
  ret

%endif
first: db 0
  align 4
routine: dd 0
halts: dd 0
nest: dd 0
new_base: dd 0

; The stub at SMBASE + 8000h: real-mode code with 32-bit operands and addresses where it needs them.
  bits 16
handler:
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov esp, 0x5800
  mov ebx, cs
  shl ebx, 4
  add ebx, 0x8000
  jmp 0:smi_low
handler_end:
smi_low:
  mov [smm_base], ebx
  mov eax, [routine]
  call eax
  rsm
smm_base: dd 0

%define zax eax
%define zsi esi
text_routines smm
%macro tell 1
  push esi
  jmp %%go
%%text: db %1, 0
%%go:
  mov esi, %%text
  call smm_text
  pop esi
%endmacro
%macro field 2                ; name, offset in the map
  tell %1
  mov ebx, [smm_base]
  mov eax, [es:ebx + %2]
  call smm_hex32
%endmacro
%macro half 2
  tell %1
  mov ebx, [smm_base]
  mov ax, [es:ebx + %2]
  call smm_hex16
%endmacro
%macro newline 0
  mov al, 10
  out 0xe9, al
%endmacro
report_entry:
  push edi
  tell 'entry-cr0 '
  mov eax, cr0
  call smm_hex32
  newline
  tell 'entry-cr4 '
  mov eax, cr4
  call smm_hex32
  newline
  tell 'entry-dr7 '
  mov eax, dr7
  call smm_hex32
  newline
  tell 'entry-flags '
  pushfd
  pop eax
  and eax, ~0x8d5
  call smm_hex32
  newline
  tell 'entry-cs '
  mov eax, [smm_base]
  call smm_hex32
  newline
  tell 'entry-edi '
  pop eax
  call smm_hex32
  newline
%if WIDE = 64
  tell 'entry-efer '
  mov ecx, 0xc0000080
  rdmsr
  call smm_hex32
  newline
%endif
  ret
%if WIDE = 64
%macro saved_segment 2
  tell {'saved-', %1, ' '}
  half 'sel ', %2
  half ' attr ', %2 + 2
  field ' limit ', %2 + 4
  field ' base ', %2 + 12
  field ' ', %2 + 8
  newline
%endmacro
report_saved:
  field 'saved-revision ', 0x7efc
  newline
  field 'saved-smbase ', 0x7f00
  newline
  field 'saved-rax ', 0x7ff8
  field ' rcx ', 0x7ff0
  field ' rdx ', 0x7fe8
  field ' rbx ', 0x7fe0
  field ' rbp ', 0x7fd0
  field ' rsi ', 0x7fc8
  field ' rdi ', 0x7fc0
  newline
  field 'saved-r8 ', 0x7fbc
  field ' ', 0x7fb8
  field ' r15 ', 0x7f84
  field ' ', 0x7f80
  newline
  tell 'saved-rip '
  mov ebx, [smm_base]
  mov eax, [es:ebx + 0x7f78]
  sub eax, after_saved
  call smm_hex32
  newline
  field 'saved-rflags ', 0x7f70
  newline
  field 'saved-dr6 ', 0x7f68
  field ' dr7 ', 0x7f60
  newline
  field 'saved-cr0 ', 0x7f58
  newline
  field 'saved-cr3 ', 0x7f50
  newline
  field 'saved-cr4 ', 0x7f48
  newline
  field 'saved-efer ', 0x7ed0
  newline
  saved_segment 'es', 0x7e00
  saved_segment 'cs', 0x7e10
  saved_segment 'ss', 0x7e20
  saved_segment 'tr', 0x7e90
  half 'saved-gdtr ', 0x7e64
  field ' ', 0x7e68
  newline
  half 'saved-idtr ', 0x7e84
  field ' ', 0x7e88
  newline
  tell 'saved-halt '
  mov ebx, [smm_base]
  mov al, [es:ebx + 0x7ec9]
  call smm_hex8
  newline
  ret
%define S_AX 0x7ff8
%define S_IP 0x7f78
%define S_FL 0x7f70
%define S_HALT 0x7ec9
%define S_BASE 0x7f00
%else
report_saved:
  field 'saved-revision ', 0x7efc
  newline
  field 'saved-smbase ', 0x7ef8
  newline
  field 'saved-eax ', 0x7fd0
  field ' ecx ', 0x7fd4
  field ' edx ', 0x7fd8
  field ' ebx ', 0x7fdc
  field ' ebp ', 0x7fe4
  field ' esi ', 0x7fe8
  field ' edi ', 0x7fec
  newline
  tell 'saved-eip '
  mov ebx, [smm_base]
  mov eax, [es:ebx + 0x7ff0]
  sub eax, after_saved
  call smm_hex32
  newline
  field 'saved-eflags ', 0x7ff4
  newline
  field 'saved-dr6 ', 0x7fcc
  field ' dr7 ', 0x7fc8
  newline
  field 'saved-cr0 ', 0x7ffc
  newline
  field 'saved-cr3 ', 0x7ff8
  newline
  half 'saved-selectors ', 0x7fa8
  half ' ', 0x7fac
  half ' ', 0x7fb0
  half ' ', 0x7fb4
  half ' ', 0x7fb8
  half ' ', 0x7fbc
  half ' ', 0x7fc0
  half ' ', 0x7fc4
  newline
  half 'saved-halt ', 0x7f02
  newline
  ret
%define S_AX 0x7fd0
%define S_IP 0x7ff0
%define S_FL 0x7ff4
%define S_HALT 0x7f02
%define S_BASE 0x7ef8
%endif
change_ax:
  mov ebx, [smm_base]
  mov dword [es:ebx + S_AX], 0x7777
  ret
skip_two:
  mov ebx, [smm_base]
%if WIDE = 64
  add dword [es:ebx + S_IP], 4
%else
  add dword [es:ebx + S_IP], 2
%endif
  ret
set_carry:
  mov ebx, [smm_base]
  or dword [es:ebx + S_FL], 1
  ret
end_halt:
  mov ebx, [smm_base]
  movzx eax, byte [es:ebx + S_HALT]
  mov [halts], eax
  mov byte [es:ebx + S_HALT], 0
  ret
nested:
  inc dword [nest]
  cmp dword [nest], 1
  jne .done
  out 0xb2, al                ; waits
  nop
  nop
  mov ebx, [nest]
  cmp ebx, 1
  je .done
  mov dword [nest], 0xbad
.done:
  ret
move_base:
  mov ebx, [smm_base]
  mov eax, [new_base]
  mov [es:ebx + S_BASE], eax
  ret
where_cs:
  mov eax, [smm_base]
  mov [new_base], eax
  ret
count:
  inc dword [nest]
  ret
%include "end.inc"
