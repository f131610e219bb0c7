; keyboard - every key makes IRQ 1; the handler reads the scan code and echoes the character.
;
; The main program does nothing but HLT: everything happens in the interrupt handler `irq1`. Set a breakpoint there,
; press F5, take the keyboard in the Guest Screen tab and press a key. In the call stack the interrupted HLT loop stands
; below the frame of the handler. Esc ends the program.

        bits 16
        org 0x7c00

VECTOR  equ 0x09                ; the firmware maps IRQ 0-7 to vectors 08h-0Fh
PIC     equ 0x20                ; command port of the first interrupt controller
EOI     equ 0x20                ; end of interrupt
KBD     equ 0x60                ; data port of the keyboard controller
COM1    equ 0x3f8
ESC     equ 0x01                ; scan code of Esc

start:
        cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        cld

        ; Real mode has no IDT of gates but the vector table at 0000:0000: offset, segment per vector.
        mov word [VECTOR * 4], irq1
        mov word [VECTOR * 4 + 2], cs

        mov si, prompt
        call puts
        sti
.idle:
        hlt                     ; sleep until an interrupt comes
        cmp byte [leave_now], 0
        je .idle

        cli
        mov si, bye
        call puts
.stop:
        hlt
        jmp .stop

; IRQ 1. The processor has pushed FLAGS, CS and IP and cleared IF.
irq1:
        push ax
        push bx
        push dx
        in al, KBD              ; reading the scan code makes room for the next one
        cmp al, ESC
        jne .key
        mov byte [leave_now], 1
        jmp .done
.key:
        cmp al, table.end - table
        jae .done               ; a release (bit 7 set) or a key outside the table
        mov bx, table
        xlatb                   ; AL = [DS:BX + AL]
        test al, al
        jz .done
        call putc
.done:
        mov al, EOI             ; without it the controller holds back every further IRQ 1
        out PIC, al
        pop dx
        pop bx
        pop ax
        iret

; Prints the zero-terminated text at DS:SI.
puts:
        lodsb
        test al, al
        jz .end
        call putc
        jmp puts
.end:
        ret

; Prints AL on the screen and on COM1. Changes AH, BX and DX.
putc:
        mov ah, 0x0e
        mov bx, 0x0007
        int 0x10
        mov dx, COM1
        out dx, al
        cmp al, 13              ; Enter: carriage return wants a line feed
        jne .end
        mov al, 10
        jmp putc
.end:
        ret

; Scan code set 1 (as the controller translates it) to characters of a US keyboard; 0 = no character.
table:
        db 0, 0, '1234567890-=', 8, 9
        db 'qwertyuiop[]', 13, 0
        db 'asdfghjkl;', 39, '`', 0
        db '\zxcvbnm,./', 0, '*', 0, ' '
.end:

prompt: db 'Type; Esc ends.', 13, 0
bye:    db 13, 'Bye.', 13, 0
leave_now: db 0

        times 510 - ($ - $$) db 0
        dw 0xaa55
