// Exceptions of 64-bit code in words: each check is made to fail in the kernel of samples/long-mode, and the debugger says why.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DebugGuest, FILE } from './support/debugGuest';

const SOURCE = readFileSync(path.resolve(import.meta.dirname, '../../samples/long-mode/boot.asm'), 'utf8');
const SMEP = 0x100000;
const SMAP = 0x200000;
const OSFXSR = 0x200;

interface Case {
  what: string;
  /** Executed in ring 0, in the upper half. */
  code: readonly number[];
  setup?: readonly string[];
  id: string;
  words: RegExp;
}

const CASES: readonly Case[] = [
  {
    what: 'a read at an address that is not canonical',
    code: [0x48, 0x8b, 0x00], // mov rax, [rax]
    setup: ['rax = 0x800000000000'],
    id: '#GP',
    words: /read of 8 bytes through DS is at 0x0000800000000000, whose bits 63 to 47 are not all equal/,
  },
  {
    what: 'an SSE store beyond 4 GB that is not aligned',
    code: [0x66, 0x0f, 0xe7, 0x00], // movntdq [rax], xmm0
    setup: [`cr4 = cr4 | ${OSFXSR}`, 'rax = 0x123456789001'],
    id: '#GP',
    words: /must lie at a multiple of 16; linear address 0x123456789001 is none/,
  },
  {
    what: 'a push where the stack pointer is not canonical',
    code: [0x50], // push rax
    setup: ['rsp = 0xffff7fffffffff00'],
    id: '#SS',
    words: /not canonical|bits 63 to 47/,
  },
  {
    what: 'a jump to an address that is not canonical',
    code: [0xff, 0xe0], // jmp rax
    setup: ['rax = 0x1000000000000'],
    id: '#GP',
    words: /not canonical/,
  },
  {
    what: 'ring 0 executing a user page under SMEP',
    code: [0xff, 0xe0],
    setup: [`cr4 = cr4 | ${SMEP}`, 'rax = 0x40000000'],
    id: '#PF',
    words: /user page, which CR4\.SMEP keeps ring 0 from executing \(PTE 0x9\d*5 at physical 0x15000\)/,
  },
  {
    what: 'ring 0 reading a user page under SMAP',
    code: [0x48, 0x8b, 0x00],
    setup: [`cr4 = cr4 | ${SMAP}`, 'rax = 0x40000000'],
    id: '#PF',
    words: /user page, which CR4\.SMAP keeps ring 0 from while EFLAGS\.AC is clear/,
  },
  {
    what: 'code on a page that may not be executed',
    code: [0xff, 0xe0],
    setup: ['rax = 0x40001000'],
    id: '#PF',
    words: /may not be executed \(bit 63, XD, of its PTE\) \(PTE 0x80000000000\d*1f00\d at physical 0x15008\)/,
  },
  {
    what: 'a reserved bit in a page-table entry',
    code: [0x48, 0x8b, 0x00],
    setup: ['qword [phys:0x15010] = 0x0008000000000001', 'rax = 0x40002000'],
    id: '#PF',
    words: /PTE 0x8000000000001 at physical 0x15010 has a reserved bit set/,
  },
  {
    what: 'a page that is not present, with the whole walk',
    code: [0x48, 0x8b, 0x00],
    setup: ['rax = 0x40003000'],
    id: '#PF',
    words: /PTE 0x0 at physical 0x15018 is not present[^]*pml4e = 0x11027[^]*pdpte = 0x14007[^]*pde = 0x15007/,
  },
  {
    what: 'SYSRET to an address that is not canonical',
    code: [0x48, 0x0f, 0x07],
    setup: ['rcx = 0x800000000000'],
    id: '#GP',
    words: /return address 0x0000800000000000 is not canonical/,
  },
  {
    what: 'IRETQ to an address that is not canonical',
    code: [0x48, 0xcf],
    setup: ['rsp = rsp - 64', 'qword [rsp] = 1 << 47', 'qword [rsp + 8] = 8', 'qword [rsp + 16] = 2', 'qword [rsp + 24] = rsp', 'qword [rsp + 32] = 0x10'], // prettier-ignore
    id: '#GP',
    words: /return address 0x0000800000000000 is not canonical/,
  },
  {
    what: 'IRETQ with NT set',
    code: [0x48, 0xcf],
    setup: ['nt = 1'],
    id: '#GP',
    words: /NT is set, and there are no task returns in long mode/,
  },
  {
    what: 'an aligned SSE access that is not aligned',
    code: [0x0f, 0x28, 0x00], // movaps xmm0, [rax]
    setup: [`cr4 = cr4 | ${OSFXSR}`, 'rax = rsp - 31'],
    id: '#GP',
    words: /must lie at a multiple of 16; linear address 0xffffffff8001ffe1 is none\./,
  },
  {
    what: 'a gate of the IDT that is none',
    code: [0xcd, 0x20], // int 0x20
    id: '#GP',
    words: /IDT entry of vector 0x20 is a reserved/,
  },
  {
    what: 'a gate to a code segment that is not 64-bit',
    code: [0xcd, 0x0d],
    setup: ['word [idt + 13 * 16 + 2] = 0x08', 'byte [gdt + 8 + 6] = 0xcf'],
    id: '#GP',
    words: /gate has to lead to 64-bit code \(L set, D clear\); the code segment of vector 13 is another kind/,
  },
  {
    what: 'a gate to an address that is not canonical',
    code: [0xcd, 0x0d],
    setup: ['dword [idt + 13 * 16 + 8] = 0x00008000'],
    id: '#GP',
    words: /gate of vector 13 leads to 0x00008000[0-9a-f]{8}, which is not canonical/,
  },
  {
    what: 'WRMSR with an address that is not canonical',
    code: [0x0f, 0x30],
    setup: ['ecx = 0xc0000082', 'edx = 0x8000', 'eax = 0'],
    id: '#GP',
    words: /IA32_LSTAR \(MSR 0xc0000082\) cannot have the value/,
  },
  {
    what: 'paging switched off in 64-bit code',
    code: [0x0f, 0x22, 0xc0], // mov cr0, rax
    setup: ['rax = 0x11'],
    id: '#GP',
    words: /64-bit code cannot switch paging off/,
  },
  {
    what: 'CR4.PAE cleared in long mode',
    code: [0x0f, 0x22, 0xe0], // mov cr4, rax
    setup: ['rax = 0'],
    id: '#GP',
    words: /CR4\.PAE cannot be cleared in long mode/,
  },
  {
    what: 'CR8 with more than four bits',
    code: [0x44, 0x0f, 0x22, 0xc0], // mov cr8, rax
    setup: ['rax = 16'],
    id: '#GP',
    words: /CR8 holds four bits/,
  },
];

