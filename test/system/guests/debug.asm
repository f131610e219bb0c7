; Debug exceptions: every kind of breakpoint of DR7, general detect, single steps and their shadows, INT1, RF.
%ifndef WIDE
%define WIDE 64
%endif
%include "kernel.inc"

; DR7 fields: breakpoint N of a kind and length, enabled locally or globally.
%define LOCAL(n) (1 << (2 * n))
%define GLOBAL(n) (2 << (2 * n))
%define KIND(n, kind, length) (((kind) | ((length) << 2)) << (16 + 4 * n))
%define EXECUTE 0
%define WRITE 1
%define PORT 2
%define ACCESS 3
%define BYTE 0
%define WORD 1
%define DWORD 3
%define QWORD 2
%macro breakpoint 2           ; DR0 = address, DR7 = value
  mov zax, %1
  mov dr0, zax
  mov eax, 0x400 | %2
  mov dr7, zax
%endmacro
%macro off 0
  mov eax, 0x400
  mov dr7, zax
  xor eax, eax
%endmacro
%macro trap_on 0
  pushf
  or zword [zsp], 0x100
  popf
%endmacro
%macro trap_off 0
  pushf
  and zword [zsp], ~0x100
  popf
%endmacro

resume_fault:                 ; goes on behind the breakpoint
  or dword [zbp + F_FLAGS], 0x10000
  ret
go_on:
  ret
stop_trap:                    ; ends single-stepping
  and dword [zbp + F_FLAGS], ~0x100
  ret
count_down:                   ; some steps
  dec dword [steps]
  jnz .more
  and dword [zbp + F_FLAGS], ~0x100
.more:
  ret
steps: dd 0
  align 64
watched: times 16 dd 0x01020304
stack_selector: dw DATA0, DATA0, DATA0, DATA0

main:
  case 'execute'
  hook resume_fault
  breakpoint %$here, LOCAL(0) | KIND(0, EXECUTE, BYTE)
  nop
%$here:
  inc ebx
  mov eax, ebx
  endcase
  case 'execute-global'
  hook resume_fault
  breakpoint %$here, GLOBAL(0) | KIND(0, EXECUTE, BYTE)
  nop
%$here:
  off
  endcase
  case 'execute-disabled'
  hook resume_fault
  breakpoint %$here, KIND(0, EXECUTE, BYTE) | 0x300
  nop
%$here:
  off
  endcase
  case 'execute-second-byte'
  hook resume_fault
  breakpoint %$here + 1, LOCAL(0)
  nop
%$here:
  add eax, 5
  off
  endcase
  case 'execute-prefix'
  hook resume_fault
  breakpoint %$here, LOCAL(0)
  nop
%$here:
  db 0x3e
  inc dword [zbx + watched]
  off
  endcase
  case 'execute-all-four'
  hook resume_fault
  mov zax, %$a
  mov dr0, zax
  mov zax, %$b
  mov dr1, zax
  mov dr2, zax
  mov zax, %$c
  mov dr3, zax
  mov eax, 0x400 | LOCAL(0) | LOCAL(1) | LOCAL(2) | GLOBAL(3)
  mov dr7, zax
%$a:
  nop
%$b:
  nop
%$c:
  off
  endcase
  case 'execute-in-loop'
  hook resume_fault
  mov ecx, 3
  breakpoint %$here, LOCAL(0)
%$here:
  nop
  dec ecx
  jnz %$here
  off
  endcase
  case 'write-byte'
  hook go_on
  breakpoint watched + 1, LOCAL(0) | KIND(0, WRITE, BYTE)
  mov byte [watched], 1
  mov byte [watched + 1], 2
  nop
  mov byte [watched + 2], 3
  mov al, [watched + 1]
  off
  endcase
  case 'write-overlap'
  hook go_on
  breakpoint watched + 3, LOCAL(0) | KIND(0, WRITE, BYTE)
  mov dword [watched], 1
  nop
  mov word [watched + 3], 1
  mov word [watched + 4], 1
  mov dword [watched + 2], 1
  off
  endcase
  case 'write-word'
  hook go_on
  breakpoint watched + 2, LOCAL(0) | KIND(0, WRITE, WORD)
  mov byte [watched + 1], 1
  mov byte [watched + 3], 1
  mov byte [watched + 4], 1
  off
  endcase
  case 'write-unaligned-dword'
  hook go_on
  breakpoint watched + 6, LOCAL(0) | KIND(0, WRITE, DWORD)
  mov byte [watched + 3], 1
  mov byte [watched + 4], 1
  mov byte [watched + 8], 1
  off
  endcase
