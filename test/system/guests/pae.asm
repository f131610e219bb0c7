; Paging in 32-bit code beyond 4 KB pages: PSE with PSE-36, then PAE: the page-directory-pointer registers and when they are checked,
; reserved bits, execute-disable, large pages, global pages.
%define WIDE 32
%include "kernel.inc"
%define POINTERS 0x25000
%define OTHERS 0x25040        ; pointers with something wrong
%define DIRECTORY 0x26000
%define TABLE 0x27000
%define HIGH 0x28000
%define ENTRY(page) (TABLE + ((page) >> 12) * 8)
%macro reload 0
  mov eax, cr3
  mov cr3, eax
%endmacro
%macro efer_nx 1
  mov ecx, 0xc0000080
  rdmsr
  and eax, ~0x800
  or eax, %1
  wrmsr
%endmacro
main:
  mov byte [0x59000], 0xc3
  ; a 4 MB page at 400000
  case 'pse'
  mov dword [PML4 + 4], 0x87
  mov eax, [0x400000 + gdt + 8]
  endcase
  case 'pse-reserved'
  mov dword [PML4 + 4], 0x200087
  reload
  mov eax, [0x400000]
  endcase
  case 'pse-36'               ; 4 GB: nothing of what is at 0
  mov dword [PML4 + 4], 0x2087
  reload
  mov dword [0x50000], 0x11111111
  mov dword [0x450000], 0x22222222
  mov eax, [0x50000]
  endcase
  case 'pse-off'              ; then the entry is one of a table
  mov dword [PML4 + 4], PT + 0x87
  mov eax, cr4
  and eax, ~0x10
  mov cr4, eax
  mov eax, [0x450000]
  endcase
  mov dword [PML4 + 4], 0
  ; PAE
  mov edi, POINTERS
  mov ecx, 0x4000 / 4
  xor eax, eax
  rep stosd
  mov dword [POINTERS], DIRECTORY + 1
  mov dword [POINTERS + 24], HIGH + 1
  mov dword [DIRECTORY], TABLE + 7
  mov dword [DIRECTORY + 8], 0x87         ; 200000 is 0 once more
  mov edi, TABLE
  mov eax, 7
.pages:
  mov [edi], eax
  add edi, 8
  add eax, 0x1000
  cmp eax, 0x200000
  jb .pages
  mov edi, HIGH
  mov eax, 0xc0000087
.high:
  mov [edi], eax
  add edi, 8
  add eax, 0x200000
  cmp eax, 0x87
  jne .high
  mov eax, cr0
  and eax, 0x7fffffff
  mov cr0, eax
  mov eax, cr4
  or eax, 0x20
  mov cr4, eax
  mov eax, POINTERS
  mov cr3, eax
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  case 'pae'
  mov eax, cr4
  and eax, 0x30
  endcase
%macro others 3               ; name, low and high half of an entry
  case %1
  mov dword [OTHERS + 8], %2
  mov dword [OTHERS + 12], %3
  mov eax, OTHERS
  mov cr3, eax
  mov eax, POINTERS
  mov cr3, eax
  endcase
%endmacro
  mov eax, [POINTERS]
  mov [OTHERS], eax
  mov eax, [POINTERS + 24]
  mov [OTHERS + 24], eax
  others 'pointer-bit-1', DIRECTORY + 3, 0
  others 'pointer-bit-2', DIRECTORY + 5, 0
  others 'pointer-bit-5', DIRECTORY + 0x21, 0
  others 'pointer-bit-8', DIRECTORY + 0x101, 0
  others 'pointer-bit-9', DIRECTORY + 0x201, 0
  others 'pointer-bit-63', DIRECTORY + 1, 0x80000000
  others 'pointer-bit-52', DIRECTORY + 1, 0x00100000
  others 'pointer-absent', DIRECTORY + 0x1e6, 0xffffffff
  others 'pointer-good', DIRECTORY + 1, 0
  case 'pointer-missing'
  mov eax, [0x40001234]
  endcase
  case 'pointer-not-loaded'   ; memory changed, the register did not
  mov dword [POINTERS + 8], DIRECTORY + 1
  mov eax, [0x40050000]
  endcase
  case 'pointer-loaded'
  reload
  mov dword [0x50000], 0x12345678
  mov eax, [0x40050000]
  endcase
  case 'pointer-checked-by-cr4'
  mov dword [POINTERS + 8], DIRECTORY + 3
  mov eax, cr4
  xor eax, 0x80
  mov cr4, eax
  endcase
  mov dword [POINTERS + 8], 0
  reload
  case 'large'
  mov eax, [0x250000]
  endcase
  case 'large-bit-13'
  mov dword [DIRECTORY + 8], 0x2087
  reload
  mov eax, [0x250000]
  endcase
  mov dword [DIRECTORY + 8], 0x87
  reload
