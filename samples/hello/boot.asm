; hello - the smallest guest: one boot sector that prints a line and stops.
;
; The firmware loads the first sector of the drive to 0000:7C00 and jumps there in real mode, with the number of the
; drive in DL. Press F5, set a breakpoint on the `int 0x10` below, and watch AL take one character at a time.

        bits 16
        org 0x7c00

COM1    equ 0x3f8               ; first serial port: transmit register

start:
        xor ax, ax              ; the firmware promises nothing about the segment registers
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00          ; the stack grows down from the code
        cld

        mov si, message
.next:
        lodsb                   ; AL = [DS:SI], SI + 1
        test al, al
        jz .done
        call putc
        jmp .next

.done:
        cli                     ; with interrupts off, HLT is for ever:
        hlt                     ; the debugger reports that nothing can wake the processor
        jmp .done

; Prints AL on the screen (firmware service INT 10h, teletype) and on the first serial port.
putc:
        mov ah, 0x0e
        mov bx, 0x0007          ; page 0, light grey
        int 0x10
        mov dx, COM1
        out dx, al
        ret

message: db 'Hello from ring 0.', 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0xaa55               ; without this signature the firmware does not boot the sector
