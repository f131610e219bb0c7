; Runs generated privilege cases on bare hardware and reports, through port 0xE9, the state in which each one ended.
; Loaded at 0x10000 with a pristine arena at 0x20000 and case records at 0x30000 (layout: torture.ts). Every case runs
; one generated code sequence in some ring or in v8086 mode inside the arena at 0x60000, whose free code bytes are INT3,
; until an exception reaches ring 0. Then the arena is restored and the next case starts.
bits 16
org 0x7c00
ARENA     equ 0x60000
GDT       equ ARENA + 0xb000
IDT       equ ARENA + 0xc000
TSS       equ ARENA + 0xd000
PD        equ ARENA + 0xe000
PT        equ ARENA + 0xf000
PRISTINE  equ 0x20000
CASES     equ 0x30000
CASE_SIZE equ 160
CODE0     equ 0x08
DATA0     equ 0x10
MAIN_TSS       equ 0x18
LDT0      equ 0x28

boot:
  cli
  xor ax, ax
  mov ds, ax
  mov ss, ax
  mov sp, 0x7c00
  mov [drive], dl
  sti
  ; 512 sectors after this one, one at a time, to 0x10000
  mov bx, 0x1000
  mov si, 1
.next:
  mov ax, si
  xor dx, dx
  mov cx, 18
  div cx
  mov cl, dl
  inc cl
  xor dx, dx
  mov di, 2
  div di
  mov ch, al
  mov dh, dl
  mov dl, [drive]
  mov es, bx
  push bx
  xor bx, bx
  mov ax, 0x0201
  int 0x13
  pop bx
  jc .next
  add bx, 0x20
  inc si
  cmp si, 513
  jb .next
  cli
  in al, 0x92
  or al, 2
  out 0x92, al
  jmp 0x1000:start - runner
drive db 0
  times 510 - ($ - $$) db 0
  dw 0xaa55

section runner vstart=0x10000 align=1
runner:
start:
bits 16
  ; also the entry point of a machine that loads the image by itself
  cli
  mov ax, 0x1000
  mov ds, ax
  o32 lgdt [cs:gdtr - runner]
  mov eax, cr0
  or al, 1
  mov cr0, eax
  jmp dword CODE0_BOOT:flat
CODE0_BOOT equ 0x08
gdtr: dw 23
  dd bootgdt
bootgdt:
  dq 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
bits 32
flat:
  mov ax, 0x10
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov esp, 0x9000
  ; vector table for redirected interrupts of v8086 mode: all lead to 0x6000:0x00f0 in the arena (INT3)
  mov ecx, 256
  xor edi, edi
  mov eax, 0x600000f0
  rep stosd
  ; the rest of the page, which firmware has used, becomes INT3
  mov ecx, 0x300
  mov eax, 0xcccccccc
  rep stosd
  mov esi, CASES
  mov [case], esi

next_case:
  cld
  ; nothing of the case before may show in the next one
  xor ebx, ebx
  xor edx, edx
  xor ebp, ebp
  mov ax, DATA0
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov esp, 0x9000
  ; paging off while the arena with the page tables is restored
  mov eax, 0x00000011
  mov cr0, eax
  mov esi, PRISTINE
  mov edi, ARENA
  mov ecx, 0x4000
  rep movsd
  o32 lgdt [arena_gdtr]
  o32 lidt [arena_idtr]
  mov eax, PD
  mov cr3, eax
  xor eax, eax
  mov dr7, eax
  mov dr6, eax
  mov cr2, eax
  push dword 2
  popfd
  mov ax, LDT0
  lldt ax
  mov ax, MAIN_TSS
  ltr ax
  mov ebp, [case]
  cmp dword [ebp], 0xff
  je finished
  mov eax, [ebp + 132]
  test eax, eax
  jz .no_cr4
  mov cr4, eax
.no_cr4:
  mov eax, [ebp + 56]
  mov cr0, eax
  ; code and stack contents
  lea esi, [ebp + 100]
  mov edi, [ebp + 128]
  mov ecx, 24
  rep movsb
  lea esi, [ebp + 60]
  mov edi, [ebp + 124]
  mov ecx, 40
  rep movsb
  cmp dword [ebp], 4
  je .virtual
  cmp dword [ebp], 0
  je .ring0
  movzx eax, word [ebp + 46]
  push eax
  push dword [ebp + 48]
  jmp .frame
.ring0:
  mov ax, [ebp + 46]
  mov ss, ax
  mov esp, [ebp + 48]
  jmp .frame
.virtual:
  movzx eax, word [ebp + 42]
  push eax
  movzx eax, word [ebp + 40]
  push eax
  movzx eax, word [ebp + 36]
  push eax
  movzx eax, word [ebp + 38]
  push eax
  movzx eax, word [ebp + 46]
  push eax
  push dword [ebp + 48]
.frame:
  push dword [ebp + 4]
  movzx eax, word [ebp + 44]
  push eax
  push dword [ebp + 52]
  cmp dword [ebp], 4
  je .registers
  mov es, [ebp + 38]
  mov fs, [ebp + 40]
  mov gs, [ebp + 42]
.registers:
  mov eax, [ebp + 8]
  mov ecx, [ebp + 12]
  mov edx, [ebp + 16]
  mov ebx, [ebp + 20]
  mov esi, [ebp + 28]
  mov edi, [ebp + 32]
  cmp dword [ebp], 4
  je .go
  push dword [ebp + 24]
  mov ds, [ebp + 36]
  pop ebp
  iretd
.go:
  mov ebp, [ebp + 24]
  iretd

