;=== text_data_bss
section .text
mov ax,[d]
mov bx,[b]
section .data
d: dw 5
section .bss
b: resw 1
c: resb 3
section .text
dw c
;=== order
section .data
db 1
section .text
db 2
section .rodata
db 3
section .data
db 4
;=== align
section .text
db 1
section .data align=16
db 2
section .more align=1
db 3
;=== org
org 7c00h
section .text
dw a
section .data
a: dw b
section .bss
b: resw 2
c: resb 1
section .text
dw c
;=== start
section .text start=0
db 1
section .two start=0x20
db 2
x: dw x
section .three start=16
y: dw y
;=== vstart
section .text
dw there, section.high.start, section.high.vstart
section high vstart=0x8000
there: dw there
jmp there
call near_text
section .text
near_text: call there
;=== vstart_and_align
org 0x100
section .text
dw v
section over vstart=0 align=16
v: dw v
w: dw w
section .data
dw w
;=== follows
section .text
db 1
section .a
db 2
section .b follows=.text
db 3
section .c follows=.a
db 4
;=== vfollows
section .text
dw q
section ov1 vstart=0x1000
db 1,2,3
section ov2 vfollows=ov1
q: dw q
;=== nobits
section .text
dw n, m
section stuff nobits
n: resb 100
section more nobits align=64
m: resb 1
;=== nobits_vstart
section .text
dw v
section vars nobits vstart=0x500
v: resw 1
;=== bss_follows_data
org 0x7e00
section .bss
buf: resb 512
section .text
mov di, buf
section .data
msg: db 'text'
;=== start_labels
section .text
dd section..text.start, section.ext.start, section.ext.vstart
section ext start=0x40 vstart=0x9000
e: dw e, $-$$, $$
;=== bracket_forms
[section .text]
[bits 32]
mov eax,1
[bits 16]
[org 0x100]
[section .data]
db 1
[global x]
x: dw x
;=== segment_word
segment .text
db 1
segment .data
db 2
;=== expression_attributes
A equ 4
section .text
db 1
section .x align=(1<<A)
db 2
section .y start=(A*16)
db 3
;=== revisit
section .a
l1: db 1
section .b
l2: db 2
section .a
l3: db 3
section .b
l4: db 4
dw l1,l2,l3,l4
;=== difference_in_other
section .a
x: db 1,2,3
y:
section .text
dw y-x
;=== jump_between
section .text
jmp d
jz d
section .data
d: jmp t
times 200 db 0
section .text
t: nop
;=== relative_data
section .text
dw d-$
dd d-$-4
section .data
d: db 1
;=== empty_sections
section .text
section .data
section .bss
section .text
db 1
;=== map_tolerated
[map all nasm_map_unused.txt]
db 1
;=== default_rel_sections
bits 64
default rel
section .text
mov rax,[d]
lea rbx,[d+8]
section .data
d: dq d, 1
;=== org_high
bits 64
org 0xffffffff80000000
start: mov rax, start
jmp start
dq start, there
section .data
there: dq there
;=== imm_relocations
section .text
mov ax, d
add bx, d
push d
cmp word [d], d
mov byte [d+1], 5
bits 32
mov eax, d
push d
add eax, d
section .data
d: dw 1
;=== sectalign_effect
section .text
db 1
section .data
align 64
db 2
;=== bits_inside
bits 32
section .data
db __BITS__
section .text
mov eax,5