%macro entry_case 3           ; name, low and high half of the entry of 5A000; then a read
  case %1
  mov dword [ENTRY(0x5a000)], %2
  mov dword [ENTRY(0x5a000) + 4], %3
  invlpg [0x5a000]
  mov eax, [0x5a000]
  mov eax, [ENTRY(0x5a000)]
  endcase
%endmacro
  entry_case 'accessed', 0x50007, 0
  entry_case 'absent', 0x50006, 0
  entry_case 'bit-52', 0x50007, 0x00100000
  entry_case 'bit-62', 0x50007, 0x40000000
  efer_nx 0
  entry_case 'bit-63-without-nxe', 0x50007, 0x80000000
  efer_nx 0x800
  entry_case 'bit-63-data', 0x50007, 0x80000000
  case 'nx-fetch'
  mov dword [ENTRY(0x5a000)], 0x59007
  invlpg [0x5a000]
  mov eax, 0x5a000
  call eax
  endcase
  case 'nx-fetch-user'
  user
  mov eax, 0x5a000
  call eax
  kernel
  endcase
  case 'nx-off-again'
  efer_nx 0
  mov dword [ENTRY(0x5a000) + 4], 0
  invlpg [0x5a000]
  mov eax, 0x5a000
  call eax
  xor eax, eax
  endcase
  case 'directory-nx'
  efer_nx 0x800
  mov dword [DIRECTORY + 12], 0x80000000
  reload
  mov eax, 0x259000
  call eax
  endcase
  case 'directory-nx-reads'
  mov eax, [0x250000]
  mov dword [DIRECTORY + 12], 0
  reload
  endcase
  case 'read-only'
  mov dword [ENTRY(0x5a000)], 0x50005
  invlpg [0x5a000]
  mov [0x5a000], eax
  endcase
  case 'supervisor'
  mov dword [ENTRY(0x5a000)], 0x50003
  invlpg [0x5a000]
  user
  mov eax, [0x5a000]
  kernel
  endcase
  case 'dirty'
  mov [0x5a000], eax
  mov eax, [ENTRY(0x5a000)]
  endcase
  ; global pages: the translation stays when CR3 is loaded, unless it is the last thing that is there
  case 'not-global'
  mov eax, cr4
  or eax, 0x80
  mov cr4, eax
  mov dword [0x50000], 0x50505050
  mov dword [0x51000], 0x51515151
  mov dword [ENTRY(0x5a000)], 0x50007
  invlpg [0x5a000]
  mov ecx, [0x5a000]
  mov dword [ENTRY(0x5a000)], 0x51007
  reload
  mov eax, [0x5a000]
  endcase
  case 'global-invlpg'
  mov dword [ENTRY(0x5a000)], 0x50107
  invlpg [0x5a000]
  mov ecx, [0x5a000]
  mov dword [ENTRY(0x5a000)], 0x51107
  reload
  invlpg [0x5a000]
  mov eax, [0x5a000]
  endcase
  case 'global-cr4'
  mov dword [ENTRY(0x5a000)], 0x50107
  mov eax, cr4
  and eax, ~0x80
  mov cr4, eax
  mov eax, [0x5a000]
  endcase
  ret
%include "end.inc"
