; 64-bit code, floating point, vectors, macro parameters.
        bits 64
        default rel
%macro  pushall 1-* ; registers
  %rep %0
        push %1
  %rotate 1
  %endrep
%endmacro
%define twice(x) ((x) * 2)
start:  lea rsi, [rel text]
        mov r8d, twice(0b1010_1010)
        movaps xmm0, [rsi + 8*rcx - 0x10]
        vaddpd ymm1, ymm2, ymm3
        fld qword [pi]
        wrmsr
.again: dec r8d
        jnz .again
        pushall rax, rbx
        syscall
text    db 'It''s', `tab\t`, 0Ah, 10q, 1.5e3, "quote"
pi      dq 3.14159
        times 16-($-text) db 0x90
        incbin "logo.bin", 16