describe('exceptions of 64-bit code in words', function () {
  this.timeout(30_000);

  for (const { what, code, setup = [], id, words } of CASES)
    it(what, async () => {
      const guest = await DebugGuest.boot(SOURCE);
      const { debug } = guest;
      debug.breakpoints.setSource(FILE, [{ line: guest.line('mov ecx, USER ') }]);
      debug.breakpointsChanged();
      assert.equal(guest.go().kind, 'breakpoint');
      code.forEach((byte, i) => assert.ok(debug.evaluate(`byte [rip + ${i}] = ${byte}`).ok));
      for (const text of setup) {
        const result = debug.evaluate(text);
        assert.ok(result.ok, result.ok ? '' : `${text}: ${result.error.message}`);
      }
      debug.setFilters({ exceptions: new Set(Array.from({ length: 32 }, (_, n) => n)) });
      const stop = guest.go();
      assert.equal(stop.kind, 'exception');
      const text = debug.exception()!;
      assert.equal(text.id, id, text.details);
      assert.match(text.details, words);
      assert.match(text.details, /Intel SDM vol\. \d/);
      assert.doesNotMatch(text.details, /undefined|NaN/);
    });

  it('a double fault by the two exceptions behind it, with the stack of its handler', async () => {
    const guest = await DebugGuest.boot(SOURCE);
    guest.debug.setFilters({ exceptions: new Set([8]) });
    assert.equal(guest.go().kind, 'exception');
    const { id, details } = guest.debug.exception()!;
    assert.equal(id, '#DF');
    assert.match(details, /^#DF double fault: #PF, and while it was being delivered #PF\.$/m);
    assert.match(details, /1\. #PF page fault\. Supervisor write at linear address 0xffffffffbffffff8: the PDE 0x0 at physical 0x12ff8 is not present/); // prettier-ignore
    assert.match(details, /2\. #PF page fault\. Supervisor write at linear address 0xffffffffbffff/);
    assert.match(
      details,
      /The handler's stack: TSS 0030: IST1; now 0010:ffffffff80020fd0, before 0010:ffffffffc0000000\./,
    );
    assert.match(details, /At 0xffffffff80007f3b: push rax/);
  });
});
