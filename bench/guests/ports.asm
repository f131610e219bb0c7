; ports: port input and output in flat 32-bit code, as drivers poll: the mask registers of the interrupt controllers, the line
; status and scratch registers of COM1, the diagnostic port; `count` times 1,000 rounds of ten accesses.
%include "boot.inc"
%include "flat32.inc"

work32: mov     esi, 1000
        imul    esi, [left]
        xor     ebp, ebp
        mov     ebx, 1
.again: mov     eax, ebx
        out     0x21, al                ; interrupt masks; interrupts are off
        out     0x80, al
        in      al, 0x21
        movzx   ecx, al
        add     ebp, ecx
        mov     edx, 0x3fd
        in      al, dx                  ; transmitter ready?
        test    al, 0x20
        jz      .wrong
        mov     eax, ebx
        shr     eax, 3
        mov     edx, 0x3ff
        out     dx, al
        in      al, dx
        movzx   ecx, al
        rol     ebp, 1
        xor     ebp, ecx
        mov     eax, ebx
        shr     eax, 9
        out     0xa1, al
        in      al, 0xa1
        movzx   ecx, al
        add     ebp, ecx
        out     0x80, al
        mov     edx, 0x3fd
        in      al, dx
        test    al, 1                   ; nothing received
        jnz     .wrong
        imul    ebx, ebx, 69069
        inc     ebx
        dec     esi
        jnz     .again
        mov     eax, ebp
        jmp     finish
.wrong: mov     eax, 0xbad
        jmp     finish
