; rings - from real mode to ring 3 and back, by every ordinary door.
;
;   real mode -> protected mode (16-bit, then 32-bit) -> paging on -> IRET to ring 3
;   ring 3 -> int 0x80 -> ring 0 -> iret -> ring 3          a system call
;   ring 3 -> call gate -> ring 1 -> retf -> ring 3         a service in ring 1, which makes a system call itself
;   ring 3 -> #GP -> ring 0 -> iret -> ring 3               CLI is not allowed; the kernel skips it
;   ring 3 -> #PF -> ring 0                                 a write to the kernel's page ends the program
;
; Press F5 with breakpoints on `start`, `user` and `page_fault`, and keep the ring view open. Everything printed goes to
; the screen, to the first serial port and to port E9.

        org 0x7c00

; Selectors: index into the GDT * 8 + requested privilege level.
KCODE   equ 0x08
KDATA   equ 0x10
DCODE   equ 0x18 | 1            ; ring 1
DDATA   equ 0x20 | 1
UCODE   equ 0x28 | 3            ; ring 3
UDATA   equ 0x30 | 3
TSSSEL  equ 0x38
GATE    equ 0x40 | 3            ; call gate to the service in ring 1

PAGEDIR equ 0x10000             ; page directory and one page table
PAGETAB equ 0x11000
KSTACK  equ 0x20000             ; top of the ring 0 stack
DSTACK  equ 0x1f000             ; top of the ring 1 stack
USTACK  equ 0xa000              ; top of the ring 3 stack: the end of the user page
UPAGE   equ 0x9000              ; the one page that ring 3 may use

SCREEN  equ 0xb8000
COM1    equ 0x3f8

; ---------------------------------------------------------------------------------------------- real mode, 16-bit ----
        bits 16
start:
        jmp 0:.here             ; some firmware starts boot sectors at 07C0:0000
.here:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
        cld

        mov ax, 0x0003          ; text mode, 80 x 25, clears the screen
        int 0x10

        ; The rest of this file lies in the sectors after the first. DL is still the drive we were started from.
        mov ax, 0x0200 + SECTORS
        mov cx, 0x0002          ; cylinder 0, sector 2
        mov dh, 0               ; head 0
        mov bx, 0x7e00
        int 0x13
        jc disk_error

        mov si, text_real
        call print16

        in al, 0x92             ; A20 gate by the fast port, or address bit 20 stays 0
        or al, 2
        and al, 0xfe            ; bit 0 would reset the machine
        out 0x92, al

        cli                     ; no interrupt handler of the firmware works from here on
        lgdt [gdtr]
        lidt [idtr]
        mov eax, cr0
        or al, 1
        mov cr0, eax            ; PE = 1: protected mode, still 16-bit code
        jmp KCODE:protected     ; loads CS with a 32-bit code descriptor

disk_error:
        mov si, text_disk
        call print16
.stop:
        cli
        hlt
        jmp .stop

; Prints the zero-terminated text at DS:SI by firmware service.
print16:
        lodsb
        test al, al
        jz .end
        mov ah, 0x0e
        mov bx, 0x0007
        int 0x10
        mov dx, COM1
        out dx, al
        out 0xe9, al
        jmp print16
.end:
        ret

text_real: db 'real mode: loaded, leaving for protected mode', 13, 10, 0
text_disk: db 'cannot read the disk', 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0xaa55

; ------------------------------------------------------------------------------------- protected mode, ring 0, 32-bit ----
        bits 32
protected:
        mov ax, KDATA
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, KSTACK

        ; One page table maps the first 4 MB to itself. Only the user page has the U/S bit.
        mov edi, PAGETAB
        mov eax, 0x003          ; present, writable, supervisor
        mov ecx, 1024
.fill:
        stosd
        add eax, 0x1000
        loop .fill
        or dword [PAGETAB + UPAGE / 0x1000 * 4], 4

        mov edi, PAGEDIR
        xor eax, eax
        mov ecx, 1024
        rep stosd
        mov dword [PAGEDIR], PAGETAB + 7

        mov eax, PAGEDIR
        mov cr3, eax
        mov eax, cr0
        or eax, 0x80010000      ; PG: paging; WP: ring 0 too respects read-only pages
        mov cr0, eax

        mov ax, TSSSEL          ; the TSS says which stack to use on the way to rings 0 and 1
        ltr ax

        mov esi, text_paging
        call print

        ; "Return" to a place where we have never been: ring 3.
        mov ax, UDATA
        mov ds, ax
        mov es, ax
        push dword UDATA        ; SS
        push dword USTACK       ; ESP
        push dword 0x002        ; EFLAGS: interrupts off, IOPL 0
        push dword UCODE        ; CS
        push dword user         ; EIP
        iret

; int 0x80: AL = 1 print the text at ESI, AL = 2 add EBX to the kernel's counter and return it in EAX.
; The processor has loaded SS:ESP from the TSS and pushed SS, ESP, EFLAGS, CS and EIP of the caller. DS and ES are still
; those of ring 3: the same flat addresses.
system_call:
        cmp al, 1
        je .print
        cmp al, 2
        je .count
        mov eax, -1             ; no such call
        iret
.print:
        call print
        iret
.count:
        add [counter], ebx
        mov eax, [counter]
        iret

; #GP. Error code 0 and CLI (opcode FA) at CS:EIP: report and skip; anything else is a surprise.
general_protection:
        push esi
        mov esi, [esp + 8]      ; the saved EIP, above ESI and the error code
        cmp byte [esi], 0xfa
        jne .unexpected
        mov esi, text_gp
        call print
        inc dword [esp + 8]     ; CLI is one byte long
        pop esi
        add esp, 4              ; IRET expects no error code
        iret
