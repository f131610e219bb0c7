// Interrupts, returns and segment loads that run inline from what was remembered give the same as the routines, which are
// asked every time when everything is forgotten before each instruction; also when tables change under the memory of them.
import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { FlatGuest } from './flatGuest';
import { PAGED } from './pagedGuest';

const PROTECTED = `
CODE0 equ 8
DATA0 equ 16
CODE3 equ 27
DATA3 equ 35
TSS0 equ 40
OTHER3 equ 51      ; a data segment whose limit changes
OTHER0 equ 56
IDT equ 0x20000
IDT2 equ 0x21000
LOG equ 0x30000
%macro GATE 4      ; table, vector, handler, type
  mov eax, %3
  mov word [%1 + %2 * 8], ax
  mov word [%1 + %2 * 8 + 2], CODE0
  mov word [%1 + %2 * 8 + 4], %4
  shr eax, 16
  mov word [%1 + %2 * 8 + 6], ax
%endmacro
  lgdt [gdtr]
  jmp CODE0:start
start:
  mov ax, DATA0
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov esp, 0x60000
  GATE IDT, 0x80, handler, 0xee00
  GATE IDT, 0x81, inner, 0xef00
  GATE IDT, 0x20, timer, 0x8e00
  GATE IDT, 13, protection, 0x8e00
  GATE IDT2, 0x80, handler2, 0xee00
  GATE IDT2, 0x81, inner, 0xef00
  GATE IDT2, 0x20, timer, 0x8e00
  GATE IDT2, 13, protection, 0x8e00
  lidt [idtr]
  mov ax, TSS0
  ltr ax
  xor ebp, ebp
  push dword DATA3
  push dword 0x70000
  push dword 0x202
  push dword CODE3
  push dword user
  iretd
user:
  mov ax, DATA3
  mov ds, ax
  mov es, ax
  mov fs, ax
  mov ecx, 400
again:
  mov edx, ecx
  imul edx, edx, 0x9e3779b1
  add edx, ecx                  ; flags to be carried over
  int 0x80
  pushfd
  pop edx
  rol ebp, 5
  xor ebp, edx
  push es
  push ds
  pop es
  mov fs, [selectors + ebx * 2]
  mov gs, [selectors + ebx * 2 + 2]
  mov es, [selectors + ebx * 2 + 4]
  mov edx, fs
  add ebp, edx
  mov ebx, 0x40000             ; beyond the small limit
  es xlatb
  movzx eax, al
  add ebp, eax
  pop es
  test cl, 1
  jz even
  int 0x81
even:
  dec ecx
  jnz again
  xor eax, eax
  dec eax
  int 0x81
  jmp $
selectors: dw DATA3, 0, OTHER3, DATA3, OTHER3, 3, DATA3, DATA3, 0, DATA3, DATA3

handler2:
  add ebp, 0x1111
handler:
  push ds
  push es
  push eax
  mov eax, DATA0
  mov ds, eax
  mov es, eax
  mov [LOG + ecx * 4], esp
  test cl, 64                   ; quiet for a while, so that what is remembered is used
  jz .quiet
  mov eax, ecx
  and eax, 15
  call [actions + eax * 4]
.quiet:
  mov ebx, ecx
  and ebx, 7
  pop eax
  pop es
  pop ds
  iretd
actions: dd none, offset2, stack, trapgate, limit, none, tables, flags, iopl, same, none, accessed, otherstack, dpl, none, none
none:
  ret
offset2:
  test cl, 32
  mov eax, handler
  jz .set
  mov eax, handler2
.set:
  mov [IDT + 0x80 * 8], ax
  ret
stack:
  xor dword [tss + 4], 0x800
  ret
otherstack:
  xor dword [tss + 8], DATA0 ^ OTHER0
  ret
trapgate:
  xor byte [IDT + 0x80 * 8 + 5], 1
  ret
limit:
  mov byte [other + 6], 0x40     ; 64 KB
  test cl, cl
  jns .small
  mov byte [other + 6], 0xcf     ; 4 GB
.small:
  ret
tables:
  test cl, 64
  jz .first
  lidt [idtr2]
  ret
.first:
  lidt [idtr]
  ret
flags:                           ; DF and NT in the image, TF never
  xor dword [esp + 24], 0x400
  ret
iopl:
  xor dword [esp + 24], 0x3000
  pushfd
  or dword [esp], 0x1000
  popfd
  cli
  sti
  nop
  cli
  ret
same:
  int 0x81
  ret
accessed:
  and byte [data3 + 5], 0xfe     ; the processor sets it again
  ret
dpl:
  xor byte [IDT + 0x81 * 8 + 5], 0x60
  ret

inner:                           ; from ring 3 or ring 0
  cmp eax, -1
  je .end
  lea ebp, [ebp + esi + 3]
  iretd
.end:
  hlt
timer:
  inc esi
  iretd
protection:                      ; skips INT 0x81 or the access beyond the limit
  add esp, 4
  add dword [esp], 2
  add ebp, 0x10001
  iretd

align 8
gdt: dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff
data3: dq 0x00cff2000000ffff
  dw 0x67, tss
  db 0, 0x89, 0, 0
other: dq 0x00cff2000000ffff
  dq 0x00cf92000000ffff
gdtr: dw $ - gdt - 1
  dd gdt
idtr: dw 0x7ff
  dd IDT
idtr2: dw 0x7ff
  dd IDT2
align 4
tss: dd 0, 0x60000, DATA0
  times 22 dd 0
  dd 0x680000
`;

