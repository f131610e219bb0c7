; paging: address translation: 4 KB pages, 4,096 of them touched in an order that no translation cache of less than 16 MB
; holds, reading and writing; after each round CR3 is reloaded. `count` rounds.
%include "boot.inc"
%include "flat32.inc"

DIRECTORY equ   0x100000
TABLES  equ     0x101000                ; eight tables map 32 MB: 8 MB identical, then 16 MB to 8 MB on, pages reversed
AREA    equ     0x800000
PAGES   equ     4096

work32: mov     edi, DIRECTORY
        xor     eax, eax
        mov     ecx, 1024
        rep     stosd
        mov     eax, TABLES | 7
        mov     edi, DIRECTORY
        mov     ecx, 8
.dir:   stosd
        add     eax, 0x1000
        dec     ecx
        jnz     .dir
        mov     eax, 7
        mov     edi, TABLES
        mov     ecx, 0x800
.same:  stosd
        add     eax, 0x1000
        dec     ecx
        jnz     .same
        mov     eax, (AREA + (PAGES - 1) * 0x1000) | 7
        mov     ecx, PAGES
.back:  stosd
        sub     eax, 0x1000
        dec     ecx
        jnz     .back
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     .on
.on:    xor     ecx, ecx
.init:  mov     eax, ecx                ; the memory's first content is not the same everywhere
        shl     eax, 12
        mov     [AREA + eax], ecx
        inc     ecx
        cmp     ecx, PAGES
        jb      .init
        xor     ebp, ebp
        mov     edx, 1
.round: mov     ecx, PAGES
.page:  imul    edx, edx, 1664525       ; a generator of full period in its upper bits picks the page
        add     edx, 1013904223
        mov     eax, edx
        shr     eax, 8
        and     eax, (PAGES - 1) << 12
        mov     ebx, [AREA + eax]
        add     ebx, ecx
        mov     [AREA + eax], ebx
        xor     ebp, ebx
        rol     ebp, 1
        dec     ecx
        jnz     .page
        mov     eax, cr3
        mov     cr3, eax
        dec     dword [left]
        jnz     .round
        mov     eax, ebp
        jmp     finish
