; smp - four processors start, share a counter and send each other interrupts.
;
;   processor 0   loads the rest, sends INIT and start-up messages to all others through its local APIC
;   the others    begin in real mode at 8000h (page 8 of the start-up message), one stack each
;   all           add to a counter, 1,000 times each, in three instructions under a spin lock
;   processor 0   sends an interrupt to each of them, one after the other; each answers and sleeps again
;
; F5 and `ringside run samples/smp` start it with several processors: ringside.json says how many. Everything is printed on the first serial port.

        bits 16
        org 0x7c00

COM1    equ 0x3f8
ROUNDS   equ 1000
START   equ 0x8000              ; where the others begin: a multiple of 4096 below 1 MB
MESSAGE equ 0x40                ; vector of the interrupts between processors

; Registers of the local APIC, in memory at FEE00000.
APIC    equ 0xfee00000
ID      equ 0x20
EOI     equ 0xb0
SPURIOUS equ 0xf0
COMMAND equ 0x300               ; low word: writing it sends
RECEIVER equ 0x310               ; high word: bits 24 to 31 name the receiver

INIT    equ 0x00004500          ; assert, INIT
STARTUP equ 0x00004600          ; assert, start-up, page in the low byte
FIXED   equ 0x00004000          ; assert, fixed, vector in the low byte
OTHERS  equ 0x000c0000          ; shorthand: all but myself

%macro apic_write 2             ; register, value; FS is flat
        mov ebx, APIC + %1
        mov dword [fs:ebx], %2
%endmacro

boot:
        jmp 0:.here
.here:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        cld
        mov ax, 0x0200 + SECTORS ; read the rest behind the boot sector
        mov cx, 2
        mov dh, 0
        mov bx, 0x7e00
        int 0x13
        jc .stop
        jmp first
.stop:
        cli
        hlt
        jmp .stop

; FS gets base 0 and limit 4 GB, so that real mode reaches the APIC.
flat_fs:
        cli
        lgdt [gdtr]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        mov bx, 8
        mov fs, bx
        and al, 0xfe
        mov cr0, eax
        jmp .flushed
.flushed:
        ret

gdtr:   dw 15
        dd gdt
gdt:    dq 0
        dq 0x00cf92000000ffff   ; data, base 0, limit 4 GB

        times 510 - ($ - $$) db 0
        dw 0xaa55

; -------------------------------------------------------------------------------------------------- processor 0 ----
first:
        call flat_fs
        mov word [MESSAGE * 4], on_message
        mov word [MESSAGE * 4 + 2], 0
        mov si, text_first
        call print

        apic_write COMMAND, OTHERS | INIT
        mov ecx, 10000          ; 10 ms on real hardware
.init:
        dec ecx
        jnz .init
        apic_write COMMAND, OTHERS | STARTUP | (START >> 12)
        mov ecx, 100000         ; who is there reports within this time
.count:
        pause
        dec ecx
        jnz .count

        mov si, text_started
        call lock_print
        mov ax, [started]
        call print_number
        mov si, text_others
        call print
        call unlock_print

        mov byte [go], 1
        call work
.wait_work:
        pause
        mov ax, [started]
        inc ax
        cmp [finished], ax
        jne .wait_work
        mov si, text_counter
        call print
        mov ax, [counter]
        call print_number
        mov si, text_end
        call print

        mov bp, 1               ; a message to each of them
.message:
        cmp bp, [started]
        ja .done
        mov ax, [answers]
        push ax
        mov ebx, APIC + RECEIVER
        movzx eax, bp
        shl eax, 24
        mov [fs:ebx], eax
        apic_write COMMAND, FIXED | MESSAGE
        pop ax
.wait_answer:
        pause
        cmp [answers], ax
        je .wait_answer
        inc bp
        jmp .message
.done:
        mov si, text_done
        call print
.sleep:
        cli
        hlt
        jmp .sleep

; ------------------------------------------------------------------------------------------------------- all ----
work:
        mov cx, ROUNDS
.again:
        call lock_counter
        mov ax, [counter]       ; without the lock, a turn could end between these three
        inc ax
        mov [counter], ax
        mov byte [counter_lock], 0
        loop .again
        lock inc word [finished]
        ret

lock_counter:
        lock bts word [counter_lock], 0
        jnc .mine
        pause
        jmp lock_counter
.mine:
        ret

; Only one processor prints at a time.
lock_print:
        lock bts word [print_lock], 0
        jnc print
        pause
        jmp lock_print
unlock_print:
        mov byte [print_lock], 0
        ret

print:                          ; text at DS:SI
        lodsb
        test al, al
        jz .end
        call put
        jmp print
.end:
        ret
put:
        push dx
        mov dx, COM1
        out dx, al
        pop dx
        ret
print_number:                   ; AX, decimal
        mov cx, 10
        xor dx, dx
        div cx
        push dx
        test ax, ax
        jz .last
        call print_number
.last:
        pop ax
        add al, '0'
        jmp put

; AX = number of the processor that asks: its APIC ID.
my_number:
        mov ebx, APIC + ID
        mov eax, [fs:ebx]
        shr eax, 24
        ret

on_message:
        pusha
        mov si, text_cpu
        call lock_print
        call my_number
        call print_number
        mov si, text_message
        call print
        call unlock_print
        apic_write EOI, 0
        lock inc word [answers]
        popa
        iret

; --------------------------------------------------------------------------------------------- the other processors ----
        times START - 0x7c00 - ($ - $$) db 0x90
start:
        cli
        jmp 0:.here             ; the start-up message gave CS = 0800h, IP = 0
.here:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov ax, -256            ; a stack for each: the 256 bytes below the last one's
        lock xadd [stacks], ax
        mov sp, ax
        call flat_fs
        apic_write SPURIOUS, 0x1ff ; switches the APIC on
        mov si, text_cpu
        call lock_print
        call my_number
        call print_number
        mov si, text_up
        call print
        call unlock_print
        lock inc word [started]
.wait:
        pause
        cmp byte [go], 0
        je .wait
        call work
        sti                     ; takes effect after HLT: the message cannot slip in between
        hlt                     ; until the message of processor 0
.sleep:
        cli
        hlt
        jmp .sleep

        align 2
counter: dw 0
counter_lock: dw 0
print_lock: dw 0
started: dw 0
finished: dw 0
answers: dw 0
stacks: dw 0x7000
go:     db 0

text_first: db 'CPU 0 starts the others', 13, 10, 0
text_cpu: db 'CPU ', 0
text_up: db ' is up', 13, 10, 0
text_message: db ' got the message', 13, 10, 0
text_started: db 'CPU 0 counted ', 0
text_others: db ' others', 13, 10, 0
text_counter: db 'The counter is ', 0
text_end: db 13, 10, 0
text_done: db 'CPU 0 is done', 13, 10, 0

SECTORS equ 4
        times (SECTORS + 1) * 512 - ($ - $$) db 0
