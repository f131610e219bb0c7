;=== if
%if 1
db 1
%endif
%if 0
db 2
%else
db 3
%endif
%if 2 > 1 && 3 < 4
db 4
%endif
;=== elif
%assign n 2
%if n = 1
db 1
%elif n = 2
db 2
%elif n = 2
db 3
%else
db 4
%endif
;=== nested
%if 1
%if 0
db 1
%else
%if 1
db 2
%endif
%endif
%else
db 3
%endif
;=== skipped_garbage
%if 0
this is not assembly (at all
%macro broken
%define
%endif
db 1
;=== ifdef
%define X
%ifdef X
db 1
%endif
%ifndef Y
db 2
%endif
%ifdef Y
db 3
%elifdef X
db 4
%endif
%ifdef Y X
db 5
%endif
%ifn 0
db 6
%endif
;=== ifmacro
%macro m 1-2
%endmacro
%ifmacro m
db 1
%endif
%ifmacro m 1
db 2
%endif
%ifmacro m 3
db 3
%endif
%ifnmacro m 3
db 4
%endif
%ifmacro align
db 5
%endif
;=== ifidn
%ifidn abc,abc
db 1
%endif
%ifidn abc,ABC
db 2
%endif
%ifidni abc,ABC
db 3
%endif
%ifidn a + b, a+b
db 4
%endif
%ifidn 'x',"x"
db 5
%endif
%ifnidn a,b
db 6
%endif
%define n abc
%ifidn n,abc
db 7
%endif
;=== types
%ifid abc
db 1
%endif
%ifnum 5
db 2
%endif
%ifnum -5
db 3
%endif
%ifstr 'x'
db 4
%endif
%ifnum 'x'
db 5
%endif
%ifid 5
db 6
%endif
%ifid $
db 7
%endif
%define v 10
%ifnum v
db 8
%endif
%ifnstr abc
db 9
%endif
;=== token_and_empty
%iftoken abc
db 1
%endif
%iftoken -1
db 2
%endif
%ifempty
db 3
%endif
%define e
%ifempty e
db 4
%endif
%ifnempty x
db 5
%endif
;=== ifctx
%push one
%ifctx one
db 1
%endif
%ifctx two
db 2
%endif
%ifnctx two
db 3
%endif
%pop one
;=== on_labels
a: times 5 nop
b:
%if b-a = 5
db 1
%else
db 2
%endif
%if ($-$$) > 100
%error too big
%endif
;=== rep
%assign i 0
%rep 5
db i
%assign i i+1
%endrep
;=== rep_zero
%rep 0
db 1
%endrep
db 2
;=== exitrep
%assign i 0
%rep 100
%if i > 4
%exitrep
%endif
db i
%assign i i+1
%endrep
db 0xff
;=== fibonacci
%assign i 0
%assign j 1
%rep 100
%if j > 65535
%exitrep
%endif
dw j
%assign k j+i
%assign i j
%assign j k
%endrep
;=== rep_nested
%assign i 0
%rep 3
%assign j 0
%rep 2
db i*16+j
%assign j j+1
%endrep
%assign i i+1
%endrep
;=== rep_expression
%define N 2
%rep N*2
nop
%endrep
;=== block_if
%macro if 1
%push if
j%-1 %$ifnot
%endmacro
%macro else 0
%ifctx if
%repl else
jmp %$ifend
%$ifnot:
%else
%error "expected `if' before `else'"
%endif
%endmacro
%macro endif 0
%ifctx if
%$ifnot:
%pop
%elifctx else
%$ifend:
%pop
%endif
%endmacro
cmp ax,bx
if ae
cmp bx,cx
if ae
mov ax,cx
else
mov ax,bx
endif
else
cmp ax,cx
if ae
mov ax,cx
endif
endif
;=== repeat_until
%macro repeat 0
%push repeat
%$begin:
%endmacro
%macro until 1
j%-1 %$begin
%pop
%endmacro
mov cx,string
repeat
add cx,3
scasb
until e
string: db 0
;=== context_macros
%push a
%define %$x 5
%assign %$y 6
db %$x, %$y
%push b
%define %$x 7
db %$x, %$$x
%pop
db %$x
%pop
;=== context_labels
%push
%$loop: dec cx
jnz %$loop
%pop
%push
%$loop: dec dx
jnz %$loop
%pop
;=== arg_and_local
proc:
%push ctx
%stacksize large
%arg i:word, j_ptr:word
mov ax,[i]
mov bx,[j_ptr]
add ax,[bx]
ret
%pop
%push ctx
%stacksize flat
%arg a:dword, b:byte
%assign %$localsize 0
%local c:dword, d:word
bits 32
enter %$localsize,0
mov eax,[a]
mov ebx,[b]
mov [c],eax
mov [d],bx
leave
%pop
;=== line_directive
%line 100 other.asm
db __LINE__
db __LINE__
%line 200+10 third.asm
db __LINE__
dw __LINE__
;=== pragma_ignored
%pragma asm something
%pragma output prefix x
%pragma limit lines 100000
db 1
;=== null_and_depend
%null anything
%depend 'nothing'
db 1
;=== pass
%ifdef __PASS__
db 1
%endif
;=== warning_directive
[warning -number-overflow]
db 300
[warning +number-overflow]
[warning push]
[warning -all]
[warning pop]
;=== usable
%ifusable altreg
db 1
%endif
%ifusing altreg
db 2
%endif
%use altreg
%ifusing altreg
db 3
%endif
%ifdef __?USE_ALTREG?__
db 4
%endif
bits 64
mov r0, r1
mov r0d, r3d
mov r0l, r1h
;=== ifenv
%ifenv SURELY_NOT_DEFINED_ANYWHERE
db 1
%else
db 2
%endif
;=== if_symbol_later_stable
x: nop
%assign size $-x
times size db 1
%if size = 1
y: db 2
%endif
;=== assign_address
a: times 7 nop
%assign here $-$$
db here
jmp far_label
times 200 nop
%assign here2 $-$$
dw here2
far_label:
;=== percent_in_strings_not_taken
%if 0
 db '%d', missing
%elifdef MISSING
 db "100%", missing
%else
 db '%s', 3
%endif
