;=== same_line_other_definition
; The same line again after its macros have become others.
%define VALUE 1
 db VALUE
 db VALUE
%define VALUE 2
 db VALUE
%undef VALUE
VALUE equ 3
 db VALUE
%assign VALUE 4
 db VALUE
%xdefine OTHER VALUE
 db OTHER
%assign VALUE 5
 db OTHER
 db VALUE

;=== same_condition_other_definition
%assign LEVEL 1
%if LEVEL > 1
 db 10
%else
 db 11
%endif
%assign LEVEL 2
%if LEVEL > 1
 db 10
%else
 db 11
%endif
%undef LEVEL
LEVEL equ 0
%if LEVEL > 1
 db 10
%else
 db 11
%endif

;=== same_line_other_place
%define HERE_LINE __?LINE?__
 dw HERE_LINE
 dw HERE_LINE
%define AT $-$$
 db AT
 db AT
%if $-$$ > 7
 db 1
%endif
%if $-$$ > 7
 db 1
%endif
%if $-$$ > 7
 db 1
%endif

;=== same_line_other_bits
%define WIDTH __?BITS?__
bits 16
 db WIDTH
bits 32
 db WIDTH

;=== same_line_other_aliases
%define TARGET 1
%defalias NICK TARGET
 db NICK
%define TARGET 2
 db NICK
%aliases off
%define NICK 7
 db NICK
%aliases on
 db NICK

;=== same_line_becomes_a_call
%define N bx
 inc N
 inc N
%macro inc 1
 db 0xff
 add %1, 1
%endmacro
 inc N
 inc N
%macro inc 1
 db 0xfe
 add %1, 1
%endmacro
 inc N
%unmacro inc 1
%unmacro inc 1
 inc N

;=== same_line_in_other_contexts
%push one
%define %$own 1
%define OWN %$own
 db OWN
%push two
%define %$own 2
 db OWN
%pop
 db OWN
%pop
