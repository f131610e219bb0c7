; real: a boot-sector program as people write them: real mode, 16-bit registers, its variables and tables between the
; procedures that use them. A small maze is generated and flooded, `count` times.
%include "boot.inc"
bits 16
WIDTH   equ     64
HEIGHT  equ     32

work:   mov     cx, [count]
        mov     [rounds], cx
        mov     cx, [count + 2]
        mov     [rounds + 2], cx
.again: call    generate
        call    flood
        call    tally
        sub     word [rounds], 1
        sbb     word [rounds + 2], 0
        mov     ax, [rounds]
        or      ax, [rounds + 2]
        jnz     .again
        mov     eax, [total]
        jmp     finish
rounds: dd      0
total:  dd      0

; The next number in AX
random: mov     ax, [seed]
        mov     dx, 25173
        mul     dx
        add     ax, 13849
        mov     [seed], ax
        inc     word [drawn]
        ret
seed:   dw      7
drawn:  dw      0

; Walls on about a third of the cells
generate:
        mov     di, cells
        mov     cx, WIDTH * HEIGHT
.cell:  call    random
        mov     al, '.'
        cmp     ah, 80
        ja      .open
        mov     al, '#'
        inc     word [walls]
.open:  stosb
        loop    .cell
        mov     byte [cells], '.'
        ret
walls:  dw      0

; Marks all that can be reached from the first cell
flood:  mov     word [tail], 2
        mov     word [head], 0
        mov     word [queue], 0
        mov     byte [cells], '*'
.next:  mov     bx, [head]
        cmp     bx, [tail]
        jae     .done
        add     word [head], 2
        mov     bx, [queue + bx]
        mov     [place], bx
        mov     si, moves
.move:  lodsw
        test    ax, ax
        jz      .next
        mov     bx, [place]
        add     bx, ax
        cmp     bx, WIDTH * HEIGHT
        jae     .move
        cmp     byte [cells + bx], '.'
        jne     .move
        mov     byte [cells + bx], '*'
        mov     di, [tail]
        mov     [queue + di], bx
        add     word [tail], 2
        jmp     .move
.done:  ret
head:   dw      0
tail:   dw      0
place:  dw      0
moves:  dw      1, -1, WIDTH, -WIDTH, 0

; Adds the cells up
tally:  mov     si, cells
        mov     cx, WIDTH * HEIGHT
        mov     word [reached], 0
.cell:  lodsb
        cmp     al, '*'
        jne     .on
        inc     word [reached]
.on:    loop    .cell
        mov     ax, [reached]
        add     ax, [walls]
        add     ax, [drawn]
        mov     dx, 31
        xchg    ax, [total]
        mul     dx
        add     ax, [total]
        mov     [total], ax
        adc     [total + 2], dx
        ret
reached: dw     0

finish: FINISH

cells:  times WIDTH * HEIGHT db 0
queue   equ     0xc000
