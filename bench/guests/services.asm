; services: the system side of real mode, as DOS programs use it: software interrupts and IRET, far calls, segment registers
; loaded to reach other segments, flags saved and interrupts switched. `count` times 1,000.
%include "boot.inc"
bits 16

work:   mov     word [0x21 * 4], service
        mov     word [0x21 * 4 + 2], cs
        mov     eax, [count]
        imul    eax, eax, 1000
        mov     [rounds], eax
.again: mov     ah, [rounds]
        and     ah, 1
        int     0x21
        call    0:procedure
        mov     bx, 0x2000
        mov     es, bx
        mov     [es:4], ax
        push    ds
        mov     ds, bx
        mov     cx, [4]
        pop     ds
        xor     [sum + 2], cx
        pushf
        cli
        add     [sum], ax
        adc     word [sum + 2], 0
        popf
        sti
        nop
        cli
        dec     dword [rounds]
        jnz     .again
        mov     eax, [sum]
        jmp     finish
rounds: dd      0
sum:    dd      0

service:
        push    bx
        test    ah, ah
        jz      .second
        mov     bx, [state]
        rol     bx, 3
        jmp     .done
.second:
        mov     bx, [state]
        add     bx, 0x3579
.done:  mov     [state], bx
        mov     ax, bx
        pop     bx
        iret
state:  dw      1

procedure:
        push    bp
        mov     bp, sp
        add     ax, [bp + 2]
        pop     bp
        retf

finish: FINISH
