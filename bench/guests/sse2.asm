; sse2: packed numbers in flat 32-bit code, `count` times: iterations of z^2 + c, two doubles at once, and 16 KB of pixels blended,
; bytes unpacked to words, multiplied and packed again. The checksum has the iterations and the sum of all pixels.
%include "boot.inc"
%include "flat32.inc"

COLUMNS equ     24
ROWS    equ     16
LIMIT   equ     40
PIXELS  equ     0x4000
; away from the code: writing beside code is a workload of its own
source  equ     0x200000
target  equ     0x210000

work32: mov     eax, cr4
        or      eax, 0x600              ; OSFXSR, OSXMMEXCPT
        mov     cr4, eax
        mov     eax, cr0
        and     eax, ~4
        or      eax, 2
        mov     cr0, eax
        mov     edi, source
        mov     eax, 1
.fill:  imul    eax, eax, 69069
        inc     eax
        mov     [edi], eax
        add     edi, 4
        cmp     edi, target + PIXELS
        jb      .fill
        xor     ebp, ebp                ; checksum

.again: mov     edx, ROWS
.row:   movd    xmm3, edx
        pshufd  xmm3, xmm3, 0
        cvtdq2pd xmm3, xmm3
        mulpd   xmm3, [step]
        addpd   xmm3, [top_edge]
        mov     ebx, COLUMNS
.column:
        movd    xmm2, ebx
        pshufd  xmm2, xmm2, 0
        cvtdq2pd xmm2, xmm2
        mulpd   xmm2, [step]
        addpd   xmm2, [left_edge]
        xorpd   xmm0, xmm0              ; re
        xorpd   xmm1, xmm1              ; im
        mov     ecx, LIMIT
.iterate:
        movapd  xmm4, xmm0
        movapd  xmm5, xmm1
        mulpd   xmm4, xmm4
        mulpd   xmm5, xmm5
        movapd  xmm6, xmm4
        addpd   xmm6, xmm5
        cmpltpd xmm6, [four]
        movmskpd eax, xmm6
        cmp     eax, 3
        jne     .escaped
        mulpd   xmm1, xmm0
        subpd   xmm4, xmm5
        addpd   xmm1, xmm1
        addpd   xmm4, xmm2
        addpd   xmm1, xmm3
        movapd  xmm0, xmm4
        inc     ebp
        dec     ecx
        jnz     .iterate
.escaped:
        dec     ebx
        jnz     .column
        dec     edx
        jnz     .row

        mov     esi, source
        mov     edi, target
        movdqa  xmm5, [weight]
        pxor    xmm6, xmm6              ; sum
        pxor    xmm7, xmm7
        mov     ecx, PIXELS / 16
.blend: movdqu  xmm0, [esi]
        movdqa  xmm1, [edi]
        movdqa  xmm2, xmm0
        movdqa  xmm3, xmm1
        punpcklbw xmm0, xmm7
        punpckhbw xmm2, xmm7
        punpcklbw xmm1, xmm7
        punpckhbw xmm3, xmm7
        psubw   xmm0, xmm1
        psubw   xmm2, xmm3
        pmullw  xmm0, xmm5
        pmullw  xmm2, xmm5
        psraw   xmm0, 6
        psraw   xmm2, 6
        paddw   xmm0, xmm1
        paddw   xmm2, xmm3
        packuswb xmm0, xmm2
        movdqa  [edi], xmm0
        psadbw  xmm0, xmm7
        paddd   xmm6, xmm0
        add     esi, 16
        add     edi, 16
        dec     ecx
        jnz     .blend
        pshufd  xmm0, xmm6, 0x4e
        paddd   xmm6, xmm0
        movd    eax, xmm6
        rol     ebp, 1
        xor     ebp, eax
        add     dword [source + 4], 0x01030507
        dec     dword [left]
        jnz     .again
        mov     eax, ebp
        jmp     finish

align 16
step:      dq   0.125, 0.125
left_edge: dq   -2.1, -2.05
top_edge:  dq   -1.03, -1.01
four:      dq   4.0, 4.0
weight: times 8 dw 21
