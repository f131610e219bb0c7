; copy: blocks of memory moved and filled in flat 32-bit code, `count` times: REP MOVSD of 64 KB, REP MOVSB of 16 KB, small
; REP STOSD, a loop of MOV over 64 KB and the sum of the result. REP counts per element in no machine's figures.
%include "boot.inc"
%include "flat32.inc"

SOURCE  equ     0x200000
TARGET  equ     0x240000
SIZE    equ     0x10000

work32: mov     edi, SOURCE
        mov     ecx, SIZE / 4
        mov     eax, 0x12345678
.fill:  imul    eax, eax, 1103515245
        add     eax, 12345
        stosd
        dec     ecx
        jnz     .fill
        xor     ebp, ebp
.again: mov     esi, SOURCE
        mov     edi, TARGET
        mov     ecx, SIZE / 4
        rep     movsd
        mov     esi, SOURCE + 1         ; not aligned
        mov     edi, TARGET + 0x8002
        mov     ecx, SIZE / 4
        rep     movsb
        mov     ebx, 256                ; 256 fills of 64 bytes
        mov     edi, TARGET + 0x4000
.small: mov     eax, ebx
        mov     ecx, 16
        rep     stosd
        dec     ebx
        jnz     .small
        xor     ecx, ecx
.move:  mov     eax, [TARGET + ecx]     ; copy by hand and sum
        mov     [SOURCE + ecx], eax
        mov     edx, [TARGET + ecx + 4]
        mov     [SOURCE + ecx + 4], edx
        add     ebp, eax
        xor     ebp, edx
        add     ecx, 8
        cmp     ecx, SIZE
        jb      .move
        rol     ebp, 1
        add     [SOURCE], ebp
        dec     dword [left]
        jnz     .again
        mov     eax, ebp
        jmp     finish
