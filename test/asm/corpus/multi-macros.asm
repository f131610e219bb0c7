;=== simple
%macro save 1
push %1
pop %1
%endmacro
save ax
save bx
;=== no_parameters
%macro prologue 0
push bp
mov bp,sp
%endmacro
prologue
;=== local_labels
%macro wait_ready 1
%%again: in al, %1
test al, 1
jz %%again
%endmacro
wait_ready 60h
wait_ready 64h
;=== overload
%macro m 1
db %1
%endmacro
%macro m 2
dw %1, %2
%endmacro
m 1
m 1,2
;=== default
%macro d 1-3 20,30
db %1, %2, %3
%endmacro
d 1
d 1,2
d 1,2,3
;=== default_empty
%macro e 0-1
db %0
%ifempty %1
db 'e'
%else
db %1
%endif
%endmacro
e
e 5
;=== greedy
%macro g 2+
db %1
db %2
%endmacro
g 1,2,3,4
g 1,2
;=== greedy_default
%macro die 0-1+ "gone",13,10
db %1
%endmacro
die
die 'x', 1
;=== range_star
%macro all 1-*
%rep %0
db %1
%rotate 1
%endrep
%endmacro
all 1
all 1,2,3
all 'a','bc'
;=== rotate_back
%macro rev 1-*
%rep %0
%rotate -1
db %1
%endrep
%endmacro
rev 1,2,3,4
;=== ranges
%macro r 1-*
db %{2:3}
db %{3:1}
db %{-1:-2}
db %{-1:-1}
%endmacro
r 1,2,3,4,5
;=== braces
%macro b 2
db %1
dw %2
%endmacro
b {1,2,3}, 4
b { 'x' , 'y' }, {5,6}
;=== concatenation
%macro key 2
key%1: db %2
%{1}_2: db %2
k%1x: dw k%1x
%endmacro
key F1, 5
key G, 6
dw keyF1, F1_2, kF1x
;=== condition_codes
%macro retc 1
j%-1 %%skip
ret
%%skip:
%endmacro
retc z
retc ne
retc a
retc po
%macro jj 1
j%+1 $
%endmacro
jj c
jj cxz
;=== label_capture
%macro cap 1
%00: db %1
%endmacro
lab: cap 5
lab2 cap 6
dw lab, lab2
;=== label_in_front
%macro nopm 0
nop
%endmacro
x: nopm
y nopm
dw x, y
;=== count
%macro c 0-*
db %0
%endmacro
c
c 1
c 1,2,3
c ,
c 1,
;=== nested
%macro inner 1
db %1
%endmacro
%macro outer 2
inner %1
inner %2+1
%endmacro
outer 1,2
;=== nested_definition
%macro make 2
%macro %1 1
db %2, %%1
%endmacro
%endmacro
db 1
;=== wrap_instruction
%macro push 1-*
%rep %0
push %1
%rotate 1
%endrep
%endmacro
push ax, bx, cx
push dx
;=== case_insensitive
%imacro Mixed 0
nop
%endmacro
mixed
MIXED
%macro Exact 0
hlt
%endmacro
Exact
;=== macro_names
%imacro Foo 0
db %str(%?), %str(%??)
%endmacro
foo
FOO
;=== unmacro
%macro z 0
db 1
%endmacro
%unmacro z 0
z equ 4
db z
;=== exitmacro
%macro x 1
db 1
%if %1
%exitmacro
%endif
db 2
%endmacro
x 0
x 1
x 0
;=== redefine
%macro t 0
db 1
%endmacro
t
%unmacro t 0
%macro t 0
db 2
%endmacro
t
;=== comma_in_string
%macro s 1
db %1
%endmacro
s 'a,b'
s "x;y"
;=== expressions_as_parameters
%macro e 2
mov %1, %2
%endmacro
e ax, 5+3*2
e [bx+si], al
e word [bx], 6
;=== parameter_number_braces
%macro p 11
db %11, %{1}1
%endmacro
p 1,2,3,4,5,6,7,8,9,10,11
;=== writefile
%macro writefile 2+
jmp %%endstr
%%str: db %2
%%endstr:
mov dx,%%str
mov cx,%%endstr-%%str
mov bx,%1
mov ah,0x40
int 0x21
%endmacro
writefile 1, "hello, world", 13, 10
;=== if_in_macro
%macro pick 1
%if %1 > 5
db 'big'
%elif %1 > 2
db 'mid'
%else
db 'low'
%endif
%endmacro
pick 9
pick 3
pick 1
;=== ifidn_in_macro
%macro pushparam 1
%ifidni %1,ip
call %%l
%%l:
%else
push %1
%endif
%endmacro
pushparam IP
pushparam ax
;=== sane_empty
%pragma preproc sane_empty_expansion
%macro c 0-*
db %0
%endmacro
c 1,
c ,
;=== list_of_macros
%macro op 2
%1 ax, %2
%endmacro
op add, 5
op mov, 6
op xor, ax
;=== times_after_macro
%macro one 0
db 1
%endmacro
one
times 3 db 2
;=== rep_inside_macro
%macro fill 2
%assign %%i 0
%rep %1
db %2+%%i
%assign %%i %%i+1
%endrep
%endmacro
fill 4, 10
fill 2, 100
;=== line_inside
%macro ln 0
db __LINE__
%endmacro
ln

ln
;=== nolist
%macro q 1.nolist
db %1
%endmacro
q 3
;=== recursive_guard
%macro jmp 1
db 0xff
jmp %1
%endmacro
jmp $
;=== defined_label_in_macro
%macro deflab 1
%1:
.loc: jmp .loc
%endmacro
deflab aa
deflab bb
dw aa.loc, bb.loc
;=== a greedy parameter keeps its spaces
%macro q 1+
%defstr S %1
 db S
%endmacro
 q a, b
 q a,b
 q a ,  b , {c},  d
