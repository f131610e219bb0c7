;=== define
%define A 5
%define B A+1
%define C (B*2)
db A, B, C
%define A 6
db B
;=== parameters
%define sq(x) ((x)*(x))
%define sum(a,b) (a+b)
db sq(3), sq(1+2), sum(1,2), sum(sq(2),3)
;=== overloading
%define f(x) x
%define f(x,y) x+y
%define f(x,y,z) x*y*z
db f(1), f(1,2), f(2,3,4)
;=== case
%idefine Foo 7
db foo, FOO, Foo
%define Bar 1
%define BAR 2
db Bar, BAR
;=== undef
%define x 5
%undef x
x equ 9
db x
;=== xdefine
%define t 1
%xdefine u t
%define v t
%define t 2
db t, u, v
%assign n 0
%rep 3
%xdefine list n
%assign n n+1
%endrep
db list, n
;=== assign
%assign i 5
%assign i i*2
%assign j i+1
db i, j, -i
%assign neg -3
db neg, 5-neg, neg*2
%iassign K 9
db k, K
;=== recursion
%define a(x) 1+x
%define b(x) a(x)*2
db b(3)
%define eax2 eax2
eax2 equ 4
db eax2
;=== paste
%define pre(x) lab_ %+ x
pre(one): db 1
dw lab_one
%define cat(a,b) a %+ b
db cat(1,2), cat(0x,1f)
mov cat(a,x), 5
%define reg(x) e %+ x
mov reg(ax), reg(bx)
;=== indirection
%define N 3
%define val3 33
db val%[N]
%define name val%[N]
db name
mov ax, val%[%eval(1+2)]
%assign size 16
lab%[size]: dw lab16
;=== nested_calls
%define max(a,b) ((a)>(b)?(a):(b))
db max(3,4), max(5,2)
%define twice(x) (x)*2
db twice(max(1,2)), max(twice(1),twice(2))
;=== empty
%define nothing
db 1 nothing
mov nothing ax, 5
%define noargs() 4
db noargs()
;=== not_a_call
%define f(x) x+1
f equ 10
db f
;=== braces
%define two(x) x
db two({1,2})
%define call3(a,b) a, b
db call3({1,2},3)
;=== evaluated_and_quoted
%define m(=expr,&str) expr, str
db m(3+5, abc)
%define q(&&x) x
db q('abc'), q(abc)
;=== greedy
%define g(a,b,c+) a + 66 %, b * 3 %, c
db g(1,2)
db g(1,2,3)
db g(1,2,3,4,5)
;=== selfname
%idefine myname %?
myname equ 3
db myname
%idefine pause $%*?
pause: dw pause
;=== alias
%defalias OLD NEW
%define NEW 123
db OLD
%define OLD 45
db NEW
%undefalias OLD
OLD equ 1
db OLD, NEW
;=== line_and_file
db __LINE__
db __?LINE?__

db __LINE__
;=== bits_macro
bits 16
db __BITS__
bits 32
db __?BITS?__
bits 64
db __BITS__
;=== version
db __NASM_MAJOR__, __NASM_MINOR__, __NASM_SUBMINOR__
dd __NASM_VERSION_ID__
db __NASM_VER__
%ifdef __OUTPUT_FORMAT__
%ifidn __OUTPUT_FORMAT__, bin
db 'bin'
%endif
%endif
;=== sect
section .data
db 1
__SECT__
db 2
section .text
nop
;=== continuation
%define long 1 + \
  2 + \
  3
db long
mov ax, \
  5
;=== comments
db 1 ; a comment
; db 2
db 3; no space
    ;indented
;=== spaces_and_tabs
	mov	ax	,	5
mov   bx  ,6
lab   :   nop
;=== percent_operator
db 10 % 3
x equ 17
db x % 5
;=== expansion_in_label
%define prefix my_
%define mk(n) prefix %+ n
mk(label): dw my_label
;=== argument_newest
%define f(x) 1
%define f(x) 2
db f(0)
;=== clear
%define x 1
%clear
x equ 2
db x
;=== ifdef_argument
%define hasargs(x) x
%ifdef hasargs
db 1
%endif
;=== numbers_made_of_tokens
%define digit 5
db digit %+ 0
%define hexd(x) 0x %+ x
db hexd(ff)
;=== string_in_macro
%define msg 'hello, world'
db msg
%define pair 'a','b'
db pair
;=== masm_package
%use masm
bits 32
mov eax, dword ptr [ebx]
mov ax, word ptr var
mov eax, offset var
foo proc near
ret
foo endp
bar proc far
ret
bar endp
mov eax, var[ebx*4]
mov al, byte ptr flat:var
var: dd 5
end
