;=== 001
 mov ax
;=== 002
 mov ax, bx, cx
;=== 003
 mov 5, ax
;=== 004
 mov ax, bl
;=== 005
 mov [bx], [si]
;=== 006
 mov [bx], 5
;=== 007
 inc [si]
;=== 008
 moov ax, 1
;=== 009
 mov ax, (5
;=== 010
 mov ax, 5)
;=== 011
 mov ax, [bx
;=== 012
 mov ax, bx]
;=== 013
 mov ax 5
;=== 014
 db 1,,2
;=== 015
 db 'abc
;=== 016
 dw 1+
;=== 017
 : nop
;=== 018
 5 nop
;=== 019
ax: nop
;=== 020
 mov ax, 12z
;=== 021
 mov ax, 0b102
;=== 022
 mov ax, [ax]
;=== 023
 mov ax, [bx+cx]
;=== 024
 mov ax, [si+di]
;=== 025
 mov eax, [esp*2]
;=== 026
 mov eax, [eax*3+ebx]
;=== 027
 mov eax, [eax+bx]
;=== 028
 mov eax, [ebx*16]
;=== 029
 push 1, 2
;=== 030
 pop 5
;=== 031
 jmp short far_away
 times 200 nop
far_away:
;=== 032
 loop far_away
 times 200 nop
far_away:
;=== 033
 jmp nowhere
;=== 034
a: nop
a: nop
;=== 035
x equ 1
x equ 2
;=== 036
 equ 5
;=== 037
x equ y
y equ x+1
;=== 038
x equ
;=== 039
x equ ax
;=== 040
 times -1 nop
;=== 041
 times nowhere db 0
;=== 042
 times 510-($-$$) db 0
 times 510-($-$$) db 0
 times 510-($-$$) db 0
 db 1
 times 510-($-$$) db 0
;=== 043
 resb -1
;=== 044
 resb ahead
ahead:
;=== 045
 org 0x7c00
 org 0x8000
;=== 046
 bits 8
;=== 047
 bits nope
;=== 048
 section .text align=3
;=== 049
 section .a start=0x100
 db 1
 section .b start=0x100
 db 2
;=== 050
 section .a follows=.zz
 db 1
;=== 051
 section .text vstart=x
;=== 052
 absolute 0x100
 db 5
;=== 053
 extern e
 dw e
;=== 054
 common c
;=== 055
 common c x
;=== 056
 cpu z80
;=== 057
 default nothing
;=== 058
 float sideways
;=== 059
[nonsense 5]
;=== 060
[bits 16
;=== 061
%include "missing.inc"
;=== 062
%include
;=== 063
 incbin "missing.bin"
;=== 064
 incbin
;=== 065
%if 1
 nop
;=== 066
%if
 nop
%endif
;=== 067
%else
;=== 068
%endif
;=== 069
%elif 1
;=== 070
%if nope
 nop
%endif
;=== 071
%ifidn a
%endif
;=== 072
%macro m 1
 nop
;=== 073
%macro
%endmacro
;=== 074
%macro 5 1
%endmacro
;=== 075
%macro m x
%endmacro
;=== 076
%macro m 2-1
%endmacro
;=== 077
%endmacro
;=== 078
%macro m 1
 mov ax, %1
%endmacro
 m bogus
;=== 079
%macro m 1
 mov %1
%endmacro
 m ax
;=== 080
%macro m 0
 m2
%endmacro
%macro m2 0
 mov [bx], 1
%endmacro
 m
;=== 081
%rep
%endrep
;=== 082
%rep 3
 nop
;=== 083
%rep x
 nop
%endrep
;=== 084
%endrep
;=== 085
%exitrep
;=== 086
%exitmacro
;=== 087
%rotate 1
;=== 088
%define
;=== 089
%define 5 x
;=== 090
%define f(a
;=== 091
%define f(a,b) a+b
 dw f(1
;=== 092
%undef
;=== 093
%assign x
;=== 094
%assign x y
;=== 095
%assign
;=== 096
%strlen
;=== 097
%strlen x 5
;=== 098
%substr x
;=== 099
%substr x 'abc'
;=== 100
%strcat x 5
;=== 101
%push
%push
%pop wrong
;=== 102
%pop
;=== 103
%$x: nop
;=== 104
%repl z
;=== 105
%error stop here
;=== 106
%fatal no more
;=== 107
%use nothing
;=== 108
%line x
;=== 109
%arg
;=== 110
%local x
;=== 111
%stacksize huge
;=== 112
%bogus
;=== 113
%deftok x 5
;=== 114
 db %1
;=== 115
 mov ax, %%x
;=== 116
 endstruc
;=== 117
 iend
;=== 118
 istruc s
 at .a, db 1
 iend
;=== 119
 at x
;=== 120
 mov cs, ax
 mov ax, 5 +
;=== 121
 mov al, 5 / 0
;=== 122
 mov ax, 5 % 0
;=== 123
 mov ax, a b
;=== 124
 lea ax, bx
;=== 125
 in al, bx
;=== 126
 out 5, bx
;=== 127
 int 300, 2
;=== 128
 shl ax, bx
;=== 129
 shl ax, 1, 2
;=== 130
 mov ds, 5
;=== 131
 mov es, ds
;=== 132
 xchg ax, 5
;=== 133
 rep rep movsb x
;=== 134
 mov eax, cr9
;=== 135
 mov dr0, ax
;=== 136
 mov rax, 1
;=== 137
 bits 64
 push eax
;=== 138
 bits 64
 mov ah, r8b
;=== 139
 bits 64
 mov eax, [bx]
;=== 140
 bits 64
 aaa
;=== 141
 bits 64
 jmp 8:5
;=== 142
 bits 64
 pop ds
;=== 143
 a16 mov eax, [eax]
;=== 144
 mov ax, [a32 bx]
;=== 145
 add word [bx], bl
;=== 146
 jmp far 5
;=== 147
call 5:
;=== 148
 call far 1:2
;=== 149
 jmp short 5:6
;=== 150
 dw seg x
x:
;=== 151
 dw x wrt y
x:
y:
;=== 152
 dd 1.5.2
;=== 153
 dd 1.5x
;=== 154
 dt 5
;=== 155
 dw __?utf16?__(5)
;=== 156
 dw __?float16?__
;=== 157
 dw __?ilog2e?__(3)
;=== 158
 db 3 dup
;=== 159
 db x dup (5)
x:
;=== 160
 db -1 dup (5)
;=== 161
 db 5 dup (1
;=== 162
 dw 'abc' * x
x: nop
;=== 163
 mov ax, x * x
x: nop
;=== 164
 mov ax, -[bx]
;=== 165
 mov ax, ~x
x: nop
;=== 166
 mov ax, !x
x: nop
;=== 167
 mov ax, 1 ? 2
;=== 168
mov ax, 1 ? 2 :
;=== 169
 mov ax, [es]
;=== 170
 mov ax, [ds:es:bx]
;=== 171
 mov ax, ss:[ds:bx]
;=== 172
 mov ax, ax:[bx]
;=== 173
 enter 5
;=== 174
 fadd ax
;=== 175
 fld st8
;=== 176
 movd eax, ax
;=== 177
.local: jmp .other
;=== 178
 jmp strict 5 6
;=== 179
 nop nop
;=== 180
 label1 label2 nop
;=== 181
 mov ax, "unterminated
;=== 182
 mov ax, 'a
;=== 183
 `abc
;=== 184
 mov ax, 0xg
;=== 185
 mov ax, $5h6
