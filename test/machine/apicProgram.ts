// What the guest programs about local APICs begin with: a flat FS in real mode, macros for the register pages, handlers that
// write the vector in service and the processor priority.

/** `get REGISTER` reads the local APIC into EAX, `put REGISTER, VALUE` writes it; `io_get`, `io_put` the I/O APIC. */
export const APIC_SET_UP = `
%macro get 1
  mov ebx, 0xfee00000 + %1
  mov eax, [fs:ebx]
%endmacro
%macro put 2
  mov eax, %2
  mov ebx, 0xfee00000 + %1
  mov [fs:ebx], eax
%endmacro
%macro show 2
  name %1
  get %2
  call hex32
  call newline
%endmacro
%macro io_put 2
  mov ebx, 0xfec00000
  mov dword [fs:ebx], %1
  mov dword [fs:ebx + 16], %2
%endmacro
%macro io_show 2
  name %1
  mov ebx, 0xfec00000
  mov dword [fs:ebx], %2
  mov eax, [fs:ebx + 16]
  call hex32
  call newline
%endmacro
%macro vector 2
  mov word [%1 * 4], %2
  mov word [%1 * 4 + 2], 0
%endmacro
  cli
  lgdt [gdtr]
  mov eax, cr0
  or al, 1
  mov cr0, eax
  mov bx, 8
  mov fs, bx
  and al, 0xfe
  mov cr0, eax
  jmp begin
gdtr: dw 15
  dd gdt
gdt: dq 0, 0x00cf92000000ffff
; A handler writes the vector that is in service, then ends it.
%macro handler 1
on_%1:
  push eax
  push ebx
  inc byte [taken]
  name '<'
  mov al, 0x%1
  call hex8
  get 0xa0                  ; processor priority
  call hex8
  put 0xb0, 0
  name '>'
  pop ebx
  pop eax
  iret
%endmacro
taken: db 0
handler 41
handler 55
handler 62
handler 70
on_63:                      ; the clock's
  push ax
  mov al, 0x0c
  out 0x70, al
  in al, 0x71
  pop ax
  jmp on_62
begin:
  vector 0x41, on_41
  vector 0x55, on_55
  vector 0x62, on_62
  vector 0x63, on_63
  vector 0x70, on_70
`;
