; bytecode: a small stack machine with a jump table runs a Collatz search, `count` times: indirect jumps and byte loads, as
; interpreters do, in flat 32-bit code.
%include "boot.inc"
%include "flat32.inc"

%macro DISPATCH 0
        movzx   eax, byte [esi]
        inc     esi
        jmp     [table + eax * 4]
%endmacro

; Top of stack in EBX, the rest at EDI upwards; variables at VARIABLES.
VARIABLES equ   0x20000
work32: xor     eax, eax
        mov     [VARIABLES + 12], eax
.again: mov     esi, program
        mov     edi, 0x30000
        DISPATCH
.stop:  dec     dword [left]
        jnz     .again
        mov     eax, [VARIABLES + 12]
        jmp     finish

do_push:                                ; push a signed byte
        mov     [edi], ebx
        add     edi, 4
        movsx   ebx, byte [esi]
        inc     esi
        DISPATCH
do_load:                                ; push a variable
        mov     [edi], ebx
        add     edi, 4
        movzx   eax, byte [esi]
        inc     esi
        mov     ebx, [VARIABLES + eax * 4]
        DISPATCH
do_store:
        movzx   eax, byte [esi]
        inc     esi
        mov     [VARIABLES + eax * 4], ebx
        sub     edi, 4
        mov     ebx, [edi]
        DISPATCH
do_add: sub     edi, 4
        add     ebx, [edi]
        DISPATCH
do_mul: sub     edi, 4
        imul    ebx, [edi]
        DISPATCH
do_half:
        shr     ebx, 1
        DISPATCH
do_odd: and     ebx, 1
        DISPATCH
do_equal:
        sub     edi, 4
        xor     eax, eax
        cmp     ebx, [edi]
        sete    al
        mov     ebx, eax
        DISPATCH
do_jump:
        movsx   eax, byte [esi]
        lea     esi, [esi + eax + 1]
        DISPATCH
do_jumpzero:
        movsx   eax, byte [esi]
        inc     esi
        test    ebx, ebx
        jnz     .on
        add     esi, eax
.on:    sub     edi, 4
        mov     ebx, [edi]
        DISPATCH

align 4
table:  dd      work32.stop, do_push, do_load, do_store, do_add, do_mul, do_half, do_odd, do_equal, do_jump, do_jumpzero

STOP    equ     0
LITERAL equ     1
LOAD    equ     2
STORE   equ     3
PLUS    equ     4
MULTIPLY equ    5
HALF    equ     6
ODD     equ     7
EQUAL   equ     8
JUMP    equ     9
JUMPZ   equ     10
%macro JUMPS 2                          ; opcode, target relative to the byte after the operand
        db      %1, %2 - ($ + 2)
%endmacro
; for (start = 1; start != 120; start++) for (n = start; n != 1; n = odd(n) ? 3n + 1 : n / 2) sum = 3 * sum + n;
program:
        db      LITERAL, 1, STORE, 0
.outer: db      LOAD, 0, STORE, 1
.inner: db      LOAD, 1, LITERAL, 1, EQUAL
        JUMPS   JUMPZ, .work
        JUMPS   JUMP, .done
.work:  db      LOAD, 1, ODD
        JUMPS   JUMPZ, .even
        db      LOAD, 1, LITERAL, 3, MULTIPLY, LITERAL, 1, PLUS, STORE, 1
        JUMPS   JUMP, .sum
.even:  db      LOAD, 1, HALF, STORE, 1
.sum:   db      LOAD, 3, LITERAL, 3, MULTIPLY, LOAD, 1, PLUS, STORE, 3
        JUMPS   JUMP, .inner
.done:  db      LOAD, 0, LITERAL, 1, PLUS, STORE, 0
        db      LOAD, 0, LITERAL, 120, EQUAL
        JUMPS   JUMPZ, .outer
        db      STOP
