import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bootSector, DebugGuest } from './support/debugGuest';

const RINGS = readFileSync(path.resolve(import.meta.dirname, '../../samples/rings/boot.asm'), 'utf8');

/** Lines visited by steps of one kind from a label on. */
async function trail(
  source: string,
  from: string,
  kind: 'in' | 'over',
  steps: number,
): Promise<(string | undefined)[]> {
  const g = await DebugGuest.boot(source);
  g.runTo(from);
  return Array.from({ length: steps }, () => {
    g.step(kind);
    return g.here;
  });
}

describe('step over', () => {
  it('runs calls through, also nested ones with the same return address on the stack', async () => {
    const source = bootSector(`        mov cx, 3
go:     call deep
after:  nop
        cli
        hlt
deep:   dec cx
        jz .end
        call deep
.end:   ret
`);
    assert.deepEqual(await trail(source, 'go', 'over', 2), ['after:  nop', 'cli']);
    const g = await DebugGuest.boot(source);
    g.runTo('deep');
    g.step('over');
    g.step('over');
    assert.equal(g.here, 'call deep');
    g.step('over');
    assert.equal(g.here, '.end:   ret');
    assert.equal(g.value('sp'), 0x7bfen, 'in the outermost call again');
  });

  it('runs interrupts of the firmware and of the program through', async () => {
    const source = bootSector(`        mov word [0x80 * 4], handler
        mov word [0x80 * 4 + 2], cs
go:     mov ax, 0x0e41
        int 0x10
        int 0x80
        nop
        cli
        hlt
handler: inc dx
        iret
`);
    assert.deepEqual(await trail(source, 'go', 'over', 3), ['int 0x10', 'int 0x80', 'nop']);
  });

  it('runs repeated string instructions through', async () => {
    const source = bootSector(`        cld
go:     mov cx, 1000
        mov di, 0x8000
        rep stosb
        nop
        cli
        hlt
`);
    assert.deepEqual(await trail(source, 'go', 'over', 3), ['mov di, 0x8000', 'rep stosb', 'nop']);
  });

  it('runs a LOOP to its end, or to where its body leaves it', async () => {
    const plain = bootSector(`        mov cx, 1000
go:     inc bx
        inc dx
        loop go
        nop
        cli
        hlt
`);
    assert.deepEqual(await trail(plain, 'go', 'over', 3), ['inc dx', 'loop go', 'nop']);
    const leaving = bootSector(`        mov cx, 1000
go:     inc bx
        cmp bx, 5
        je out_of
        loop go
        nop
out_of: cli
        hlt
`);
    const g = await DebugGuest.boot(leaving);
    g.runTo('go');
    g.debug.evaluate('bx = 0');
    for (let i = 0; i < 4; i++) g.step('over');
    assert.equal(g.here, 'out_of: cli');
    assert.equal(g.value('bx'), 5n);
  });

  it('goes past text that a called procedure skips', async () => {
    const source = bootSector(`go:     call print
        db 'inline', 0
        nop
        cli
        hlt
print:  pop si
.next:  lodsb
        test al, al
        jnz .next
        jmp si
`);
    assert.deepEqual(await trail(source, 'go', 'over', 2), ['nop', 'cli']);
  });

  it('takes a jump to its own line as a step', async () => {
    const source = bootSector('go:     jmp go\n');
    assert.deepEqual(await trail(source, 'go', 'over', 2), ['go:     jmp go', 'go:     jmp go']);
  });

  it('takes a macro call as one line', async () => {
    const source = bootSector(`%macro three 0
        inc ax
        inc bx
        inc cx
%endmacro
go:     three
        three
        cli
        hlt
`);
    assert.deepEqual(await trail(source, 'go', 'over', 2), ['three', 'cli']);
    const g = await DebugGuest.boot(source);
    g.runTo('go');
    g.step('over', 'instruction');
    assert.equal(g.here, 'go:     three', 'instruction by instruction, it is three');
  });

  it('follows jumps, returns and far transfers into another mode', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('start.here');
    const seen: string[] = [];
    for (let i = 0; i < 30 && !g.here!.startsWith('mov ax, KDATA'); i++) {
      g.step('over');
      seen.push(g.here!);
    }
    assert.ok(seen.includes('mov cr0, eax'), seen.join('\n'));
    assert.equal(seen.at(-1), 'mov ax, KDATA');
    assert.equal(g.guest.target.mode, 'protected32');
  });

  it('runs system calls and call gates through, back to the same ring', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    const seen: string[] = [];
    for (let i = 0; i < 6; i++) {
      g.step('over');
      seen.push(`${g.here} ${g.guest.target.cpl}`);
    }
    assert.deepEqual(seen, [
      'mov esi, text_user 3',
      'int 0x80 3',
      'push dword 2 3',
      'call GATE:0 3',
      'mov [result], eax 3',
      'cli 3',
    ]);
  });

  it('does not lose the way in an exception: it stops in the handler', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    while (g.here !== 'cli') g.step('over');
    g.step('over');
    assert.equal(g.here, 'push esi');
    assert.equal(g.debug.labelText(g.debug.code.pc), 'general_protection');
  });

  it('runs hardware interrupt handlers through that come in between', async () => {
    // IRQ 0 as fast as it can be: about one in a hundred instructions is interrupted.
    const g = await DebugGuest.boot(bootSector(`        cli
        mov word [8 * 4], tick
        mov word [8 * 4 + 2], cs
        mov al, 0x34
        out 0x43, al
        mov al, 2
        out 0x40, al
        xor al, al
        out 0x40, al
        xor bx, bx
        sti
go:     inc dx
        dec dx
        inc dx
        dec dx
        inc dx
        dec dx
        jmp go
tick:   push ax
        inc bx
        mov al, 0x20
        out 0x20, al
        pop ax
        iret
`), {}, { instructionsPerSecond: 10_000_000 }); // prettier-ignore
    g.runTo('go');
    for (let i = 0; i < 400; i++) {
      g.step(i % 2 ? 'in' : 'over', i % 3 ? 'line' : 'instruction');
      assert.match(g.here!, /^(go: +)?(inc dx|dec dx|jmp go)$/, `step ${i}`);
    }
    assert.ok(g.value('bx') > 3n, `${g.value('bx')} interrupts came`);
  });

  it('waits at HLT until the interrupt has been served', async () => {
    const source = bootSector(`        sti
go:     hlt
        nop
        cli
        hlt
`);
    assert.deepEqual(await trail(source, 'go', 'over', 2), ['nop', 'cli']);
  });

  it('stops at a breakpoint on the way', async () => {
    const g = await DebugGuest.boot(
      bootSector(`go:     call deep
        cli
        hlt
deep:   nop
        ret
`),
    );
    g.runTo('go');
    g.debug.breakpoints.setFunctions([{ name: 'deep' }], g.debug.context());
    g.debug.breakpointsChanged();
    const stop = g.step('over');
    assert.equal(stop.kind, 'breakpoint');
    assert.equal(g.here, 'deep:   nop');
  });
});

