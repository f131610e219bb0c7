; sort: calls and unpredictable branches: a recursive quicksort with frame pointers over 4,096 numbers from a generator,
; `count` times, in flat 32-bit code.
%include "boot.inc"
%include "flat32.inc"

ARRAY   equ     0x200000
LENGTH  equ     4096

work32: mov     esi, 0x2545f491         ; state of the generator
        xor     ebp, ebp                ; checksum
.again: xor     edi, edi
.fill:  mov     eax, esi
        shl     eax, 13
        xor     esi, eax
        mov     eax, esi
        shr     eax, 17
        xor     esi, eax
        mov     eax, esi
        shl     eax, 5
        xor     esi, eax
        mov     [ARRAY + edi * 4], esi
        inc     edi
        cmp     edi, LENGTH
        jb      .fill
        push    esi
        push    ebp
        push    ARRAY + (LENGTH - 1) * 4
        push    ARRAY
        call    quicksort
        add     esp, 8
        pop     ebp
        pop     esi
        mov     edi, 1
.check: mov     eax, [ARRAY + edi * 4]
        cmp     eax, [ARRAY + edi * 4 - 4]
        jl      .wrong
        rol     ebp, 1
        add     ebp, eax
        inc     edi
        cmp     edi, LENGTH
        jb      .check
        dec     dword [left]
        jnz     .again
        mov     eax, ebp
        jmp     finish
.wrong: mov     eax, 0xbad
        jmp     finish

; quicksort(first, last), both inclusive
quicksort:
        push    ebp
        mov     ebp, esp
        push    ebx
        push    esi
        push    edi
        mov     esi, [ebp + 8]
        mov     edi, [ebp + 12]
        cmp     esi, edi
        jae     .done
        mov     eax, edi                ; pivot: the middle element
        sub     eax, esi
        shr     eax, 1
        and     eax, ~3
        mov     ebx, [esi + eax]
.scan:  cmp     [esi], ebx
        jge     .right
        add     esi, 4
        jmp     .scan
.right: cmp     [edi], ebx
        jle     .both
        sub     edi, 4
        jmp     .right
.both:  cmp     esi, edi
        ja      .split
        mov     eax, [esi]
        mov     edx, [edi]
        mov     [esi], edx
        mov     [edi], eax
        add     esi, 4
        sub     edi, 4
        cmp     esi, edi
        jbe     .scan
.split: push    edi
        push    dword [ebp + 8]
        call    quicksort
        add     esp, 8
        push    dword [ebp + 12]
        push    esi
        call    quicksort
        add     esp, 8
.done:  pop     edi
        pop     esi
        pop     ebx
        pop     ebp
        ret