%if WIDE = 64
  case 'write-qword'
  hook go_on
  breakpoint watched + 8, LOCAL(0) | KIND(0, WRITE, QWORD)
  mov byte [watched + 7], 1
  mov byte [watched + 15], 1
  mov byte [watched + 16], 1
  mov [watched + 12], rax
  off
  endcase
%endif
  case 'access'
  hook go_on
  breakpoint watched, LOCAL(0) | KIND(0, ACCESS, DWORD)
  mov ecx, [watched]
  mov [watched], ecx
  inc dword [watched]
  test byte [watched + 2], 1
  lea ecx, [watched]
  nop dword [watched]
  off
  endcase
  case 'stack'
  hook go_on
  lea zcx, [zsp - Z]
  breakpoint zcx, LOCAL(0) | KIND(0, WRITE, DWORD)
  push zcx
  nop
  pop zcx
  off
  endcase
  case 'call-pushes'
  hook go_on
  lea zcx, [zsp - Z]
  breakpoint zcx, LOCAL(0) | KIND(0, WRITE, DWORD)
  call %$sub
%$sub:
  nop
  pop zcx
  off
  endcase
  case 'cmpxchg-fails'
  hook go_on
  breakpoint watched, LOCAL(0) | KIND(0, WRITE, DWORD)
  mov dword [watched + 4], 0
  mov eax, 0x7fffffff
  cmpxchg [watched], ecx
  nop
  off
  endcase
  case 'xchg'
  hook go_on
  breakpoint watched, LOCAL(0) | KIND(0, ACCESS, DWORD)
  xchg ecx, [watched]
  nop
  off
  endcase
  case 'two-at-once'
  hook go_on
  mov zax, watched
  mov dr0, zax
  add zax, 4
  mov dr1, zax
  mov dr2, zax
  mov eax, 0x400 | LOCAL(0) | GLOBAL(1) | LOCAL(2) | KIND(0, WRITE, DWORD) | KIND(1, ACCESS, DWORD) | KIND(2, WRITE, BYTE)
  mov dr7, zax
  movq [watched + 1], mm0
  nop
  off
  endcase
  case 'not-enabled-but-matching'
  hook go_on
  mov zax, watched
  mov dr0, zax
  mov dr1, zax
  mov eax, 0x400 | LOCAL(0) | KIND(0, WRITE, DWORD) | KIND(1, WRITE, DWORD)
  mov dr7, zax
  mov [watched], ecx
  nop
  off
  endcase
  case 'string'
  hook go_on
  mov zsi, watched
  mov zdi, watched + 16
  mov ecx, 8
  breakpoint watched + 18, LOCAL(0) | KIND(0, WRITE, BYTE)
  rep movsb
  nop
  off
  endcase
  case 'string-count'
  hook stop_string
  mov zdi, watched + 16
  mov ecx, 8
  breakpoint watched + 18, LOCAL(0) | KIND(0, WRITE, BYTE)
  rep stosb
  off
  endcase
  case 'page-crossing'
  hook go_on
  breakpoint 0x51000, LOCAL(0) | KIND(0, WRITE, BYTE)
  mov dword [0x50ffd], 1
  mov dword [0x50ffc], 1
  nop
  off
  endcase
  case 'user-write'
  hook go_on
  breakpoint 0x51000, LOCAL(0) | KIND(0, WRITE, BYTE)
  user
  mov byte [0x51000], 1
  nop
  kernel
  off
  endcase
  case 'port'
  hook go_on
  mov zax, cr4
  or al, 8
  mov cr4, zax
  breakpoint 0x80, LOCAL(0) | KIND(0, PORT, BYTE)
  out 0x80, al
  nop
  in al, 0x80
  nop
  out 0x81, al
  out 0x7f, ax
  nop
  off
  endcase
  case 'port-word'
  hook go_on
  breakpoint 0x84, LOCAL(0) | KIND(0, PORT, DWORD)
  out 0x83, al
  out 0x87, al
  nop
  out 0x88, al
  mov dx, 0x86
  mov zsi, watched
  outsb
  nop
  off
  endcase
  case 'dr4-with-de'
  mov zax, dr4
  endcase
  case 'dr5-with-de'
  mov dr5, zax
  endcase
  mov zax, cr4
  and al, ~8
  mov cr4, zax
  case 'port-without-de'
  hook go_on
  breakpoint 0x80, LOCAL(0) | KIND(0, PORT, BYTE)
  out 0x80, al
  nop
  off
  endcase
  case 'dr4'
  mov eax, 0xffff0ff0
  mov dr4, zax
  mov zax, dr4
  endcase
  case 'dr5'
  mov eax, 0x700
  mov dr5, zax
  mov zax, dr7
  mov ecx, eax
  off
  mov eax, ecx
  endcase
  case 'dr6-bits'
  xor eax, eax
  mov dr6, zax
  mov zax, dr6
  mov ecx, eax
  mov eax, 0xffffffff
  mov dr6, zax
  mov zax, dr6
  xor ecx, eax
  mov eax, 0xffff0ff0
  mov dr6, zax
  mov eax, ecx
  endcase
  case 'dr7-bits'
  mov eax, 0xffffdfff & ~0xffff00ff
  mov dr7, zax
  mov zax, dr7
  mov ecx, eax
  off
  mov eax, ecx
  endcase
  case 'general-detect-write'
  hook go_on_far
  mov eax, 0x2400
  mov dr7, zax
  mov dr0, zax
  nop
  mov zax, dr7
  endcase
  case 'general-detect-read'
  hook go_on_far
  mov eax, 0x2400
  mov dr7, zax
  mov zax, dr6
  nop
  mov zax, dr7
  endcase
  case 'user-dr'
  user
  mov zax, dr0
  kernel
  endcase
  case 'int1'
  hook go_on
  db 0xf1
  nop
  endcase
  case 'user-int1'
  hook go_on
  user
  db 0xf1
  nop
  kernel
  endcase
  case 'user-int-1'
  user
  int 1
  kernel
  endcase
  case 'step'
  hook count_down
  mov dword [steps], 4
  trap_on
  nop
  inc ecx
  jmp %$next
