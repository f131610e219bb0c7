; long-mode - from real mode straight to 64-bit mode, to ring 3 and back by SYSCALL, and a double fault on a stack of its own.
;
;   real mode -> CR0.PE and CR0.PG at once -> compatibility mode (16-bit) -> far jump -> 64-bit mode
;   kernel in the upper half of the address space -> SYSRET -> ring 3
;   ring 3 -> SYSCALL -> ring 0 -> SYSRET -> ring 3         a system call
;   ring 3 -> #GP -> ring 0 -> IRETQ -> ring 3              CLI is not allowed; the kernel skips it
;   ring 3 -> SYSCALL -> ring 0 -> #DF                      the kernel loses its stack: IST1 gives the handler another
;
; Press F5 with breakpoints on `start`, `kernel`, `user` and `double_fault`, and keep the ring view open. Everything printed goes
; to the first serial port and to port E9.

        org 0x7c00
        default rel

; Selectors. SYSCALL and SYSRET want this order: kernel code and data; user 32-bit code, data, 64-bit code.
KCODE   equ 0x08
KDATA   equ 0x10
UCODE32 equ 0x18 | 3
UDATA   equ 0x20 | 3
UCODE   equ 0x28 | 3
TSSSEL  equ 0x30

PML4    equ 0x10000             ; page tables: the first level, and what hangs below its entries 0 and 511
LOWPTRS equ 0x11000
LOWDIR  equ 0x12000
HIGHPTR equ 0x13000
USERDIR equ 0x14000
USERTAB equ 0x15000
TABLES  equ 6                   ; pages of tables, all of which begin as zeros

HIGH    equ 0xffffffff80000000  ; physical 0 in the kernel's part of the address space
USER    equ 0x40000000          ; where ring 3 sees its code page, and its stack page behind it
UCODEPG equ 0x9000              ; their physical addresses
USTACKP equ 0x1f000
KSTACK  equ 0x20000             ; tops of the stacks, physical
DFSTACK equ 0x21000

COM1    equ 0x3f8
EFER    equ 0xc0000080
STAR    equ 0xc0000081
LSTAR   equ 0xc0000082
FMASK   equ 0xc0000084

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

        mov ax, 0x0200 + SECTORS
        mov cx, 0x0002          ; cylinder 0, sector 2: the rest of this file
        mov dh, 0
        mov bx, 0x7e00
        int 0x13
        jc no_way

        mov eax, 0x80000001     ; is there a long mode?
        cpuid
        bt edx, 29
        jnc no_way

        in al, 0x92             ; A20 gate
        or al, 2
        and al, 0xfe
        out 0x92, al

        cli
        mov ax, PML4 >> 4       ; six empty pages of tables
        mov es, ax
        xor di, di
        xor eax, eax
        mov cx, TABLES * 0x1000 / 4
        rep stosd

        ; present 1, writable 2, user 4, large 80h
        mov word [es:0x0000], (LOWPTRS & 0xffff) | 7
        mov byte [es:0x0002], LOWPTRS >> 16
        mov word [es:0x0ff8], (HIGHPTR & 0xffff) | 3
        mov byte [es:0x0ffa], HIGHPTR >> 16
        mov word [es:0x1000], (LOWDIR & 0xffff) | 3     ; linear 0: this code, while it changes the mode
        mov byte [es:0x1002], LOWDIR >> 16
        mov word [es:0x1008], (USERDIR & 0xffff) | 7    ; linear 1 GB: ring 3
        mov byte [es:0x100a], USERDIR >> 16
        mov word [es:0x2000], 0x83                      ; one page of 2 MB
        mov word [es:0x3ff0], (LOWDIR & 0xffff) | 3     ; linear -2 GB: the same 2 MB
        mov byte [es:0x3ff2], LOWDIR >> 16
        mov word [es:0x4000], (USERTAB & 0xffff) | 7
        mov byte [es:0x4002], USERTAB >> 16
        mov word [es:0x5000], UCODEPG | 5               ; code: not writable
        mov word [es:0x5008], (USTACKP & 0xffff) | 7    ; stack: not executable
        mov byte [es:0x500a], USTACKP >> 16
        mov byte [es:0x500f], 0x80
        xor ax, ax
        mov es, ax

        lgdt [gdtr]
        mov eax, cr4
        or al, 0x20             ; PAE
        mov cr4, eax
        mov eax, PML4
        mov cr3, eax
        mov ecx, EFER
        rdmsr
        or ax, 0x901            ; SCE: SYSCALL; LME: long mode with paging; NXE: execute-disable
        wrmsr
        mov eax, cr0
        or eax, 0x80000001      ; PG and PE: long mode is active, CS is still a 16-bit segment
        mov cr0, eax
        jmp KCODE:low_kernel    ; L is set in this descriptor: 64-bit code from here on

no_way:
        mov si, text_no
.next:
        lodsb
        test al, al
        jz .stop
        mov ah, 0x0e
        mov bx, 0x0007
        int 0x10
        jmp .next
.stop:
        cli
        hlt
        jmp .stop

text_no: db 'This needs an x86-64 processor and its own disk.', 13, 10, 0

        align 8
