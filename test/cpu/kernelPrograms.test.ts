// Cases that test programs for whole machines showed, each as a small kernel that ends with 0 when all is right.
import assert from 'node:assert/strict';
import { run32, run64 } from './kernelGuest';

describe('Kernel programs', () => {
  it('repeated comparisons stop at the first difference also when nobody reads the flags', () => {
    const body = (a: string, wide: string): string => `
  mov ${a}cx, 16
  mov ${a}si, 0x120000
  mov ${a}di, 0x120100
  mov byte [${a}si + 5], 1
  mov byte [${a}di + 5], 2
  or eax, 1               ; ZF clear, which must not matter
  repe cmpsb
  xor eax, eax
  cmp ecx, 10
  jne .bad
  mov ecx, 4
  mov ${a}di, 0x120200
  mov dword [${a}di + 8], 7
  mov ${a}ax, 7
  test ecx, ecx
  repne ${wide}
  xor eax, eax
  cmp ecx, 1
  jne .bad
  ok
.bad:
  bad 1
`;
    assert.equal(run32(body('e', 'scasd')), 0);
    assert.equal(run64(body('r', 'scasd')), 0);
  });

  it('CLAC and STAC change EFLAGS.AC, which opens pages of ring 3 under SMAP', () => {
    assert.equal(
      run64(
        `
  gate 14, fault
  and dword [0x202000], ~4
  mov rax, cr4
  or eax, 0x200000
  mov cr4, rax
  stac
  mov eax, [0x400000]
  pushfq
  pop rax
  bt eax, 18
  jnc wrong
  clac
  mov eax, [0x400000]
  jmp wrong
fault:
  ok
wrong:
  bad 1
`,
      ),
      0,
    );
    assert.equal(
      run64(`
  gate 6, refused
  push 0x23
  push 0x160000
  push 2
  push 0x2b
  push user
  iretq
user:
  stac
refused:
  test byte [rsp + 8], 3
  jz wrong
  ok
wrong:
  bad 1
`),
      0,
    );
  });

  it('a return to ring 3 that takes GS away leaves its base to 64-bit code', () => {
    assert.equal(
      run64(`
  gate 0x40, back
  mov ax, 0x10
  mov gs, ax
  mov ecx, 0xc0000101
  mov eax, 0x100000
  xor edx, edx
  wrmsr
  mov qword [0x140008], 0x1234
  push 0x23
  push 0x160000
  push 2
  push 0x2b
  push user
  iretq
user:
  mov rax, [gs:0x40008]
  int 0x40
back:
  cmp rax, 0x1234
  jne wrong
  ok
wrong:
  bad 1
`),
      0,
    );
  });

  it('an instruction breakpoint just after a load of SS does not act', () => {
    const body = `
  gate 1, trap
  mov RA, next
  mov dr0, RA
  mov RA, 0x402
  mov dr7, RA
  mov ax, ss
  mov ss, ax
next:
  nop
  mov RA, other
  mov dr0, RA
other:
  jmp wrong
trap:
  cmp QW [RS], other
  jne wrong
  ok
wrong:
  bad 1
`;
    assert.equal(run64(body.replaceAll('RA', 'rax').replace('QW', 'qword').replaceAll('RS', 'rsp')), 0);
  });

  it('a software interrupt in the shadow of STI comes before the interrupt that waits', () => {
    assert.equal(
      run64(`
  mov dword [0x200ff8], 0x201007
  mov dword [0x201ff8], 0x202007  ; the same memory at the end of the address space
  gate 0x21, 0xc0000000 + software
  gate 0x20, 0xc0000000 + hardware
  or dword [0x4008 + 0x210], -1
  or dword [0x4008 + 0x200], -1
  mov rbx, 0xfee00000
  mov dword [rbx + 0xf0], 0x1ff
  xor ecx, ecx
  int 0x21                          ; known code, then
  mov dword [rbx + 0x300], 0x44020
  sti
  nop
  nop
  cli
  mov dword [rbx + 0x300], 0x44020  ; to itself
  mov ecx, 100
.wait:
  pause
  loop .wait
  xor ecx, ecx
  sti
  int 0x21
  cli
  cmp ecx, 2
  jne wrong
  ok
software:
  lea rdx, [rel software]
  shr rdx, 32
  cmp edx, -1
  jne wrong
  cmp ecx, 0
  jne wrong
  mov ecx, 1
  iretq
hardware:
  cmp ecx, 1
  jne wrong
  mov ecx, 2
  mov dword [rbx + 0xb0], 0
  iretq
wrong:
  bad 1
`),
      0,
    );
  });

  it('a local APIC that is switched off is not announced and leaves its page to the bus', () => {
    assert.equal(
      run64(`
  mov ebx, 0xfee00000
  cmp dword [rbx + 0x30], 0x50014
  jne wrong
  mov ecx, 0x1b
  rdmsr
  and ah, ~8
  wrmsr
  cmp dword [rbx + 0x30], -1
  jne wrong
  mov dword [rbx + 0x80], 0x20
  mov eax, 1
  cpuid
  bt edx, 9
  jc wrong
  mov ecx, 0x1b
  rdmsr
  or ah, 8
  wrmsr
  mov eax, 1
  cpuid
  bt edx, 9
  jnc wrong
  mov ebx, 0xfee00000
  cmp dword [rbx + 0x80], 0
  jne wrong
  ok
wrong:
  bad 1
`),
      0,
    );
  });

  it('IA32_MISC_ENABLE limits CPUID and takes the execute-disable bit away', () => {
    assert.equal(
      run32(`
  mov ecx, 0x1a0
  rdmsr
  mov esi, eax
  or eax, 1 << 22
  wrmsr
  xor eax, eax
  cpuid
  cmp eax, 3
  jne .wrong
  mov ecx, 0x1a0
  mov eax, esi
  mov edx, 4
  wrmsr
  mov eax, 0x80000001
  cpuid
  bt edx, 20
  jc .wrong
  mov ecx, 0x1a0
  mov eax, esi
  xor edx, edx
  wrmsr
  mov eax, 0x80000001
  cpuid
  bt edx, 20
  jnc .wrong
  ok
.wrong:
  bad 1
`),
      0,
    );
  });
});
