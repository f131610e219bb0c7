;=== sizes
db 1
dw 2
dd 3
dq 4
dt 1.0
do 1.0
db 1,2,3,4,5
;=== dup
db 3 dup (1)
db 2 dup (1,2)
dw 2 dup (0xcc, 3 dup byte ('PQR'), 5), 0xabcd
db 2 dup ('ab'), 3 dup (4, 2 dup (5))
dd 2 dup (1.5)
;=== dup_type
db 4 dup word (1)
dw 2 dup dword (1, byte 2, 3)
db word 5, dword 6, qword (7,8)
dq 2 dup byte (1,2)
;=== percent_list
db %(44,55), %('XX','YY'), 1
db %('BB')
db ('AA')
db (44)
;=== reserve_in_text
db 1
resb 3
resw 2
resd 1
resq 1
rest 1
reso 1
db 2
;=== question
db 1, ?, 2
dw ?
dd 2 dup (?)
db 3
;=== padding
dw 'a', 'abc'
dd 'abcde'
dq 'a'
;=== labels_in_data
org 100h
tab: dw one, two, three-tab
one: db 1
two: dd one, tab
three: dq two
;=== truncation
db one
dw one
one: db 0
;=== times_data
times 5 db 1,2
times 3 dw 0x1234
times 0 db 9
times 2 dd 1.5
x: times 4 db 'ab'
;=== times_expression
buf: db 'hello'
times 16-($-buf) db ' '
times ($-buf)/4 db '*'
;=== times_instruction
times 4 nop
times 3 mov ax, 5
lab: times 2 jmp lab
times 2 jmp $
times 2 call fwd
fwd:
;=== boot_signature
jmp $
times 510-($-$$) db 0
dw 0xaa55
;=== incbin_whole
incbin "data.bin"
;=== incbin_part
incbin "data.bin",4
incbin "data.bin",2,3
incbin "data.bin",100
incbin "data.bin",0,1000
x: incbin "data.bin",1,1
;=== incbin_times
times 3 incbin "data.bin",0,2
;=== include
%include "part.inc"
mov ax, FROM_PART
part_macro 3
;=== include_nested
%include "outer.inc"
db OUTER, FROM_PART
;=== include_guard
%include "guard.inc"
%include "guard.inc"
;=== require
%require "guard2.inc"
;=== include_path
%include "deep.inc"
;=== prefixes_alone
rep
movsb
lock
cs
es lodsb
o32
a32
nop
;=== prefix_mix
rep stosw
repne scasb
repe cmpsb
lock inc byte [bx]
cs mov ax,[bx]
es mov ax,[di]
o32 ret
a32 lodsb
ss push word [bp]
;=== wait_prefix
wait
wait nop
;=== empty_program
;=== only_comment
; nothing
