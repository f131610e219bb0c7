; Boot sector that plays a script of port and memory accesses and sends what it reads to port 0xE9.
; The script follows in the next 17 sectors: 5-byte steps {kind, word address, byte a, byte b}.
bits 16
org 0x7c00
STEPS   equ 0x8000
TIMEOUT equ 0xee

    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    mov ax, 0x0200 + 17
    mov cx, 2
    xor dh, dh
    mov bx, STEPS
    int 0x13
    mov ax, 0xa000
    mov es, ax
    cld
    mov si, STEPS

next:
    cli
    lodsb
    mov bl, al
    lodsw
    mov dx, ax
    lodsw
    mov cx, ax              ; cl = a, ch = b
    dec bl
    jz write_port
    dec bl
    jz read_port
    dec bl
    jz wait_port
    dec bl
    jz write_memory
    dec bl
    jz read_memory
    dec bl
    jz video_mode
    xor eax, eax
    mov dx, 0xf4
    out dx, eax
    jmp $

write_port:                 ; out address, a
    mov al, cl
    out dx, al
    jmp next
read_port:                  ; report in(address) & a
    in al, dx
    and al, cl
    jmp report
wait_port:                  ; until (in(address) & a) == b
    mov ebp, 20_000_000
.again:
    in al, dx
    and al, cl
    cmp al, ch
    je next
    dec ebp
    jnz .again
    mov al, TIMEOUT
    jmp report
write_memory:               ; A000:address = a
    mov di, dx
    mov [es:di], cl
    jmp next
read_memory:                ; report A000:address
    mov di, dx
    mov al, [es:di]
    jmp report
video_mode:
    sti
    movzx ax, cl
    int 0x10
    jmp next
report:
    out 0xe9, al
    jmp next

times 510 - ($ - $$) db 0
dw 0xaa55
