;=== default_segment
 mov ax, [x]
x: dw x, 5
;=== default_segment_unused
segment code
 nop
;=== attributes
segment code public align=16 class=CODE use16
 nop
segment data private align=2 class=DATA
 dw 1
segment other common align=4 overlay=OV
 dd 1
segment stk stack class=STACK align=256
 resb 64
segment page align=4096 use32
 dd 1
;=== rounded_alignment
segment a align=8
 db 1
segment b align=64
 db 1
segment c align=1024
 db 1
;=== absolute_segment
segment video absolute=0xb800
screen: resw 2000
segment code
 mov ax, video
 mov [es:screen], ax
;=== groups
group dgroup data bss
segment code use16 class=CODE
..start:
 mov ax, dgroup
 mov ds, ax
 mov ax, data
 mov ax, seg value
 mov bx, value
 mov cx, value wrt data
 mov dx, [buffer]
 mov ax, [value wrt dgroup]
segment data class=DATA
value: dw 7, value, value wrt dgroup
segment bss class=BSS
buffer: resw 10
;=== group_after
segment a
x: dw 1
segment b
y: dw x, y, seg x, seg y
group g a b
 dw x, y, seg x, seg y
 dw g, x wrt g, x wrt a
;=== publics
global start, table, constant
segment code
start: ret
segment data
 resb 3
table: dw start, table
constant equ 0x1234
;=== externals
extern far_proc, near_proc, unused, variable
segment code
 call near_proc
 call far far_proc
 call far near_proc
 jmp far_proc
 jmp far far_proc
 mov ax, [variable+4]
 mov ax, seg variable
 mov ax, variable wrt code
 dw variable, seg variable
 dd variable
 dd far_proc, seg far_proc
 jnz near_proc
;=== external_frames
extern a:wrt dgroup
extern b:wrt data
extern c:wrt later
group dgroup data
segment data
 dw a, b, c, seg a, seg b
segment later
 dw a, b, c
;=== externals_of_32_bit_segments
segment first use32
extern e
 call e
 mov eax, [e]
 mov ax, seg e
 group flatgroup second
segment second use32
extern f
 dd e, f
 jmp f
;=== flat
segment code use32 flat class=CODE
extern puts
global main
main: push dword text
 call puts
 mov eax, [counter]
 ret
segment data use32 flat class=DATA
text: db 'hello', 0
segment bss use32 flat class=BSS
counter: resd 1
;=== between_segments
segment a
 call b1
 jmp far b0
a1: jmp b1
 mov ax, b1
 mov eax, b1
 lea bx, [b1+5]
 dw b1-b0
segment b
b0: nop
b1: nop
;=== mixed_sizes
segment wide use32
 mov eax, [far_label]
 call near_label
 mov ax, narrow
 jmp narrow:near_label
segment narrow use16
near_label: call far_label
 jmp dword wide:far_label
 mov eax, far_label
segment wide
far_label: nop
;=== commons
common near_one 10:near
common far_one 300
common far_array 60:far 12
common big 70000:near
extern after
segment code
 mov ax, [near_one]
 mov ax, seg far_one
 mov ax, [far_array+12]
 dw big, after
;=== imports_and_exports
import WriteConsole KERNEL32.DLL WriteConsoleA
import Beep KERNEL32.DLL 29
import Same USER32.DLL
export start
export start begin
export start begin 7 resident nodata parm=3
extern WriteConsole, Beep
segment code use32
start: call WriteConsole
 call Beep
;=== capitals
uppercase
global start
extern other_one
segment code class=code
start: call other_one
;=== long_data
segment data
 times 600 dw 0x1122
x: times 700 dw x, 0x55, y
 db 1
 times 500 dw y
y: resb 100
 times 300 dd x
;=== long_data_and_distances
extern e
segment code use32
 times 300 call e
 times 100 dd e
 times 400 jmp near e
;=== holes
segment data
 db 1
 resb 5
 db 2
 resb 2
 resb 3
a: dw a
 align 16
 db 3
 alignb 16
 resb 1
;=== large_segment
segment data use16
 resb 0xffff
 db 1
segment big use32
 resb 0x12345
x: dd x
global x
;=== many_names
segment code
%assign i 0
%rep 200
extern external_with_a_long_name_%[i]
global public_with_a_long_name_%[i]
public_with_a_long_name_%[i]: dw external_with_a_long_name_%[i]
%assign i i+1
%endrep
;=== sectalign
segment a
 sectalign 32
 align 64
 nop
;=== entry_in_group
group g code
segment code use32
 nop
..start: nop
;=== wide_bases
segment code
 dd seg x, code
x: dq x
 mov eax, seg x
 mov eax, code
;=== only_labels
x:
global x
;=== structures
struc point
.x: resw 1
.y: resw 1
endstruc
segment code
 mov ax, [p + point.y]
p: istruc point
at point.x, dw 3
at point.y, dw 4
iend
;=== refused_sizes
segment code
 db x
x: db 1
;=== refused_absolute_call
segment code
 call 0x1234
;=== refused_group_twice
group g a
group g a
segment a
;=== refused_unknown_member
group g a nowhere
segment a
 nop
;=== start_as_number
..start equ 5
segment a
 nop
;=== refused_special
..other:
 nop
;=== refused_frame
extern e:wrt nowhere
segment a
 dw e
;=== refused_export
segment a
export start begin sideways
start: nop
;=== alignment_without_segments
x: mov al, 1
 align 4
 mov al, 2
;=== alignment_before_the_first_segment
 align 16
segment a
 mov al, 2
;=== refused_weak_external
extern e:weak
segment a
 dw e
;=== refused_weak_required
required e:weak
segment a
;=== refused_weak_global
global g:weak
segment a
g: nop
;=== refused_two_sizes_of_a_far_pointer
segment a
 jmp word 1:dword 2
;=== refused_near_external
extern n:near
segment a
 dw n
;=== attributes_of_unused_externals
extern n:near, w:weak
segment a
 nop