.unexpected:
        mov esi, text_bad
        call print
        jmp finish

; #PF. CR2 holds the address that was not allowed.
page_fault:
        pop ebx                 ; error code: 7 = page present, write, from user mode
        mov ecx, cr2
        mov esi, text_pf
        call print
        mov eax, ecx
        call print_hex
        mov esi, text_code
        call print
        mov eax, ebx
        call print_hex
        mov esi, text_newline
        call print
        jmp finish

finish:
        mov esi, text_done
        call print
.stop:
        cli
        hlt
        jmp .stop

; The service in ring 1, behind the call gate. The gate copies one doubleword parameter from the caller's stack.
service:
        push ebp
        mov ebp, esp
        push ebx
        mov ebx, [ebp + 12]     ; above EBP, EIP and CS: the parameter
        mov al, 2
        int 0x80                ; ring 1 -> ring 0 -> ring 1
        pop ebx
        pop ebp
        retf 4                  ; removes the parameter from both stacks, back to ring 3

; Prints EAX in hexadecimal.
print_hex:
        push ecx
        push edi
        mov ecx, 8
        mov edi, hex_digits
.digit:
        rol eax, 4
        push eax
        and eax, 15
        add al, '0'
        cmp al, '9'
        jbe .store
        add al, 'A' - '0' - 10
.store:
        stosb
        pop eax
        loop .digit
        pop edi
        pop ecx
        mov esi, hex_digits
        ; falls through: the digits are a text like any other

; Prints the zero-terminated text at ESI. Keeps every register.
print:
        pushad
        mov edi, [cursor]
.next:
        lodsb
        test al, al
        jz .end
        mov edx, COM1
        out dx, al
        out 0xe9, al
        cmp al, 13
        je .next
        cmp al, 10
        je .line
        mov ah, 0x07            ; light grey on black
        mov [edi], ax
        add edi, 2
        jmp .next
.line:
        sub edi, SCREEN         ; on to the next multiple of 160 bytes
        mov eax, edi
        xor edx, edx
        mov ecx, 160
        div ecx
        inc eax
        mul ecx
        lea edi, [eax + SCREEN]
        jmp .next
.end:
        mov [cursor], edi
        popad
        ret

text_paging:  db 'ring 0: paging is on, going to ring 3', 13, 10, 0
text_gp:      db 'ring 0: #GP, ring 3 tried CLI; skipped', 13, 10, 0
text_pf:      db 'ring 0: #PF at 0x', 0
text_code:    db ', error code 0x', 0
text_newline: db 13, 10, 0
text_bad:     db 'ring 0: unexpected #GP', 13, 10, 0
text_done:    db 'ring 0: done', 13, 10, 0
hex_digits:   times 9 db 0

        align 4
cursor: dd SCREEN + 160         ; the second line of the screen: the first is what real mode printed
counter: dd 40

        align 8
gdt:
        dq 0
        dq 0x00cf9a000000ffff   ; 08: code, DPL 0, base 0, limit 4 GB
        dq 0x00cf92000000ffff   ; 10: data, DPL 0
        dq 0x00cfba000000ffff   ; 18: code, DPL 1
        dq 0x00cfb2000000ffff   ; 20: data, DPL 1
        dq 0x00cffa000000ffff   ; 28: code, DPL 3
        dq 0x00cff2000000ffff   ; 30: data, DPL 3
        dw tss.end - tss - 1    ; 38: 32-bit TSS, available: limit 0-15,
        dw tss                  ;     base 0-15,
        db 0, 0x89, 0, 0        ;     base 16-23, type, limit 16-19, base 24-31
        dw service              ; 40: 32-bit call gate: offset 0-15,
        dw DCODE                ;     selector,
        db 1, 0xec              ;     parameters to copy, type and DPL 3,
        dw 0                    ;     offset 16-31
gdtr:
        dw $ - gdt - 1
        dd gdt

        align 8
idt:
        times 13 dq 0
        dw general_protection, KCODE, 0x8e00, 0         ; 0D: 32-bit interrupt gate, DPL 0
        dw page_fault, KCODE, 0x8e00, 0                 ; 0E
        times 0x80 - 15 dq 0
        dw system_call, KCODE, 0xee00, 0                ; 80: the same with DPL 3, so that ring 3 may use it
idtr:
        dw $ - idt - 1
        dd idt

        align 8
tss:
        dd 0                    ; link to the previous task
        dd KSTACK, KDATA        ; ESP0, SS0
        dd DSTACK, DDATA        ; ESP1, SS1
        times 20 dd 0
        dw 0, .end - tss        ; no I/O permission bitmap
.end:

; ------------------------------------------------------------------------------------------------ ring 3, 32-bit ----
        times UPAGE - 0x7c00 - ($ - $$) db 0
user:
        mov al, 1
        mov esi, text_user
        int 0x80                ; ring 3 -> ring 0 and back

        push dword 2
        call GATE:0             ; the offset is ignored: the gate knows where to go
        mov [result], eax       ; 42

        cli                     ; IOPL is 0: #GP

        mov al, 1
        mov esi, text_still
        int 0x80

        mov dword [gdt], 0      ; the kernel's page: #PF
.never:
        jmp .never

text_user:  db 'ring 3: hello through int 0x80', 13, 10, 0
text_still: db 'ring 3: still here, now writing to the kernel', 13, 10, 0
        align 4
result: dd 0

        times USTACK - 0x7c00 - ($ - $$) db 0           ; up to the end of the page, where the stack begins
SECTORS equ ($ - $$) / 512 - 1
