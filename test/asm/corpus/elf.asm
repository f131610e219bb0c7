;=== sections, symbols and relocations
extern printf, undef1, unused
global main:function (main.end-main), tab:data 8, g2
common buf 100:16
section .data align=16
tab: dd 1,2,tab,main, printf
.end:
msg db "hi",0
section .text
main: mov eax, [tab]
 call printf
 call other
 jmp undef1
 mov ebx, msg+3
 mov ecx, buf
.lop: loop .lop
 dd $$, $-main
 dw msg
 db msg
.end:
g2:
section .bss
x resd 4
K equ 5
section other.sec progbits alloc noexec write align=64
other: ret
 dd main-$
 dd x
static st
st: nop
;=== text only by use
 nop
section .data
a: dd b
section .text
b: nop
;=== no text
section .data
a: dd 1
;=== known sections and their attributes
section t2 nobits tls alloc
z: resb 3
section .tdata
w: dd 0
section t3 merge strings byte align=1
section t4 merge dword*2
section .init_array
 dd 0
section .note.GNU-stack noalloc noexec nowrite progbits
section .comment
section .rodata
section .lbss
section abc noalloc
section .bss align=64
section .text write
align 8
section .stack, nobits
resb 16
section pp pointer
section .fini_array
;=== repeated and self-relative addresses
extern e
times 3 dd e-$
times 3 dd x
dd e+4-$$
dd y-$
x: nop
section .data
y: dd x-$
;=== branches out of the section
extern e
jmp e
call e
jz e
jmp 0x1000
bits 16
jmp e
call e
;=== plt, got and kin
extern e, _GLOBAL_OFFSET_TABLE_
global gg:data hidden 4
 call e wrt ..plt
 dd e wrt ..sym
 dd gg+4 wrt ..sym
%ifidn __?OUTPUT_FORMAT?__,elf64
 mov rax,[rel e wrt ..got]
 dq gg wrt ..gotoff
 mov rax,[rel e wrt ..gottpoff]
%else
 lea eax,[ebx+gg wrt ..gotoff]
 mov eax,[ebx+gg wrt ..got]
 add ebx,_GLOBAL_OFFSET_TABLE_+$$-$ wrt ..gotpc
 mov eax,[e wrt ..tlsie]
%endif
gg: dd 1
;=== types, visibilities, weak and special names
extern weakling:weak, strong1:strong
global f:function, o:object protected, n:notype internal, w:weak, d:default
dd weakling, strong1
f: nop
o: dd 0

n: nop
w: nop
d: nop
..@odd: nop
%macro m 0
%%local: jmp %%local
%endmacro
 m
 m
struc s
.a: resb 1
.b: resd 1
endstruc
;=== external that is defined after all, common that is only declared
extern here
global here
here: nop
common c 8
required r
dd here
;=== osabi
osabi 3, 1
nop
;=== 64-bit addresses
extern e
bits 64
x: dq x
 dq e
 mov rax, x
 mov rax, e
 mov eax, [rel x]
 mov eax, [x]
 mov eax, [a32 x]
 mov rbx, [e]
 mov dword [rel e], 5
 push dword x
 mov dword [rbx+x], x
 mov qword [x], x
 lea rsi, [rel e+8]
 mov al, [qword e]
;=== structures and alignment across sections
section .data
align 32
a: db 1
align 4
section .bss
alignb 16
b: resb 1
section .text
align 64
nop
section .data
c: dd a, b
;=== segment registers of 64 bits
bits 64
 mov es,qword [rsi]
 mov qword [rsi],es
 xrelease mov [0x1234],eax
 xacquire lock add [rbx],eax

;=== names with prefixes and suffixes
%pragma elf32 gprefix E32_
%pragma ELF GPREFIX E_
%pragma output gprefix never_
%pragma output suffix _s
%pragma output lprefix .L.
%pragma obj lsuffix _o
%pragma output lsuffix
 global shared, hidden:hidden
 extern outside
 common pool 16
 static own
shared: call outside
.inner: jmp shared
own: dd pool, value
hidden: jmp nearby
nearby:
value equ 5
