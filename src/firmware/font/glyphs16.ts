// Our own 8x16 character shapes: two-dot stems, capitals on scan lines 2-11, small letters on 5-11, descenders to 14.
// Each row: character (or its code page 437 number), first scan line, then a byte a line. What can be put together from
// parts (accented letters, line drawing, shades) is not here.

export const GLYPHS_16 = `
A 2 38 7c ee c6 c6 c6 fe c6 c6 c6
B 2 fc c6 c6 c6 fc c6 c6 c6 c6 fc
C 2 7c ee c6 c0 c0 c0 c0 c6 ee 7c
D 2 f8 cc c6 c6 c6 c6 c6 c6 cc f8
E 2 fe c0 c0 c0 f8 c0 c0 c0 c0 fe
F 2 fe c0 c0 c0 f8 c0 c0 c0 c0 c0
G 2 7c ee c6 c0 c0 de c6 c6 ee 7c
H 2 c6 c6 c6 c6 fe c6 c6 c6 c6 c6
I 2 7e 18 18 18 18 18 18 18 18 7e
J 2 1e 06 06 06 06 06 06 c6 ee 7c
K 2 c6 cc d8 f0 e0 e0 f0 d8 cc c6
L 2 c0 c0 c0 c0 c0 c0 c0 c0 c0 fe
M 2 c6 ee ee fe d6 d6 c6 c6 c6 c6
N 2 c6 e6 e6 f6 d6 de ce ce c6 c6
O 2 7c ee c6 c6 c6 c6 c6 c6 ee 7c
P 2 fc c6 c6 c6 c6 fc c0 c0 c0 c0
Q 2 7c ee c6 c6 c6 c6 d6 de ec 76
R 2 fc c6 c6 c6 c6 fc d8 cc c6 c6
S 2 7c c6 c0 c0 78 3c 06 06 c6 7c
T 2 7e 18 18 18 18 18 18 18 18 18
U 2 c6 c6 c6 c6 c6 c6 c6 c6 ee 7c
V 2 c6 c6 c6 c6 c6 c6 6c 6c 38 10
W 2 c6 c6 c6 c6 d6 d6 fe ee ee c6
X 2 c6 c6 6c 6c 38 38 6c 6c c6 c6
Y 2 66 66 66 66 3c 18 18 18 18 18
Z 2 fe 06 06 0c 18 30 60 c0 c0 fe
a 5 7c 06 06 7e c6 c6 7e
b 2 c0 c0 c0 fc e6 c6 c6 c6 e6 fc
c 5 7c c6 c0 c0 c0 c6 7c
d 2 06 06 06 7e ce c6 c6 c6 ce 7e
e 5 7c c6 c6 fe c0 c0 7e
f 2 1e 30 30 7c 30 30 30 30 30 30
g 5 7e ce c6 c6 c6 ce 7e 06 06 7c
h 2 c0 c0 c0 dc e6 c6 c6 c6 c6 c6
i 2 18 18 00 38 18 18 18 18 18 3c
j 2 0c 0c 00 1c 0c 0c 0c 0c 0c 0c cc cc 78
k 2 c0 c0 c0 c6 cc d8 f0 d8 cc c6
l 2 38 18 18 18 18 18 18 18 18 3c
m 5 ec fe d6 d6 d6 d6 c6
n 5 dc e6 c6 c6 c6 c6 c6
o 5 7c c6 c6 c6 c6 c6 7c
p 5 fc e6 c6 c6 c6 e6 fc c0 c0 c0
q 5 7e ce c6 c6 c6 ce 7e 06 06 06
r 5 dc e6 c6 c0 c0 c0 c0
s 5 7e c0 c0 7c 06 06 fc
t 3 30 30 7c 30 30 30 30 30 1e
u 5 c6 c6 c6 c6 c6 ce 76
v 5 c6 c6 c6 c6 6c 6c 38
w 5 c6 c6 d6 d6 d6 fe 6c
x 5 c6 c6 6c 38 6c c6 c6
y 5 c6 c6 c6 c6 c6 ce 7e 06 06 7c
z 5 fe 06 0c 38 60 c0 fe
0 2 7c ee c6 ce de f6 e6 c6 ee 7c
1 2 18 38 78 18 18 18 18 18 18 7e
2 2 7c c6 06 06 0c 18 30 60 c0 fe
3 2 7c c6 06 06 3c 06 06 06 c6 7c
4 2 0c 1c 3c 6c cc cc fe 0c 0c 0c
5 2 fe c0 c0 c0 fc 06 06 06 c6 7c
6 2 3c 60 c0 c0 fc c6 c6 c6 c6 7c
7 2 fe 06 06 0c 0c 18 18 30 30 30
8 2 7c c6 c6 c6 7c c6 c6 c6 c6 7c
9 2 7c c6 c6 c6 c6 7e 06 06 0c 78
! 2 18 18 18 18 18 18 18 00 18 18
" 2 6c 6c 6c 48
# 2 6c 6c 6c fe 6c 6c fe 6c 6c 6c
$ 1 10 10 7c d6 d0 d0 7c 16 16 d6 7c 10 10
% 2 e0 a2 e6 0c 18 30 60 ce 8a 0e
& 2 38 6c 6c 38 30 76 de cc cc 76
' 2 18 18 18 30
( 2 0c 18 30 30 30 30 30 30 18 0c
) 2 30 18 0c 0c 0c 0c 0c 0c 18 30
* 4 6c 38 fe 38 6c
+ 4 18 18 18 7e 18 18 18
, 10 18 18 18 30
- 7 7e
. 10 18 18
/ 2 06 06 0c 0c 18 18 30 30 60 60
: 5 18 18 00 00 00 18 18
; 5 18 18 00 00 00 18 18 30
< 3 06 0c 18 30 60 30 18 0c 06
= 6 7e 00 00 7e
> 3 60 30 18 0c 06 0c 18 30 60
? 2 7c c6 c6 06 0c 18 18 00 18 18
@ 2 7c c6 c6 de d6 d6 de c0 c0 7e
[ 2 3c 30 30 30 30 30 30 30 30 3c
\\ 2 60 60 30 30 18 18 0c 0c 06 06
] 2 3c 0c 0c 0c 0c 0c 0c 0c 0c 3c
^ 1 10 38 6c c6
_ 13 ff
\` 1 30 18 0c
{ 2 0e 18 18 18 70 18 18 18 18 0e
| 1 18 18 18 18 18 18 18 18 18 18 18 18 18
} 2 70 18 18 18 0e 18 18 18 18 70
~ 6 72 d6 9c
0x01 2 7e 81 81 a5 81 81 a5 99 81 7e
0x02 2 7e ff ff db ff ff db e7 ff 7e
0x03 4 ee fe fe fe 7c 38 10
0x04 3 10 38 7c fe fe 7c 38 10
0x05 3 38 7c 38 d6 fe d6 10 38
0x06 3 10 38 7c fe fe d6 10 38
0x07 6 18 3c 3c 18
0x08 0 ff ff ff ff ff ff e7 c3 c3 e7 ff ff ff ff ff ff
0x09 5 3c 66 42 42 66 3c
0x0a 0 ff ff ff ff ff c3 99 bd bd 99 c3 ff ff ff ff ff
0x0b 2 1e 06 0a 12 78 cc 84 84 cc 78
0x0c 2 38 6c 44 6c 38 10 7c 10 10
0x0d 2 1e 1a 1e 10 10 10 10 70 f0 60
0x0e 2 7e 42 7e 42 42 42 46 ce cc 80
0x0f 2 10 92 54 38 ee 38 54 92 10
0x10 2 c0 e0 f0 f8 fe f8 f0 e0 c0
0x11 2 06 0e 1e 3e fe 3e 1e 0e 06
0x12 2 18 3c 7e 18 18 18 18 7e 3c 18
0x13 2 66 66 66 66 66 66 66 00 66 66
0x14 2 7e d6 d6 d6 76 16 16 16 16 16
0x15 1 7c c6 60 38 6c c6 6c 38 0c c6 7c
0x16 9 fe fe fe
0x17 2 18 3c 7e 18 18 18 7e 3c 18 7e
0x18 2 18 3c 7e 18 18 18 18 18 18 18
0x19 2 18 18 18 18 18 18 18 7e 3c 18
0x1a 5 18 0c fe 0c 18
0x1b 5 30 60 fe 60 30
0x1c 6 c0 c0 c0 fe
0x1d 5 28 6c fe 6c 28
0x1e 4 10 38 38 7c 7c fe fe
0x1f 4 fe fe 7c 7c 38 38 10
0x7f 4 10 38 6c c6 c6 c6 fe
0x91 5 7c 16 16 7e d0 d0 7e
0x92 2 3e 6c cc cc fe cc cc cc cc ce
0x9b 2 18 18 7c c6 c0 c0 c0 c6 7c 18 18
0x9c 2 3c 66 60 60 fc 60 60 60 60 fe
0x9d 2 66 66 66 3c 7e 18 7e 18 18 18
0x9e 2 f0 d8 d8 f4 c4 ce c4 c4 c4 c6
0x9f 2 0e 1a 18 18 7e 18 18 18 18 18 d8 70
0xa6 2 78 0c 7c cc 7e 00 7e
0xa7 2 78 cc cc cc 78 00 fc
0xa8 2 18 18 00 18 18 30 60 c6 c6 7c
0xa9 6 fe c0 c0 c0
0xaa 6 fe 06 06 06
0xab 1 40 c4 4c 58 30 60 dc 96 06 0c 1e
0xac 1 40 c4 4c 58 30 62 c6 8a 1e 02 02
0xad 2 18 18 00 18 18 18 18 18 18 18
0xae 4 12 36 6c d8 6c 36 12
0xaf 4 90 d8 6c 36 6c d8 90
0xe0 5 76 de cc cc cc de 76
0xe1 2 78 cc cc cc d8 cc c6 c6 c6 dc
0xe2 2 fe c6 c0 c0 c0 c0 c0 c0 c0 c0
0xe3 5 fe 6c 6c 6c 6c 6c 6c
0xe4 2 fe c6 60 30 18 18 30 60 c6 fe
0xe5 5 7e d8 cc cc cc cc 78
0xe6 5 66 66 66 66 66 7c 60 60 c0
0xe7 5 fe 30 30 30 30 30 1c
0xe8 2 10 10 7c d6 d6 d6 d6 7c 10 10
0xe9 2 38 6c c6 c6 fe fe c6 c6 6c 38
0xea 2 38 6c c6 c6 c6 c6 6c 6c 6c ee
0xeb 2 3c 60 30 18 7c c6 c6 c6 c6 7c
0xec 6 6c 92 92 92 6c
0xed 4 02 7c ce d6 d6 e6 7c 80
0xee 3 3c 60 c0 c0 fc c0 c0 60 3c
0xef 3 7c c6 c6 c6 c6 c6 c6 c6 c6
0xf0 4 fe 00 00 fe 00 00 fe
0xf1 3 18 18 7e 18 18 00 00 7e
0xf2 2 60 30 18 0c 18 30 60 00 7e
0xf3 2 0c 18 30 60 30 18 0c 00 7e
0xf4 2 0e 1b 1b 18 18 18 18 18 18 18 18 18 18 18
0xf5 0 18 18 18 18 18 18 18 18 18 18 d8 d8 70
0xf6 4 18 18 00 7e 00 18 18
0xf7 5 76 dc 00 76 dc
0xf8 1 38 6c 6c 38
0xf9 7 18 18
0xfa 7 18
0xfb 1 0e 08 08 08 08 c8 48 68 28 38 18
0xfc 1 b8 ec cc cc cc
0xfd 1 78 cc 0c 38 60 fc
0xfe 4 7c 7c 7c 7c 7c 7c 7c
`;
