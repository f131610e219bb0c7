; Every kind of line that a boot sector has.
%define PORT 0x60
%macro out_byte 2-3 5
        mov al, %2
        out %1, al
%%again: jmp short %%again
%endmacro
[org 0x7c00]
        bits 16
start:  cli
        xor ax, ax
        mov ds, ax
        mov word [es:bx+si*1+0x10], 1010b
.loop:  lodsb
        rep movsd
        lgdt [gdt.pointer]
        jmp dword 08h:next
        out_byte PORT, 'x'
next:   mov cr0, eax
        call near [table + rax*8]
        movaps xmm0, [rel value]
text    db "it's", 13, `\n\x41`, 0
value:  dq 1.5e3, 0b1010_1010, $ff, 777q
SIZE    equ $ - start
        times 510-($-$$) db 0
        dw 0xAA55
