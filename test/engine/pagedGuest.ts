// A guest with demand paging from rings 3 and 0: pages come and go, become read-only, and the way to the handler changes.
export const PAGED = `
CODE0 equ 8
DATA0 equ 16
CODE3 equ 27
DATA3 equ 35
TSS0 equ 40
IDT equ 0x20000
DIRECTORY equ 0x80000
TABLE equ 0x81000
WINDOW equ 0x40000       ; 16 pages
  lgdt [gdtr]
  jmp CODE0:start
start:
  mov ax, DATA0
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov esp, 0x60000
%macro GATE 3      ; vector, handler, type
  mov eax, %2
  mov word [IDT + %1 * 8], ax
  mov word [IDT + %1 * 8 + 2], CODE0
  mov word [IDT + %1 * 8 + 4], %3
  shr eax, 16
  mov word [IDT + %1 * 8 + 6], ax
%endmacro
  GATE 14, fault, 0x8e00
  GATE 0x80, service, 0xee00
  GATE 0x20, timer, 0x8e00
  lidt [idtr]
  mov ax, TSS0
  ltr ax
  mov dword [DIRECTORY], TABLE | 7
  mov eax, 7
  xor ebx, ebx
.map:
  mov [TABLE + ebx * 4], eax
  add eax, 0x1000
  inc ebx
  cmp ebx, 256
  jb .map
  mov eax, DIRECTORY
  mov cr3, eax
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  xor ebp, ebp
  xor edi, edi
  push dword DATA3
  push dword 0x70000
  push dword 0x202
  push dword CODE3
  push dword user
  iretd
user:
  mov ax, DATA3
  mov ds, ax
  mov es, ax
  mov ecx, 150
again:
  imul edx, ecx, 0x5bd1e995
  shr edx, 7
  and edx, 0xfffc
  add ebp, [WINDOW + edx]
  mov [WINDOW + edx], ecx
  rol ebp, 3
  xor edx, 0x5000
  add [WINDOW + edx], ebp       ; read, modify, write
  pushfd
  pop eax
  add ebp, eax
  xor edx, 0x3000
  mov [WINDOW + edx], ecx
  xor edx, 0x6ffc
  mov esi, [WINDOW + edx - 2]   ; may lie in two pages
  xchg [WINDOW + 0x7100], esi
  inc word [WINDOW + 0x8010]
  push ecx
  mov esi, WINDOW + 0x2f00
  mov edi, WINDOW + 0x9fc0
  mov ecx, 0x60
  rep movsd
  pop ecx
  int 0x80
  dec ecx
  jnz again
  mov ecx, -1
  int 0x80
service:
  cmp ecx, -1
  je .end
  inc dword [WINDOW + 0xb000]   ; may fault in ring 0
  mov edx, ecx
  and edx, 15
  jz .drop
  test cl, 64                   ; quiet for a while, so that what is remembered is used
  jz .pages
  call [actions + edx * 4]
.pages:
  mov eax, WINDOW
  shl edx, 12
  add eax, edx
  mov ebx, eax
  shr ebx, 10
  and dword [TABLE + ebx], ~1
  invlpg [eax]
  xor eax, 0x4000
  mov ebx, eax
  shr ebx, 10
  and dword [TABLE + ebx], ~2
  invlpg [eax]
  iretd
.drop:
  mov ebx, WINDOW >> 10
.each:
  and byte [TABLE + ebx], ~0x61
  add ebx, 4
  cmp ebx, (WINDOW >> 10) + 64
  jb .each
  mov eax, cr3
  mov cr3, eax
  iretd
.end:
  hlt
actions: dd none, none, offset2, none, stack, none, trapgate, none, guard, none, moved, none, none, none, none, none
none:
  ret
offset2:
  mov eax, fault2
  cmp [IDT + 14 * 8], ax
  jne .set
  mov eax, fault
.set:
  mov [IDT + 14 * 8], ax
  ret
stack:
  xor dword [tss + 4], 0x800
  ret
trapgate:
  xor byte [IDT + 14 * 8 + 5], 1
  ret
guard:                           ; CR0.WP
  mov eax, cr0
  xor eax, 0x10000
  mov cr0, eax
  ret
moved:                           ; the page under the descriptors, dropped from the TLB
  invlpg [gdt]
  invlpg [IDT]
  ret
fault2:
  add ebp, 0x1111
fault:
  push eax
  push ebx
  mov eax, cr2
  add ebp, eax
  add ebp, esp
  mov ebx, [esp + 8]
  add ebp, ebx
  add ebp, [esp + 20]
  mov ebx, eax
  shr ebx, 12
  test byte [esp + 8], 1
  jnz .protected
  or byte [TABLE + ebx * 4], 1
  jmp .done
.protected:
  or byte [TABLE + ebx * 4], 2
.done:
  invlpg [eax]
  pop ebx
  pop eax
  add esp, 4
  iretd
timer:
  inc dword [ss:0x30000]
  iretd
align 8
gdt: dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff
  dw 0x67, tss
  db 0, 0x89, 0, 0
gdtr: dw $ - gdt - 1
  dd gdt
idtr: dw 0x7ff
  dd IDT
align 4
tss: dd 0, 0x60000, DATA0
  times 22 dd 0
  dd 0x680000
`;
