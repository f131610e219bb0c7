;=== quotes
db 'single', "double", `back`
db "it's", 'say "x"', `it's "x"`
;=== escapes
db `\a\b\t\n\v\f\r\e\\\`\"\'`, `\0\7\12\101\377`, `\x41\x4a\X4B`, `\u0041\u00e9\U0001f600`
db 'no\n', "no\t"
;=== escape_edges
db `\08`, `\x4g`, `\q`, `a\
b`
;=== in_words
dw 'ab', 'abc', `\n`, "abcd"
dd 'abcd', 'abcdef'
dq 'hello, world'
;=== utf8
db 'é', "€", `ü`
dw 'é'
;=== utf_functions
dw __utf16__('abc'), __?utf16le?__("é€"), __utf16be__('ab')
dd __utf32__('abc'), __?utf32be?__('a')
dw __utf16__ 'xyz', 0
db __utf16__ 'ab'
;=== semicolon_inside
db 'a;b', "c;d" ; comment 'here'
;=== comma_inside
db 'a,b',','
;=== long_string
db 'The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog. The quick brown fox jumps.'
;=== strlen
%strlen len 'hello'
%strlen len2 `a\n\0`
%strlen len3 'é'
db len, len2, len3
;=== substr
%substr s1 'hello' 1
%substr s2 'hello' 2,3
%substr s3 'hello' 2,-1
%substr s4 'hello' 2,-2
%substr s5 'hello' 9
%substr s6 'hello' 0,2
%substr s7 'xyzw' 4
db s1, s2, s3, s4, s6, s7
%ifidn s5,''
db 1
%endif
;=== strcat
%strcat s 'abc', "d'e", `\n`, 'x'
db s
%strlen n s
db n
;=== defstr
%define who world
%defstr s hello who 1+2
db s
;=== deftok
%deftok t 'mov al, 5'
t
%deftok u "bl"
mov u, 3
;=== functions
db %strlen('abc'), %substr('hello',2,2), %strcat('a','b','c'), %str(a + b)
%define N 3
db %eval(N*4+1), %abs(-5), %count(a,b,c), %sel(2,10,20,30), %cond(1,7,8), %cond(0,7,8), %num(255,4,16)
%tok('mov cl, 9')
db %is(1), %isdef(N), %isndef(N), %isidn(a,a), %isstr('x'), %isnum(5), %isid(x)
