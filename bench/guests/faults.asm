; faults: demand paging: ring 3 code touches pages that are not present, the ring 0 handler of #PF reads CR2 and the error
; code, maps the page and returns; after each round of 64 pages a system call unmaps them with INVLPG. `count` rounds.
%include "boot.inc"
%include "flat32.inc"

DIRECTORY equ   0x100000
TABLES  equ     0x101000                ; two tables: 4 MB identical, then the window
WINDOW  equ     0x400000
PAGES   equ     64
FRAMES  equ     0x200000
IDT     equ     0x10000

work32: mov     edi, DIRECTORY
        xor     eax, eax
        mov     ecx, 1024 * 3
        rep     stosd
        mov     dword [DIRECTORY], TABLES | 7
        mov     dword [DIRECTORY + 4], (TABLES + 0x1000) | 7
        mov     eax, 7
        mov     edi, TABLES
        mov     ecx, 1024
.same:  stosd
        add     eax, 0x1000
        dec     ecx
        jnz     .same
        mov     edi, FRAMES
        xor     eax, eax
        mov     ecx, PAGES * 1024
        rep     stosd
        mov     edi, IDT
        mov     ecx, 0x81 * 2
        rep     stosd
        mov     word [IDT + 14 * 8], on_fault
        mov     dword [IDT + 14 * 8 + 2], 0x8e000000 | CODE0
        mov     word [IDT + 0x80 * 8], on_call
        mov     dword [IDT + 0x80 * 8 + 2], 0xee000000 | CODE0
        lidt    [idtr]
        mov     ax, TSS0
        ltr     ax
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     .on
.on:    push    dword DATA3
        push    dword 0x70000
        push    dword 2
        push    dword CODE3
        push    dword user
        iretd

user:   mov     ax, DATA3
        mov     ds, ax
        mov     es, ax
        mov     edi, [left]
        xor     ebp, ebp
.round: xor     esi, esi
.page:  mov     eax, esi
        shl     eax, 12
        test    esi, 1
        jz      .store
        add     ebp, [WINDOW + eax + esi * 4]   ; faults on odd pages
.store: mov     [WINDOW + eax + esi * 4], edi   ; faults on even pages
        add     ebp, [WINDOW + eax + esi * 4]
        rol     ebp, 3
        inc     esi
        cmp     esi, PAGES
        jb      .page
        mov     eax, 1
        dec     edi
        jz      .last
        int     0x80
        jmp     .round
.last:  xor     eax, eax
        int     0x80
        jmp     $

on_fault:
        push    eax
        push    ebx
        mov     eax, cr2
        mov     ebx, [esp + 8]          ; error code: user, not present, read or write
        and     ebx, ~2
        cmp     ebx, 4
        jne     .wrong
        sub     eax, WINDOW
        shr     eax, 12
        cmp     eax, PAGES
        jae     .wrong
        mov     ebx, eax
        shl     ebx, 12
        add     ebx, FRAMES | 7
        mov     [TABLES + 0x1000 + eax * 4], ebx
        pop     ebx
        pop     eax
        add     esp, 4
        iretd
.wrong: mov     eax, 0xbad
        jmp     finish

on_call:
        test    eax, eax
        jz      .end
        xor     eax, eax
.unmap: mov     dword [TABLES + 0x1000 + eax * 4], 0
        mov     ebx, eax
        shl     ebx, 12
        invlpg  [WINDOW + ebx]
        inc     eax
        cmp     eax, PAGES
        jb      .unmap
        iretd
.end:   mov     eax, ebp
        jmp     finish

idtr:   dw      0x81 * 8 - 1
        dd      IDT