%$next:
  nop
  nop
  endcase
  case 'step-popf-off'
  hook go_on
  trap_on
  trap_off
  nop
  endcase
  case 'step-mov-ss'
  hook count_down
  mov dword [steps], 3
  mov ax, DATA0
  trap_on
  mov ss, ax
  nop
  nop
  nop
  nop
  endcase
%if WIDE = 32
  case 'step-pop-ss'
  hook count_down
  mov dword [steps], 3
  push DATA0
  trap_on
  pop ss
  nop
  nop
  nop
  nop
  endcase
%endif
  case 'step-lss'
  hook count_down
  mov dword [steps], 3
  mov [pointer], esp
  trap_on
  lss esp, [pointer]
  nop
  nop
  nop
  endcase
  case 'step-mov-ds'
  hook count_down
  mov dword [steps], 3
  mov ax, DATA0
  trap_on
  mov ds, ax
  nop
  nop
  nop
  endcase
  case 'step-sti'
  hook count_down
  mov dword [steps], 3
  trap_on
  sti
  cli
  nop
  nop
  endcase
  case 'step-rep'
  hook count_down
  mov dword [steps], 5
  mov zdi, watched
  mov ecx, 3
  trap_on
  rep stosb
  nop
  nop
  nop
  endcase
  case 'step-int'
  hook count_down
  mov dword [steps], 3
  mov zax, cr0
  trap_on
  int3
  nop
  nop
  nop
  endcase
  case 'step-fault'
  hook skip_ud2
  mov dword [steps], 3
  trap_on
  ud2
  nop
  nop
  nop
  endcase
  case 'step-iret'
  hook count_down
  mov dword [steps], 2
  pushf
  pop zcx
  or ch, 1
  mov zdx, zsp
  push zword DATA0
  push zdx
  push zcx
  push zword CODE0
  push zword %$next
%if WIDE = 64
  iretq
%else
  iretd
%endif
%$next:
  nop
  nop
  nop
  mov zsp, zdx
  endcase
  case 'step-user'
  hook count_down
  mov dword [steps], 3
  mov dword [user_flags], 0x302
  user
  nop
  nop
  nop
  nop
  kernel
  mov dword [user_flags], 0x202
  endcase
  case 'step-user-int'
  hook count_down
  mov dword [steps], 3
  mov dword [user_flags], 0x302
  user
  nop
  kernel
  nop
  mov dword [user_flags], 0x202
  endcase
  case 'step-and-execute'
  hook step_and_resume
  mov dword [steps], 4
  breakpoint %$here, LOCAL(0)
  trap_on
  nop
%$here:
  nop
  nop
  nop
  off
  endcase
  case 'step-and-write'
  hook count_down
  mov dword [steps], 3
  breakpoint watched, LOCAL(0) | KIND(0, WRITE, DWORD)
  trap_on
  mov [watched], ecx
  nop
  nop
  off
  endcase
  case 'step-cpuid'
  hook count_down
  mov dword [steps], 3
  trap_on
  cpuid
  nop
  nop
  xor eax, eax
  endcase
  case 'step-hlt-out'
  hook count_down
  mov dword [steps], 3
  trap_on
  out 0x80, al
  mov zax, cr3
  mov cr3, zax
  nop
  endcase
  case 'mov-ss-execute'
  hook resume_fault
  breakpoint %$here, LOCAL(0)
  mov ax, DATA0
  mov ss, ax
