import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bootSector, DebugGuest } from './support/debugGuest';

const sample = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, `../../samples/${name}/boot.asm`), 'utf8');

describe('call stack', () => {
  it('needs no frame pointer', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        call a
        cli
        hlt
a:      push ax
        push bx
        call b
        pop bx
        pop ax
        ret
b:      pusha
        pushf
        sub sp, 6
        call c
        add sp, 6
        popf
        popa
        ret
c:      push 0x1234
stop:   nop
        add sp, 2
        ret
`),
    );
    g.runTo('stop');
    assert.deepEqual(g.stack, ['stop', 'b+0x7', 'a+0x4', 'start+0xd']);
  });

  it('follows frames with BP, LEAVE and RET n', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        push 1
        push 2
        call a
        cli
        hlt
a:      enter 16, 0
        push 7
        call b
        leave
        ret 4
b:      push bp
        mov bp, sp
        sub sp, 8
        and sp, 0xfff0
stop:   nop
        mov sp, bp
        pop bp
        ret 2
`),
    );
    g.runTo('stop');
    assert.deepEqual(g.stack, ['stop', 'a+0x8', 'start+0x11']);
  });

  it('ends where the code loops for ever', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        push word stop
        push word stop
stop:   jmp stop
`),
    );
    g.runTo('stop');
    assert.deepEqual(g.stack, ['stop']);
  });

  it('falls back to words that look like return addresses', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        call a
        cli
        hlt
a:      push ax
        mov bx, stop
        jmp bx
stop:   nop
        mov bx, leave_it
        jmp bx
leave_it: pop ax
        ret
`),
    );
    g.runTo('stop');
    assert.deepEqual(g.stack, ['stop', 'start+0xd']);
  });

  it('goes through far calls', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        call 0x7c0:far_one - 0x7c00
        cli
        hlt
far_one: nop
        retf
`),
    );
    g.runTo('far_one');
    assert.deepEqual(g.stack.length, 2);
    assert.equal(g.stack[1], 'start+0xf');
  });

  it('names interrupts in real mode', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov word [0x60 * 4], handler
        mov word [0x60 * 4 + 2], cs
        int 0x60
        cli
        hlt
handler: nop
        call inner
        iret
inner:  ret
`),
    );
    g.runTo('inner');
    assert.deepEqual(g.stack, ['inner', 'handler+0x3', '— int 0x60 —', 'start+0x16']);
  });

  it('names the hardware interrupt that a key makes', async () => {
    const g = await DebugGuest.boot(sample('keyboard'));
    g.runTo('start.idle');
    g.guest.sendKey('KeyA', true);
    g.runTo('irq1');
    assert.match(g.stack.join(' | '), /^irq1 \| — interrupt 0x09 — \| start\.idle/);
  });

  it('crosses rings, by interrupt, gate and fault', async () => {
    const g = await DebugGuest.boot(sample('rings'));
    g.runTo('user');
    g.runTo('print');
    assert.deepEqual(g.stack, ['print', 'system_call.print+0x4', '— int 0x80, ring 3 → ring 0 —', 'user+0x8']);
    g.runTo('system_call.count');
    assert.deepEqual(g.stack, [
      'system_call.count',
      '— int 0x80, ring 1 → ring 0 —',
      'service+0xa',
      '— call gate 0040, ring 3 → ring 1 —',
      'user+0x11',
    ]);
    g.runTo('print');
    assert.deepEqual(g.stack, [
      'print',
      'general_protection+0x13',
      '— #GP general protection, ring 3 → ring 0 —',
      'user+0x17',
    ]);
    const outer = g.debug.stack()[2]!;
    assert.deepEqual([outer.cpl, outer.ss.selector, outer.sp], [3, 0x33, 0xa000]);
  });

  it('gives outer frames their own registers', async () => {
    const g = await DebugGuest.boot(sample('rings'));
    g.runTo('user');
    g.runTo('system_call.count');
    const frames = g.debug.stack();
    const user = frames.length - 1;
    const value = (name: string): bigint => {
      const result = g.debug.evaluate(name, user, true);
      assert.ok(result.ok);
      return result.value.value;
    };
    assert.equal(value('cs'), 0x2bn);
    assert.equal(value('eip'), 0x9012n);
    assert.equal(value('ss'), 0x33n);
    assert.equal(value('esp'), 0xa000n, 'once the service has returned');
  });

  it('crosses from v8086 mode into its monitor', async () => {
    const g = await DebugGuest.boot(`        bits 16
        org 0x7c00
start:  xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7c00
        cli
        lgdt [gdtr]
        lidt [idtr]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp 8:flat
        bits 32
flat:   mov ax, 0x10
        mov ds, ax
        mov ss, ax
        mov esp, 0x6000
        mov ax, 0x18
        ltr ax
        push dword 0            ; GS, FS, DS, ES
        push dword 0
        push dword 0
        push dword 0
        push dword 0            ; SS
        push dword 0x5000       ; ESP
        push dword 0x23002      ; EFLAGS: VM, IOPL 3
        push dword 0x7c0        ; CS
        push dword virtual - 0x7c00
        iret
handler: push eax
        call inner
        pop eax
        iret
inner:  nop
        ret
        bits 16
virtual: call nested
        jmp virtual
nested: int 0x20
        ret
        align 8
gdt:    dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
        dw 103, tss, 0x8900, 0
gdtr:   dw $ - gdt - 1
        dd gdt
idt:    times 0x20 dq 0
        dw handler, 8, 0xee00, 0
idtr:   dw $ - idt - 1
        dd idt
tss:    dd 0, 0x6800, 0x10
        times 510 - ($ - $$) db 0
        dw 0xaa55
`);
    g.runTo('inner');
    assert.deepEqual(g.stack, [
      'inner',
      'handler+0x5',
      '— int 0x20, v8086 mode → ring 0 —',
      'nested+0x1',
      'virtual+0x2',
    ]);
    const nested = g.debug.stack()[2]!;
    assert.deepEqual([nested.mode, nested.cs.base, nested.bits, nested.ss.selector], ['v8086', 0x7c00, 16, 0]);
    g.step('out');
    g.step('out');
    assert.equal(g.debug.labelText(g.debug.code.pc), 'nested+0x2');
    assert.equal(g.guest.target.mode, 'v8086');
    g.step('out');
    assert.equal(g.here, 'jmp virtual');
  });

  it('is empty of nonsense in the firmware, and leads back to the program', async () => {
    const g = await DebugGuest.boot(sample('hello'));
    g.runTo('putc');
    g.step('over');
    g.step('over');
    assert.equal(g.here, 'int 0x10');
    g.step('in', 'instruction');
    assert.match(g.stack.join(' | '), /^f000:[0-9a-f]+ \| — int 0x10 — \| putc\+0x6 \| start\.next\+0x7$/);
  });

  it('ends at once on a stack that leads nowhere', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov sp, 2
stop:   ret
`),
    );
    g.runTo('stop');
    assert.ok(g.debug.stack().length >= 1);
  });
});
