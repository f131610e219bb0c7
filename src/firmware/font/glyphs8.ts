// Our own 8x8 shapes of the ASCII characters, in the form of glyphs16.ts. The other characters are made from parts or
// from the 8x16 shapes.

export const GLYPHS_8 = `
A 0 38 6c c6 c6 fe c6 c6
B 0 fc c6 c6 fc c6 c6 fc
C 0 7c c6 c0 c0 c0 c6 7c
D 0 f8 cc c6 c6 c6 cc f8
E 0 fe c0 c0 f8 c0 c0 fe
F 0 fe c0 c0 f8 c0 c0 c0
G 0 7c c6 c0 de c6 c6 7c
H 0 c6 c6 c6 fe c6 c6 c6
I 0 7e 18 18 18 18 18 7e
J 0 1e 06 06 06 c6 c6 7c
K 0 c6 cc d8 f0 d8 cc c6
L 0 c0 c0 c0 c0 c0 c0 fe
M 0 c6 ee fe d6 c6 c6 c6
N 0 c6 e6 f6 de ce c6 c6
O 0 7c c6 c6 c6 c6 c6 7c
P 0 fc c6 c6 fc c0 c0 c0
Q 0 7c c6 c6 c6 d6 cc 76
R 0 fc c6 c6 fc d8 cc c6
S 0 7c c6 c0 7c 06 c6 7c
T 0 7e 18 18 18 18 18 18
U 0 c6 c6 c6 c6 c6 c6 7c
V 0 c6 c6 c6 c6 6c 38 10
W 0 c6 c6 c6 d6 fe ee c6
X 0 c6 c6 6c 38 6c c6 c6
Y 0 66 66 66 3c 18 18 18
Z 0 fe 06 0c 18 30 60 fe
a 2 7c 06 7e c6 7e
b 0 c0 c0 fc c6 c6 c6 fc
c 2 7e c0 c0 c0 7e
d 0 06 06 7e c6 c6 c6 7e
e 2 7c c6 fe c0 7c
f 0 1e 30 7c 30 30 30 30
g 2 7e c6 c6 7e 06 7c
h 0 c0 c0 fc c6 c6 c6 c6
i 0 18 00 38 18 18 18 3c
j 0 0c 00 1c 0c 0c 0c cc 78
k 0 c0 c0 cc d8 f0 d8 cc
l 0 38 18 18 18 18 18 3c
m 2 ec d6 d6 d6 c6
n 2 fc c6 c6 c6 c6
o 2 7c c6 c6 c6 7c
p 2 fc c6 c6 fc c0 c0
q 2 7e c6 c6 7e 06 06
r 2 dc e6 c0 c0 c0
s 2 7e c0 7c 06 fc
t 0 30 30 7c 30 30 30 1e
u 2 c6 c6 c6 c6 7e
v 2 c6 c6 6c 6c 38
w 2 c6 d6 d6 fe 6c
x 2 c6 6c 38 6c c6
y 2 c6 c6 c6 7e 06 7c
z 2 fe 0c 38 60 fe
0 0 7c c6 ce d6 e6 c6 7c
1 0 18 38 18 18 18 18 7e
2 0 7c c6 06 1c 70 c0 fe
3 0 7c c6 06 3c 06 c6 7c
4 0 1c 3c 6c cc fe 0c 0c
5 0 fe c0 fc 06 06 c6 7c
6 0 3c 60 c0 fc c6 c6 7c
7 0 fe 06 0c 18 30 30 30
8 0 7c c6 c6 7c c6 c6 7c
9 0 7c c6 c6 7e 06 0c 78
! 0 18 18 18 18 18 00 18
" 0 6c 6c 48
# 0 6c 6c fe 6c fe 6c 6c
$ 0 10 7c d0 7c 16 fc 10
% 0 c2 c6 0c 18 30 66 c6
& 0 38 6c 38 76 dc cc 76
' 0 18 18 30
( 0 0c 18 30 30 30 18 0c
) 0 30 18 0c 0c 0c 18 30
* 1 6c 38 fe 38 6c
+ 1 18 18 7e 18 18
, 5 18 18 30
- 3 7e
. 5 18 18
/ 0 02 06 0c 18 30 60 c0
: 1 18 18 00 00 18 18
; 1 18 18 00 00 18 18 30
< 0 0c 18 30 60 30 18 0c
= 2 7e 00 00 7e
> 0 60 30 18 0c 18 30 60
? 0 7c c6 06 0c 18 00 18
@ 0 7c c6 de d6 de c0 7c
[ 0 3c 30 30 30 30 30 3c
\\ 0 c0 60 30 18 0c 06 02
] 0 3c 0c 0c 0c 0c 0c 3c
^ 0 10 38 6c c6
_ 7 ff
\` 0 30 18 0c
{ 0 0e 18 18 70 18 18 0e
| 0 18 18 18 18 18 18 18 18
} 0 70 18 18 0e 18 18 70
~ 0 76 dc
0x01 0 7e 81 a5 81 bd 99 81 7e
0x02 0 7e ff db ff c3 e7 ff 7e
0x03 0 6c fe fe fe 7c 38 10
0x04 0 10 38 7c fe 7c 38 10
0x05 0 38 38 d6 fe d6 10 38
0x06 0 10 38 7c fe d6 10 38
0x07 2 18 3c 3c 18
0x08 0 ff ff e7 c3 c3 e7 ff ff
0x10 0 80 e0 f8 fe f8 e0 80
0x11 0 02 0e 3e fe 3e 0e 02
0x18 0 18 3c 7e 18 18 18 18
0x19 0 18 18 18 18 7e 3c 18
0x1a 1 18 0c fe 0c 18
0x1b 1 30 60 fe 60 30
0x1e 1 10 38 7c fe fe
0x1f 1 fe fe 7c 38 10
0x7f 1 10 38 6c c6 c6 fe
0xfe 1 7c 7c 7c 7c 7c
0xf8 0 38 6c 38
0xf9 3 18 18
0xfa 3 18
`;
