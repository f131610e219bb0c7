;=== colonless
start
nop
loop1 dec ax
jnz loop1
jmp start
;=== local
a:
.x: nop
jmp .x
b:
.x: nop
jmp .x
jmp a.x
dw a.x, b.x
;=== local_without_colon
a:
.l nop
.m db 5
jmp .l
;=== special_local
a:
..@special: nop
.loc: nop
jmp ..@special
jmp .loc
b: dw a.loc
;=== dots
foo.bar: nop
jmp foo.bar
;=== instruction_as_label
mov: nop
jmp mov
add: dw add
;=== label_and_instruction
start: mov ax, 5
x: nop
;=== forward_and_back
jmp end
mid: jmp mid
end: jmp mid
;=== long_name
this_is_a_very_long_label_name_that_goes_on_and_on_and_on_and_on_and_on_and_on: jmp this_is_a_very_long_label_name_that_goes_on_and_on_and_on_and_on_and_on_and_on
;=== case_sensitive
Foo: db 1
foo: db 2
FOO: dw Foo, foo, FOO
;=== equ_with_colon
x: equ 5
s:
.y equ 6
db x, s.y
;=== global_extern
global start, other
static priv
extern unused
start: nop
other: nop
priv: nop
;=== absolute
absolute 0x500
a: resw 1
b: resb 4
c:
section .text
mov ax, [a]
mov bx, b
mov cx, c-a
;=== absolute_label_base
org 100h
start: nop
absolute start+10
v: resw 1
section .text
mov ax, [v]
;=== absolute_continues
absolute 10h
a resb 5
section .text
db a
b equ 30h
absolute b
c resb 1
section .text
dw c
;=== struc
struc point
.x: resw 1
.y: resw 1
.z resd 1
endstruc
db point_size, point.x, point.y, point.z, point
mov ax, [bx+point.y]
;=== struc_offset
struc frame, -4
.a resw 1
.b resw 1
endstruc
mov [bp+frame.a], ax
mov [bp+frame.b], ax
dw frame_size, frame
;=== struc_names
struc s
one: resb 1
two: resw 2
alignb 4
three: resd 1
endstruc
db one, two, three, s_size
;=== istruc
struc s
.a resb 1
.b resw 2
.c resd 1
endstruc
inst: istruc s
at .a, db 5
at s.b, dw 1,2
at .c, dd 7
iend
partial: istruc s
at s.c
dd 9
iend
none: istruc s
iend
;=== nested_struc
struc inner
.p resw 1
endstruc
struc outer
.q resb 1
.in resb inner_size
endstruc
mov al, [bx+outer.in+inner.p]
;=== align
db 1
align 4
db 2
align 16
db 3
align 8, db 0xcc
db 4
alignb 4
db 5
align 2, int3
;=== align_code_32
bits 32
nop
align 8
ret
align 16
;=== smartalign
%use smartalign
nop
align 16
nop
alignmode p6
align 32
nop
bits 32
align 32
nop
alignmode k8
align 64
ret
alignmode nop, 4
align 16
nop
alignmode generic, nojmp
align 64
;=== alignb_nop_section
section .bss
a: resb 3
alignb 8
b: resb 1
section .text
dw a, b
;=== sectalign
section .data
db 1
sectalign 32
db 2
section .text
nop
sectalign off
align 64
sectalign on
