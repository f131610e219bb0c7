;=== operators
db 1+2*3, (1+2)*3, 7/2, 7 % 3, -7//2, -7 %% 3, 1<<4, 256>>4, -1>>>1, 6&3, 6|3, 6^3, ~0, !0, !5
dq -1/2, -1 % 10, -1//2, -9 %% 4, 0x8000000000000000//3
;=== comparisons
db 1=1, 1==2, 1<>2, 1!=1, 1<2, 2<=2, 3>4, 4>=4
db 2<=>1, 1<=>1
db (3>2)=1, 1<2<3
;=== booleans
db 1&&0, 1||0, 1^^1, 2&&3, 0||0, 0^^5
;=== conditional
db 1 ? 2:3, 0 ? 2:3, 1 ? 0 ? 4:5:6, 5>3 ? 'y':'n'
;=== precedence
db 1|2^3&4, 1+2<<3, 2*3+4*5, 10-4-3, 64/4/2, -2*-3, ~1+1, 1<2|4
dw 1||0&&0, 1 ? 2 : 3 + 4
;=== unary_chain
db --5, -+-5, ~~7, !!9, -~5
;=== here_and_base
org 100h
a: dw $, $$, $-$$, a-$$
b: times 3 dw $-$$
dw b-a, $-b
;=== forward_difference
mov cx, stop-start
start: db 1,2,3
stop: mov al, stop-start
;=== equ_forward
dw x, y
x equ y+1
y equ 41
;=== equ_chain
a equ 5
b equ a*2
c equ b+a
db a, b, c, c-b-a
;=== equ_label
org 7c00h
start: nop
here equ $
size equ here-start
dw here, size, start+size*2
;=== big_numbers
dq 0xffffffffffffffff, 18446744073709551615, -9223372036854775808, 1<<63
;=== wraparound
dq 0x7fffffffffffffff+1, 0xffffffffffffffff*2, -1-0x7fffffffffffffff
;=== character_constants
mov eax, 'abcd'
mov ax, 'ab'
mov al, 'a'
db 'a'+1, 'z'-'a'
dd 'abcd'+1, 'a'<<8
dw 'ab'
;=== character_constants_64
bits 64
mov rax, 'abcdefgh'
dq 'abcdefgh', 'ab'+1
;=== empty_string
db '', "", ``
dw '', 'a'
dd 'a', 'abcde', 'abcdefghi'
;=== seg_arithmetic
x equ 1234h
mov ax, x & 0xff
mov bx, x >> 8
mov cx, (x & 0xf000) >> 12
;=== unknown_cancels
times (b-a) db 1
a: nop
nop
b: nop
;=== shift_wide
dd 1<<31, 0x80000000>>31, 1<<16|1
;=== parentheses_deep
db ((((((((1+1))))))))
;=== ilog2
%use ifunc
db ilog2(256), ilog2f(255), ilog2c(257), ilog2e(1024)
db __ilog2f__(100), __?ilog2c?__(100)
;=== not_equal_sections
section .data
d: db 5
section .text
db (d-d), d=d
;=== symbols_with_odd_names
_under: dw _under
a.b.c: dw a.b.c
q?: dw q?
x@y: dw x@y
t~t: dw t~t
h#h: dw h#h
$eax: dw $eax
$mov equ 5
db $mov
;=== dollar_hex
db $0f, $1A, $0ab-$0a
;=== question_mark_labels
?start: dw ?start
