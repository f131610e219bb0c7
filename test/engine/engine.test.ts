import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { FlatGuest, ORIGIN } from './flatGuest';

const MIXED = `
  mov ecx, 3000
  xor ebx, ebx
again:
  mov eax, ecx
  imul eax, eax, 1103515245
  add eax, 12345
  rol eax, 7
  adc ebx, eax
  push eax
  call mix
  pop edx
  mov [0x20000 + ecx*4], ebx
  test al, 4
  jz even
  xor ebx, edx
even:
  dec ecx
  jnz again
  mov esi, 0x20000
  mov edi, 0x30001
  mov ecx, 5000
  rep movsb
  mov edi, 0x30001
  mov al, 0x55
  mov ecx, 9000
  repne scasb
  hlt
mix:
  push ebp
  mov ebp, esp
  mov edx, [ebp+8]
  shr edx, 3
  sbb [0x40000], edx
  pop ebp
  ret
`;

describe('engine', () => {
  it('gives the same state and count however a run is cut into slices', () => {
    const whole = new FlatGuest(MIXED);
    whole.runToHalt();
    assert.ok(whole.engine.icount > 40_000);
    for (const slices of [[1], [2, 3], [7, 1, 64, 13], [1000], [4097, 5]]) {
      const cut = new FlatGuest(MIXED);
      cut.runToHalt(slices);
      assert.deepEqual(cut.summary(), whole.summary(), `slices of ${slices.join()}`);
    }
  });

  it('stops after exactly the instructions asked for', () => {
    const guest = new FlatGuest('mov ecx, 1000\nl: add eax, 3\ndec ecx\njnz l\nhlt');
    for (const [count, expected] of [
      [1, 1],
      [2, 3],
      [100, 103],
      [0x7fff, 3001 + 1],
    ]) {
      guest.engine.run(count);
      assert.equal(guest.engine.icount, expected);
    }
  });

  it('shows the flags of every instruction when they are executed one by one', () => {
    const guest = new FlatGuest('mov eax, -1\nadd eax, 1\nxor ebx, ebx\nsub ebx, 1\ninc ebx\nadd ebx, 5\nhlt');
    const flags: number[] = [];
    for (let i = 0; i < 6; i++) {
      guest.engine.run(1);
      flags.push(guest.summary().flags);
    }
    assert.deepEqual(flags, [0x02, 0x57, 0x46, 0x97, 0x57, 0x06]);
  });

  it('tells a device the exact time of a port write', () => {
    const guest = new FlatGuest('mov al, 1\nout 0x80, al\nnop\nnop\nout 0x80, al\njmp n\nn: out 0x80, al\nhlt');
    guest.runToHalt();
    assert.deepEqual(
      guest.ports.map((p) => p.icount),
      [1, 4, 6],
    );
  });

  it('executes what a program wrote over its own next instruction', () => {
    const guest = new FlatGuest(`
      mov ecx, 50
      xor ebx, ebx
    l: inc byte [patch + 2]
    patch: add bl, 0
      dec ecx
      jnz l
      hlt`);
    guest.runToHalt();
    assert.equal(guest.engine.cpu.reg32(3), ((50 * 51) / 2) & 0xff);
  });

  it('executes code that a copy loop replaced, through links made before', () => {
    const guest = new FlatGuest(`
      mov ebp, 3
    again:
      call there
      mov esi, other
      mov edi, there
      mov ecx, 7
      rep movsb
      dec ebp
      jnz again
      hlt
    there: mov eax, 1
      inc ebx
      ret
    other: mov eax, 2
      dec ebx
      ret`);
    guest.runToHalt();
    assert.equal(guest.engine.cpu.reg32(0), 2);
    assert.equal(guest.engine.cpu.reg32(3), 0xffffffff);
  });

  it('keeps decoded code when variables beside it are written', () => {
    const guest = new FlatGuest(
      `mov cx, 20000
    l: inc word [v]
      mov [v + 2], cx
      dec cx
      jnz l
      hlt
      align 64
    v: dw 0, 0`,
      16,
    );
    guest.runToHalt();
    assert.equal(guest.ram[ORIGIN + 64] | (guest.ram[ORIGIN + 65] << 8), 20000);
    assert.ok(guest.engine.statistics().blocksDecoded < 10, JSON.stringify(guest.engine.statistics()));
  });

  it('stops before breakpoints in the middle of a block, with the flags of that moment, and goes on', () => {
    const guest = new FlatGuest('mov eax, 5\nsub eax, 5\nb: mov ebx, 1\nadd eax, 1\nhlt');
    guest.engine.setBreakpoints(new Set([ORIGIN + 8]), new Set());
    assert.equal(guest.engine.run(100), 'breakpoint');
    assert.equal(guest.engine.cpu.eip, ORIGIN + 8);
    assert.equal(guest.summary().flags & L.ZF, L.ZF);
    assert.equal(guest.engine.icount, 2);
    assert.equal(guest.engine.run(100), 'halted');
    assert.equal(guest.engine.cpu.reg32(0), 1);
  });

  it('keeps a breakpoint when a loader writes the code under it', () => {
    const guest = new FlatGuest(`
      mov esi, program
      mov edi, 0x20000
      mov ecx, 16
      rep movsb
      jmp 0x20000
    program: mov eax, 7
      inc eax
      hlt
      times 16 db 0`);
    guest.engine.setBreakpoints(new Set([0x20005]), new Set());
    assert.equal(guest.engine.run(100), 'breakpoint');
    assert.equal(guest.engine.cpu.eip, 0x20005);
    assert.equal(guest.ram[0x20005], 0x40, 'guest memory is not patched');
  });

  it('holds an exception for a filter and delivers it afterwards', () => {
    const guest = new FlatGuest('xor ecx, ecx\ndiv ecx\nhlt');
    guest.engine.faultFilter = (fault) => fault.vector === L.DE;
    assert.equal(guest.engine.run(10), 'exception');
    assert.equal(guest.engine.cpu.fault?.vector, L.DE);
    assert.equal(guest.engine.cpu.eip, ORIGIN + 2);
    assert.equal(guest.engine.run(10), 'shutdown', 'there is no IDT: a triple fault');
  });

  it('repeats string instructions in restartable pieces', () => {
    const guest = new FlatGuest('mov ecx, 5000\nmov edi, 0x20000\nmov al, 9\nrep stosb\nhlt');
    guest.engine.run(4);
    const left = guest.engine.cpu.reg32(1);
    assert.ok(left > 0 && left < 5000);
    assert.equal(guest.engine.cpu.reg32(7), 0x20000 + 5000 - left);
    guest.runToHalt();
    assert.equal(guest.engine.cpu.reg32(1), 0);
    assert.ok(guest.ram.subarray(0x20000, 0x20000 + 5000).every((byte) => byte === 9));
  });

  it('raises #GP when code runs off the segment limit in real mode', () => {
    const guest = new FlatGuest('mov ax, 0x1000\nmov ds, ax\nmov word [0xfffe], 0x9090\njmp 0x1000:0xfffe', 16);
    guest.engine.faultFilter = () => true;
    assert.equal(guest.engine.run(100), 'exception');
    assert.equal(guest.engine.cpu.fault?.vector, L.GP);
    assert.equal(guest.engine.cpu.eip, 0x10000);
  });
});