gdt:    dq 0
        dq 0x00af9b000000ffff   ; 08 kernel code, L = 1
        dq 0x00cf93000000ffff   ; 10 kernel data
        dq 0x00cffb000000ffff   ; 18 user code, 32-bit (for SYSRET without REX.W)
        dq 0x00cff3000000ffff   ; 20 user data
        dq 0x00affb000000ffff   ; 28 user code, L = 1
        dw 103, (tss - $$ + 0x7c00) & 0xffff            ; 30 TSS: 16 bytes, base in the upper half
        db 0, 0x89, 0, 0x80
        dd 0xffffffff, 0
gdt_end:
gdtr:   dw gdt_end - gdt - 1
        dd gdt

        times 510 - ($ - $$) db 0
        dw 0xaa55

; ------------------------------------------------------------------------------------------------ ring 0, 64-bit ----
        bits 64
low_kernel:
        mov rax, HIGH + kernel  ; RIP is 32 bits small here: leave for the upper half
        jmp rax

kernel:
        mov rsp, HIGH + KSTACK
        mov ax, KDATA
        mov ss, ax
        lgdt [high_gdtr]
        mov rdi, HIGH + idt     ; gates for #DF, #GP and #PF
        mov ecx, 256 * 16 / 8
        xor eax, eax
        rep stosq
        mov rdi, HIGH + idt + 8 * 16
        lea rax, [double_fault]
        mov edx, 0x8e01         ; interrupt gate on stack IST1
        call set_gate
        mov rdi, HIGH + idt + 13 * 16
        lea rax, [general_protection]
        mov edx, 0x8e00
        call set_gate
        mov rdi, HIGH + idt + 14 * 16
        lea rax, [page_fault]
        mov edx, 0x8e00
        call set_gate
        lidt [idtr]

        mov rax, HIGH + KSTACK
        mov [tss + 4], rax      ; RSP0
        mov rax, HIGH + DFSTACK
        mov [tss + 36], rax     ; IST1
        mov ax, TSSSEL
        ltr ax

        mov ecx, STAR
        xor eax, eax
        mov edx, (UCODE32 << 16) | KCODE
        wrmsr
        mov ecx, LSTAR
        lea rax, [system_call]
        mov rdx, rax
        shr rdx, 32
        wrmsr
        mov ecx, FMASK
        mov eax, 0x700          ; IF, TF and DF are clear in the kernel
        xor edx, edx
        wrmsr

        lea rsi, [text_kernel]
        call print
        mov ecx, USER           ; SYSRET: RIP from RCX, RFLAGS from R11
        mov r11d, 0x202
        mov esp, USER + 0x2000
        o64 sysret

; A gate at RDI to RAX; EDX has type and IST as they lie in bytes 4 and 5.
set_gate:
        mov [rdi], ax
        mov word [rdi + 2], KCODE
        xchg dl, dh
        mov [rdi + 4], dh
        mov [rdi + 5], dl
        shr rax, 16
        mov [rdi + 6], ax
        shr rax, 16
        mov [rdi + 8], eax
        ret

; RAX 1: print the text at RSI. RAX 2: show what becomes of a kernel without a stack.
system_call:
        mov rbx, rsp            ; there is one program and one processor: RBX may keep the user's stack
        mov rsp, HIGH + KSTACK
        cmp eax, 2
        je .lose_stack
        push rcx
        push r11
        call print
        pop r11
        pop rcx
        mov rsp, rbx
        o64 sysret
.lose_stack:
        mov rsp, HIGH + 0x40000000      ; nothing is mapped there
        push rax                        ; #PF, which needs a stack: #PF again, and so #DF

general_protection:
        push rsi
        lea rsi, [text_gp]
        call print
        pop rsi
        add rsp, 8              ; the error code
        inc qword [rsp]         ; CLI has one byte: skip it
        iretq

page_fault:
        lea rsi, [text_pf]
        call print
        jmp halt

double_fault:
        lea rsi, [text_df]
        call print
halt:
        cli
        hlt
        jmp halt

; Prints the zero-terminated text at RSI.
print:
        push rax
        push rdx
        mov edx, COM1
.next:
        lodsb
        test al, al
        jz .end
        out dx, al
        out 0xe9, al
        jmp .next
.end:
        pop rdx
        pop rax
        ret

text_kernel: db 'ring 0: 64-bit mode, in the upper half', 10, 0
text_gp: db 'ring 0: #GP, skipping an instruction', 10, 0
text_pf: db 'ring 0: #PF', 10, 0
text_df: db 'ring 0: #DF on its own stack, done', 10, 0

        align 8
high_gdtr: dw gdt_end - gdt - 1
        dq HIGH + gdt
idtr:   dw 256 * 16 - 1
        dq HIGH + idt
        align 8
tss:    times 104 db 0

; ------------------------------------------------------------------------------------------------ ring 3, 64-bit ----
        times UCODEPG - 0x7c00 - ($ - $$) db 0
user:
        lea rsi, [text_user]
        mov eax, 1
        syscall
        cli                     ; ring 3 must not
        lea rsi, [text_still]
        mov eax, 1
        syscall
        mov eax, 2
        syscall
        jmp $

text_user: db 'ring 3: hello by SYSCALL', 10, 0
text_still: db 'ring 3: still here after CLI', 10, 0

        times 0x9200 - 0x7c00 - ($ - $$) db 0
SECTORS equ ($ - $$) / 512 - 1
idt     equ 0xa000              ; behind the image: built at run time
