; selfmod: code that rewrites itself, in flat 32-bit code: an immediate and an opcode changed in each round ahead of their
; execution, and every 16 rounds a procedure generated anew and called. `count` times 1,000 rounds.
%include "boot.inc"
%include "flat32.inc"

CODE    equ     0x20000

work32: mov     esi, 1000
        imul    esi, [left]
        xor     ebp, ebp
        mov     ebx, 0x1234567
round:  imul    ebx, ebx, 69069
        inc     ebx
        mov     [patched + 1], ebx      ; immediate of ADD
        mov     eax, ebx
        shr     eax, 30
        mov     al, [opcodes + eax]
        mov     [operation], al
patched:
        mov     eax, 0
operation:
        add     ebp, eax
        rol     ebp, 1
        test    esi, 15
        jnz     next
        call    generate
        call    CODE
next:   dec     esi
        jnz     round
        mov     eax, ebp
        jmp     finish

opcodes: db     0x01, 0x31, 0x29, 0x09  ; ADD, XOR, SUB, OR of EBP and EAX

; Eight instructions `op ebp, imm32` and RET
generate:
        mov     edi, CODE
        mov     edx, ebx
        mov     ecx, 8
.one:   mov     al, 0x81
        stosb
        mov     eax, edx
        shr     eax, 28
        and     eax, 1
        mov     al, [modes + eax]
        stosb
        mov     eax, edx
        stosd
        rol     edx, 5
        dec     ecx
        jnz     .one
        mov     al, 0xc3
        stosb
        ret
modes:  db      0xc5, 0xf5              ; ADD EBP, XOR EBP
