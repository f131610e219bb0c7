;=== registers that name a part of a wider one
 bits 64
 pinsrw mm1, si, 0
 pinsrw xmm1, si, 0
 pinsrw xmm1, rsi, 0
 pinsrb xmm1, sil, 0
 pinsrb xmm1, r9b, 0
 vpinsrb xmm1, xmm2, dil, 0
 vpinsrb xmm1, bl, 0
 vpinsrw xmm1, si, 0
 bits 16
 pinsrb xmm1, sil, 0
 pinsrw mm1, si, 0

;=== MOVD for MOVQ
 bits 64
 movd r8, mm1
 movd mm1, rax
 movd [rax], mm1
 movd mm1, [rax]
 movd qword [rax], mm1
 movd mm1, qword [rax]
 movd xmm1, [rax]

;=== REX on request
 bits 64
 {rex} add eax, edx
 {rex} mov al, [rbx]
 {rex} mov r8, r9
 {rex} nop
 rep {rex} movsb
 {rex} jmp $
 {vex3} vaddps xmm1, xmm2, xmm3

;=== transactions
 bits 64
 xbegin aborted
 xtest
 xabort 3
 xend
aborted: xbegin aborted
 bits 16
 xbegin $
 xbegin dword $

;=== addresses in registers
 bits 64
 umonitor rax
 umonitor eax
 movdir64b r9d, [r9d]
 movdir64b rax, [rbx+8]
 movdiri [rbx], rax
 bits 16
 umonitor ax
 movdir64b ax, [bx]
 movdir64b eax, [ebx]
 umwait ecx, edx, eax
 tpause edx

;=== PadLock
 bits 32
 xstore
 rep xstore
 xcryptecb
 rep xcryptecb
 repne xcryptcbc
 a16 xcryptctr
 a16 rep xsha256
 montmul

;=== 3DNow!
 bits 64
 femms
 pfadd mm1, mm2
 pfadd mm1, [r9+8]
 pswapd mm1, qword [rel next]
next: pmulhrwa mm0, [next]

;=== an instruction of the 8086
 cpu 8086
 pop cs
 mov cs, ax
