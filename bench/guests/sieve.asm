; sieve: memory in flat 32-bit code: a sieve of Eratosthenes over 256 KB of bytes above 1 MB, `count` times. Loads and stores
; with large strides and short loops.
%include "boot.inc"
%include "flat32.inc"

FLAGS   equ     0x200000
SIZE    equ     0x40000

work32: xor     ebp, ebp                ; checksum
.again: mov     edi, FLAGS
        mov     ecx, SIZE / 4
        mov     eax, 0x01010101
.clear: mov     [edi], eax
        add     edi, 4
        dec     ecx
        jnz     .clear
        mov     esi, 2
.next:  cmp     byte [FLAGS + esi], 0
        je      .composite
        mov     eax, esi
        imul    eax, esi
        cmp     eax, SIZE
        jae     .count
.strike:
        mov     byte [FLAGS + eax], 0
        add     eax, esi
        cmp     eax, SIZE
        jb      .strike
.composite:
        inc     esi
        jmp     .next
.count: xor     eax, eax
        mov     esi, 2
.sum:   movzx   edx, byte [FLAGS + esi]
        add     eax, edx
        inc     esi
        cmp     esi, SIZE
        jb      .sum
        rol     ebp, 3
        add     ebp, eax
        dec     dword [left]
        jnz     .again
        mov     eax, ebp
        jmp     finish
