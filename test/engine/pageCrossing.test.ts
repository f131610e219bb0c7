// An instruction that lies in two pages is executed as the second page has it, whichever way control comes to it.
import assert from 'node:assert/strict';
import { FlatGuest } from './flatGuest';

/** `mov eax, imm32` with its last two bytes in the page behind 0x30000, which is 0x31000, 0x32000 or nowhere. */
const SETUP = `
DIRECTORY equ 0x80000
TABLE equ 0x81000
CROSSING equ 0x30ffd
SECOND equ 0x31000
IDT equ 0x20000
%macro MAP 1                    ; the second page
  mov dword [TABLE + (SECOND >> 12) * 4], %1
  invlpg [SECOND]
%endmacro
  mov dword [DIRECTORY], TABLE | 7
  mov eax, 7
  xor ebx, ebx
.map:
  mov [TABLE + ebx * 4], eax
  add eax, 0x1000
  inc ebx
  cmp ebx, 256
  jb .map
  lgdt [gdtr]
  jmp 8:reload
reload:
  mov ax, 16
  mov ds, ax
  mov es, ax
  mov ss, ax
  lidt [idtr]
  mov eax, 40
  ltr ax
  mov word [IDT + 14 * 8], fault
  mov dword [IDT + 14 * 8 + 2], 0x8e000008
  mov word [IDT + 0x80 * 8], service
  mov word [IDT + 0x80 * 8 + 2], 8
  mov dword [IDT + 0x80 * 8 + 4], 0xee00
  mov dword [CROSSING - 1], 0x1111b890   ; nop; mov eax, 0x....1111
  mov dword [SECOND], 0x90c32222         ; 0x22221111; ret
  mov dword [0x32000], 0x90c33333        ; 0x33331111; ret
  mov eax, DIRECTORY
  mov cr3, eax
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  mov edi, 0x10000
  jmp main
fault:
  mov eax, cr2
  add esp, 4
  MAP 0x31007
  mov [edi], eax
  add edi, 4
  iretd
align 8
gdt: dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff
  dw 0x67, tss
  db 0, 0x89, 0, 0
gdtr: dw $ - gdt - 1
  dd gdt
idtr: dw 0x7ff
  dd IDT
align 4
tss: dd 0, 0x60000, 16
  times 22 dd 0
  dd 0x680000
service:
  hlt
main:
`;

/** What the program stored from 0x10000 on. */
function stored(program: string, count: number): number[] {
  const guest = new FlatGuest(SETUP + program);
  guest.runToHalt();
  const words = new Uint32Array(guest.ram.slice(0x10000, 0x10000 + count * 4).buffer);
  return [...words];
}

/** Calls the place with the second page as it is. */
const call = (where: string): string => `
  call ${where}
  mov [edi], eax
  add edi, 4
`;

describe('an instruction in two pages', () => {
  for (const [how, where] of [
    ['a call', 'CROSSING'],
    ['the instruction before it', 'CROSSING - 1'],
  ] as const) {
    it(`is what its second page holds now, reached by ${how}`, () => {
      const to = (page: number): string => `MAP ${page | 7}${call(where)}`;
      const program = [0x31000, 0x32000, 0x31000, 0x32000, 0x31000].map(to).join('\n') + 'hlt';
      assert.deepEqual(stored(program, 5), [0x22221111, 0x33331111, 0x22221111, 0x33331111, 0x22221111]);
    });
    it(`faults when its second page is gone, reached by ${how}`, () => {
      const program = `${call(where)}\nMAP 0\n${call(where)}\nhlt`;
      assert.deepEqual(stored(program, 3), [0x22221111, 0x31000, 0x22221111]);
    });
    it(`faults in ring 3 when its second page is the kernel's, reached by ${how}`, () => {
      const user = `${call(where)}
  MAP 0x31003
${call(where)}
  push dword 35
  push dword 0x70000
  push dword 2
  push dword 27
  push dword user
  iretd
user:
  mov ax, 35
  mov ds, ax
  mov es, ax
${call(where)}
  int 0x80
`;
      assert.deepEqual(stored(user, 4), [0x22221111, 0x22221111, 0x31000, 0x22221111]);
    });
  }
  it('is what it is rewritten to, in either page and in both mappings', () => {
    const program = `
  mov ecx, 4
again:
  MAP 0x31007
${call('CROSSING - 1')}
  MAP 0x32007
${call('CROSSING - 1')}
  inc byte [0x32001]
  inc byte [0x30ffe]
  dec ecx
  jnz again
  hlt`;
    const expected = [0, 1, 2, 3].flatMap((n) => [0x22221111 + n, 0x33331111 + n + n * 0x1000000]);
    assert.deepEqual(stored(program, 8), expected);
  });
});
