;=== sixteen
mov ax,[bx]
mov ax,[si]
mov ax,[di]
mov ax,[bp]
mov ax,[bx+si]
mov ax,[si+bx]
mov ax,[bx+di+5]
mov ax,[bp+si-5]
mov ax,[bp+di+200]
mov ax,[di+bp-200]
mov ax,[bx+0]
mov ax,[bp+0]
mov ax,[1234h]
mov al,[1234h]
mov cx,[1234h]
mov [1234h],ax
mov [1234h],al
mov word [5], 6
mov byte [bx+65535], 1
;=== thirty_two
bits 32
mov eax,[ebx]
mov eax,[esp]
mov eax,[ebp]
mov eax,[ebx+ecx]
mov eax,[ecx+ebx]
mov eax,[ebx+ecx*2]
mov eax,[ebx+ecx*4+8]
mov eax,[ecx*4]
mov eax,[ecx*8+table]
mov eax,[esp+4]
mov eax,[ebp+esp]
mov eax,[esp+ebp]
mov eax,[eax*2]
mov eax,[nosplit eax*2]
mov eax,[eax*3]
mov eax,[eax*5+4]
mov eax,[eax*9]
mov eax,[eax+eax]
mov eax,[nosplit eax+eax]
mov eax,[nosplit eax*1]
mov eax,[eax*1]
mov eax,[ebx+eax*1]
mov eax,[eax*1+ebx]
mov eax,[ebp+eax]
mov eax,[eax+ebp]
mov eax,[eax+ebp*1]
mov eax,[esi+ebp+4]
mov eax,[ebp+esi+4]
mov eax,[1+eax+2+ebx+3]
mov eax,[ebx+1+2+eax]
table: dd 0
;=== mixed_sizes
mov ax,[ebx]
mov eax,[bx]
bits 32
mov ax,[bx]
mov eax,[bx+si]
mov eax,[dword 5]
mov eax,[word 5]
bits 16
mov ax,[dword 5]
mov ax,[word 5]
mov eax,[dword 0x12345]
;=== displacement_sizes
mov ax,[byte bx+5]
mov ax,[word bx+5]
mov ax,[byte bx]
mov ax,[word bx]
bits 32
mov eax,[byte ebx+5]
mov eax,[dword ebx+5]
mov eax,[byte ebx]
mov eax,[dword ebx]
mov eax,[byte ebx+ecx]
;=== segments
mov ax,[es:bx]
mov ax,[cs:1234h]
mov ax,es:[bx]
mov ax,[ss:bp+4]
mov ax,[fs:si]
mov ax,[gs:di+2]
mov [es:di],al
mov ax,[ds:bx]
mov ax,[ds:bp]
add word [cs:bx+si], 5
es mov ax,[bx]
;=== label_addresses
org 100h
mov ax,[var]
mov bx,var
mov cx,[var+2]
mov dx,[bx+var]
mov si,[bx+si+var-2]
lea di,[var]
add word [var], 1
inc byte [var]
mov byte [var], 'x'
cmp byte [bx+tab], 0
push word [var]
jmp [tab]
call [bx+tab]
call [tab+2]
var: dw 0
tab: dw 0
;=== outer_displacement
mov ax, tab[bx]
mov ax, tab[si+2]
tab: dw 0
;=== algebra
lea ax,[tab*2-tab]
mov ax,[bx+tab-here]
here:
tab: dw 0
;=== size_keywords
bits 16
push 5
push byte 5
push word 5
push dword 5
push strict word 5
push strict dword 5
push strict byte 5
add ax, 5
add ax, byte 5
add ax, strict word 5
add bx, 500
add bx, -1
add bx, 0xffff
sub cx, 128
sub cx, -128
and dx, 0xff80
or si, 0x7f
xor eax, 0x80
adc eax, 0xffffff80
imul ax, bx, 5
imul ax, 500
mov eax, 5
mov ax, strict word 5
shl ax, 1
shl ax, 5
shl byte [bx], 1
rol word [si], cl
test al, 5
test bx, 5
;=== far_pointers
jmp 0x1234:0x5678
jmp 0xf000:0xfff0
call 0x1234:0x5678
jmp word 8:start
jmp dword 8:start
jmp 8:dword start
call dword 0x18:0x12345678
jmp far [bx]
call far [1234h]
jmp far dword [bx]
call far word [si]
bits 32
jmp 8:start
jmp word 8:start
jmp far [ebx]
start: nop
;=== enter_and_friends
enter 10,0
int 21h
int3
retf 4
ret 2
aam
aad 16
in al, 60h
out 20h, al
in ax, dx
out dx, eax
les di, [bx]
lds si, [1234h]
xchg ax, bx
xchg [bx], cl
bound ax, [bx]
lgdt [gdt]
lidt [cs:bx]
mov cr0, eax
mov eax, cr3
mov ds, ax
mov ax, fs
mov [bx], es
pop ds
push fs
pusha
popad
cbw
movzx eax, al
movsx ax, byte [bx]
movzx ebx, word [si]
bt [bx], ax
bts word [bx], 3
shld ax, bx, 4
shrd eax, ebx, cl
setz al
bswap ecx
cpuid
rdtsc
wbinvd
hlt
gdt: dw 0
;=== sixty_four
bits 64
default rel
mov rax, [var]
mov rax, [abs var]
mov rax, [rel var]
lea rsi, [var]
mov eax, [rbx+rcx*4+8]
mov r8, [r9+r10*8]
mov rax, 5
mov rax, -1
mov rax, 0xffffffff
mov rax, 0x123456789abcdef0
mov eax, 0xffffffff
push 5
push 500
add rax, 5
add rax, 500
jmp var
call var
mov rax, [fs:var]
mov rax, [rsp+8]
mov [rip_target], rax
var: dq var
rip_target: dq 0
;=== sixty_four_abs
bits 64
default abs
mov rax, [var]
mov rbx, [var]
mov rax, [rel var]
mov rax, [qword var]
mov al, [qword 0x1122334455667788]
var: dq 0
;=== default with segments, returns of explicit sizes
bits 64
default rel fs:abs gs:rel
x: mov eax,[fs:x]
 mov eax,[x]
 o64 ret
 o64 retf
 retfd
 retnq
 mov al,[a32 qword 0x1234]
;=== VEX prefixes on request
bits 64
 {vex3} vcomisd xmm0,xmm1
 {vex2} vcomisd xmm0,xmm1
lbl: {vex3} vaddps ymm1,ymm2,[rax]
