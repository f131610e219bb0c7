;=== short_forward
jmp a
times 127 nop
a: jz b
times 127 nop
b: nop
;=== just_too_far
jmp a
times 128 nop
a: jz b
times 128 nop
b: nop
;=== short_backward
a: times 126 nop
jmp a
b: times 126 nop
jnz b
;=== too_far_backward
a: times 127 nop
jmp a
b: times 127 nop
jnz b
;=== chain_grows
%macro unit 1
j%1: jmp j%[%eval(%1+8)]
times 17 nop
%endmacro
%assign i 0
%rep 40
unit i
%assign i i+1
%endrep
%rep 8
j%[i]:
%assign i i+1
%endrep
;=== chain_domino
%assign i 0
%rep 60
d%[i]: jz d%[%eval(i+42)]
%assign i i+1
%endrep
%rep 42
d%[i]: db 0x90
%assign i i+1
%endrep
;=== chain_domino_tight
%assign i 0
%rep 100
e%[i]: jmp e%[%eval(i+64)]
%assign i i+1
%endrep
%rep 64
e%[i]: nop
%assign i i+1
%endrep
;=== explicit
jmp short a
jmp near a
a: jz near a
jz short a
jmp strict near a
jmp word a
jmp dword a
;=== loops
a: loop a
loope a
loopnz a
jcxz a
jecxz a
loop a, cx
loop a, ecx
;=== calls
call a
call near a
a: call $
call $+3
;=== absolute_targets
org 7c00h
jmp 0x7c00
call 0x1000
jz 0x7c10
jmp short 0x7c08
;=== thirty_two
bits 32
jmp a
times 127 nop
a: jz b
times 128 nop
b: call a
jmp dword a
;=== sixty_four
bits 64
jmp a
times 128 nop
a: call b
b: jz a
;=== with_equ
dist equ b-a
a: times 10 nop
b: times dist nop
jmp a
;=== other_section
section .text
jmp there
call there
section .code2
there: jmp back
section .text
back: nop
;=== cpu_8086
cpu 8086
jz a
jnz a
times 200 nop
a: jz a
jmp a
;=== cpu_levels
cpu 186
push 5
shl ax, 3
cpu 386
movzx eax, al
cpu default
;=== shrinking_after_growth
lea ax, [bx+b-a]
a: times 127 nop
b: lea ax, [bx+d-c]
c: jmp d
times 128 nop
d: add ax, b-a
;=== interleaved
a0: jmp a3
times 60 nop
a1: jmp a4
times 60 nop
a2: jmp a0
times 60 nop
a3: jmp a1
times 60 nop
a4: jmp a2
;=== times_of_jumps
times 50 jmp a
a: times 50 jmp a
;=== dollar_targets
jmp $
jmp $+2
jmp $-1
jz $+100
jz $+200
times 3 jmp $$
