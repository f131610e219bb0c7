; rings: system calls: ring 3 code calls `int 0x80`, the ring 0 handler switches stacks through the TSS, reloads data segments
; as kernels do, dispatches and returns by IRETD; `count` times 1,000.
%include "boot.inc"
%include "flat32.inc"

IDT     equ     0x10000

work32: mov     edi, IDT
        xor     eax, eax
        mov     ecx, 0x81 * 2
        rep     stosd
        mov     eax, handler
        mov     word [IDT + 0x80 * 8], ax
        mov     word [IDT + 0x80 * 8 + 2], CODE0
        mov     word [IDT + 0x80 * 8 + 4], 0xee00       ; interrupt gate, DPL 3
        shr     eax, 16
        mov     word [IDT + 0x80 * 8 + 6], ax
        lidt    [idtr]
        mov     ax, TSS0
        ltr     ax
        push    dword DATA3
        push    dword 0x70000
        push    dword 2
        push    dword CODE3
        push    dword user
        iretd

user:   mov     ax, DATA3
        mov     ds, ax
        mov     es, ax
        mov     esi, 1000
        imul    esi, [left]
        mov     ebx, 1
.call:  mov     eax, esi
        and     eax, 1
        int     0x80
        dec     esi
        jnz     .call
        mov     eax, 2
        int     0x80
        jmp     $

handler:
        push    ds
        push    es
        mov     ecx, DATA0
        mov     ds, ecx
        mov     es, ecx
        jmp     [calls + eax * 4]
.mix:   imul    ebx, ebx, 69069
        inc     ebx
        jmp     .back
.turn:  rol     ebx, 7
        xor     ebx, [esp + 8]
.back:  pop     es
        pop     ds
        iretd
.end:   mov     eax, ebx
        jmp     finish

align 4
calls:  dd      handler.mix, handler.turn, handler.end
idtr:   dw      0x81 * 8 - 1
        dd      IDT
