# Start-up code.
        .globl  _start
        .section .text
/* two lines
   of comment */
_start: xorl    %ebp, %ebp
        movl    $0x10, %eax     # selector
        movw    %ax, %ds
        movzbl  (%esi,%ecx,4), %edx
        ljmp    $0x08, $1f
1:      call    main
        rep movsb
        jne     1b
.Ldone: hlt
message: .asciz "hello\n"
        .set    SIZE, . - message