describe('step in', () => {
  it('enters calls, interrupts and gates that have source, and runs the firmware through', async () => {
    const source = bootSector(`        mov word [0x80 * 4], handler
        mov word [0x80 * 4 + 2], cs
go:     mov ax, 0x0e41
        int 0x10
        int 0x80
        call deep
        cli
        hlt
handler: inc dx
        iret
deep:   ret
`);
    assert.deepEqual(await trail(source, 'go', 'in', 7), [
      'int 0x10',
      'int 0x80',
      'handler: inc dx',
      'iret',
      'call deep',
      'deep:   ret',
      'cli',
    ]);
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    const rings: number[] = [];
    for (let i = 0; i < 5; i++) {
      g.step('in');
      rings.push(g.guest.target.cpl);
    }
    assert.deepEqual(rings, [3, 3, 0, 0, 0]);
  });

  it('goes into the firmware by instruction', async () => {
    const g = await DebugGuest.boot(bootSector('go:     int 0x10\n        cli\n        hlt\n'));
    g.runTo('go');
    g.step('in', 'instruction');
    assert.equal(g.value('cs'), 0xf000n);
    assert.equal(g.here, undefined);
    g.step('out');
    assert.equal(g.here, 'cli');
  });

  it('enters the handler that ends HLT', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov word [8 * 4], tick
        mov word [8 * 4 + 2], cs
        sti
go:     hlt
        cli
        hlt
tick:   push ax
        mov al, 0x20
        out 0x20, al
        pop ax
        iret
`),
    );
    g.runTo('go');
    g.step('in');
    assert.equal(g.here, 'tick:   push ax');
    assert.match(g.stack.join(' | '), /^tick \| — interrupt 0x08 — \| go\+0x1$/);
  });

  it('stops at the first instruction of the handler of a fault', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    while (g.here !== 'cli') g.step('over');
    g.step('in', 'instruction');
    assert.equal(g.here, 'push esi');
  });

  it('steps code without source by instruction', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov byte [0x9000], 0x40
        mov byte [0x9001], 0x43
        mov word [0x9002], 0xebfa
        mov byte [0x9004], 0xfe
go:     jmp 0:0x9000
`),
    );
    g.runTo('go');
    const before = g.value('ax');
    for (const expected of [0x9000, 0x9001, 0x9002]) {
      g.step('in');
      assert.equal(g.debug.code.pc, expected);
    }
    assert.equal(g.value('ax'), before + 1n);
  });
});

