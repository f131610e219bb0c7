; x87: iterations of z^2 + c over a grid, `count` times, as compilers wrote it for the x87: doubles in memory, the register
; stack for what is in hand, comparisons through FNSTSW and SAHF. The checksum is the number of iterations.
%include "boot.inc"
%include "flat32.inc"

COLUMNS equ     48
ROWS    equ     32
LIMIT   equ     40

work32: fninit
        xor     ebp, ebp                ; checksum
.again: mov     dword [row], ROWS
.row:   mov     dword [column], COLUMNS
.column:
        fild    dword [column]
        fmul    qword [step]
        fadd    qword [left_edge]
        fstp    qword [c_re]
        fild    dword [row]
        fmul    qword [step]
        fadd    qword [top_edge]
        fstp    qword [c_im]
        fldz                            ; im
        fldz                            ; re, im
        mov     ecx, LIMIT
.iterate:
        fld     st0
        fmul    st0, st1                ; re^2, re, im
        fld     st2
        fmul    st0, st3                ; im^2, re^2, re, im
        fld     st1
        fadd    st0, st1                ; |z|^2
        fcomp   qword [four]
        fnstsw  ax
        sahf
        ja      .escaped
        fsubp   st1, st0                ; re^2 - im^2, re, im
        fadd    qword [c_re]
        fxch    st2                     ; im, re, new re
        fmulp   st1, st0
        fadd    st0, st0
        fadd    qword [c_im]            ; new im, new re
        fxch    st1
        inc     ebp
        dec     ecx
        jnz     .iterate
        jmp     .done
.escaped:
        fstp    st0
        fstp    st0
.done:  fstp    st0
        fstp    st0
        dec     dword [column]
        jnz     .column
        dec     dword [row]
        jnz     .row
        rol     ebp, 1
        dec     dword [left]
        jnz     .again
        mov     eax, ebp
        jmp     finish

align 8
step:      dq   0.0625
left_edge: dq   -2.1
top_edge:  dq   -1.03
four:      dq   4.0
; away from the code: writing beside code is a workload of its own
c_re    equ     0x200000
c_im    equ     0x200008
row     equ     0x200010
column  equ     0x200014