%$here:
  nop
  nop
  off
  endcase
  case 'mov-ss-data'
  hook go_on
  breakpoint stack_selector, LOCAL(0) | KIND(0, ACCESS, WORD)
  mov ss, [stack_selector]
  nop
  nop
  off
  endcase
  case 'mov-ss-data-int'
  hook go_on
  breakpoint stack_selector, LOCAL(0) | KIND(0, ACCESS, WORD)
  mov ss, [stack_selector]
  int3
  nop
  off
  endcase
  case 'rf-by-popf'
  hook resume_fault
  breakpoint %$here, LOCAL(0)
  pushf
  or dword [zsp], 0x10000
  popf
%$here:
  nop
  off
  endcase
  case 'rf-by-iret'
  hook resume_fault
  breakpoint %$here, LOCAL(0)
  pushf
  pop zcx
  or ecx, 0x10000
  mov zdx, zsp
  push zword DATA0
  push zdx
  push zcx
  push zword CODE0
  push zword %$here
%if WIDE = 64
  iretq
%else
  iretd
%endif
%$here:
  nop
  nop
  mov zsp, zdx
  off
  endcase
  case 'execute-on-fault'
  hook skip_ud2_rf
  breakpoint %$here, LOCAL(0)
%$here:
  ud2
  off
  endcase
  case 'execute-on-int3'
  hook resume_fault
  breakpoint %$here, LOCAL(0)
%$here:
  int3
  nop
  off
  endcase
  case 'execute-on-rep'
  hook resume_fault
  breakpoint %$here, LOCAL(0)
  mov ecx, 3
  mov zdi, watched
%$here:
  rep stosb
  off
  endcase
%if WIDE = 64
  case 'dr0-high'
  mov rax, 0xffff800000123456
  mov dr0, rax
  xor eax, eax
  mov rax, dr0
  shr rax, 32
  endcase
  case 'dr0-not-canonical'
  mov rax, 0x0123456789abcdef
  mov dr0, rax
  xor eax, eax
  mov rax, dr0
  shr rax, 32
  endcase
  case 'dr7-upper'
  mov rax, 0x100000400
  mov dr7, rax
  endcase
  case 'dr6-upper'
  mov rax, 0x1ffff0ff0
  mov dr6, rax
  endcase
%else
  case 'task-switch-trap'
  hook go_on
  mov word [other_tss + 100], 1
  mov dword [other_tss + 0x1c], PML4
  mov dword [other_tss + 0x20], %$there
  mov dword [other_tss + 0x24], 2
  mov dword [other_tss + 0x38], 0x6800
  mov eax, DATA0
  mov [other_tss + 0x48], eax
  mov [other_tss + 0x50], eax
  mov [other_tss + 0x54], eax
  mov [other_tss + 0x58], eax
  mov [other_tss + 0x5c], eax
  mov dword [other_tss + 0x4c], CODE0
  mov eax, other_tss
  mov word [gdt + FREE], 0x67
  mov [gdt + FREE + 2], ax
  mov word [gdt + FREE + 4], 0x8900
  mov word [gdt + FREE + 6], 0
  mov eax, 0x400 | LOCAL(0) | GLOBAL(1) | LOCAL(2) | KIND(0, WRITE, DWORD) | KIND(1, WRITE, DWORD) | KIND(2, WRITE, DWORD)
  mov dr7, eax
  jmp FREE:0
%$there:
  mov eax, dr7
  mov ecx, eax
  mov esp, [case_sp]
  off
  mov eax, ecx
  endcase
%endif
  ret
stop_string:
  mov eax, [zbp + 5 * Z]      ; ZCX of the frame
  say ' cx '
  mov eax, [zbp + 5 * Z]
  call print_hex32
  ret
skip_ud2:
  cmp dword [zbp + F_VECTOR], 6
  jne count_down
  add dword [zbp + F_IP], 2
  ret
skip_ud2_rf:
  or dword [zbp + F_FLAGS], 0x10000
  cmp dword [zbp + F_VECTOR], 6
  jne .done
  add dword [zbp + F_IP], 2
  and dword [zbp + F_FLAGS], ~0x10000
.done:
  ret
step_and_resume:
  or dword [zbp + F_FLAGS], 0x10000
  jmp count_down
go_on_far:
  ret
  align 4
pointer: dd 0
  dw DATA0
  align 16
other_tss: times 104 db 0
%include "end.inc"