describe('step out', () => {
  it('returns to the caller, whatever is on the stack', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov ax, 5
go:     call deep
after:  cli
        hlt
deep:   push ax
        push bx
        sub sp, 20
inner:  nop
        add sp, 20
        pop bx
        pop ax
        ret
`),
    );
    g.runTo('inner');
    g.step('out');
    assert.equal(g.here, 'after:  cli');
  });

  it('returns from recursion to the right depth', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov cx, 5
        call deep
        cli
        hlt
deep:   dec cx
        jz .end
        call deep
        nop
.end:   ret
`),
    );
    g.runTo('deep');
    const sp = g.value('sp');
    g.step('in');
    g.step('in');
    g.step('in');
    assert.equal(g.value('sp'), sp - 2n);
    g.step('out');
    assert.equal(g.here, 'nop');
    assert.equal(g.value('sp'), sp);
  });

  it('returns from handlers across rings', async () => {
    const g = await DebugGuest.boot(RINGS);
    g.runTo('user');
    g.runTo('print');
    g.step('out');
    assert.equal(g.debug.labelText(g.debug.code.pc), 'system_call.print+0x5');
    g.step('out');
    assert.equal(g.debug.labelText(g.debug.code.pc), 'user+0x9');
    assert.equal(g.guest.target.cpl, 3);
    g.runTo('service');
    g.step('out');
    assert.equal(g.debug.labelText(g.debug.code.pc), 'user+0x12');
    g.runTo('general_protection');
    g.step('out');
    assert.equal(g.debug.labelText(g.debug.code.pc), 'user+0x18', 'the handler has skipped CLI');
  });

  it('says when there is nowhere to return to', async () => {
    const g = await DebugGuest.boot(bootSector('go:     nop\n.end:   jmp .end\n'));
    g.runTo('go');
    assert.match(g.debug.step('out', 'line')!, /no caller/);
  });
});

describe('stepping', () => {
  it('changes nothing for the guest, in whatever order one steps', async () => {
    const free = await DebugGuest.boot(RINGS);
    assert.equal(free.go().kind, 'halted');
    for (let seed = 1; seed <= 4; seed++) {
      const g = await DebugGuest.boot(RINGS);
      g.runTo('start');
      let random = seed;
      let stop: { kind: string } = { kind: 'step' };
      for (let steps = 0; stop.kind === 'step' && steps < 5000; steps++) {
        random = (random * 1103515245 + 12345) & 0x7fffffff;
        const kind = (['in', 'over', 'over', 'out'] as const)[(random >> 16) & 3]!;
        const granularity = (random >> 20) & 1 ? 'line' : 'instruction';
        if (g.debug.step(kind, granularity) !== undefined) g.debug.step('in', granularity);
        stop = g.wait();
      }
      assert.deepEqual([stop.kind, g.serial], ['halted', free.serial], `seed ${seed}`);
      assert.equal(g.guest.target.icount, free.guest.target.icount);
    }
  }).timeout(120_000);
});
