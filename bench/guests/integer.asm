; integer: the SHA-256 compression function, `count` times 64 blocks chained, in flat 32-bit code: rotates, logic, additions,
; a few loads and stores. Eight rounds are unrolled, as compilers do.
%include "boot.inc"
%include "flat32.inc"

%define VAR(round, letter) [state + 4 * (((letter) - (round)) & 7)]
%macro ROUND 1
        mov     eax, VAR(%1, 4)
        mov     ebx, eax
        mov     ecx, eax
        mov     edi, eax
        ror     eax, 6
        ror     ebx, 11
        ror     ecx, 25
        xor     eax, ebx
        mov     ebx, VAR(%1, 5)
        mov     edx, VAR(%1, 6)
        xor     eax, ecx
        xor     ebx, edx
        and     ebx, edi
        xor     ebx, edx
        add     eax, VAR(%1, 7)
        add     eax, ebx
        add     eax, [constants + esi + 4 * %1]
        add     eax, [schedule + esi + 4 * %1]
        add     VAR(%1, 3), eax
        mov     ebx, VAR(%1, 0)
        mov     ecx, ebx
        mov     edx, ebx
        mov     edi, ebx
        ror     ebx, 2
        ror     ecx, 13
        ror     edx, 22
        xor     ebx, ecx
        xor     ebx, edx
        mov     ecx, VAR(%1, 1)
        mov     edx, edi
        or      edx, ecx
        and     ecx, edi
        and     edx, VAR(%1, 2)
        add     eax, ebx
        or      ecx, edx
        add     eax, ecx
        mov     VAR(%1, 7), eax
%endmacro

work32: xor     eax, eax                ; the first block is all zeros
        mov     edi, schedule
        mov     ecx, 16
        rep     stosd
        mov     esi, initial
        mov     edi, digest
        mov     ecx, 8
        rep     movsd
        mov     ebp, [left]
        shl     ebp, 6
.block: mov     esi, digest
        mov     edi, state
        mov     ecx, 8
        rep     movsd
        mov     esi, 16 * 4
.expand:
        mov     eax, [schedule + esi - 15 * 4]
        mov     ebx, eax
        mov     ecx, eax
        ror     eax, 7
        ror     ebx, 18
        shr     ecx, 3
        xor     eax, ebx
        xor     eax, ecx
        mov     ebx, [schedule + esi - 2 * 4]
        mov     ecx, ebx
        mov     edx, ebx
        ror     ebx, 17
        ror     ecx, 19
        shr     edx, 10
        xor     ebx, ecx
        xor     ebx, edx
        add     eax, ebx
        add     eax, [schedule + esi - 16 * 4]
        add     eax, [schedule + esi - 7 * 4]
        mov     [schedule + esi], eax
        add     esi, 4
        cmp     esi, 64 * 4
        jb      .expand
        xor     esi, esi
.rounds:
%assign i 0
%rep 8
        ROUND   i
%assign i i+1
%endrep
        add     esi, 8 * 4
        cmp     esi, 64 * 4
        jb      .rounds
        xor     esi, esi
.sum:   mov     eax, [state + esi]
        add     [digest + esi], eax
        mov     ebx, [digest + esi]
        mov     [schedule + esi], ebx   ; the next block: this digest and the one before
        mov     [schedule + esi + 32], eax
        add     esi, 4
        cmp     esi, 32
        jb      .sum
        dec     ebp
        jnz     .block
        xor     eax, eax
        xor     esi, esi
.fold:  rol     eax, 5
        add     eax, [digest + esi]
        add     esi, 4
        cmp     esi, 32
        jb      .fold
        jmp     finish

align 16
initial: dd     0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
constants:
        dd      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5
        dd      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174
        dd      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da
        dd      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967
        dd      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85
        dd      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070
        dd      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3
        dd      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
state   equ     0x10000                 ; away from the code
schedule equ    0x10100
digest  equ     0x10300
