; hash64: the SHA-512 compression function, `count` times 32 blocks chained, in 64-bit mode: rotates, logic and additions in all
; sixteen registers. Eight rounds are unrolled, as compilers do. The first block is all zeros; each digest begins the next block.
%include "boot.inc"
%include "long64.inc"

%macro ROUND 9                          ; number, then the registers of a to h
        mov     rax, %6
        mov     rbx, %6
        ror     rax, 14
        ror     rbx, 18
        mov     rcx, %7
        xor     rax, rbx
        ror     rbx, 23
        xor     rcx, %8
        xor     rax, rbx
        and     rcx, %6
        add     %9, [rsi + 8 * %1]      ; constant
        xor     rcx, %8
        add     %9, [rdi + 8 * %1]      ; schedule
        add     rax, rcx
        add     %9, rax
        add     %5, %9
        mov     rax, %2
        mov     rbx, %2
        ror     rax, 28
        ror     rbx, 34
        mov     rcx, %2
        xor     rax, rbx
        ror     rbx, 5
        mov     rdx, %2
        xor     rax, rbx
        or      rcx, %3
        and     rdx, %3
        and     rcx, %4
        add     %9, rax
        or      rcx, rdx
        add     %9, rcx
%endmacro

work64: mov     edi, schedule
        xor     eax, eax
        mov     ecx, 16
        rep     stosq
        mov     esi, initial
        mov     edi, digest
        mov     ecx, 8
        rep     movsq
        mov     ebp, [left]
        shl     ebp, 5
.block: mov     esi, digest
        mov     edi, schedule
        mov     ecx, 8
        rep     movsq
        mov     edi, schedule + 16 * 8
        mov     ecx, 64
.extend:
        mov     rax, [rdi - 15 * 8]
        mov     rbx, rax
        mov     rdx, rax
        ror     rax, 1
        ror     rbx, 8
        shr     rdx, 7
        xor     rax, rbx
        xor     rax, rdx
        add     rax, [rdi - 16 * 8]
        mov     rbx, [rdi - 2 * 8]
        mov     rdx, rbx
        mov     rsi, rbx
        ror     rbx, 19
        rol     rdx, 3
        shr     rsi, 6
        xor     rbx, rdx
        xor     rbx, rsi
        add     rax, [rdi - 7 * 8]
        add     rax, rbx
        mov     [rdi], rax
        add     rdi, 8
        dec     ecx
        jnz     .extend
        mov     r8, [digest]
        mov     r9, [digest + 8]
        mov     r10, [digest + 16]
        mov     r11, [digest + 24]
        mov     r12, [digest + 32]
        mov     r13, [digest + 40]
        mov     r14, [digest + 48]
        mov     r15, [digest + 56]
        mov     esi, constants
        mov     edi, schedule
.rounds:
        ROUND   0, r8, r9, r10, r11, r12, r13, r14, r15
        ROUND   1, r15, r8, r9, r10, r11, r12, r13, r14
        ROUND   2, r14, r15, r8, r9, r10, r11, r12, r13
        ROUND   3, r13, r14, r15, r8, r9, r10, r11, r12
        ROUND   4, r12, r13, r14, r15, r8, r9, r10, r11
        ROUND   5, r11, r12, r13, r14, r15, r8, r9, r10
        ROUND   6, r10, r11, r12, r13, r14, r15, r8, r9
        ROUND   7, r9, r10, r11, r12, r13, r14, r15, r8
        add     rdi, 8 * 8
        add     rsi, 8 * 8
        cmp     rdi, schedule + 80 * 8
        jb      .rounds
        add     [digest], r8
        add     [digest + 8], r9
        add     [digest + 16], r10
        add     [digest + 24], r11
        add     [digest + 32], r12
        add     [digest + 40], r13
        add     [digest + 48], r14
        add     [digest + 56], r15
        dec     ebp
        jnz     .block
        mov     rax, [digest]
        mov     rdx, rax
        shr     rdx, 32
        xor     eax, edx
        xor     eax, [digest + 56]
        jmp     finish64

align 8
initial:
        dq      0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1
        dq      0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179
constants:
        dq      0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc
        dq      0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118
        dq      0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2
        dq      0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694
        dq      0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65
        dq      0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5
        dq      0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4
        dq      0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70
        dq      0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df
        dq      0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b
        dq      0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30
        dq      0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8
        dq      0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8
        dq      0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3
        dq      0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec
        dq      0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b
        dq      0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178
        dq      0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b
        dq      0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c
        dq      0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817
; away from the code: writing beside code is a workload of its own
digest  equ     0x100000
schedule equ    0x100040
