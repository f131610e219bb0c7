;=== radix
db 200, 0200, 0200d, 0d200, 0c8h, 0xc8, 0hc8, $0c8, 310q, 310o, 0o310, 0q310
db 11001000b, 1100_1000b, 0b1100_1000, 0y1100_1000, 11001000y, 200t, 0t200
;=== underscores
dd 1_000_000, 0x_dead_beef, 0b1_0_1
;=== suffix_case
db 0FFH, 0ffh, 10B, 17Q, 17O, 99D, 99T
;=== hex_looks_like_binary
db 0bh, 0b1h, 0dh, 0d1h
;=== large
dq 123456789012345678, 0xfedcba9876543210, 0fedcba9876543210h
;=== negative_data
db -1, -128, 255
dw -1, -32768, 65535
dd -1, -2147483648
dq -1
;=== float_32
dd 1.0, -1.0, 0.1, 3.14159265358979, 1e10, 1.5e-5, 1e38, 0.0, -0.0, 123456789.0
dd 1e-40, 1.17549435e-38, 3.4028234e38, 16777217.0, 0.30000001192092896
;=== float_64
dq 1.0, -1.0, 0.1, 3.14159265358979, 1e300, 1e-300, 2.2250738585072014e-308, 5e-324, 0.1e1, 1_000.5
;=== float_80
dt 1.0, -1.0, 0.1, 3.14159265358979, 1e4000, 1e-4000, 2.0, 0.0
;=== float_16
dw 1.0, -2.5, 65504.0, 0.1, 6.1e-5
;=== float_8
db 1.0, -0.5, 240.0
;=== float_128
do 1.0, -0.1, 1e100
;=== float_hex
dd 0x1p0, 0x1.8p1, 0x.8p0, 0x1.921fb6p1, 0b1.1p2, 0o1.4p1
dq 0x1.921fb54442d18p1, -0x1p-1022
;=== float_special
dd __Infinity__, -__Infinity__, __NaN__, __QNaN__, __SNaN__
dq __?Infinity?__, __?NaN?__, __?SNaN?__
dt __?Infinity?__, __?NaN?__
;=== float_functions
mov eax, __float32__(3.5)
dq __float64__(1.25), __?float32?__(-1.25)
dw __float16__(1.5), __?bfloat16?__(3.0)
dq __float80m__(1.5)
dw __float80e__(1.5)
;=== float_package
%use fp
dd float32(1.5), Inf, -Inf, NaN
bf16 1.0, 2.0
;=== float_rounding
float up
dd 0.1, -0.1
float down
dd 0.1, -0.1
float zero
dd 0.1, -0.1
float near
dd 0.1
float daz
dd 1e-40
float nodaz
dd 1e-40
float default
dd 0.1
;=== bcd
dt 12_345_678_901_245_678p, -12_345_678_901_245_678p, +0p33, 33p
;=== float_plus_sign
dd +1.5, - 2.5
;=== halfway decimal constants
 dd 1.1e10, 50.40e9
 dq 1.4e23, 50.48e21
 dt 1.2e28, 50.46e25
 dd 16777217.0, 0.1, 3.0e-20
 dq 9007199254740993.0, 5.0e-324, 0.0e5, 123456789012345678901234567890.5
