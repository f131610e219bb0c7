// MONITOR and MWAIT: a processor really waits, for a store to its line or for an interrupt, and the run repeats.
import assert from 'node:assert/strict';
import { RAM_BASE } from '../../src/cpu/layout';
import { Machine } from '../../src/machine/machine';
import { stateHash } from '../../src/machine/stateHash';
import { assembleProgram } from '../firmware/support/program';
import { bootSector, machineOf } from './guests';
import { COUNT, START } from './startProgram';

const LINE = 0xa000;
const byteAt = (machine: Machine, at: number): number => machine.cpu.u8[RAM_BASE + at]!;

/** `body` in real mode with DS = 0 and the monitor on LINE; ECX and EDX are 0. */
const single = (body: string): Uint8Array =>
  bootSector(`
  cli
  xor ax, ax
  mov ds, ax
  mov ss, ax
  mov sp, 0x7000
  mov byte [0x9000], 0
  xor ecx, ecx
  xor edx, edx
  mov ax, ${LINE}
  monitor
${body}
  inc byte [0x9000]
  cli
  hlt`);
const counted = (machine: Machine): number => byteAt(machine, 0x9000);

describe('MWAIT', () => {
  it('waits with interrupts off for ever, unless something writes the line', () => {
    const machine = machineOf(single('  mwait'));
    assert.equal(machine.run(1e6).kind, 'halted');
    assert.equal(counted(machine), 0);
    machine.writePhysical(LINE + 64, Uint8Array.of(1));
    assert.equal(machine.run(1e6).kind, 'halted', 'the next line');
    assert.equal(counted(machine), 0);
    machine.writePhysical(LINE + 63, Uint8Array.of(0));
    machine.run(1e6);
    assert.equal(counted(machine), 1, 'the same value, too');
  });

  for (const [what, body] of [
    ['after a store of its own to the line, nor a second time', '  mov byte [LINE + 5], 0\n  mwait\n  mwait'],
    ['after a push to the line', '  mov sp, LINE + 2\n  push ax\n  mwait'],
    ['on a line that is no memory', '  mov ax, 0xf800\n  mov ds, ax\n  xor ax, ax\n  monitor\n  mov ds, ax\n  mwait'],
  ] as const)
    it(`does not wait ${what}`, () => {
      const machine = machineOf(single(body.replaceAll('LINE', String(LINE))));
      machine.run(1e6);
      assert.equal(counted(machine), 1);
    });

  it('ends with an interrupt, with its handler first', () => {
    const machine = machineOf(
      single(`
  mov word [0x1c * 4], tick
  mov word [0x1c * 4 + 2], 0
  sti
  mwait
  jmp over
tick:
  inc byte [0x9001]
  iret
over:`),
    );
    machine.run(1e7);
    assert.deepEqual([counted(machine), byteAt(machine, 0x9001)], [1, 1]);
    assert.ok(machine.timeNs > 10e6, 'it waited for the timer');
    assert.ok(machine.icount < 1e6);
  });

  it('ends with a masked interrupt when ECX bit 0 is set, without its handler', () => {
    const image = single('  mov ecx, 1\n  mov bx, [0x46c]\n  mwait\n  sub bx, [0x46c]\n  mov [0x9002], bx');
    const machine = machineOf(image);
    assert.equal(machine.run(1e7).kind, 'halted');
    assert.deepEqual([counted(machine), byteAt(machine, 0x9002)], [1, 0]);
    assert.ok(machine.timeNs > 10e6);
  });

  describe('of several processors', function () {
    this.timeout(60_000);
    /** Each of the others waits for its line and answers by its byte; the first one writes other lines between. */
    const image = assembleProgram(`${START}
  start
  mov word [go], 1
  await ready, ${COUNT - 1}
  call pause_a_while
  mov bp, ${COUNT - 1}
.next:
  mov bx, bp
  shl bx, 6
  mov word [${LINE} + bx + 2], 7
.answer:
  pause
  cmp byte [answers + bp], 0
  je .answer
  dec bp
  jnz .next
  name 'answers'
  mov si, answers
  mov cx, 8
  call dump
  name 'rounds'
  mov si, rounds
  mov cx, 8
  call dump
  jmp finish
answers: times 8 db 0
rounds: times 8 db 0
ap:
  await go, 1
  mov bx, bp
  shl bx, 6
  add bx, ${LINE}
  lock inc word [ready]
.wait:
  inc byte [rounds + bp]
  mov ax, bx
  xor ecx, ecx
  xor edx, edx
  monitor
  cmp word [bx + 2], 0
  jne .written
  mwait
  jmp .wait
.written:
  mov byte [answers + bp], 1
.rest:
  cli
  hlt
  jmp .rest
`);
    const create = (): Machine =>
      new Machine({ drives: [{ image, kind: 'floppy', name: 'test.img' }], processors: COUNT });
    const finish = (machine: Machine): string => {
      let text = '';
      machine.onDebugByte.on((byte) => (text += String.fromCharCode(byte)));
      machine.run(50e6);
      return text;
    };

    it('wakes each by a store to its own line, and costs no turns meanwhile', () => {
      const machine = create();
      const text = finish(machine);
      assert.match(text, /answers *00 ?01 ?01 ?01/);
      assert.match(text, /rounds *00 ?02 ?02 ?02/, 'woken once');
    });

    it('repeats from a snapshot in the midst of waiting', () => {
      const machine = create();
      while (!machine.processors.with(2, () => machine.cpu.halted)) machine.run(100);
      const snapshot = machine.snapshot();
      const text = finish(machine);
      const [hash, icount] = [stateHash(machine), machine.icount];
      const other = create();
      other.restore(snapshot);
      finish(other);
      assert.deepEqual([stateHash(other), other.icount], [hash, icount]);
      machine.restore(snapshot);
      finish(machine);
      assert.deepEqual([stateHash(machine), machine.icount], [hash, icount]);
      assert.match(text, /answers/);
    });
  });
});
