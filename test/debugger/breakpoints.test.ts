import assert from 'node:assert/strict';
import { conditionMistake } from '../../src/debugger/breakpoints/condition';
import { bootSector, DebugGuest, FILE } from './support/debugGuest';

const LOOP = bootSector(`        mov cx, 10
.next:  inc bx
        call twice
        loop .next
        cli
        hlt
twice:  add dx, 2
        ret
value:  dw 0
`);

const set = (g: DebugGuest, requests: Parameters<DebugGuest['debug']['breakpoints']['setSource']>[1]) => {
  const statuses = g.debug.breakpoints.setSource(FILE, requests);
  g.debug.breakpointsChanged();
  return statuses;
};

describe('breakpoints', () => {
  it('stop at a line, again and again, with what the guest had executed by then', async () => {
    const g = await DebugGuest.boot(LOOP);
    const [status] = set(g, [{ line: g.line('inc bx') }]);
    assert.deepEqual([status!.verified, status!.line], [true, g.line('inc bx')]);
    for (let i = 0; i < 10; i++) {
      const stop = g.go();
      assert.equal(stop.kind, 'breakpoint');
      assert.deepEqual([g.here, g.value('cx')], ['.next:  inc bx', BigInt(10 - i)]);
    }
    assert.equal(g.go().kind, 'halted');
  });

  it('are not in guest memory', async () => {
    const g = await DebugGuest.boot(LOOP);
    g.runTo('0x7c00');
    const before = g.guest.target.readLinear(0x7c00, 512);
    set(g, [{ line: g.line('inc bx') }]);
    g.go();
    assert.deepEqual(g.guest.target.readLinear(0x7c00, 512), before);
  });

  it('move to the next line with code, and say when there is none', async () => {
    const g = await DebugGuest.boot(`; a comment\n${LOOP}; the end\n`);
    const [comment, data, after] = set(g, [{ line: 1 }, { line: g.line('value:') }, { line: 1000 }]);
    assert.deepEqual([comment!.verified, comment!.line], [true, g.line('start:')]);
    assert.match(data!.message!, /data/);
    assert.deepEqual([after!.verified, after!.message], [false, 'there is no code on this line or after it']);
    const other = g.debug.breakpoints.setSource('/elsewhere/x.asm', [{ line: 1 }]);
    assert.match(other[0]!.message!, /not part of boot\.asm/);
  });

  it('count hits', async () => {
    for (const [hitCondition, wanted] of [
      ['3', [3, 4, 5, 6, 7, 8, 9, 10]],
      ['== 3', [3]],
      ['> 8', [9, 10]],
      ['% 4', [4, 8]],
      ['<= 2', [1, 2]],
      ['< 2', [1]],
    ] as const) {
      const g = await DebugGuest.boot(LOOP);
      set(g, [{ line: g.line('inc bx'), hitCondition }]);
      const hits: number[] = [];
      while (g.go().kind === 'breakpoint') hits.push(11 - Number(g.value('cx')));
      assert.deepEqual(hits, wanted, hitCondition);
    }
  });

  it('look at conditions, and combine them with hit counts', async () => {
    const g = await DebugGuest.boot(LOOP);
    set(g, [{ line: g.line('inc bx'), condition: 'cx % 3 == 0', hitCondition: '== 2' }]);
    assert.equal(g.go().kind, 'breakpoint');
    assert.equal(g.value('cx'), 6n);
    assert.equal(g.go().kind, 'halted');
  });

  it('stop when a condition cannot be evaluated, and say why', async () => {
    const g = await DebugGuest.boot(LOOP);
    set(g, [{ line: g.line('inc bx'), condition: 'nowhere == 1' }]);
    const stop = g.go();
    assert.ok(stop.kind === 'breakpoint');
    assert.match(stop.problem!, /`nowhere` is not a register/);
  });

  it('refuse conditions that are no expressions when they are set', async () => {
    assert.match(conditionMistake({ condition: 'ax +' })!, /condition: expected/);
    assert.match(conditionMistake({ hitCondition: 'often' })!, /hit count/);
    assert.match(conditionMistake({ hitCondition: '% 0' })!, /hit count/);
    assert.match(conditionMistake({ logMessage: 'x {1 +} y' })!, /log message/);
    const g = await DebugGuest.boot(LOOP);
    const [status] = set(g, [{ line: g.line('inc bx'), condition: '1 +' }]);
    assert.equal(status!.verified, false);
    assert.equal(g.go().kind, 'halted');
  });

  it('print log messages and go on', async () => {
    const g = await DebugGuest.boot(LOOP);
    set(g, [{ line: g.line('inc bx'), logMessage: 'cx is {cx}, {{braces}}, {nothing}', condition: 'cx > 8' }]);
    assert.equal(g.go().kind, 'halted');
    assert.deepEqual(g.logs, [
      'cx is 0x000a (10), {braces}, <`nothing` is not a register, a flag or a label of boot.asm>',
      'cx is 0x0009, {braces}, <`nothing` is not a register, a flag or a label of boot.asm>',
    ]);
  });

  it('stop at labels and addresses of every spelling', async () => {
    for (const name of ['twice', 'start.next', '0x7c0e', '0:0x7c0e', '07c0h:0eh', 'start+14']) {
      const g = await DebugGuest.boot(LOOP);
      const [status] = g.debug.breakpoints.setFunctions([{ name }], g.debug.context());
      g.debug.breakpointsChanged();
      assert.equal(status!.verified, true, `${name}: ${status!.message}`);
      const stop = g.go();
      assert.ok(stop.kind === 'breakpoint' && stop.hits[0]!.kind === 'function', name);
    }
    const g = await DebugGuest.boot(LOOP);
    const [bad] = g.debug.breakpoints.setFunctions([{ name: 'nobody' }], g.debug.context());
    assert.match(bad!.message!, /`nobody` is not/);
  });

  it('watch data', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov ax, [value]
        mov word [value], 5
        inc word [value + 2]
        cli
        hlt
value:  dw 1, 2
`),
    );
    const linear = Number(g.value('value'));
    g.debug.breakpoints.setData([{ linear, length: 2, access: 'write' }, { linear: linear + 2, length: 1, access: 'read' }]); // prettier-ignore
    g.debug.breakpointsChanged();
    const first = g.go();
    assert.ok(first.kind === 'watchpoint' && first.access === 'write', JSON.stringify(first));
    assert.equal(g.here, 'inc word [value + 2]');
    const second = g.go();
    assert.ok(second.kind === 'watchpoint' && second.access === 'read');
    assert.equal(g.here, 'cli');
    assert.equal(g.go().kind, 'halted');
  });

  it('watch data under a condition', async () => {
    const g = await DebugGuest.boot(
      bootSector(`        mov cx, 20
.next:  mov [value], cx
        loop .next
        cli
        hlt
value:  dw 1
`),
    );
    g.debug.breakpoints.setData([{ linear: Number(g.value('value')), length: 2, access: 'write', condition: 'word [value] == 7' }]); // prettier-ignore
    g.debug.breakpointsChanged();
    assert.equal(g.go().kind, 'watchpoint');
    assert.equal(g.value('cx'), 7n);
    assert.equal(g.go().kind, 'halted');
  });

  it('wait for code that is loaded later', async () => {
    const source = `${bootSector(`        mov ax, 0x0201
        mov cx, 2
        mov dh, 0
        mov bx, 0x7e00
        int 0x13
        jmp second
`)}second: mov ax, 0x1234
        cli
        hlt
        times 1024 - ($ - $$) db 0
`;
    const g = await DebugGuest.boot(source);
    const [status] = set(g, [{ line: g.line('second:') }]);
    assert.ok(status!.verified);
    assert.equal(g.go().kind, 'breakpoint');
    assert.equal(g.here, 'second: mov ax, 0x1234');
  });

  it('follow code to where a disk read puts it', async () => {
    // A kernel without origin, loaded at 2000:0000, as many loaders do it.
    const g = await DebugGuest.boot(`${bootSector(`        mov ax, 0x2000
        mov es, ax
        mov ax, 0x0201
        mov cx, 2
        mov dh, 0
        xor bx, bx
        int 0x13
        jmp 0x2000:0
`)}section kernel start=0x7e00 vstart=0
kernel: mov ax, cs
        mov ds, ax
        mov bx, [value]
        cli
        hlt
value:  dw 0x1234
`);
    const [line] = set(g, [{ line: g.line('mov bx, [value]') }]);
    g.debug.breakpoints.setFunctions([{ name: 'kernel' }], g.debug.context());
    g.debug.breakpointsChanged();
    assert.ok(line!.verified);
    assert.equal(g.go().kind, 'breakpoint');
    assert.deepEqual([g.here, g.debug.code.pc], ['kernel: mov ax, cs', 0x20000]);
    assert.equal(g.go().kind, 'breakpoint');
    assert.deepEqual(
      [g.here, g.value('word [value]'), g.value('[value + 1]') & 0xffn],
      ['mov bx, [value]', 0x1234n, 0x12n],
    );
    assert.equal(g.value('$'), 0x20004n);
    g.step('over');
    assert.deepEqual([g.here, g.value('bx')], ['cli', 0x1234n]);
  });

  it('ignore addresses that hold other code', async () => {
    // The label lies at 7C20 in the source, but something else is executed there first.
    const g = await DebugGuest.boot(
      `        bits 16
        org 0x8000
start:  cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov si, 0x7c00
        mov di, 0x8000
        mov cx, 256
        cld
        mov byte [0x8000], 0x90
        rep movsw
        jmp 0:there
there:  mov bx, 0x5555
        hlt
        times 510 - ($ - $$) db 0
        dw 0xaa55
`,
    );
    set(g, [{ line: g.line('there:') }]);
    assert.equal(g.go().kind, 'breakpoint');
    assert.equal(g.debug.code.pc >= 0x8000, true);
    assert.equal(g.value('cx'), 0n);
    assert.equal(g.go().kind, 'halted');
  });

  it('stop inside macros, at the call and in the body', async () => {
    const g = await DebugGuest.boot(
      bootSector(`%macro add3 2
        add %1, %2
        add %1, %2
        add %1, 0x11
%endmacro
        add3 ax, 1
        add3 bx, 2
        cli
        hlt
`),
    );
    set(g, [{ line: g.line('add3 bx') }]);
    assert.equal(g.go().kind, 'breakpoint');
    assert.deepEqual([g.value('ax'), g.value('bx') & 0xffn], [0x13n, g.value('bx') & 0xffn]);
    assert.equal(g.go().kind, 'halted');
    const inside = await DebugGuest.boot(g.source);
    set(inside, [{ line: inside.line('add %1, 0x11') }]);
    assert.equal(inside.go().kind, 'breakpoint');
    assert.equal(inside.value('ax'), 2n);
    assert.equal(inside.go().kind, 'breakpoint');
    assert.equal(inside.value('ax'), 0x13n);
    assert.equal(inside.go().kind, 'halted');
  });

  it('are taken over by a restarted guest, with their identifiers', async () => {
    const old = await DebugGuest.boot(LOOP);
    const [status] = set(old, [{ line: old.line('inc bx') }]);
    const g = await DebugGuest.boot(`; one more line\n${LOOP}`);
    g.debug.inherit(old.debug);
    assert.equal(g.debug.breakpoints.all()[0]!.id, status!.id);
    assert.equal(g.go().kind, 'breakpoint');
    assert.equal(g.here, 'mov cx, 10', 'the same line number, one line up in the code');
  });
});

describe('filters', () => {
  const FAULTS = bootSector(`        mov word [0], de
        mov word [2], 0
        xor cx, cx
        div cx
        mov bx, 7
        div cx
        cli
        hlt
de:     mov bp, sp
        add word [bp], 2
        iret
`);

  it('stop before an exception is delivered', async () => {
    const g = await DebugGuest.boot(FAULTS);
    g.debug.setFilters({ exceptions: new Set([0]) });
    const stop = g.go();
    assert.deepEqual(stop, { kind: 'exception', vector: 0 });
    assert.equal(g.here, 'div cx');
    assert.match(g.debug.exception()!.details, /#DE divide error/);
    assert.match(g.debug.exception()!.details, /div cx/);
    g.step('in');
    assert.equal(g.here, 'de:     mov bp, sp', 'the exception is delivered by the step');
    assert.deepEqual(g.stack.slice(1), ['— #DE divide error —', g.stack[2]]);
    assert.equal(g.go().kind, 'exception');
    assert.equal(g.value('bx'), 7n);
    assert.equal(g.go().kind, 'halted');
  });

  it('only when their condition holds', async () => {
    const g = await DebugGuest.boot(FAULTS);
    g.debug.setFilters({ exceptions: new Set([0]) }, { exceptions: new Map([[0, 'bx == 7']]) });
    assert.equal(g.go().kind, 'exception');
    assert.equal(g.value('bx'), 7n);
    assert.equal(g.go().kind, 'halted');
  });
});