const REAL = `
  xor ax, ax
  mov word [0x80 * 4], handler
  mov [0x80 * 4 + 2], ax
  mov word [0x81 * 4], far_away
  mov word [0x81 * 4 + 2], 0x10
  mov word [0x20 * 4], timer
  mov [0x20 * 4 + 2], ax
  mov cx, 600
again:
  mov bx, cx
  imul bx, 0x6d2b
  add bx, cx
  int 0x80
  pushf
  pop dx
  rol bp, 3
  xor bp, dx
  mov es, bx
  mov fs, bp
  push fs
  pop gs
  mov [es:bp], cx
  mov ax, gs
  add bp, ax
  xor ax, ax
  mov es, ax
  test cl, 3
  jnz .near
  int 0x81
.near:
  call 0:procedure
  sti
  nop
  std
  cli
  pushf
  xor word [esp], 0x8d5
  popf
  jmp 0:.next
.next:
  cld
  dec cx
  jnz again
  hlt
handler:
  add bp, sp
  iret
far_away equ elsewhere - 0x100
elsewhere:
  inc bp
  iret
timer:
  inc si
  iret
procedure:
  push bp
  mov bp, sp
  add bx, [bp + 2]
  pop bp
  retf 
`;

interface Interrupting {
  intr: boolean;
  bus: { acknowledge(): number };
}

/** Runs to HLT with an interrupt every `period` instructions; `uncached` forgets everything before each instruction. */
function run(source: string, bits: 16 | 32, uncached: boolean, slice: number): unknown {
  const guest = new FlatGuest(source, bits);
  const { engine } = guest;
  const cpu = engine.cpu as unknown as Interrupting;
  cpu.bus.acknowledge = () => {
    cpu.intr = false;
    return 0x20;
  };
  engine.cpu.transitions.watched = false;
  engine.quietFaults = !uncached;
  engine.cpu.i32[L.PF_INDEX >> 2] = -1;
  const period = 101;
  let why = 'limit';
  for (let next = period; why !== 'halted'; next += period) {
    while (engine.icount < next && why !== 'halted') {
      if (uncached) engine.flushAll();
      why = engine.run(uncached ? 1 : Math.min(slice, next - engine.icount));
      assert.ok(
        why === 'limit' || why === 'halted' || why === 'attention',
        `${why} at ${engine.cpu.eip.toString(16)} ${JSON.stringify(engine.cpu.shutdownCause)} ${engine.icount}`,
      );
      assert.ok(engine.icount < 100_000, `no end: EIP ${engine.cpu.eip.toString(16)}`);
    }
    cpu.intr = true;
  }
  const log = engine.cpu.transitions;
  const transitions = Array.from({ length: log.count }, (_, index) => log.get(index));
  const inline = engine.cpu.i32[L.PF_INDEX >> 2];
  if (source === PAGED && slice > 100) assert.ok(inline > 1000, `page faults were delivered inline up to ${inline}`);
  return { state: guest.summary(), transitions };
}

describe('inline system instructions', () => {
  it('hold interrupts off for one instruction after STI', () => {
    const guest = new FlatGuest('lidt [idtr]\nsti\nnop\nnop\nhlt\nidtr: dw 0\ndd 0');
    const { engine } = guest;
    engine.run(2);
    engine.cpu.intr = true;
    const before = engine.cpu.eip;
    engine.run(1);
    assert.equal(engine.cpu.eip, before + 1, 'the NOP after STI');
    assert.equal(engine.run(1), 'shutdown', 'the interrupt, without a table');
  });

  for (const [name, source, bits] of [
    ['flat protected mode', PROTECTED, 32],
    ['paged protected mode', PAGED, 32],
    ['real mode', REAL, 16],
  ] as const) {
    it(`do in ${name} what the routines do, whatever changes under them`, function () {
      this.timeout(120_000);
      const expected = run(source, bits, true, 1) as { transitions: unknown[]; state: { icount: number } };
      assert.ok(expected.transitions.length > 500, `${expected.transitions.length} transitions`);
      for (const slice of [1, 13, 1000]) {
        const got = run(source, bits, false, slice) as typeof expected;
        got.transitions.forEach((transition, i) =>
          assert.deepEqual(transition, expected.transitions[i], `slice ${slice}`),
        );
        assert.deepEqual(got.state, expected.state, `slices of ${slice}`);
      }
    });
  }
});
