#include <asm.h>
#define STACK 0x9000
.intel_syntax noprefix
.code16
.macro save reg
        push \reg
.endm
entry:  mov sp, STACK           // the stack
        mov eax, dword ptr [bx + 4]
        lgdt gdtr
        save ax
        jmp entry
