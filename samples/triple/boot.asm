; triple - a triple fault, to be explained.
;
; The guest enters protected mode with an empty interrupt descriptor table and then divides by zero:
;
;   1. DIV raises #DE (vector 0). The gate would be at IDTR.base + 0, but IDTR.limit is 0: no gate -> #GP.
;   2. Delivering #GP (vector 13) meets the same empty table. A second fault while delivering a first one of this
;      class becomes #DF, the double fault (vector 8).
;   3. Delivering #DF fails as well: the processor gives up and shuts down. A PC resets when that happens, which is why
;      a triple fault on real hardware looks like a machine that restarts for no reason.
;
; Press F5: the debugger stops at the DIV with the whole chain in words, and registers as they were.

        bits 16
        org 0x7c00

CODE32  equ 0x08
DATA32  equ 0x10

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7c00

        mov si, message
.next:
        lodsb
        test al, al
        jz .printed
        mov ah, 0x0e
        mov bx, 0x0007
        int 0x10
        mov dx, 0x3f8
        out dx, al
        jmp .next
.printed:

        cli
        lgdt [gdtr]
        lidt [idtr]
        mov eax, cr0
        or al, 1                ; PE: protected mode from the next instruction on,
        mov cr0, eax
        jmp CODE32:protected    ; but CS keeps its 16-bit descriptor until it is loaded

        bits 32
protected:
        mov ax, DATA32
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, 0x7c00

        mov eax, 1
        xor edx, edx
        xor ecx, ecx
cause:
        div ecx                 ; EDX:EAX / 0 -> #DE, and nobody is there to take it

        hlt                     ; never reached

        align 8
gdt:
        dq 0                            ; the null descriptor
        dq 0x00cf9a000000ffff           ; 08: code, ring 0, 32-bit, base 0, limit 4 GB
        dq 0x00cf92000000ffff           ; 10: data, ring 0, 32-bit, base 0, limit 4 GB
gdtr:
        dw $ - gdt - 1
        dd gdt
idtr:
        dw 0                            ; an IDT of one byte: no vector has a gate
        dd 0

message: db 'Dividing by zero without an IDT...', 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0xaa55