; Exception entries: vector and a dummy error code where the processor pushes none.
%macro stub 1
  %if %1 = 8 || (%1 >= 10 && %1 <= 14) || %1 = 17
  nop
  nop
  %else
  push byte 0
  %endif
  push byte %1
  jmp near entry
  align 16, db 0x90
%endmacro
align 16
stubs:
%assign v 0
%rep 32
  stub v
  %assign v v + 1
%endrep

entry:
  pushad
  ; not PUSH Sreg: processors differ in the upper half that it writes
  xor eax, eax
  mov ax, ds
  push eax
  mov ax, es
  push eax
  mov ax, fs
  push eax
  mov ax, gs
  push eax
  mov ax, DATA0
  mov ds, ax
  mov es, ax
  cld
  ; a 16-bit stack leaves rubbish in the upper half of ESP
  mov ax, ss
  lar ecx, eax
  mov [upper], esp
  and dword [upper], 0xffff0000
  bt ecx, 22
  jc .wide
  movzx esp, sp
  jmp .copy
.wide:
  mov dword [upper], 0
.copy:
  ; the frame: gs fs es ds, edi esi ebp esp ebx edx ecx eax, vector, error code, eip cs eflags, esp ss
  mov edi, frame
  xor ebx, ebx
.word:
  mov eax, [ss:esp + ebx]
  stosd
  add ebx, 4
  cmp ebx, 68
  jb .word
  xor eax, eax
  stosd
  stosd
  test dword [frame + 64], 0x20000
  jnz .outer
  test byte [frame + 60], 3
  jz .same
.outer:
  mov eax, [ss:esp + 68]
  mov [frame + 68], eax
  mov eax, [ss:esp + 72]
  mov [frame + 72], eax
.same:
  mov eax, esp
  mov [frame + 76], eax
  mov ax, ss
  movzx eax, ax
  mov [frame + 80], eax
report:
  mov esp, 0x9000
  mov ax, DATA0
  mov ss, ax
  str ax
  movzx eax, ax
  mov [frame + 84], eax
  sldt ax
  movzx eax, ax
  mov [frame + 88], eax
  mov eax, cr0
  mov [frame + 92], eax
  mov eax, cr2
  mov [frame + 96], eax
  mov eax, dr6
  mov [frame + 100], eax
  mov eax, dr7
  mov [frame + 104], eax
  ; stack and data pages, tables, page tables
  mov esi, ARENA + 0x1000
  mov ecx, 0x1000 / 4
  call sum
  mov esi, ARENA + 0x3000 ; the page before is not present
  mov ecx, 0x8000 / 4
  call sum.next
  mov [frame + 108], eax
  mov esi, GDT
  mov ecx, 0x2000 / 4
  call sum
  mov [frame + 112], eax
  mov esi, TSS
  mov ecx, 0x1000 / 4
  call sum
  mov [frame + 116], eax
  mov esi, PD
  mov ecx, 0x2000 / 4
  call sum
  mov [frame + 120], eax
  mov al, '!'
  out 0xe9, al
  mov esi, frame
  mov ebx, 31
.print:
  lodsd
  call hex
  dec ebx
  jnz .print
  mov al, 10
  out 0xe9, al
  add dword [case], CASE_SIZE
  jmp next_case

; #DF arrives here through a task gate; the old state is in the TSS that the link names.
double_task:
  mov ax, DATA0
  mov ds, ax
  mov es, ax
  cld
  str ax
  movzx ebx, ax
  movzx eax, word [TSS + 0x300]
  and eax, 0xfff8
  mov edx, [GDT + eax + 2]
  and edx, 0x00ffffff
  mov edi, frame
  xor eax, eax
  mov ecx, 32
  rep stosd
  mov eax, [edx + 0x5c]
  mov [frame], eax
  mov eax, [edx + 0x58]
  mov [frame + 4], eax
  mov eax, [edx + 0x48]
  mov [frame + 8], eax
  mov eax, [edx + 0x54]
  mov [frame + 12], eax
  mov dword [frame + 48], 8
  mov eax, [edx + 0x20]
  mov [frame + 56], eax
  mov eax, [edx + 0x4c]
  mov [frame + 60], eax
  mov eax, [edx + 0x24]
  mov [frame + 64], eax
  mov eax, [edx + 0x38]
  mov [frame + 68], eax
  mov eax, [edx + 0x50]
  mov [frame + 72], eax
  jmp report

; EAX = checksum of ECX dwords at ESI
sum:
  xor eax, eax
.next:
  rol eax, 5
  xor eax, [esi]
  add esi, 4
  dec ecx
  jnz .next
  ret

hex:
  push ebx
  mov edx, eax
  mov ecx, 8
.digit:
  rol edx, 4
  mov eax, edx
  and eax, 15
  mov al, [digits + eax]
  out 0xe9, al
  dec ecx
  jnz .digit
  pop ebx
  ret

finished:
  mov al, '!'
  out 0xe9, al
  mov al, '.'
  out 0xe9, al
  mov al, 10
  out 0xe9, al
  mov al, 0
  out 0xf4, al
  mov dx, 0x8900 ; Bochs: shutdown by name
  mov esi, bye
.bye:
  lodsb
  out dx, al
  test al, al
  jnz .bye
  cli
  hlt
bye db 'Shutdown', 0
digits db '0123456789abcdef'
align 4
arena_gdtr: dw 0x7ff
  dd GDT
arena_idtr: dw 0x7ff
  dd IDT
case dd 0
upper dd 0
frame times 40 dd 0
  ; addresses for the generator
  times 0xfff8 - ($ - $$) db 0
  dd stubs
  dd double_task
